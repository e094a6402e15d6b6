import { SiteError } from '../errors.ts'
import type { Site } from '../site.ts'
import type { Origin } from './address.ts'

/** Too much for now; `seconds` until it is worth trying again. */
export function tooMany(seconds: number): SiteError {
  const words = `Too many requests. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
  return new SiteError(429, 'rate-limited', words, { retryAfter: seconds })
}

/**
 * Takes one turn from a person's and their network's buckets.
 * @throws SiteError 429 `rate-limited`.
 */
export async function takeTurn({ buckets, limits }: Site, person: string, origin: Origin): Promise<void> {
  const seconds = await buckets.take(
    { key: `person:${person}`, limit: limits.turnsOfPerson },
    { key: `network:${origin.network}`, limit: limits.turnsOfNetwork },
  )
  if (seconds > 0) throw tooMany(seconds)
}

/**
 * Takes one visit from a network's bucket.
 * @throws SiteError 429 `rate-limited`.
 */
export async function takeVisit({ buckets, limits }: Site, origin: Origin): Promise<void> {
  const seconds = await buckets.take({ key: `visit:${origin.network}`, limit: limits.visitsOfNetwork })
  if (seconds > 0) throw tooMany(seconds)
}
