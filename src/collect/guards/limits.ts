import { SiteError } from '../errors.ts'
import type { Site } from '../site.ts'
import type { Origin } from './address.ts'
import type { Limit } from './buckets.ts'

/** What one person, network and conversation may use. */
export interface Limits {
  /** Characters (UTF-16 units) of one prompt. */
  promptLength: number
  /** Turns of one conversation, all branches counted. */
  turns: number
  /** Votes of one person that count in a day, and of one address. */
  votesPerPerson: number
  votesPerAddress: number
  turnsOfPerson: Limit
  turnsOfNetwork: Limit
  /** New people, reports, withdrawals from one network. */
  visitsOfNetwork: Limit
}

/** Limits of a site whose operator has set none. */
export const defaultLimits: Limits = {
  promptLength: 32_000,
  turns: 200,
  votesPerPerson: 50,
  votesPerAddress: 100,
  turnsOfPerson: { burst: 10, perMinute: 20 },
  turnsOfNetwork: { burst: 60, perMinute: 120 },
  visitsOfNetwork: { burst: 30, perMinute: 30 },
}

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
