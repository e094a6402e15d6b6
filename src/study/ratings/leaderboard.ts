import { type Anchor, fitBradleyTerry, toRatings } from './bradley-terry.ts'
import { readCategory } from './categories.ts'
import { type Cells, countCells, findRatable, type Matrix, toMatrix } from './matchups.ts'
import { multinomialDrawer, seededRandom } from './random.ts'
import { styleElements, styleFeatures } from './style.ts'
import { fitStyled, type StyledVotes } from './style-control.ts'
import { capDailyVotes, findAnomalies } from './voters.ts'
import { facts, openVotes, type Vote, type VoteColumns } from './votes.ts'

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

/** What a style element is worth: the coefficient of its normalised difference, with its interval. Above 0: voters like more of it. */
export interface StyleEffect {
  element: (typeof styleElements)[number]
  coefficient: number
  low: number
  high: number
}

/** A rating of all models that the votes connect. */
export interface Leaderboard {
  category: string
  isStyleControlled: boolean
  places: Place[]
  /** Models that no chain of wins and losses connects with the rated ones. */
  unrated: string[]
  /** Votes of this category that count. */
  votes: number
  rounds: number
  style: StyleEffect[]
  matrix: Matrix
  byDay: { day: string; votes: number }[]
  /** Votes left out, of all categories: with names shown, over a voter's daily cap, of voters who are at odds with everybody. */
  excluded: { named: number; capped: number; anomalous: number }
  /** Keyed hashes of the voters left out, and the vote at which the test rejected them. For operators' eyes. */
  anomalies: { judge: string; votes: number }[]
}

/** How a leaderboard is computed. */
export interface LeaderboardOptions {
  /** Bootstrap rounds, 0–10,000. */
  rounds: number
  seed: number
  anchor?: Anchor
  /** `all` unless told. @see listCategories */
  category?: string
  isStyleControlled?: boolean
  /** Votes of one voter and day (UTC) that count; all unless told. */
  dailyVotes?: number
  /** Votes whose names were shown count too. */
  withNamed?: boolean
}

/** A ridge that moves no rating by a hundredth of a point, and bounds that of a model undefeated in a bootstrap sample. */
const bootstrapRidge = 1e-4
/** Bounds of intervals with style control are true to about a tenth of a point; with many votes one pass over them is enough for that. */
const bootstrapTolerance = 2.5e-4

/**
 * Ratings by the Bradley–Terry model with bootstrap intervals, best first. Depends on the votes and the seed alone; on their order only where there is a
 * daily cap, a check of voters or style control.
 * @see Chiang et al. 2024, "Chatbot Arena: An Open Platform for Evaluating LLMs by Human Preference"
 * @throws InputError `category-unknown`
 */
export function computeLeaderboard(votes: readonly Vote[], options: LeaderboardOptions): Leaderboard {
  const store = openVotes()
  store.add(votes)
  return rate(store.columns(), options)
}

/** As computeLeaderboard, of votes in columns. */
export function rate(votes: VoteColumns, options: LeaderboardOptions): Leaderboard {
  const { category = 'all', isStyleControlled = false } = options
  const isIn = readCategory(category, votes)
  const kept = Uint8Array.from(votes.facts, (held) => (options.withNamed || held & facts.anonymous ? 1 : 0))
  const named = kept.reduce((sum, one) => sum + 1 - one, 0)
  const capped = options.dailyVotes === undefined ? 0 : capDailyVotes(votes, kept, options.dailyVotes)
  const anomalies = findAnomalies(votes, kept)
  const odd = new Set(anomalies.map(({ judge }) => judge))
  const anomalous = odd.size === 0 ? 0 : votes.judge.reduce((sum, judge, vote) => sum + (kept[vote] && odd.has(judge) ? 1 : 0), 0)
  const rows = Uint32Array.from(votes.a.keys()).filter(
    (vote) =>
      kept[vote] === 1 &&
      isIn(vote) &&
      !odd.has(votes.judge[vote] ?? -1) &&
      (!isStyleControlled || ((votes.facts[vote] ?? 0) & facts.styled) !== 0),
  )
  const all = countCells(votes, rows)
  const isRatable = findRatable(all)
  const rated = new Set(all.models.filter((_, index) => isRatable[index]))
  const isRated = votes.models.map((model) => rated.has(model))
  const ratedRows = rows.filter((vote) => isRated[votes.a[vote] ?? 0] && isRated[votes.b[vote] ?? 0])
  const cells = rated.size < 2 ? countCells(votes, new Uint32Array()) : countCells(votes, ratedRows)
  const fitted = isStyleControlled ? fitWithStyle(votes, ratedRows, cells, options) : fitPlain(cells, options)
  const places = toPlaces(cells, fitted)
  return {
    category,
    isStyleControlled,
    places,
    unrated: all.models.filter((model) => rated.size < 2 || !rated.has(model)),
    votes: rows.length,
    rounds: cells.models.length < 2 ? 0 : options.rounds,
    style: fitted.style,
    matrix: toMatrix(
      cells,
      places.map(({ model }) => model),
    ),
    byDay: countDays(votes, rows),
    excluded: { named, capped, anomalous },
    anomalies: anomalies.map(({ judge, votes: count }) => ({ judge: votes.judges[judge] ?? '', votes: count })),
  }
}

interface Fitted {
  ratings: Float64Array
  samples: Float64Array[]
  style: StyleEffect[]
}

function fitPlain(cells: Cells, { rounds, seed, anchor }: LeaderboardOptions): Fitted {
  if (cells.models.length < 2) return { ratings: new Float64Array(), samples: [], style: [] }
  const strengths = fitBradleyTerry(cells)
  const total = cells.count.reduce((sum, count) => sum + count, 0)
  const draw = multinomialDrawer(cells.count, total, seededRandom(seed))
  const samples = Array.from({ length: rounds }, () =>
    toRatings(fitBradleyTerry({ ...cells, count: draw() }, { start: strengths, ridge: bootstrapRidge }), cells.models, anchor),
  )
  return { ratings: toRatings(strengths, cells.models, anchor), samples, style: [] }
}

function fitWithStyle(votes: VoteColumns, rows: Uint32Array, cells: Cells, { rounds, seed, anchor }: LeaderboardOptions): Fitted {
  const models = cells.models.length
  if (models < 2) return { ratings: new Float64Array(), samples: [], style: [] }
  const places = votes.models.map((model) => cells.models.indexOf(model))
  const width = styleElements.length
  const styled: StyledVotes = {
    models,
    width,
    a: Uint16Array.from(rows, (vote) => places[votes.a[vote] ?? 0] ?? 0),
    b: Uint16Array.from(rows, (vote) => places[votes.b[vote] ?? 0] ?? 0),
    outcome: Float32Array.from(rows, (vote) => (votes.outcome[vote] ?? 1) / 2),
    features: styleFeatures(votes.style, rows),
  }
  const parameters = fitStyled(styled, { tolerance: 1e-12 })
  const random = seededRandom(seed)
  const counts = new Uint16Array(rows.length)
  const drawn = Array.from({ length: rounds }, () => {
    counts.fill(0)
    for (let draw = 0; draw < counts.length; draw++) {
      const vote = Math.floor(random() * counts.length)
      counts[vote] = (counts[vote] ?? 0) + 1
    }
    return fitStyled(styled, { counts, start: parameters, tolerance: bootstrapTolerance })
  })
  return {
    ratings: toRatings(parameters.subarray(0, models), cells.models, anchor),
    samples: drawn.map((one) => toRatings(one.subarray(0, models), cells.models, anchor)),
    style: styleElements.map((element, index) => {
      const coefficient = parameters[models + index] ?? 0
      const samples = drawn.map((one) => one.subarray(models))
      return { element, coefficient, ...interval(samples, index, coefficient) }
    }),
  }
}

function toPlaces(cells: Cells, { ratings, samples }: Fitted): Place[] {
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
  return places.sort((first, second) => second.rating - first.rating || (first.model < second.model ? -1 : 1))
}

function interval(samples: readonly Float64Array[], place: number, value: number): { low: number; high: number } {
  if (samples.length === 0) return { low: value, high: value }
  const sorted = Float64Array.from(samples, (sample) => sample[place] ?? 0).sort()
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

function countDays({ day }: VoteColumns, rows: Uint32Array): { day: string; votes: number }[] {
  const counts = new Map<number, number>()
  for (const vote of rows) {
    const one = day[vote] ?? -1
    if (one >= 0) counts.set(one, (counts.get(one) ?? 0) + 1)
  }
  return [...counts]
    .sort((x, y) => x[0] - y[0])
    .map(([one, votes]) => ({ day: new Date(one * 86_400_000).toISOString().slice(0, 10), votes }))
}
