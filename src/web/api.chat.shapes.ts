/** The terms that a person is asked to accept. `version`: sha256 of the text. */
export interface Terms {
  version: string
  title: string
  text: string
  licence: { name: string; url: string | null }
  minimumAge: number | null
  jurisdictions: string | null
  contact: string | null
}

/** Where this person stands with the terms. `isKnown`: may chat without being recorded. */
export interface Consent {
  terms: Terms
  answer: { terms: string; acceptedAt: string } | null
  isCurrent: boolean
  isKnown: boolean
  receipt: string | null
  captcha: { siteKey: string } | null
}

/** How answers are drawn: temperature 0–2, topP 0–1, maxTokens from 1. */
export interface Parameters {
  temperature: number
  topP: number
  maxTokens: number
}

/** A model to choose. */
export interface Model {
  name: string
  description: string | null
  isDemonstration: boolean
  licence: { name: string; url: string | null } | null
  card: string | null
  price: { input: number; output: number; unit: string } | null
  status: 'up' | 'busy' | 'down'
  defaults: Parameters
  limits: { maxTokens: number }
}

/** What went wrong, or what a person is told. */
export interface Notice {
  code: string
  message: string
}

/** An answer of one model; `timing` is null in a battle before its vote. */
export interface Answer {
  text: string
  status: 'streaming' | 'done' | 'stopped' | 'failed' | 'blocked'
  finish: 'stop' | 'length' | 'stopped' | 'error' | 'blocked' | null
  error: Notice | null
  timing: { firstTokenMs: number; tokensPerSecond: number } | null
  verdict: 'up' | 'down' | null
  /** By the person. */
  isFlagged: boolean
  /** What the moderation found: not empty, it is covered until asked for. */
  categories: readonly string[]
}

/** A prompt with its answers: one in a chat, two in a battle. `parent`: the turn that it follows. */
export interface Turn {
  id: string
  parent: string | null
  prompt: string
  createdAt: string
  status: 'streaming' | 'done'
  notice: Notice | null
  answers: Answer[]
}

/** The four votes. */
export type Winner = 'left' | 'right' | 'tie' | 'both-bad'

/** A vote, and why it does not count in the leaderboard. */
export interface Vote {
  winner: Winner
  votedAt: string
  counts: boolean
  exclusion: 'identity-leak' | 'vote-cap' | 'not-kept' | 'named' | 'failed-answer' | null
}

/** What is known of a conversation without its turns. `models` is empty in a battle before its vote. */
export interface Summary {
  id: string
  kind: 'chat' | 'battle' | 'compare'
  models: string[]
  keep: boolean
  title: string
  createdAt: string
  updatedAt: string
  head: string | null
  vote: Vote | null
  share: { id: string; path: string } | null
}

/** A conversation with the turns of all its branches, oldest first; `head` is the turn that is seen last. */
export interface Conversation extends Summary {
  parameters: Parameters
  turns: Turn[]
}

/** A conversation that somebody shares. */
export interface Shared {
  title: string
  models: string[]
  createdAt: string
  sharedAt: string
  turns: Turn[]
}

/** A model's place on the leaderboard. */
export interface Place {
  model: string
  rating: number
  low: number
  high: number
  rank: number
  worstRank: number
  votes: number
  winRate: number
}

/** The leaderboard of a category. `matrix.wins[i][j]`: wins of model i over model j. */
export interface Board {
  category: string
  isStyleControlled: boolean
  places: Place[]
  unrated: string[]
  votes: number
  rounds: number
  style: { element: string; coefficient: number; low: number; high: number }[]
  matrix: { models: string[]; wins: number[][]; ties: number[][] }
  byDay: { day: string; votes: number }[]
  excluded: { named: number; capped: number; anomalous: number }
  voters: { rejected: number }
  categories: { name: string; votes: number }[]
  computedAt: string
}

/** What the site does, for its operators. */
export interface Figures {
  since: string
  minutes: number
  people: number
  streams: number
  turns: { total: number; perMinute: number[] }
  models: {
    name: string
    status: 'up' | 'busy' | 'down'
    active: number
    turns: number
    errors: number
    firstTokenMs: { p50: number | null; p99: number | null }
    tokensPerSecond: number | null
  }[]
  errors: Record<string, number>
  refusals: Record<string, number>
  votes: { total: number; counted: number; byWinner: Record<Winner, number> }
  moderation: { blocked: number; warned: number; covered: number }
  bots: Record<string, number>
  log: { files: number; bytes: number; writable: boolean }
  consent: { version: string; people: number; isCurrent: boolean }[]
  withdrawals: number
  reports: { open: number }
}

/** A report of abuse. */
export interface Report {
  id: string
  kind: string
  text: string
  share: string | null
  conversation: string | null
  reportedAt: string
  closedAt: string | null
}

/** A prompt on its way. The same key gives the same turn, however often it is sent. */
export interface Sent {
  key: string
  prompt: string
  parent: string | null
  parameters: Parameters
}

/** What a person says of an answer. */
export interface Feedback {
  side?: 0 | 1
  verdict: 'up' | 'down' | 'flag'
  reason?: string
  comment?: string
}

/** Who hears of a running turn. `end`: the stream is over and will not be taken up again. */
export interface StreamListener {
  text(side: number, text: string): void
  answer(side: number, answer: Turn['answers'][number]): void
  notice(notice: Notice): void
  done(turn: Turn): void
  lost(notice: Notice): void
  /** The connection was cut; the browser takes the stream up again where it stopped. */
  cut(): void
  end(): void
}
