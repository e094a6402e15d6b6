import { agree, type Cursor, DenseCursor, END, ListCursor, PhraseCursor, type Speaker, UnionCursor } from './postings.read.ts'
import type { Query, Term } from './query.ts'
import type { WordList } from './words.list.ts'

/** What is searched: the words, how many words each row has, and how many there are on average. */
export interface Texts {
  words: WordList
  lengths: Uint32Array
  meanLength: number
}

/** Rows that a search found, with BM25 scores. */
export interface Found {
  rows: Uint32Array
  scores: Float32Array
}

/** At most so many words of one beginning are followed one by one; more are added up first. */
const MAX_PARTS = 32
/** At most so many words of one beginning count. */
const MAX_WORDS = 50_000
const K1 = 1.2
const B = 0.75

/** All rows that have the wanted terms, not the excluded ones, and pass `mask` (1: yes), in the order of rows. */
export function searchRows(texts: Texts, query: Query, speaker: Speaker, mask: Uint8Array | undefined): Found {
  const { lengths, meanLength } = texts
  const wanted = query.terms.map((term) => cursorOf(texts, term, speaker)).sort((a, b) => a.docs - b.docs)
  const excluded = query.excluded.map((term) => cursorOf(texts, term, speaker))
  const [first] = wanted
  const found = new Hits(Math.min(lengths.length, first?.docs ?? 0))
  const weights = wanted.map(({ docs }) => (K1 + 1) * Math.log(1 + (lengths.length - Math.min(docs, lengths.length) + 0.5) / (docs + 0.5)))
  const base = K1 * (1 - B)
  const slope = (K1 * B) / meanLength
  if (first instanceof ListCursor && wanted.length === 1 && excluded.length === 0) {
    // One word, perhaps in every other row: block by block, without a step for each.
    const weight = weights[0] ?? 0
    const { ids, counts } = first
    for (let size = first.takeBlock(); size > 0; size = first.takeBlock()) {
      for (let index = 0; index < size; index += 1) {
        const row = ids[index] ?? 0
        const times = counts[index] ?? 0
        if (times === 0 || (mask && mask[row] !== 1)) continue
        found.add(row, (weight * times) / (times + base + slope * (lengths[row] ?? 0)))
      }
    }
    return found.all()
  }
  for (let row = agree(wanted, 0); row !== END; row = agree(wanted, row + 1)) {
    if (mask && mask[row] !== 1) continue
    if (excluded.length > 0 && excluded.some((cursor) => cursor.seek(row) === row)) continue
    const norm = base + slope * (lengths[row] ?? 0)
    let score = 0
    for (let index = 0; index < wanted.length; index += 1) {
      const times = wanted[index]?.times ?? 0
      score += ((weights[index] ?? 0) * times) / (times + norm)
    }
    found.add(row, score)
  }
  return found.all()
}

/** Rows and scores, room for all of them made at once. */
class Hits {
  private readonly rows: Uint32Array
  private readonly scores: Float32Array
  private count = 0

  constructor(most: number) {
    this.rows = new Uint32Array(most)
    this.scores = new Float32Array(most)
  }

  add(row: number, score: number): void {
    this.rows[this.count] = row
    this.scores[this.count] = score
    this.count += 1
  }

  all(): Found {
    return { rows: this.rows.subarray(0, this.count), scores: this.scores.subarray(0, this.count) }
  }
}

function cursorOf(texts: Texts, { tokens, isPrefix }: Term, speaker: Speaker): Cursor {
  const parts = tokens.map((token, index) =>
    isPrefix && index === tokens.length - 1 ? prefixCursor(texts, token, speaker, tokens.length > 1) : wordCursor(texts, token, speaker),
  )
  const [first] = parts
  return parts.length === 1 && first ? first : new PhraseCursor(parts)
}

function wordCursor({ words }: Texts, word: string, speaker: Speaker): Cursor {
  const entry = words.find(word)
  return entry ? new ListCursor(words.readList(entry), entry.docs, speaker) : new ListCursor(new Uint8Array(), 0, speaker)
}

/** In a phrase, where places are needed, only the most frequent words of a beginning are followed. */
function prefixCursor(texts: Texts, prefix: string, speaker: Speaker, needsPlaces: boolean): Cursor {
  const { words, lengths } = texts
  const entries = []
  for (const entry of words.beginning(prefix)) {
    entries.push(entry)
    if (entries.length >= MAX_WORDS) break
  }
  if (entries.length <= MAX_PARTS || needsPlaces) {
    const kept = entries.sort((a, b) => b.docs - a.docs).slice(0, needsPlaces ? 4 * MAX_PARTS : MAX_PARTS)
    return new UnionCursor(kept.map((entry) => new ListCursor(words.readList(entry), entry.docs, speaker)))
  }
  // The lists of words of one beginning lie side by side.
  const counts = new Uint8Array(lengths.length)
  let docs = 0
  const [start, end] = [entries[0]?.start ?? 0, entries.at(-1)?.end ?? 0]
  const all = words.readList({ start, end })
  for (const entry of entries) {
    const cursor = new ListCursor(all.subarray(entry.start - start, entry.end - start), entry.docs, speaker)
    for (let size = cursor.takeBlock(); size > 0; size = cursor.takeBlock()) {
      for (let index = 0; index < size; index += 1) {
        const row = cursor.ids[index] ?? 0
        const times = cursor.counts[index] ?? 0
        if (times === 0) continue
        const before = counts[row] ?? 0
        if (before === 0) docs += 1
        counts[row] = Math.min(255, before + times)
      }
    }
  }
  return new DenseCursor(counts, docs)
}

/** Best rows up to this place are found by a heap; behind it, all hits are sorted. */
const MAX_HEAP = 1000

/** The best rows [offset, offset + length): by score, then in the order of rows. */
export function bestRows(found: Found, offset: number, length: number): Uint32Array {
  const { rows } = found
  if (offset >= rows.length || length === 0) return new Uint32Array()
  const wanted = Math.min(rows.length, offset + length)
  const places = wanted <= MAX_HEAP ? bestPlaces(found.scores, wanted) : sortedPlaces(found.scores)
  return Uint32Array.from(places.subarray(offset, wanted), (place) => rows[place] ?? 0)
}

/** Places of the `count` highest scores, the highest first; of equal ones the first. A heap with the worst of them on top: most hits are one comparison. */
function bestPlaces(scores: Float32Array, count: number): Uint32Array {
  const heap = new Uint32Array(count)
  const isWorse = (a: number, b: number) => {
    const [left, right] = [scores[a] ?? 0, scores[b] ?? 0]
    return left < right || (left === right && a > b)
  }
  const sink = (from: number, place: number) => {
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= count) break
      if (child + 1 < count && isWorse(heap[child + 1] ?? 0, heap[child] ?? 0)) child += 1
      if (!isWorse(heap[child] ?? 0, place)) break
      heap[at] = heap[child] ?? 0
      at = child
    }
    heap[at] = place
  }
  for (let place = 0; place < count; place += 1) heap[place] = place
  for (let at = (count >> 1) - 1; at >= 0; at -= 1) sink(at, heap[at] ?? 0)
  let least = scores[heap[0] ?? 0] ?? 0
  for (let place = count; place < scores.length; place += 1) {
    if ((scores[place] ?? 0) <= least) continue
    sink(0, place)
    least = scores[heap[0] ?? 0] ?? 0
  }
  return heap.sort((a, b) => (isWorse(a, b) ? 1 : -1))
}

/** All places by score. One number holds the score (24 bits, turned round) and the place; numbers sort without a comparison of ours. */
function sortedPlaces(scores: Float32Array): Float64Array {
  let highest = 0
  for (let place = 0; place < scores.length; place += 1) highest = Math.max(highest, scores[place] ?? 0)
  const scale = highest > 0 ? 0xffffff / highest : 0
  const keys = Float64Array.from(scores, (score, place) => (0xffffff - Math.round(score * scale)) * PLACES + place)
  return keys.sort().map((key) => key % PLACES)
}

/** More rows than any index has. */
const PLACES = 0x10000000
