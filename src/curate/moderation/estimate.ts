import { join } from 'node:path'
import { readParquet } from '../../storage/parquet.ts'
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
 * Estimates from the first shard, whose conversations are as good as drawn by lot, and the number of rows of all. Answers that are already paid are
 * not taken off. The offline source has no estimate: undefined.
 */
export async function estimateModeration(options: {
  work: string
  shards: readonly { shard: string; rows: number }[]
  settings: ModerationSettings
  jobs: number
}): Promise<ModerationEstimate | undefined> {
  const { work, shards, settings, jobs } = options
  const [first] = shards
  if (settings.source === 'classifier' || !first) return undefined
  let messages = 0
  let characters = 0
  for await (const rows of readParquet(join(work, 'conversations', `${first.shard}.parquet`), ['messages'])) {
    for (const { messages: list } of rows) {
      if (!Array.isArray(list)) continue
      messages += list.length
      for (const message of list) characters += String(message?.content ?? '').length
    }
  }
  const share = shards.reduce((sum, { rows }) => sum + rows, 0) / Math.max(1, first.rows)
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
