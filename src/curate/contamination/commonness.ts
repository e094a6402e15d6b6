import { readFileSync } from 'node:fs'
import { AppError } from '../../errors.ts'

/** How much a term tells, by how rare it is in conversations. */
export interface Commonness {
  /** Natural logarithm of texts over texts with the term: 0 for a term in every text, about 9 for one in none. */
  weigh(term: string): number
}

/** Where the package keeps how often terms come in conversations. */
export const commonnessUrl = new URL('../../../assets/contamination-terms.bin', import.meta.url)

/** Terms are counted in so many hashed buckets. */
export const buckets = 1 << 17

/** A term's bucket: FNV-1a over its UTF-16 units. */
export function bucketOf(term: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193)
  return ((hash ^ (hash >>> 15)) >>> 0) % buckets
}

/** Reads the table: one byte a bucket, the weight in 25ths. @throws AppError `contamination-terms` when it is missing or cut short. */
export function readCommonness(): Commonness {
  const table = readFileSync(commonnessUrl)
  if (table.length !== buckets) {
    throw new AppError(
      'contamination-terms',
      `The package's table of terms has ${table.length} bytes, not ${buckets}. Install the package again.`,
    )
  }
  return { weigh: (term) => (table[bucketOf(term)] ?? 0) / 25 }
}
