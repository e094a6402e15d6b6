import type { Consent } from '../conversation.ts'

/** The conversation as a line holds it: FastChat's `state`. */
export interface EventState {
  conv_id: string
  model_name: string
  messages: readonly (readonly [string, string])[]
  offset: number
  system_message?: string
}

interface EventBase {
  /** Version of our fields; FastChat's lines have none. */
  schema: 1
  /** Seconds since 1970, four digits after the point. */
  tstamp: number
  /** Keyed hash, 64 hex digits, in place of an address. */
  user?: string
  consent?: Consent
}

/** Where a turn stands: its id and its parent's, as the site made them, so that a site's history can be made from its log again. */
export interface EventTurn {
  id: string
  parent: string | null
  /** 0 left, 1 right; absent where one model answered. */
  side?: 0 | 1
}

/** What an input moderation said of a turn's prompt, and what was done: nothing of the record is changed by it. */
export interface EventModeration {
  action: 'blocked' | 'warned'
  categories: readonly string[]
}

/**
 * A finished turn. `finish_reason` says whether the answer is whole (`stop`, `length`) or ended otherwise (`stopped` by the person, `error`, `blocked` by
 * moderation: no answer was asked for).
 */
export interface ChatEvent extends EventBase {
  type: 'chat'
  model: string
  gen_params: { temperature: number; top_p: number; max_new_tokens: number }
  start: number
  finish: number
  finish_reason: 'stop' | 'length' | 'stopped' | 'error' | 'blocked'
  state: EventState
  turn?: EventTurn
  /** Code of what failed, where `finish_reason` is `error`. */
  error?: string
  moderation?: EventModeration
  /** Name of the application that sent it through the gateway. */
  application?: string
}

/** What a person says of one conversation. */
export interface VoteEvent extends EventBase {
  type: 'upvote' | 'downvote' | 'flag' | 'share'
  model: string
  state: EventState
  reason?: string
  comment?: string
}

/** What a person says of two answers. In an anonymous battle `models` is `["", ""]` and the names stand in the states. */
export interface BattleEvent extends EventBase {
  type: 'leftvote' | 'rightvote' | 'tievote' | 'bothbad_vote'
  models: readonly [string, string]
  states: readonly [EventState, EventState]
  /** Why the vote does not count in the leaderboard. */
  excluded?: string
}

/** A person takes back their consent: ingest drops these conversations, or, where none are named, all of the person's. */
export interface WithdrawalEvent extends EventBase {
  type: 'withdrawal'
  user: string
  conversations?: readonly string[]
}

/** A line of the event log: FastChat's line types and field names, with our own fields. */
export type CollectEvent = ChatEvent | VoteEvent | BattleEvent | WithdrawalEvent
