import { hashLetter, hashStart, mix } from './hash.ts'
import { findConcepts, type Lexicon } from './lexicon.ts'
import { isKnown, type Vocabulary } from './vocabulary.ts'

/** Letters of a spelled-out run that are held at a time. */
export const longestRun = 40
const longestWord = 16

/**
 * Makes the reader of letters that stand alone, s p a c e d or d.o.t.t.e.d: it tells where words end in them, as the fewest words that the lexicon or
 * the vocabulary has.
 */
export function createSpeller({ lexicon, vocabulary }: { lexicon: Lexicon; vocabulary: Vocabulary }) {
  const cost = new Float64Array(longestRun + 1)
  const from = new Uint8Array(longestRun + 1)
  const ends = new Uint8Array(longestRun + 1)

  /** Ends of the words of `letters[0..count)`, in order, in an array that is used again; the second number says how many. */
  return (letters: Uint16Array, count: number): [Uint8Array, number] => {
    cost.fill(Number.POSITIVE_INFINITY, 1, count + 1)
    for (let start = 0; start < count; start += 1) {
      const before = cost[start] ?? 0
      let hash = hashStart
      for (let end = start + 1; end <= count && end - start <= longestWord; end += 1) {
        hash = hashLetter(hash, letters[end - 1] ?? 0)
        const price = before + priceOf(mix(hash), end - start, letters[start] ?? 0)
        if (price >= (cost[end] ?? 0)) continue
        cost[end] = price
        from[end] = start
      }
    }
    let words = 0
    for (let end = count; end > 0; end = from[end] ?? 0) ends[words++] = end
    ends.subarray(0, words).reverse()
    return [ends, words]
  }

  function priceOf(hash: number, length: number, first: number): number {
    if (length === 1) return first === 97 || first === 105 ? 1.2 : 2
    if (length === 2) return isKnown(vocabulary, hash) ? 1.5 : Number.POSITIVE_INFINITY
    if (findConcepts(lexicon, hash) !== -1) return 1
    return isKnown(vocabulary, hash) ? 1.1 : Number.POSITIVE_INFINITY
  }
}
