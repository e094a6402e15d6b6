import type { Conversation } from '../../conversation.ts'
import { loadGuardTemplate } from './guard.parse.ts'
import type { ModerationSettings } from './settings.ts'

/** What judging a work folder by a remote source comes to, before it starts. */
export interface ModerationEstimate {
  messages: number
  /** About; a token is taken as four characters. A guard's prompts count, once a question and message. */
  tokens: number
  requests: number
  /** With requests of half a second, `concurrency` at once in each of `jobs` threads; rate limits make it longer. */
  minutes: number
  /** By the recipe's dollarsPerMillionTokens; the OpenAI moderation API costs nothing. */
  dollars: number
}

const secondsARequest = 0.5

/**
 * Estimates from conversations that are still to be judged, and how many there are of all for each of them. Blank messages are not sent. Answers of a run
 * that was stopped half-way through a shard are not taken off. The offline source has no estimate: undefined.
 */
export async function estimateModeration(options: {
  conversations: AsyncIterable<Pick<Conversation, 'messages'>>
  share: number
  settings: ModerationSettings
  jobs: number
}): Promise<ModerationEstimate | undefined> {
  const { conversations, share, settings, jobs } = options
  if (settings.source === 'classifier') return undefined
  let messages = 0
  let characters = 0
  for await (const conversation of conversations) {
    for (const { content } of conversation.messages) {
      if (content.trim() === '') continue
      messages += 1
      characters += content.length
    }
  }
  const prompts = settings.source === 'guard' ? promptsOf(settings.template) : [0]
  const requests = Math.ceil((messages * share * prompts.length) / (settings.source === 'openai' ? settings.batch : 1))
  const prompted = prompts.reduce((sum, length) => sum + length, 0)
  const tokens = Math.round(((characters * prompts.length + messages * prompted) * share) / 4)
  return {
    messages: Math.round(messages * share),
    tokens,
    requests,
    minutes: Math.ceil((requests * secondsARequest) / (settings.concurrency * jobs) / 60),
    dollars: Math.round(tokens * settings.dollarsPerMillionTokens) / 1e6,
  }
}

/** Characters of each question of a guard template, without the message. */
function promptsOf(template: string): number[] {
  return loadGuardTemplate(template).asks.map(({ messages }) =>
    messages.reduce((sum, { content }) => sum + content.replaceAll('{text}', '').length, 0),
  )
}
