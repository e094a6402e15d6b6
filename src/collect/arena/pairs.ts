import { z } from 'zod'
import type { Database } from '../../storage/database.ts'

/** Votes on a pair that count, and how many of them the first model (by name) won; ties count half. */
export interface PairCount {
  votes: number
  wins: number
}

/** One key for a pair, whichever side each was on. */
export const pairKey = (a: string, b: string): string => (a < b ? `${a}\n${b}` : `${b}\n${a}`)

const PairRow = z.object({ low: z.string(), high: z.string(), votes: z.number(), wins: z.number(), last: z.number() })

/** Gives the counts of all pairs by pairKey. */
export type PairCounter = () => Promise<ReadonlyMap<string, PairCount>>

/** Counts pairs: each call adds the votes that are new since the last one. */
export function createPairCounter(database: Database): PairCounter {
  const counts = new Map<string, PairCount>()
  let last = 0
  const sql = `select least(model_a, model_b) as low, greatest(model_a, model_b) as high, count(*) as votes, max(number) as last,
      sum(case when winner like 'tie%' then 0.5 when (winner = 'model_a') = (model_a < model_b) then 1 else 0 end)::float8 as wins
    from collect_votes where number > $1 and exclusion is null and is_anonymous group by 1, 2`
  let reading: Promise<ReadonlyMap<string, PairCount>> = Promise.resolve(counts)
  const read = async () => {
    for (const row of await database.select(PairRow, sql, [last])) {
      const key = pairKey(row.low, row.high)
      const held = counts.get(key) ?? { votes: 0, wins: 0 }
      counts.set(key, { votes: held.votes + row.votes, wins: held.wins + row.wins })
      last = Math.max(last, row.last)
    }
    return counts
  }
  return () => {
    // One after the other, so that no vote is added twice.
    reading = reading.then(read, read)
    return reading
  }
}
