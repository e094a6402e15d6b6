import { bestRows, scoredRows } from './best.ts'
import { type Bits, countBits, dropBits, noBits } from './bits.ts'
import type { Speaker } from './postings.read.ts'
import type { Query } from './query.ts'
import { partOf, type Texts } from './terms.ts'

/** What a search found: a set of rows, how many they are, and the best of them. */
export interface Hits {
  bits: Bits
  count: number
  /** The best rows [offset, offset + length): by score, then in the order of rows. */
  best(offset: number, length: number): Uint32Array
  /** About as many bytes of memory. */
  bytes: number
}

/** Best rows up to this place are found by passing over blocks; behind it, all hits are scored and sorted. */
const MAX_PLACE = 1000

/** All rows that have the wanted terms, not the excluded ones, and are in `mask`. */
export function searchRows(texts: Texts, query: Query, speaker: Speaker, mask: Bits | undefined): Hits {
  const parts = query.terms.map((term) => partOf(texts, term, speaker)).sort((a, b) => a.docs - b.docs)
  let kept = mask
  // Phrases last: their places are looked at only where everything else agrees.
  for (const part of [...parts].sort((a, b) => Number(a.isCostly) - Number(b.isCostly))) kept = part.keep(kept)
  const bits = kept ?? noBits(texts.lengths.length)
  for (const term of query.excluded) dropBits(bits, partOf(texts, term, speaker).keep(bits))
  const count = countBits(bits)
  const scored = { bits, count, parts, texts }
  let top: Uint32Array = new Uint32Array()
  return {
    bits,
    count,
    best(offset, length) {
      const end = Math.min(count, offset + length)
      if (end <= offset) return new Uint32Array()
      if (end > MAX_PLACE) return scoredRows(scored, offset, end)
      // Of later pages twice as many at once; the fewer are wanted, the more is passed over.
      if (end > top.length) top = bestRows(scored, Math.min(count, top.length === 0 ? end : 2 * end))
      return top.slice(offset, end)
    },
    bytes: bits.byteLength + parts.reduce((sum, { bytes }) => sum + bytes, MAX_PLACE * 4),
  }
}
