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
export function takeTurn({ buckets, limits }: Site, person: string, origin: Origin): void {
  const ofPerson = buckets.take(`person:${person}`, limits.turnsOfPerson)
  if (ofPerson > 0) throw tooMany(ofPerson)
  const ofNetwork = buckets.take(`network:${origin.network}`, limits.turnsOfNetwork)
  if (ofNetwork === 0) return
  buckets.giveBack(`person:${person}`, limits.turnsOfPerson)
  throw tooMany(ofNetwork)
}

/**
 * Takes one visit from a network's bucket.
 * @throws SiteError 429 `rate-limited`.
 */
export function takeVisit({ buckets, limits }: Site, origin: Origin): void {
  const seconds = buckets.take(`visit:${origin.network}`, limits.visitsOfNetwork)
  if (seconds > 0) throw tooMany(seconds)
}
