import type { Commonness } from './commonness.ts'
import type { Terms } from './words.ts'

/** A text made ready for comparing with others. */
export interface Prepared {
  terms: Terms
  /** Weight of each word and number. */
  weights: ReadonlyMap<string, number>
  /** Sums of weights: of words, of rare words, of numbers; Euclidean length over words and numbers. */
  words: number
  rare: number
  numbers: number
  norm: number
}

/** Names of the figures that say how alike an item and a text are, in the order of `compare`. */
export const featureNames = [
  'item words found',
  'item rare words found',
  'item numbers found',
  'text numbers in item',
  'no numbers in item',
  'cosine',
  'item pairs found',
  'text words in item',
  'length ratio',
  'literals found',
  'no literals in item',
  'shapes found',
  'shapes in item',
  'solution words found',
  'solution cosine',
  'no solution',
  'margin to next item',
] as const

const rareWeight = 5.5

/** Prepares a text's terms. `weigh` may lower the general weight of terms that many items of a benchmark have. */
export function prepare(terms: Terms, weigh: Commonness['weigh']): Prepared {
  const weights = new Map<string, number>()
  let words = 0
  let rare = 0
  let numbers = 0
  let squares = 0
  for (const word of terms.words) {
    const weight = weigh(word)
    weights.set(word, weight)
    words += weight
    if (weight >= rareWeight) rare += weight
    squares += weight * weight
  }
  for (const number of terms.numbers) {
    const weight = weigh(number)
    weights.set(number, weight)
    numbers += weight
    squares += weight * weight
  }
  return { terms, weights, words, rare, numbers, norm: Math.sqrt(squares) }
}

/** The figures of one pair, without the margin, which needs the other items: each 0–1 but the length ratio, a logarithm. `solution` is the item's. */
export function compare(item: Prepared, solution: Prepared, text: Prepared): number[] {
  let words = 0
  let rare = 0
  let numbers = 0
  let product = 0
  for (const word of item.terms.words) {
    if (!text.terms.words.has(word)) continue
    const weight = item.weights.get(word) ?? 0
    words += weight
    if (weight >= rareWeight) rare += weight
    product += weight * weight
  }
  for (const number of item.terms.numbers) {
    if (!text.terms.numbers.has(number)) continue
    const weight = item.weights.get(number) ?? 0
    numbers += weight
    product += weight * weight
  }
  return [
    share(words, item.words),
    share(rare, item.rare),
    share(numbers, item.numbers),
    share(numbers, text.numbers),
    item.terms.numbers.size === 0 ? 1 : 0,
    share(product, item.norm * text.norm),
    share(countShared(item.terms.pairs, text.terms.pairs), item.terms.pairs.size),
    share(words, text.words),
    Math.log((item.terms.length + 5) / (text.terms.length + 5)),
    share(countShared(item.terms.literals, text.terms.literals), item.terms.literals.size),
    item.terms.literals.size === 0 ? 1 : 0,
    share(countShared(item.terms.shapes, text.terms.shapes), item.terms.shapes.size),
    Math.min(1, item.terms.shapes.size / 8),
    ...compareSolution(solution, text),
  ]
}

function compareSolution(solution: Prepared, text: Prepared): number[] {
  let words = 0
  let product = 0
  for (const [term, weight] of solution.weights) {
    if (!text.weights.has(term)) continue
    words += weight
    product += weight * weight
  }
  return [share(words, solution.words + solution.numbers), share(product, solution.norm * text.norm), solution.terms.length === 0 ? 1 : 0]
}

function countShared(one: ReadonlySet<string>, two: ReadonlySet<string>): number {
  let shared = 0
  for (const term of one) if (two.has(term)) shared++
  return shared
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0
}
