import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'

/** Ten attempts in five minutes for each name and each source. */
const QUOTA = 10
const WINDOW_MS = 300_000

const Count = z.object({ count: z.number(), ends_at: z.date() })

/** A row is locked while it is counted, whichever server asks; in order of keys, so that nobody waits in a circle. */
const take = `insert into attempts as a (key, count, ends_at) select key, 1, $3 from unnest($1::text[]) as key order by key
  on conflict (key) do update set count = case when a.ends_at <= $2 then 1 else a.count + 1 end,
    ends_at = case when a.ends_at <= $2 then excluded.ends_at else a.ends_at end
  returning count, ends_at`

/**
 * Counts an attempt to log in, sign up and the like, for all servers on one database together. Names and addresses are stored as keyed hashes only, and no
 * longer than they count.
 * @throws HubError 429 `TooManyRequests` with the seconds to wait.
 */
export async function takeAttempt(hub: Hub, keys: readonly string[]): Promise<void> {
  const now = hub.now()
  const hashes = keys.map((key) => createHmac('sha256', hub.signingKey).update(`attempt:${key}`).digest('hex'))
  await hub.database.change('delete from attempts where ends_at <= $1', [now])
  const counts = await hub.database.select(Count, take, [hashes, now, new Date(now.getTime() + WINDOW_MS)])
  const over = counts.filter(({ count }) => count > QUOTA)
  if (over.length === 0) return
  const seconds = Math.ceil((Math.max(...over.map(({ ends_at }) => ends_at.getTime())) - now.getTime()) / 1000)
  throw new HubError(429, 'TooManyRequests', `Too many attempts. Try again in ${seconds} seconds.`, {
    'Retry-After': String(seconds),
    RateLimit: `"pages";r=0;t=${seconds}`,
    'RateLimit-Policy': `"fixed window";"pages";q=${QUOTA};w=${WINDOW_MS / 1000}`,
  })
}
