import type { GramCounts } from './counts.ts'

/** Probability of a letter that the language's corpus never has. */
export const unseenLetter = 1e-6
const discount = 0.75

/**
 * Probability of each gram's last letter after the letters before it, interpolated with the shorter contexts' (absolute discounting): a 5-gram chain
 * over letters and word ends. By length of the gram.
 */
export function chainProbabilities({ grams }: GramCounts): Map<string, number>[] {
  const probabilities: Map<string, number>[] = []
  for (let n = 1; n <= 5; n++) {
    const contexts = new Map<string, { total: number; types: number }>()
    for (const [gram, count] of grams[n] ?? []) {
      const context = contexts.get(gram.slice(0, -1))
      if (context) {
        context.total += count
        context.types++
      } else contexts.set(gram.slice(0, -1), { total: count, types: 1 })
    }
    const found = new Map<string, number>()
    for (const [gram, count] of grams[n] ?? []) {
      const { total, types } = contexts.get(gram.slice(0, -1)) ?? { total: 1, types: 1 }
      const shorter = probabilities[n - 1]?.get(gram.slice(1)) ?? unseenLetter
      found.set(gram, (Math.max(0, count - discount) + discount * types * shorter) / total)
    }
    probabilities[n] = found
  }
  return probabilities
}

/** Entries of one language: kept grams with their places in the result; all by id of gram. */
export interface PrunedChain {
  /** The language's grams, shorter before longer: those of length n from `ends[n - 1]` to `ends[n]`. */
  ids: Int32Array
  ends: readonly number[]
  /** Of each gram in `ids`. */
  probabilities: Float32Array
  isKept: (id: number) => boolean
  /** Id of the gram without its last and without its first letter; −1 for none. */
  prefixes: Int32Array
  suffixes: Int32Array
}

/**
 * The chain with only the kept grams, as weights of a linear model: the sum of the weights of a word's grams is its log-probability (up to a constant that
 * all languages share). A letter after a context whose gram is not kept has the shorter context's probability times the context's back-off; so a gram's
 * weight is what it adds to the back-off's answer, plus the log of its own back-off as a context. `weights` holds room for every id.
 */
export function pruneChain({ ids, ends, probabilities, isKept, prefixes, suffixes }: PrunedChain, weights: Float32Array): void {
  const size = weights.length
  const model = new Float32Array(size)
  const keptMass = new Float64Array(size)
  const shorterMass = new Float64Array(size)
  const shorterOf = (id: number) => {
    const suffix = suffixes[id] ?? -1
    return suffix < 0 ? unseenLetter : model[suffix] || unseenLetter
  }
  const backOff = (context: number) =>
    context < 0 ? 1 : Math.max(1e-9, 1 - (keptMass[context] ?? 0)) / Math.max(1e-9, 1 - (shorterMass[context] ?? 0))
  for (let n = 1; n <= 5; n++) {
    const from = ends[n - 1] ?? 0
    const to = ends[n] ?? 0
    for (let at = from; at < to; at++) {
      const id = ids[at] ?? 0
      const prefix = prefixes[id] ?? -1
      if (prefix < 0 || !isKept(id)) continue
      keptMass[prefix] = (keptMass[prefix] ?? 0) + (probabilities[at] ?? 0)
      shorterMass[prefix] = (shorterMass[prefix] ?? 0) + shorterOf(id)
    }
    for (let at = from; at < to; at++) {
      const id = ids[at] ?? 0
      const fallback = backOff(prefixes[id] ?? -1) * shorterOf(id)
      if (isKept(id)) {
        model[id] = probabilities[at] ?? 0
        weights[id] = Math.log((probabilities[at] ?? 0) / fallback)
      } else model[id] = fallback
    }
  }
  for (const id of ids) weights[id] = (weights[id] ?? 0) + Math.log(backOff(id))
}
