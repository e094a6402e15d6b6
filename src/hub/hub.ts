import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Log } from '../log.ts'
import type { Blobs } from '../storage/blobs.ts'
import { migrate } from '../storage/database.migrate.ts'
import type { Database } from '../storage/database.ts'
import { type Indexes, openIndexes } from './index/indexes.ts'
import { type Ledger, openLedger } from './ledger.ts'
import type { MailSettings } from './notices/outbox.ts'

/** What the hub is made of; every route gets it, and nothing else of the outside world. */
export interface Hub {
  database: Database
  blobs: Blobs
  ledger: Ledger
  indexes: Indexes
  log: Log
  now(): Date
  /** Key of presigned links, 32 bytes. */
  signingKey: Buffer
  options: HubOptions
  tools: HubTools
  /** Runs a background task now; does nothing while none is started. */
  wake(task: 'deletions' | 'erasures' | 'notices' | 'reminders'): void
}

/** What other stages do for the hub; the command line puts them together. */
export interface HubTools {
  /** Makes a release folder again without some conversations, or all of some people's; `removed` is empty where none was found. */
  releaseWithout?(given: {
    from: string
    out: string
    conversations: readonly string[]
    users: readonly string[]
    hashes?: readonly string[]
    published: string
  }): Promise<{
    removed: { id: string; user: string | null }[]
    version: string
    files: { path: string; sizeBytes: number; sha256: string }[]
  }>
}

/** What the operator chooses. */
export interface HubOptions {
  /** Address that people reach the hub by, such as https://data.example.org; without it, each request's own host. */
  publicUrl?: string
  /** Whether X-Forwarded-* headers are set by a proxy of ours. */
  isBehindProxy: boolean
  /** The internal location of a proxy (nginx) that leads to the folder of stored files: it then sends them, after the gate and the ledger here. */
  filesLocation?: string
  /** Folder for what can be made again: search indexes. */
  cacheFolder: string
  /** How mail leaves the hub; without it nothing is mailed, and addresses are taken as they are given. */
  mail?: MailSettings
  /** Whether webhooks may call private addresses: for tests, and for hubs that serve one house. */
  mayCallPrivate?: boolean
  /** An OpenID provider that people may log in by; `name` is what the button says. */
  oidc?: { issuer: string; clientId: string; clientSecret: string; name: string }
}

/** Opens the hub on its storage: brings the database up to date and reads or makes its signing key. */
export async function openHub(parts: {
  database: Database
  blobs: Blobs
  log: Log
  now: () => Date
  options: HubOptions
  tools?: HubTools
}): Promise<Hub> {
  const ran = await migrate(parts.database, new URL('sql/', import.meta.url))
  if (ran.length > 0) parts.log.info('hub.migrated', { migrations: ran.join(',') })
  await parts.database.change("insert into secrets (name, value) values ('signing', $1) on conflict do nothing", [
    randomBytes(32).toString('hex'),
  ])
  const [secret] = await parts.database.select(z.object({ value: z.string() }), "select value from secrets where name = 'signing'")
  const tools = parts.tools ?? {}
  return {
    ...parts,
    tools,
    wake: () => {},
    ledger: openLedger(parts.database, parts.now),
    indexes: openIndexes({ cacheFolder: parts.options.cacheFolder, log: parts.log }),
    signingKey: Buffer.from(secret?.value ?? '', 'hex'),
  }
}
