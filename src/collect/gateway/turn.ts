import { createHmac } from 'node:crypto'
import type { Message } from '../../conversation.ts'
import { makeState, toStamp } from '../chat/record.ts'
import type { Finish } from '../chat/turn.ts'
import type { Site } from '../site.ts'
import type { GatewayKey } from './keys.ts'
import { withCalls } from './messages.ts'
import type { Heard } from './relay.ts'

/** A request that is to be kept: whose, and what it goes on with. */
export interface Keeping {
  key: GatewayKey
  user: string
  conversation: string
  turn: string
  model: string
  messages: readonly Message[]
  parameters: { temperature: number; topP: number; maxTokens: number }
  startedAt: number
}

/** An end user of an application as the log knows them: a keyed hash of the application's own name of them. */
export function hashUser({ secret }: Site, key: GatewayKey, user: string): string {
  return createHmac('sha256', secret).update(`gateway\n${key.id}\n${user}`).digest('hex')
}

/**
 * Writes a turn of the gateway to the event log, and what its feedback needs to the database.
 * @throws RetryableError `log-unwritable`.
 */
export async function recordTurn(
  site: Site,
  keeping: Keeping,
  heard: Heard,
  { finish, error }: { finish: Finish; error: string | null },
): Promise<void> {
  const { key, user, conversation, turn, model, messages, parameters, startedAt } = keeping
  const at = site.now().getTime()
  const answer: Message = { role: 'assistant', content: withCalls(heard.text, heard.calls) }
  await site.eventLog.append({
    schema: 1,
    type: 'chat',
    tstamp: toStamp(at),
    model,
    gen_params: { temperature: parameters.temperature, top_p: parameters.topP, max_new_tokens: parameters.maxTokens },
    start: toStamp(startedAt),
    finish: toStamp(at),
    finish_reason: finish,
    state: makeState(conversation, model, [...messages, answer]),
    user,
    consent: consentOf(keeping),
    turn: { id: turn, parent: null },
    ...(error === null ? {} : { error }),
    application: key.application,
  })
  await site.database.change(
    `insert into collect_gateway_turns (id, upstream, key, conversation, model, person, made_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
    [turn, heard.id ?? null, key.id, conversation, model, user, new Date(startedAt)],
  )
}

/** The end user's own answer, given with the request, to the application's own statement. */
export const consentOf = ({ key, startedAt }: Pick<Keeping, 'key' | 'startedAt'>) => ({
  terms: key.terms,
  acceptedAt: new Date(startedAt).toISOString(),
})
