import type { BenchmarkItem } from './benchmark.ts'
import { type Commonness, readCommonness } from './commonness.ts'
import { compare, type Prepared, prepare } from './features.ts'
import { readTerms, type Terms } from './words.ts'

/** An item that a text may be a copy of, with the pair's figures in the order of `featureNames`. */
export interface Candidate {
  item: number
  features: number[]
}

/** Finds the items that a text has most in common with, by words and numbers. */
export interface CandidateIndex {
  /** At most `count` items, best first. */
  find(text: Terms, count: number): Candidate[]
}

/** Indexes items by their words and numbers; terms in over a fifth of the items are left out of the index, not of the figures. */
export function indexCandidates(items: readonly BenchmarkItem[]): CandidateIndex {
  const { weigh: general } = readCommonness()
  const frequencies = new Map<string, number>()
  for (const { text } of items) {
    const { words, numbers, shapes } = readTerms(text)
    for (const term of [...words, ...numbers, ...shapes]) frequencies.set(term, (frequencies.get(term) ?? 0) + 1)
  }
  // A word of every second item ('return', 'string', 'how many') says little about which; one that few items have keeps its weight.
  const weigh = (term: string) => {
    const frequency = frequencies.get(term) ?? 0
    return general(term) * Math.min(1, Math.log((items.length + 1) / (frequency + 0.5)) / 2)
  }
  const prepared = items.map(({ text }) => prepare(readTerms(text), weigh))
  const solutions = items.map(({ solution }) => prepare(readTerms(solution), weigh))
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
  const sizes = Float64Array.from(prepared, ({ words, numbers }) => Math.sqrt(words + numbers + 10))
  return {
    find(text, count) {
      let telling = 0
      for (const term of [...text.words, ...text.numbers]) if (postings.has(term)) telling += general(term)
      // Nothing to find: most messages end here, before any item is looked at.
      if (telling < leastShared) return []
      const query = prepare(text, weigh)
      const touched: number[] = []
      const shapes = [...query.terms.shapes].map((shape) => [shape, shapeWeight] as const)
      for (const [term, weight] of [...query.weights, ...shapes]) {
        for (const number of postings.get(term) ?? []) {
          if (scores[number] === 0) touched.push(number)
          scores[number] = (scores[number] ?? 0) + weight
        }
      }
      const best = takeBest(touched, (number) => (scores[number] ?? 0) / (sizes[number] ?? 1), count + 1)
      for (const number of touched) scores[number] = 0
      const isTelling = (item: number) => sharedWeight(prepared[item] ?? nothing, query, general) >= leastShared
      if (!best.some(isTelling)) return []
      const compared = best.map((item) => ({ item, features: compare(prepared[item] ?? nothing, solutions[item] ?? nothing, query) }))
      return withMargins(compared)
        .slice(0, count)
        .filter(({ item }) => isTelling(item))
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

const nothing: Prepared = prepare(readTerms(''), () => 0)

/** The `count` numbers of the highest rank, best first; ties in the order of numbers. One pass: sorting all was a third of the time. */
function takeBest(numbers: readonly number[], rank: (number: number) => number, count: number): number[] {
  const best: { number: number; rank: number }[] = []
  for (const number of numbers) {
    const one = { number, rank: rank(number) }
    const last = best[best.length - 1]
    if (best.length === count && last && !isBefore(one, last)) continue
    const at = best.findIndex((other) => isBefore(one, other))
    best.splice(at < 0 ? best.length : at, 0, one)
    if (best.length > count) best.pop()
  }
  return best.map(({ number }) => number)
}

function isBefore(one: { number: number; rank: number }, two: { number: number; rank: number }): boolean {
  return one.rank > two.rank || (one.rank === two.rank && one.number < two.number)
}

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
