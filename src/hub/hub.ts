import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Log } from '../log.ts'
import type { Blobs } from '../storage/blobs.ts'
import { migrate } from '../storage/database.migrate.ts'
import type { Database } from '../storage/database.ts'
import { type Ledger, openLedger } from './ledger.ts'

/** What the hub is made of; every route gets it, and nothing else of the outside world. */
export interface Hub {
  database: Database
  blobs: Blobs
  ledger: Ledger
  log: Log
  now(): Date
  /** Key of presigned links, 32 bytes. */
  signingKey: Buffer
  options: HubOptions
}

/** What the operator chooses. */
export interface HubOptions {
  /** Address that people reach the hub by, such as https://data.example.org; without it, each request's own host. */
  publicUrl?: string
  /** Whether X-Forwarded-* headers are set by a proxy of ours. */
  isBehindProxy: boolean
  /** Folder for what can be made again: search indexes. */
  cacheFolder: string
}

/** Opens the hub on its storage: brings the database up to date and reads or makes its signing key. */
export async function openHub(parts: { database: Database; blobs: Blobs; log: Log; now: () => Date; options: HubOptions }): Promise<Hub> {
  const ran = await migrate(parts.database, new URL('sql/', import.meta.url))
  if (ran.length > 0) parts.log.info('hub.migrated', { migrations: ran.join(',') })
  await parts.database.change("insert into secrets (name, value) values ('signing', $1) on conflict do nothing", [
    randomBytes(32).toString('hex'),
  ])
  const [secret] = await parts.database.select(z.object({ value: z.string() }), "select value from secrets where name = 'signing'")
  return { ...parts, ledger: openLedger(parts.database, parts.now), signingKey: Buffer.from(secret?.value ?? '', 'hex') }
}
