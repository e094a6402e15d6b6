import type { Message } from '../conversation.ts'
import type { InTurn } from '../in-turn.ts'
import type { Log } from '../log.ts'
import type { Database } from '../storage/database.ts'
import type { PairCounter } from './arena/pairs.ts'
import type { ChatStore } from './chat/store.ts'
import type { People } from './consent/people.ts'
import type { Terms } from './consent/terms.ts'
import type { EventLog } from './event-log.ts'
import type { Buckets } from './guards/buckets.ts'
import type { Limits } from './guards/limits.ts'
import type { Models } from './models/models.ts'
import type { Meters } from './operator/meters.ts'

/** What the collection site is made of; every route gets it, and nothing else of the outside world. */
export interface Site extends SiteParts {
  eventLog: EventLog
  store: ChatStore
  people: People
  buckets: Buckets
  meters: Meters
  /** Key of user ids, address hashes and receipts, 32 bytes. */
  secret: Buffer
  limits: Limits
  /** Votes of each pair of models. */
  countPairs: PairCounter
  /** Votes are cast one after the other. */
  voting: InTurn
}

/** What composition hands in. Absent functions switch their feature off. */
export interface SiteParts {
  database: Database
  models: Models
  terms: Terms
  log: Log
  now(): Date
  /** Folder of the event log. */
  logFolder: string
  options: SiteOptions
  /** Where turns are counted; by default in this process alone. */
  buckets?: Buckets
  /** The account of a request's hub session or token. */
  findAccount?: (headers: Headers) => Promise<Account | undefined>
  /** Input moderation: what it says of a conversation whose last message is new. */
  moderate?: Moderate
  /** Reads the leaderboard, from the votes that `readVotes` of arena/votes.ts gives. */
  leaderboard?: (query: URLSearchParams) => Promise<unknown>
  /** Facts of a battle that the leaderboard wants beside the vote, made when the vote is cast. */
  describeBattle?: (left: readonly Message[], right: readonly Message[]) => Promise<unknown>
  /** Tells the hub's deletion ledger of a withdrawal; may be called again for the same one. */
  onWithdrawal?: (withdrawal: Withdrawal) => Promise<void>
  /** Checks a CAPTCHA's token. */
  verifyCaptcha?: (token: string) => Promise<boolean>
}

/** What the operator chooses. */
export interface SiteOptions {
  /** Address that people reach the site by; without it, each request's own host. */
  publicUrl?: string
  /** Proxies of ours in front of the site, which write X-Forwarded-For: 0 to believe none. */
  proxyHops: number
  /** What an input moderation does to a flagged prompt. */
  moderation: 'block' | 'warn'
  captchaSiteKey?: string
  limits?: Partial<Limits>
}

/** An account of the hub. */
export interface Account {
  id: string
  isAdmin: boolean
}

/** An input moderation: resolves to the flagged categories, none where nothing is flagged. */
export type Moderate = (messages: readonly Message[]) => Promise<{ flagged: boolean; categories: readonly string[] }>

/** A person's withdrawal: ids of recorded conversations, as the event log has them. */
export interface Withdrawal {
  user: string
  /** All of the person's, not these conversations alone. */
  isWhole: boolean
  conversations: readonly string[]
  recordedAt: string
}
