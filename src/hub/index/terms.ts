import { addBit, type Bits, dropBit, END, keepBits, nextBit, noBits } from './bits.ts'
import type { Kept } from './kept.ts'
import { type List, ListCursor, readHeads } from './postings.list.ts'
import { type Cursor, collect, DenseCursor, type Found, FoundCursor, PhraseCursor, type Speaker, UnionCursor } from './postings.read.ts'
import { CommonCursor, openTimes, rowsWith, type Times } from './postings.times.ts'
import type { Term } from './query.ts'
import type { Entry, WordList } from './words.list.ts'
import { partsOfPhrase } from './words.pairs.ts'

/** What is searched: the words, how many words each row has, and how many there are on average. Sets of rows of frequent words are kept. */
export interface Texts {
  words: WordList
  lengths: Uint32Array
  meanLength: number
  boundScale: number
  kept: Kept
}

/** One term of a search. */
export interface Part {
  /** In about as many rows; what it weighs depends on it. */
  docs: number
  isCostly: boolean
  /** Rows that have it, of those in `within`, as a new set. To be called before `walk`. */
  keep(within: Bits | undefined): Bits
  /** A walk over its rows, at least those that were kept. */
  walk(): Cursor
  /** The whole list, where it is one word's. */
  list?(): ListCursor
  /** About as many bytes of memory. */
  readonly bytes: number
}

/** At most so many words of one beginning are followed one by one; more are added up first. */
const MAX_PARTS = 32
/** At most so many words of one beginning count. */
const MAX_WORDS = 50_000
/** The rows of a word are kept as a set where it is in one row of as many, or more. */
const FREQUENT = 64
/** How often a word stands in each row is kept where it is in one row of as many, or more: to take its list apart again costs more than the memory. */
const COMMON = 8
/** A word is looked up row by row where there is less than one row for so many of its documents. */
const SPARSE = 32

/** Reads what a term needs of the lists. */
export function partOf(texts: Texts, { tokens, isPrefix }: Term, speaker: Speaker): Part {
  const whole = isPrefix ? tokens.slice(0, -1) : tokens
  const docs = whole.map((token) => texts.words.find(token)?.docs ?? 0)
  const parts = partsOfPhrase(whole)
  const [first] = parts
  if (!isPrefix && parts.length === 1 && first) return wordPart(texts, first.word, Math.min(...docs), speaker)
  const beginning = isPrefix ? entriesOf(texts, tokens.at(-1) ?? '') : []
  if (tokens.length === 1)
    return beginning.length > MAX_PARTS
      ? densePart(texts, beginning, speaker)
      : foundPart(texts, sumOf(beginning), () => unionOf(texts, beginning, speaker))
  // In a phrase, where places are needed, only the most frequent words of a beginning are followed.
  const followed = mostFrequent(beginning, 4 * MAX_PARTS)
  return foundPart(texts, Math.min(...docs, ...(isPrefix ? [sumOf(followed)] : [])), (within) => {
    const cursors = parts.map(({ word, offset }) => ({ cursor: walkOf(texts, texts.words.find(word), speaker), offset }))
    const last = isPrefix ? [{ cursor: unionOf(texts, followed, speaker), offset: whole.length }] : []
    return new PhraseCursor([...cursors, ...last], within)
  })
}

const sumOf = (entries: readonly Entry[]) => entries.reduce((sum, { docs }) => sum + docs, 0)

/** A word, or a pair of characters, that weighs as what is in `docs` rows. */
function wordPart(texts: Texts, word: string, docs: number, speaker: Speaker): Part {
  const entry = texts.words.find(word)
  const rows = texts.lengths.length
  const own = entry?.docs ?? 0
  const list = () => walkOf(texts, entry, speaker)
  const isCommon = own * COMMON >= rows
  const times = () => texts.kept.get(`times ${speaker} ${word}`, () => openTimes(list(), rows), bytesOf)
  const walk = () => (isCommon ? new CommonCursor(times(), own) : list())
  const all = () => (isCommon ? rowsWith(times().times) : setOf(list(), speaker, rows))
  const isFrequent = own * FREQUENT >= rows
  return {
    docs,
    isCostly: false,
    keep(within) {
      if (within && !texts.kept.has(keyOf(word, speaker)) && isSparse(within, own)) return sift(within, walk())
      const bits = isFrequent ? texts.kept.get(keyOf(word, speaker), all, (set) => set.byteLength).slice() : all()
      if (within) keepBits(bits, within)
      return bits
    },
    walk,
    list,
    bytes: 0,
  }
}

const bytesOf = ({ times, heads }: Times) => times.byteLength + heads.lasts.byteLength + heads.bounds.byteLength

const keyOf = (word: string, speaker: Speaker) => `word ${speaker} ${word}`

/** Whether there is less than one row for `SPARSE` documents; a row more is not counted. */
function isSparse(within: Bits, docs: number): boolean {
  let left = Math.floor(docs / SPARSE)
  for (let row = nextBit(within, 0); row !== END; row = nextBit(within, row + 1)) {
    if (left === 0) return false
    left -= 1
  }
  return true
}

/** The rows of `within` that a walk comes by. */
function sift(within: Bits, cursor: Cursor): Bits {
  const bits = within.slice()
  for (let row = nextBit(within, 0); row !== END; row = nextBit(within, row + 1)) if (cursor.seek(row) !== row) dropBit(bits, row)
  return bits
}

function setOf(cursor: ListCursor, speaker: Speaker, rows: number): Bits {
  const bits = noBits(rows)
  if (speaker === -1) cursor.addTo(bits)
  else
    cursor.visit((docs, times, size) => {
      for (let at = 0; at < size; at += 1) if (times[at]) addBit(bits, docs[at] ?? 0)
    })
  return bits
}

function walkOf({ words, boundScale }: Texts, entry: Entry | undefined, speaker: Speaker): ListCursor {
  return new ListCursor(entry ? words.open(entry, boundScale) : nowhere, speaker)
}

const nowhere: List = {
  docs: 0,
  heads: readHeads(new Uint8Array()),
  documents: new Uint8Array(),
  places: { size: 0, read: () => new Uint8Array() },
  boundScale: 1,
}

/** A term whose rows are found by walking once, and then are held with their times. */
function foundPart({ lengths }: Texts, docs: number, open: (within: Bits | undefined) => Cursor): Part {
  let found: Found = { rows: new Uint32Array(), times: new Uint32Array() }
  return {
    docs,
    isCostly: true,
    keep(within) {
      found = collect(open(within), within)
      const bits = noBits(lengths.length)
      for (const row of found.rows) addBit(bits, row)
      return bits
    },
    walk: () => new FoundCursor(found, docs),
    get bytes() {
      return found.rows.byteLength * 2
    },
  }
}

/** The words of a beginning, in order. */
function entriesOf({ words }: Texts, beginning: string): Entry[] {
  const entries = []
  for (const entry of words.beginning(beginning)) {
    entries.push(entry)
    if (entries.length >= MAX_WORDS) break
  }
  return entries
}

const mostFrequent = (entries: readonly Entry[], count: number) => entries.toSorted((a, b) => b.docs - a.docs).slice(0, count)

const unionOf = (texts: Texts, entries: readonly Entry[], speaker: Speaker): Cursor =>
  new UnionCursor(entries.map((entry) => walkOf(texts, entry, speaker)))

/** A beginning of very many words: added up in an array of all rows. */
function densePart({ words, lengths }: Texts, entries: Entry[], speaker: Speaker): Part {
  const times = new Uint8Array(lengths.length)
  let docs = 0
  // The lists of words of one beginning lie side by side.
  const [first, last] = [entries[0], entries.at(-1)]
  const part = (name: 'heads' | 'documents') => {
    const start = first?.[name].start ?? 0
    const bytes = words.read(name, { start, end: last?.[name].end ?? 0 })
    return (entry: Entry) => bytes.subarray(entry[name].start - start, entry[name].end - start)
  }
  const [heads, documents] = [part('heads'), part('documents')]
  for (const entry of entries) {
    const cursor = new ListCursor({ ...nowhere, docs: entry.docs, heads: readHeads(heads(entry)), documents: documents(entry) }, speaker)
    cursor.visit((found, counts, size) => {
      for (let at = 0; at < size; at += 1) {
        const [row = 0, more = 0] = [found[at], counts[at]]
        if (more === 0) continue
        const before = times[row] ?? 0
        if (before === 0) docs += 1
        times[row] = Math.min(255, before + more)
      }
    })
  }
  return {
    docs,
    isCostly: false,
    keep(within) {
      const bits = rowsWith(times)
      if (within) keepBits(bits, within)
      return bits
    },
    walk: () => new DenseCursor(times, docs),
    bytes: times.length,
  }
}
