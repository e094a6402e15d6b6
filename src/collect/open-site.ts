import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { inTurn } from '../in-turn.ts'
import { migrate } from '../storage/database.migrate.ts'
import type { Database } from '../storage/database.ts'
import { createPairCounter } from './arena/pairs.ts'
import { recoverTurns } from './chat/recover.ts'
import { openStore } from './chat/store.ts'
import { createPeople } from './consent/people.ts'
import { retellWithdrawals } from './consent/withdraw.ts'
import { openEventLog } from './event-log.ts'
import { createBuckets } from './guards/buckets.ts'
import { defaultLimits } from './guards/limits.ts'
import { createMeters } from './operator/meters.ts'
import type { Site, SiteParts } from './site.ts'

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
    buckets: parts.buckets ?? createBuckets(() => performance.now()),
    meters: createMeters(parts.now),
    countPairs: createPairCounter(parts.database),
    voting: inTurn(),
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
