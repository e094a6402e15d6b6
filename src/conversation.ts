/** Who speaks in a message. Logs' other names (`human`, `gpt`, `USER`, …) are mapped to these at ingest. */
export type Role = 'user' | 'assistant' | 'system'

/** One turn's text by one speaker. */
export interface Message {
  role: Role
  content: string
}

/** The person's recorded agreement: which terms (version hash), and when (ISO 8601 UTC). */
export interface Consent {
  terms: string
  acceptedAt: string
}

/** What a person said of a conversation afterwards: the last vote, and whether it was ever flagged. */
export interface Outcome {
  vote?: 'upvote' | 'downvote'
  flagged?: boolean
  reason?: string
  shared?: boolean
}

/** Where a conversation was read: file as named on the command line (never an absolute path) and 1-based line. */
export interface Source {
  file: string
  line: number
}

/**
 * The record that every stage shares; immutable once ingested.
 * `id` is the log's own conversation id, `turns` floor(messages / 2) as LMSYS counts, `user` a keyed hash (64 hex), never an address,
 * `startedAt` ISO 8601 UTC with milliseconds, `battle` the id of the battle that it is one side of.
 */
export interface Conversation {
  id: string
  model: string
  messages: Message[]
  turns: number
  startedAt?: string
  user?: string
  consent?: Consent
  source: Source
  outcome?: Outcome
  battle?: string
}

/** One comparison of two conversations by a person. `winner` in the words of FastChat's clean_battle_data.py. */
export interface Battle {
  id: string
  modelA: string
  modelB: string
  conversationA: string
  conversationB: string
  winner: 'model_a' | 'model_b' | 'tie' | 'tie (bothbad)'
  anonymous: boolean
  judge?: string
  votedAt?: string
  turns: number
  source: Source
}

/** Number of turns as LMSYS-Chat-1M counts them: a user message and its answer are one. */
export function countTurns(messages: readonly Message[]): number {
  return Math.floor(messages.length / 2)
}
