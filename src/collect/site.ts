import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Message } from '../conversation.ts'
import type { Log } from '../log.ts'
import { migrate } from '../storage/database.migrate.ts'
import type { Database } from '../storage/database.ts'
import { createPairCounter } from './arena/votes.ts'
import { recoverTurns } from './chat/recover.ts'
import { type ChatStore, openStore } from './chat/store.ts'
import { createPeople, type People } from './consent/people.ts'
import type { Terms } from './consent/terms.ts'
import { retellWithdrawals } from './consent/withdraw.ts'
import type { EventLog } from './event-log.ts'
import { openEventLog } from './event-log.ts'
import { type Buckets, createBuckets } from './guards/buckets.ts'
import { defaultLimits, type Limits } from './guards/limits.ts'
import type { Models } from './models/models.ts'
import { createMeters, type Meters } from './operator/meters.ts'

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
  countPairs: ReturnType<typeof createPairCounter>
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
  conversations: readonly string[]
  recordedAt: string
}

/** Opens the site: brings the database up to date, opens the event log, and takes up turns that are in the log but not in the database. */
export async function openSite(parts: SiteParts): Promise<Site> {
  const ran = await migrate(parts.database, new URL('sql/', import.meta.url))
  if (ran.length > 0) parts.log.info('collect.migrated', { migrations: ran.join(',') })
  const secret = await readSecret(parts.database)
  const site: Site = {
    ...parts,
    secret,
    eventLog: await openEventLog(parts.logFolder),
    store: openStore(parts.database, parts.now),
    people: createPeople(parts.database, { secret, now: parts.now }),
    buckets: createBuckets(() => performance.now()),
    meters: createMeters(parts.now),
    countPairs: createPairCounter(parts.database),
    limits: { ...defaultLimits, ...parts.options.limits },
  }
  const recovered = await recoverTurns(site)
  if (recovered > 0) parts.log.info('collect.recovered', { turns: recovered })
  await retellWithdrawals(site)
  return site
}

/** Ends the site: stops running turns, which are recorded as stopped, and closes the log. The database is the caller's. */
export async function closeSite(site: Site): Promise<void> {
  await site.store.stopAll()
  site.models.close()
  await site.eventLog.close()
}

async function readSecret(database: Database): Promise<Buffer> {
  await database.change("insert into collect_secrets (name, value) values ('people', $1) on conflict do nothing", [
    randomBytes(32).toString('hex'),
  ])
  const [row] = await database.select(z.object({ value: z.string() }), "select value from collect_secrets where name = 'people'")
  return Buffer.from(row?.value ?? '', 'hex')
}
