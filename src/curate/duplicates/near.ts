import type { Sql } from '../../engine/sql.ts'
import { type Buckets, findBuckets, visitBuckets } from './buckets.ts'
import { readKey } from './minima.ts'
import { characterBanding, wordBanding } from './signature.ts'
import { compareShort, compareSketches, decodeSketch, leastJaccard, leastShort, readShort, type Short } from './similar.ts'
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
 * Finds near duplicates among the rows of table `texts` (see statements.ts): texts that share a band key
 * are candidates, each candidate pair's similarity is computed, and similar pairs are joined. Memory: 4 bytes a bucket member, 4 bytes a text for each band of a
 * lot, and the sketches of texts that are in a bucket.
 */
export async function findNear(sql: Sql, count: number): Promise<NearSets> {
  const { buckets, isCandidate } = await readBuckets(sql, count)
  // What is read is not wanted any more, and of a million conversations it is half a gigabyte.
  for (const column of ['word_bands', 'character_bands']) await sql.run(`ALTER TABLE texts DROP COLUMN ${column}`)
  const { sketches, shorts, scopes } = await loadCandidates(sql, isCandidate)
  await sql.run('DROP TABLE texts')
  const messages = createUnion(count)
  const prompts = createUnion(count)
  let compared = 0
  let similar = 0
  const readCached = createCache(shorts)
  const rejected = createPairs()
  const compare = (one: number, two: number) => {
    const scope = (scopes[one] ?? 0) & (scopes[two] ?? 0)
    const wantsMessages = (scope & 1) !== 0 && messages.find(one) !== messages.find(two)
    const wantsPrompts = (scope & 2) !== 0 && prompts.find(one) !== prompts.find(two)
    if (!wantsMessages && !wantsPrompts) return
    if (rejected.has(one, two)) return
    compared++
    const first = readCached(one)
    const second = readCached(two)
    const isNear =
      first && second ? compareShort(first, second) >= leastShort : compareSketches(sketches.read(one), sketches.read(two)) >= leastJaccard
    if (!isNear) {
      rejected.add(one, two)
      return
    }
    similar++
    if (wantsMessages) messages.join(one, two)
    if (wantsPrompts) prompts.join(one, two)
  }
  for (const found of buckets) {
    visitBuckets(found, (members, length) => {
      const reach = length <= wholeBucket ? length : neighbours
      for (let index = 0; index < length; index++) {
        for (let other = index + 1; other < length && other <= index + reach; other++) compare(members[index] ?? 0, members[other] ?? 0)
      }
    })
  }
  return { messages, prompts, compared, similar }
}

/** Bands whose keys are in memory at one time. */
const lots = [
  { column: 'word_bands', bands: [0, 14] },
  { column: 'word_bands', bands: [14, wordBanding.bands] },
  { column: 'character_bands', bands: [0, characterBanding.bands] },
] as const

async function readBuckets(sql: Sql, count: number): Promise<{ buckets: Buckets[]; isCandidate: Uint8Array }> {
  const buckets: Buckets[] = []
  const isCandidate = new Uint8Array(count)
  for (const {
    column,
    bands: [first, end],
  } of lots) {
    const bands = Array.from({ length: end - first }, () => new Int32Array(count).fill(-1))
    for await (const [numbers = [], texts = []] of sql.columns(`SELECT number, ${column} FROM texts WHERE ${column} <> ''`)) {
      for (let index = 0; index < numbers.length; index++) {
        const number = Number(numbers[index])
        const text = String(texts[index])
        for (let band = 0; band < bands.length; band++) {
          const keys = bands[band]
          if (keys) keys[number] = readKey(text, first + band)
        }
      }
    }
    for (const [band, keys] of bands.entries()) {
      const found = findBuckets({ keys, others: bands[(band + 1) % bands.length] ?? keys }, wholeBucket)
      visitBuckets(found, (members, length) => {
        for (let index = 0; index < length; index++) isCandidate[members[index] ?? 0] = 1
      })
      buckets.push(found)
    }
  }
  return { buckets, isCandidate }
}

/** Short texts taken apart, the last 32,768 by their number's lowest bits: neighbours in a bucket are compared with many others each. */
function createCache(shorts: readonly (string | undefined)[]): (number: number) => Short | undefined {
  const size = 1 << 15
  const numbers = new Int32Array(size).fill(-1)
  const kept: (Short | undefined)[] = new Array(size).fill(undefined)
  return (number) => {
    const slot = number % size
    if (numbers[slot] !== number) {
      const text = shorts[number]
      kept[slot] = text === undefined ? undefined : readShort(text)
      numbers[slot] = number
    }
    return kept[slot]
  }
}

/** Pairs that were compared and are not similar: nearly half come again in another band. A table of 2²¹ places (16 MiB), a later pair in place of an earlier one. */
function createPairs() {
  const size = 1 << 21
  const pairs = new Float64Array(size)
  const keyOf = (one: number, two: number) => Math.min(one, two) * 2 ** 26 + Math.max(one, two)
  const slotOf = (one: number, two: number) => (Math.imul(one, 0x9e3779b1) + Math.imul(two, 0x9e3779b1)) >>> (32 - 21)
  return {
    has: (one: number, two: number): boolean => pairs[slotOf(one, two)] === keyOf(one, two),
    add: (one: number, two: number): void => {
      pairs[slotOf(one, two)] = keyOf(one, two)
    },
  }
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
