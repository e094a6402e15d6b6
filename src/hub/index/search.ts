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
  const wanted = query.terms.map((term) => cursorOf(texts, term, speaker))
  const excluded = query.excluded.map((term) => cursorOf(texts, term, speaker))
  const order = [...wanted].sort((a, b) => a.docs - b.docs)
  const weights = order.map(({ docs }) => Math.log(1 + (lengths.length - Math.min(docs, lengths.length) + 0.5) / (docs + 0.5)))
  let rows = new Uint32Array(1024)
  let scores = new Float32Array(1024)
  let count = 0
  for (let row = agree(order, 0); row !== END; row = agree(order, row + 1)) {
    if (mask && mask[row] !== 1) continue
    if (excluded.some((cursor) => cursor.seek(row) === row)) continue
    const norm = K1 * (1 - B + (B * (lengths[row] ?? 0)) / meanLength)
    let score = 0
    for (let index = 0; index < order.length; index += 1) {
      const times = order[index]?.times ?? 0
      score += ((weights[index] ?? 0) * times * (K1 + 1)) / (times + norm)
    }
    if (count >= rows.length) {
      const [moreRows, moreScores] = [new Uint32Array(count * 2), new Float32Array(count * 2)]
      moreRows.set(rows)
      moreScores.set(scores)
      rows = moreRows
      scores = moreScores
    }
    rows[count] = row
    scores[count] = score
    count += 1
  }
  return { rows: rows.subarray(0, count), scores: scores.subarray(0, count) }
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
    for (let row = cursor.seek(0); row !== END; row = cursor.seek(row + 1)) {
      if (counts[row] === 0) docs += 1
      counts[row] = Math.min(255, (counts[row] ?? 0) + cursor.times)
    }
  }
  return new DenseCursor(counts, docs)
}

/** The best rows [offset, offset + length): by score, then in the order of rows. */
export function bestRows({ rows, scores }: Found, offset: number, length: number): Uint32Array {
  const wanted = Math.min(rows.length, offset + length)
  if (offset >= rows.length) return new Uint32Array()
  // One number holds the score (24 bits, turned round) and the place among the hits; numbers sort without a comparison of ours.
  let highest = 0
  for (const score of scores) if (score > highest) highest = score
  const scale = highest > 0 ? 0xffffff / highest : 0
  const keys = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at += 1) keys[at] = (0xffffff - Math.round((scores[at] ?? 0) * scale)) * 0x10000000 + at
  const sorted = wanted * 20 < rows.length ? leastOf(keys, wanted) : keys.sort()
  return Uint32Array.from(sorted.subarray(offset, wanted), (key) => rows[key % 0x10000000] ?? 0)
}

/** The least `count` numbers in order, by a heap: cheaper than sorting all when few are wanted. */
function leastOf(keys: Float64Array, count: number): Float64Array {
  const heap = keys.slice(0, count).sort().reverse()
  for (let at = count; at < keys.length; at += 1) {
    const key = keys[at] ?? 0
    if (key >= (heap[0] ?? 0)) continue
    let place = 0
    for (;;) {
      const left = 2 * place + 1
      if (left >= count) break
      const right = left + 1
      const larger = right < count && (heap[right] ?? 0) > (heap[left] ?? 0) ? right : left
      if ((heap[larger] ?? 0) <= key) break
      heap[place] = heap[larger] ?? 0
      place = larger
    }
    heap[place] = key
  }
  return heap.sort()
}
