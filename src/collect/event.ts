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

/** A finished turn. `finish_reason` says whether the answer is whole (`stop`, `length`) or ended otherwise (`stopped` by the person, `error`). */
export interface ChatEvent extends EventBase {
  type: 'chat'
  model: string
  gen_params: { temperature: number; top_p: number; max_new_tokens: number }
  start: number
  finish: number
  finish_reason: 'stop' | 'length' | 'stopped' | 'error'
  state: EventState
}

/** What a person says of one conversation. */
export interface VoteEvent extends EventBase {
  type: 'upvote' | 'downvote' | 'flag'
  model: string
  state: EventState
  reason?: string
}

/** What a person says of two answers. In an anonymous battle `models` is `["", ""]` and the names stand in the states. */
export interface BattleEvent extends EventBase {
  type: 'leftvote' | 'rightvote' | 'tievote' | 'bothbad_vote'
  models: readonly [string, string]
  states: readonly [EventState, EventState]
}

/** A line of the event log: FastChat's line types and field names, with our own fields. */
export type CollectEvent = ChatEvent | VoteEvent | BattleEvent
