import type { Sql } from '../../engine/sql.ts'
import { type Buckets, createBuckets } from './buckets.ts'
import { compareShort, compareSketches, decodeSketch, leastJaccard, leastShort, readShort, type Short } from './similar.ts'
import { bandColumns, findBuckets } from './statements.ts'
import { createUnion, type Union } from './union.ts'

/** Buckets up to this size are compared pair by pair; in larger ones each text with so many neighbours in the order of their other band keys. */
const wholeBucket = 48
const neighbours = 12

/** Near-duplicate sets of the texts numbered 0 … count-1, among all messages and among all conversations' prompts. */
export interface NearSets {
  messages: Union
  prompts: Union
  /** Pairs compared, and pairs found similar enough. */
  compared: number
  similar: number
}

/**
 * Finds near duplicates among the rows of table `texts` (see statements.ts): band keys shared in SQL
 * give candidates, each candidate pair's similarity is computed, and similar pairs are joined. Memory: 4 bytes a bucket member, and the sketches
 * of texts that are in a bucket.
 */
export async function findNear(sql: Sql, count: number): Promise<NearSets> {
  const buckets: Buckets[] = []
  const isCandidate = new Uint8Array(count)
  for (const column of bandColumns) {
    const found = createBuckets()
    let bucket = -1
    for await (const [firsts = [], numbers = []] of sql.columns(findBuckets(column))) {
      for (let index = 0; index < numbers.length; index++) {
        const first = Number(firsts[index])
        const number = Number(numbers[index])
        found.add(number, first !== bucket)
        isCandidate[number] = 1
        bucket = first
      }
    }
    buckets.push(found)
  }
  const { sketches, shorts, scopes } = await loadCandidates(sql, isCandidate)
  const messages = createUnion(count)
  const prompts = createUnion(count)
  let compared = 0
  let similar = 0
  /** The first text of the pairs under way, read once. */
  let current = -1
  let first: Short | undefined
  const compare = (one: number, two: number) => {
    const scope = (scopes[one] ?? 0) & (scopes[two] ?? 0)
    const wantsMessages = (scope & 1) !== 0 && messages.find(one) !== messages.find(two)
    const wantsPrompts = (scope & 2) !== 0 && prompts.find(one) !== prompts.find(two)
    if (!wantsMessages && !wantsPrompts) return
    compared++
    if (one !== current) {
      current = one
      first = shorts[one] ? readShort(shorts[one]) : undefined
    }
    const second = shorts[two]
    // Lengths that far apart cannot reach the least similarity; told before the second text is taken apart.
    if (first && second && 2 * Math.min(first.letters, second.length) < leastShort * (first.letters + second.length / 2)) return
    const isNear =
      first && second
        ? compareShort(first, readShort(second)) >= leastShort
        : compareSketches(sketches.read(one), sketches.read(two)) >= leastJaccard
    if (!isNear) return
    similar++
    if (wantsMessages) messages.join(one, two)
    if (wantsPrompts) prompts.join(one, two)
  }
  for (const found of buckets) {
    found.each((members, length) => {
      const reach = length <= wholeBucket ? length : neighbours
      for (let index = 0; index < length; index++) {
        for (let other = index + 1; other < length && other <= index + reach; other++) compare(members[index] ?? 0, members[other] ?? 0)
      }
    })
  }
  return { messages, prompts, compared, similar }
}

async function loadCandidates(sql: Sql, isCandidate: Uint8Array) {
  const sketches = createSketches(isCandidate.length)
  const shorts: (string | undefined)[] = []
  const scopes = new Uint8Array(isCandidate.length)
  const statement =
    'SELECT number, sketch, short, (CASE WHEN in_messages THEN 1 ELSE 0 END) + (CASE WHEN in_prompts THEN 2 ELSE 0 END) AS scope FROM texts'
  for await (const [numbers = [], sketchTexts = [], shortTexts = [], scopeValues = []] of sql.columns(statement)) {
    for (let index = 0; index < numbers.length; index++) {
      const number = Number(numbers[index])
      if (!isCandidate[number]) continue
      sketches.add(number, decodeSketch(String(sketchTexts[index])))
      if (shortTexts[index] !== '') shorts[number] = String(shortTexts[index])
      scopes[number] = Number(scopeValues[index])
    }
  }
  return { sketches, shorts, scopes }
}

/** Sketches one after the other in large arrays: an array for each of a million texts would cost more than what is in it. */
function createSketches(count: number) {
  const pageSize = 1 << 22
  const starts = new Float64Array(count).fill(-1)
  const lengths = new Uint8Array(count)
  const pages: Uint32Array[] = []
  let filled = pageSize
  return {
    add(number: number, sketch: Uint32Array) {
      if (filled + sketch.length > pageSize) {
        pages.push(new Uint32Array(pageSize))
        filled = 0
      }
      pages[pages.length - 1]?.set(sketch, filled)
      starts[number] = (pages.length - 1) * pageSize + filled
      lengths[number] = sketch.length
      filled += sketch.length
    },
    read(number: number): Uint32Array {
      const start = starts[number] ?? -1
      const page = pages[Math.floor(start / pageSize)]
      return page ? page.subarray(start % pageSize, (start % pageSize) + (lengths[number] ?? 0)) : nothing
    },
  }
}

const nothing = new Uint32Array(0)
