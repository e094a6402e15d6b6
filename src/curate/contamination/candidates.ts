import type { BenchmarkItem } from './benchmark.ts'
import { type Commonness, readCommonness } from './commonness.ts'
import { compare, type Prepared, prepare } from './features.ts'

/** An item that a text may be a copy of, with the pair's figures in the order of `featureNames`. */
export interface Candidate {
  item: number
  features: number[]
}

/** Finds the items that a text has most in common with, by words and numbers. */
export interface CandidateIndex {
  /** At most `count` items, best first. */
  find(text: string, count: number): Candidate[]
}

/** Indexes items by their words and numbers; terms in over a fifth of the items are left out of the index, not of the figures. */
export function indexCandidates(items: readonly BenchmarkItem[]): CandidateIndex {
  const { weigh: general } = readCommonness()
  const frequencies = new Map<string, number>()
  for (const { text } of items) {
    const { words, numbers, shapes } = prepare(text, () => 1).terms
    for (const term of [...words, ...numbers, ...shapes]) frequencies.set(term, (frequencies.get(term) ?? 0) + 1)
  }
  // A word of every second item ('return', 'string', 'how many') says little about which; one that few items have keeps its weight.
  const weigh = (term: string) => {
    const frequency = frequencies.get(term) ?? 0
    return general(term) * Math.min(1, Math.log((items.length + 1) / (frequency + 0.5)) / 2)
  }
  const prepared = items.map(({ text }) => prepare(text, weigh))
  const solutions = items.map(({ solution }) => prepare(solution, weigh))
  const postings = new Map<string, number[]>()
  for (const [number, { weights, terms }] of prepared.entries()) {
    if (terms.length < leastTerms) continue
    for (const term of [...weights.keys(), ...terms.shapes]) {
      if ((frequencies.get(term) ?? 0) > Math.max(4, items.length / 5)) continue
      const list = postings.get(term) ?? []
      list.push(number)
      postings.set(term, list)
    }
  }
  const scores = new Float64Array(items.length)
  return {
    find(text, count) {
      const query = prepare(text, weigh)
      const touched: number[] = []
      const shapes = [...query.terms.shapes].map((shape) => [shape, shapeWeight] as const)
      for (const [term, weight] of [...query.weights, ...shapes]) {
        for (const number of postings.get(term) ?? []) {
          if (scores[number] === 0) touched.push(number)
          scores[number] = (scores[number] ?? 0) + weight
        }
      }
      const rank = (number: number) =>
        (scores[number] ?? 0) / Math.sqrt((prepared[number]?.words ?? 0) + (prepared[number]?.numbers ?? 0) + 10)
      const best = touched.sort((one, two) => rank(two) - rank(one) || one - two).slice(0, count + 1)
      for (const number of touched) scores[number] = 0
      return withMargins(best.map((item) => ({ item, features: compare(prepared[item] ?? nothing, solutions[item] ?? nothing, query) })))
        .slice(0, count)
        .filter(({ item }) => sharedWeight(prepared[item] ?? nothing, query, general) >= leastShared)
    },
  }
}

/**
 * Least sum of weights of the words and numbers that both have: about five telling words. Without it a short question ('Can you explain why …?') was found in every twentieth message; it
 * cost none of 423 true copies.
 */
const leastShared = 25

function sharedWeight(item: Prepared, text: Prepared, weigh: Commonness['weigh']): number {
  let sum = 0
  for (const term of item.weights.keys()) if (text.weights.has(term)) sum += weigh(term)
  return sum
}

/** Items of fewer words are not looked for in other words: half of them is said by chance. */
const leastTerms = 8

/** Weight of a form of example data in the search for candidates: that of a fairly rare word. */
const shapeWeight = 4

const nothing: Prepared = prepare('', () => 0)

/** Adds to each candidate by how much its cosine is above the best of the others. */
function withMargins(candidates: Candidate[]): Candidate[] {
  const cosine = ({ features }: Candidate) => features[5] ?? 0
  return candidates
    .map((candidate) => {
      const others = candidates.filter((other) => other !== candidate)
      return { ...candidate, features: [...candidate.features, cosine(candidate) - Math.max(0, ...others.map(cosine))] }
    })
    .sort((one, two) => cosine(two) - cosine(one) || one.item - two.item)
}
