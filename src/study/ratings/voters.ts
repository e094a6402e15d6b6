import type { VoteColumns } from './votes.ts'

/** A voter whose votes are left out, by its number, with the number of votes after which the test rejected it. */
export interface Anomaly {
  judge: number
  votes: number
}

/** Of each voter's votes of a day only the first `limit` are left standing in `kept` (1 yes, 0 no); gives how many were taken out. */
export function capDailyVotes({ judge, day }: VoteColumns, kept: Uint8Array, limit: number): number {
  const counts = new Map<number, number>()
  let capped = 0
  for (const [vote, voter] of judge.entries()) {
    if (!kept[vote] || voter < 0) continue
    // Days of the next 270 years fit below 100,000.
    const key = voter * 100_000 + (day[vote] ?? -1) + 1
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count <= limit) continue
    kept[vote] = 0
    capped += 1
  }
  return capped
}

/** Voters with fewer votes are not tested. */
export const leastVotes = 5
/** Votes of one voter that the test looks at. */
const mostVotes = 100
/** One honest voter in twenty at most is rejected on each side (Ville's inequality). */
const level = 0.05

/**
 * Voters whose votes differ from everybody's beyond chance. For each won or lost vote, p is the share of all won or lost votes of that pair at least as
 * far on that side; the product of 1 / (2 p) over a voter's votes is a martingale that grows when the voter keeps siding against the others, and who
 * passes 20 on either side is named. Voters with at least five votes are tested, on their first hundred.
 * Other than in FastChat, a tie leaves the products as they are: against won and lost votes alone it has no valid p (in a pair that one side always won, it
 * would reject the voter at once).
 * @see FastChat serve/monitor/elo_analysis.py (outlier_detect); Chiang et al. 2024, section 5.1
 */
export function findAnomalies({ models, judges, a, b, outcome, judge }: VoteColumns, kept: Uint8Array): Anomaly[] {
  const n = models.length
  const decisive = new Map<number, { won: number; all: number }>()
  const totals = new Uint32Array(judges.length)
  // The model with the earlier name stands first, so that a pair has one direction.
  const rank = Uint32Array.from(order(models))
  const lookAt = (vote: number): { pair: number; won: boolean } | undefined => {
    const result = outcome[vote] ?? 1
    if (result === 1) return undefined
    const first = rank[a[vote] ?? 0] ?? 0
    const second = rank[b[vote] ?? 0] ?? 0
    return first < second ? { pair: first * n + second, won: result === 2 } : { pair: second * n + first, won: result === 0 }
  }
  for (const [vote, voter] of judge.entries()) {
    if (!kept[vote]) continue
    if (voter >= 0) totals[voter] = (totals[voter] ?? 0) + 1
    const found = lookAt(vote)
    if (!found) continue
    const stats = decisive.get(found.pair) ?? { won: 0, all: 0 }
    decisive.set(found.pair, stats)
    stats.all += 1
    stats.won += found.won ? 1 : 0
  }
  const seen = new Uint32Array(judges.length)
  const upper = new Float64Array(judges.length)
  const lower = new Float64Array(judges.length)
  const found: Anomaly[] = []
  const isFound = new Uint8Array(judges.length)
  for (const [vote, voter] of judge.entries()) {
    if (!kept[vote] || voter < 0 || (totals[voter] ?? 0) < leastVotes || isFound[voter] || (seen[voter] ?? 0) >= mostVotes) continue
    seen[voter] = (seen[voter] ?? 0) + 1
    const one = lookAt(vote)
    const stats = one && decisive.get(one.pair)
    if (!one || !stats) continue
    const share = stats.won / stats.all
    upper[voter] = (upper[voter] ?? 0) - Math.log(2 * (one.won ? 1 : 1 - share))
    lower[voter] = (lower[voter] ?? 0) - Math.log(2 * (one.won ? share : 1))
    if (Math.max(upper[voter] ?? 0, lower[voter] ?? 0) <= Math.log(1 / level)) continue
    isFound[voter] = 1
    found.push({ judge: voter, votes: seen[voter] ?? 0 })
  }
  return found
}

function order(names: readonly string[]): number[] {
  const ranks = new Array<number>(names.length).fill(0)
  const sorted = [...names.keys()].sort((x, y) => ((names[x] ?? '') < (names[y] ?? '') ? -1 : 1))
  for (const [place, name] of sorted.entries()) ranks[name] = place
  return ranks
}
