import type { Consent, Message } from '../../conversation.ts'
import type { ChatEvent, EventModeration, EventState } from '../event.ts'
import { type Chat, messagesOf, pathTo } from './chat.ts'
import type { StoredTurn } from './turn.ts'

/** Seconds since 1970 as the log writes them: four digits after the point. */
export const toStamp = (ms: number): number => Math.round(ms * 10) / 10_000

/** The log's picture of one side of a conversation up to a turn. */
export function stateOf(chat: Chat, turn: string | null, side: number): EventState {
  return makeState(chat.logIds[side] ?? chat.id, chat.models[side] ?? '', messagesOf(pathTo(chat, turn), side))
}

/** FastChat's `state` of a conversation. */
export function makeState(id: string, model: string, messages: readonly Message[]): EventState {
  const spoken = messages.filter(({ role }) => role !== 'system')
  const system = messages.find(({ role }) => role === 'system')
  return {
    conv_id: id,
    model_name: model,
    messages: spoken.map(({ role, content }) => [role === 'user' ? 'USER' : 'ASSISTANT', content] as const),
    offset: 0,
    ...(system ? { system_message: system.content } : {}),
  }
}

/** The lines of a finished turn: one a side, each with that side's whole conversation, its last answer as far as it came. */
export function turnEvents(
  chat: Chat,
  turn: StoredTurn,
  { consent, finishedAt, moderation }: { consent: Consent; finishedAt: number; moderation: EventModeration | undefined },
): ChatEvent[] {
  const before = pathTo(chat, turn.parent)
  return turn.answers.map((answer, side): ChatEvent => {
    const model = chat.models[side] ?? ''
    const { temperature, topP, maxTokens } = chat.parameters
    const messages: Message[] = [
      ...messagesOf(before, side),
      { role: 'user', content: turn.prompt },
      { role: 'assistant', content: answer.text },
    ]
    return {
      schema: 1,
      type: 'chat',
      tstamp: toStamp(finishedAt),
      model,
      gen_params: { temperature, top_p: topP, max_new_tokens: maxTokens },
      start: toStamp(turn.madeAt),
      finish: toStamp(finishedAt),
      finish_reason: answer.finish,
      state: makeState(chat.logIds[side] ?? chat.id, model, messages),
      user: chat.person,
      consent,
      turn: { id: turn.id, parent: turn.parent, ...(turn.answers.length > 1 ? { side: side === 0 ? 0 : 1 } : {}) },
      ...(answer.error === null ? {} : { error: answer.error }),
      ...(moderation ? { moderation } : {}),
    }
  })
}
