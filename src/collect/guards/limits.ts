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
  /** Requests of one application through the gateway. */
  turnsOfKey: Limit
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
  turnsOfKey: { burst: 200, perMinute: 6000 },
  visitsOfNetwork: { burst: 30, perMinute: 30 },
}
