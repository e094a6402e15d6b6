import { firstAbove } from '../../bisect.ts'
import type { Pool } from '../../engine/pool.ts'
import { type BandsInput, readBandsTask } from './bands.ts'
import { type Band, type Buckets, findBucketsTask } from './buckets.ts'
import { loadCandidatesTask, type Page } from './candidates.ts'
import { comparePairsTask, type PairsInput, wholeBucket } from './pairs.ts'
import type { Part, Texts } from './places.ts'
import { characterBanding, wordBanding } from './signature.ts'
import { placesPerRow } from './statements.ts'
import { createParents, openUnion } from './union.ts'

/** Near-duplicate sets: by a text's number the smallest number of its set, among all messages and among all conversations' prompts. */
export interface NearSets {
  messages: Int32Array
  prompts: Int32Array
  /** Pairs compared, and pairs found similar enough. */
  compared: number
  similar: number
}

/**
 * Finds near duplicates among texts: those that share a band key are candidates, each candidate pair's similarity is computed, and similar pairs are joined.
 * The pool's threads read, sort and compare in memory that they share: 4 bytes a bucket member, 4 bytes a text for each band of a lot, and the sketches of
 * texts that are in a bucket.
 */
export async function findNear(parts: readonly Part[], texts: Texts, pool: Pool): Promise<NearSets> {
  const { places, numbers, scopes } = texts
  const count = places.length
  const spans = parts.map((part) => {
    const first = firstAbove(places, part.offset * placesPerRow - 1)
    return { part, first, count: firstAbove(places, (part.offset + part.rows) * placesPerRow - 1) - first }
  })
  const isCandidate = new Uint8Array(new SharedArrayBuffer(count))
  const buckets = await findAllBuckets({ spans, texts, isCandidate }, pool)
  const pageOf = new Uint32Array(new SharedArrayBuffer(4 * count))
  for (const [index, span] of spans.entries()) pageOf.fill(index, span.first, span.first + span.count)
  const pages = await Promise.all(
    spans.map((span) => pool.run<unknown, Page>(loadCandidatesTask, span.part.shard, { ...span, places, isCandidate })),
  )
  const messages = createParents(count)
  const prompts = createParents(count)
  const counts = await Promise.all(
    Array.from({ length: pool.size }, (_, share) =>
      pool.run<PairsInput, { compared: number; similar: number }>(comparePairsTask, `share ${share} of pairs`, {
        share,
        shares: pool.size,
        buckets,
        pages,
        pageOf,
        scopes,
        messages,
        prompts,
      }),
    ),
  )
  return {
    messages: leastNumbers(messages, numbers),
    prompts: leastNumbers(prompts, numbers),
    compared: counts.reduce((sum, { compared }) => sum + compared, 0),
    similar: counts.reduce((sum, { similar }) => sum + similar, 0),
  }
}

/** Bands whose keys are in memory at one time. */
const lots = [
  { field: 'word_bands', firstBand: 0, size: 14 },
  { field: 'word_bands', firstBand: 14, size: wordBanding.bands - 14 },
  { field: 'character_bands', firstBand: 0, size: characterBanding.bands },
] as const

interface Span {
  part: Part
  first: number
  count: number
}

async function findAllBuckets(
  { spans, texts, isCandidate }: { spans: readonly Span[]; texts: Texts; isCandidate: Uint8Array },
  pool: Pool,
): Promise<Buckets[]> {
  const { places, numbers: ranks } = texts
  const buckets: Buckets[] = []
  for (const { field, firstBand, size } of lots) {
    const bands = Array.from({ length: size }, () => new Int32Array(new SharedArrayBuffer(4 * places.length)))
    await Promise.all(
      spans.map(({ part, first }) =>
        pool.run<BandsInput, void>(readBandsTask, part.shard, { part, places, first, field, firstBand, bands }),
      ),
    )
    const found = bands.map((keys, band) => {
      const others = bands[(band + 1) % size] ?? keys
      return pool.run<Band, Buckets>(findBucketsTask, `${field} ${firstBand + band}`, {
        keys,
        others,
        ranks,
        whole: wholeBucket,
        isCandidate,
      })
    })
    buckets.push(...(await Promise.all(found)))
  }
  return buckets
}

/** By number, the smallest number of the text's set; sets are given by the order in which texts were read. */
function leastNumbers(parents: Int32Array, numbers: Int32Array): Int32Array {
  const { find } = openUnion(parents)
  const least = new Int32Array(parents.length).fill(parents.length)
  for (let text = 0; text < parents.length; text++) {
    const root = find(text)
    least[root] = Math.min(least[root] ?? 0, numbers[text] ?? 0)
  }
  const sets = new Int32Array(parents.length)
  for (let text = 0; text < parents.length; text++) sets[numbers[text] ?? 0] = least[find(text)] ?? 0
  return sets
}
