import type { Battle, Consent, Message, Outcome } from '../conversation.ts'

/** A parsed JSON object, read field by field; what a field holds is checked where it is read. */
export type JsonObject = { readonly [field: string]: unknown }

/** Why a line was refused: stable names, the keys of `refused` in ingest.json. docs/ingest.md explains each. */
export type Reason =
  | 'battle-invalid'
  | 'content-not-text'
  | 'csam-image'
  | 'form-unknown'
  | 'half-line'
  | 'id-invalid'
  | 'invalid-json'
  | 'invalid-parquet'
  | 'invalid-utf8'
  | 'line-too-long'
  | 'lone-surrogate'
  | 'messages-missing'
  | 'model-missing'
  | 'nul-character'
  | 'role-unknown'
  | 'time-invalid'
  | 'truncated-input'
  | 'type-unknown'
  | 'unreadable'
  | 'vote-without-conversation'
  | 'winner-unknown'
  | 'withdrawn'

/** One state of one chat, as a line tells it. */
export interface ChatEntry {
  kind: 'conversation'
  /** The log's own conversation id; absent where the form has none: the line's place then makes one. */
  id?: string
  model: string
  messages: Message[]
  /** Milliseconds since 1970 UTC; see docs/ingest.md for which of a form's times it is. */
  startedAt?: number
  /** What "latest" is measured by, where that is another time than `startedAt`. */
  order?: number
  /** The person's address or account name as logged; it is hashed at once and goes no further. */
  address?: string
  /** A keyed hash that the log already holds (our own event log). */
  user?: string
  consent?: Consent
  outcome?: Outcome
  /** Fields of the line that Conversation has no place for (moderation, language tags); never an address. */
  imported?: JsonObject
}

/** A person's word on one conversation, or on two at once (`share` in a comparison). */
export interface VoteEntry {
  kind: 'vote'
  id: string
  also?: string
  at?: number
  outcome: Outcome
  /** The conversation as the vote's line tells it, where the form's votes are all that is left of it. */
  fallback?: ChatEntry
}

/** A person's choice between two conversations; the sides stand in for chat lines that are missing. */
export interface BattleEntry {
  kind: 'battle'
  id: string
  winner: Battle['winner']
  anonymous: boolean
  at?: number
  sides: [ChatEntry, ChatEntry]
  /** Who judged: an address or account name as logged, hashed at once. */
  address?: string
  user?: string
}

/** A person takes back their consent: for these conversations, or, where none are named, for all of theirs. `user`: keyed hash, 64 hex digits. */
export interface WithdrawalEntry {
  kind: 'withdrawal'
  user: string
  conversations?: string[]
}

/** A line that cannot be taken, and why. */
export interface Refusal {
  kind: 'refused'
  reason: Reason
}

/** What one record of a log turned out to be. */
export type Entry = ChatEntry | VoteEntry | BattleEntry | WithdrawalEntry | Refusal

/** Names that `--format` takes. */
export const formNames = [
  'events',
  'fastchat',
  'arena-pairs',
  'arena-hard',
  'wildchat',
  'lmsys',
  'openwebui',
  'chatgpt',
  'langfuse',
  'sharegpt',
  'mt-bench-101',
  'hh-rlhf',
  'openai',
] as const

/** Name of a form of log. */
export type FormName = (typeof formNames)[number]

/** One form of log. A form is a pure reading of single records, whatever file (JSON lines, JSON array, Parquet) they lie in. */
export interface Form {
  readonly name: FormName
  /** Whether a record is of this form; the form that most of a file's first records match is the file's form. */
  matches(record: JsonObject): boolean
  /** What the record says. May throw a LineRefusal for a field that is not as it must be. */
  read(record: JsonObject): Entry
}

/** Thrown by field readers, caught where the form was called: the line is refused for this reason. */
export class LineRefusal extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(reason)
    this.reason = reason
  }
}
