import { type Anchor, fitBradleyTerry, toRatings } from './bradley-terry.ts'
import { type Cells, countCells, findRatable, toMatchups, type Vote } from './matchups.ts'
import { multinomialDrawer, seededRandom } from './random.ts'

/** A model's place. `low` and `high` are the 2.5 and 97.5 percentiles of the bootstrap; ranks count models that are better beyond doubt. */
export interface Place {
  model: string
  rating: number
  low: number
  high: number
  /** 1 + the number of models whose `low` lies above this one's `high`. */
  rank: number
  /** Number of models whose `high` is not below this one's `low`, itself counted in: the worst place that the data allow. */
  worstRank: number
  votes: number
  /** Wins with ties as half, of all its votes, 0–1. */
  winRate: number
}

/** A rating of all models that the votes connect. */
export interface Leaderboard {
  places: Place[]
  /** Models that no chain of wins and losses connects with the rated ones. */
  unrated: string[]
  votes: number
  rounds: number
}

/** How a leaderboard is computed. */
export interface LeaderboardOptions {
  /** Bootstrap rounds, 0–10,000. */
  rounds: number
  seed: number
  anchor?: Anchor
}

/** A ridge that moves no rating by a hundredth of a point, and bounds that of a model undefeated in a bootstrap sample. */
const bootstrapRidge = 1e-4

/**
 * Ratings by the Bradley–Terry model with bootstrap intervals, best first. Depends on the votes (not on their order) and the seed alone.
 * @see Chiang et al. 2024, "Chatbot Arena: An Open Platform for Evaluating LLMs by Human Preference"
 */
export function computeLeaderboard(votes: readonly Vote[], { rounds, seed, anchor }: LeaderboardOptions): Leaderboard {
  const all = toMatchups(votes)
  const isRatable = findRatable(all)
  const rated = votes.filter((vote) => [vote.modelA, vote.modelB].every((model) => isRatable[all.models.indexOf(model)]))
  const cells = countCells(toMatchups(rated))
  const unrated = all.models.filter((_, index) => !isRatable[index])
  if (cells.models.length < 2) return { places: [], unrated: [...all.models], votes: all.a.length, rounds: 0 }
  const strengths = fitBradleyTerry(cells)
  const ratings = toRatings(strengths, cells.models, anchor)
  const samples = bootstrap(cells, strengths, { rounds, seed, ...(anchor ? { anchor } : {}) })
  const bounds = cells.models.map((_, model) => interval(samples, model, ratings[model] ?? 0))
  const places = cells.models.map((model, index): Place => {
    const { low, high } = bounds[index] ?? { low: 0, high: 0 }
    return {
      model,
      rating: ratings[index] ?? 0,
      low,
      high,
      rank: 1 + bounds.filter((other) => other.low > high).length,
      worstRank: bounds.filter((other) => other.high >= low).length,
      ...tally(cells, index),
    }
  })
  places.sort((first, second) => second.rating - first.rating || (first.model < second.model ? -1 : 1))
  return { places, unrated, votes: all.a.length, rounds }
}

function bootstrap(cells: Cells, start: Float64Array, { rounds, seed, anchor }: LeaderboardOptions): Float64Array[] {
  const total = cells.count.reduce((sum, count) => sum + count, 0)
  const draw = multinomialDrawer(cells.count, total, seededRandom(seed))
  return Array.from({ length: rounds }, () => {
    return toRatings(fitBradleyTerry({ ...cells, count: draw() }, { start, ridge: bootstrapRidge }), cells.models, anchor)
  })
}

function interval(samples: readonly Float64Array[], model: number, rating: number): { low: number; high: number } {
  if (samples.length === 0) return { low: rating, high: rating }
  const sorted = Float64Array.from(samples, (sample) => sample[model] ?? 0).sort()
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

/** Linear between the neighbouring values, as numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? 0
  return below + (above - below) * (place - Math.floor(place))
}

function tally({ a, b, outcome, count }: Cells, model: number): { votes: number; winRate: number } {
  let votes = 0
  let wins = 0
  for (const [cell, weight] of count.entries()) {
    if (a[cell] !== model && b[cell] !== model) continue
    votes += weight
    wins += weight * (a[cell] === model ? (outcome[cell] ?? 0) : 1 - (outcome[cell] ?? 0))
  }
  return { votes, winRate: votes === 0 ? 0 : wins / votes }
}
