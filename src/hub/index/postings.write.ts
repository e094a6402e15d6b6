import { double } from '../../double.ts'
import { boundOf, normOf } from './bm25.ts'
import { ByteWriter } from './bytes.ts'
import { WordTable } from './words.table.ts'

/** Documents in one block of a word's list. */
export const BLOCK = 128

/** Who speaks, as lists keep it. */
export const speakers = ['user', 'assistant', 'other'] as const

/**
 * The words of a run of documents, inverted in memory: `add` takes every word in reading order, `lists` gives each word's list.
 * A list is blocks of at most 128 documents, in three parts. Heads, of each block: first document, number, last − first, bytes of its documents, bytes
 * of its places, and the bound of what a document of it can score (bm25.ts). Documents: the distances from one to the next; then of each
 * `times << 2 | who` (who: 0 user, 1 assistant, 2 other, 3 several: then the times of user and assistant follow). Places: each document's, as distances.
 * All numbers are varints. Pairs of characters (words.pairs.ts) have lists like words. Documents are numbered over the whole index, so each part of later runs is simply appended to that of earlier ones.
 */
export class Inverter {
  private readonly table = new WordTable()
  private counts = new Uint32Array(1 << 16)
  private words = new Uint32Array(1 << 20)
  private docs = new Uint32Array(1 << 20)
  /** `place << 2 | speaker`. */
  private places = new Uint32Array(1 << 20)
  private length = 0

  /** Number of words and pairs taken. */
  get size(): number {
    return this.length
  }

  /**
   * Takes the word that stands at [start, end) of a text, and with the word before it, unless that is −1, their pair, where lists of such pairs are kept;
   * gives the word's number. `place` is below 2^30.
   */
  add(text: string, start: number, end: number, { doc, place, speaker }: Placed, before = -1): number {
    const id = this.table.idOf(text, start, end)
    this.take(id, doc, place * 4 + speaker)
    const pair = before < 0 ? undefined : this.table.pairOf(before, id)
    if (pair !== undefined) this.take(pair, doc, (place - 1) * 4 + speaker)
    return id
  }

  private take(id: number, doc: number, place: number): void {
    if (id >= this.counts.length) this.counts = double(this.counts)
    const at = this.length++
    if (at >= this.words.length) {
      this.words = double(this.words)
      this.docs = double(this.docs)
      this.places = double(this.places)
    }
    this.words[at] = id
    this.docs[at] = doc
    this.places[at] = place
    this.counts[id] = (this.counts[id] ?? 0) + 1
  }

  /** Every word in the order of its UTF-16 units, with its list. The bytes hold until the next word. */
  *lists(texts: RunTexts): Iterable<WordLists> {
    const { names } = this.table
    const { length, words, docs, places } = this
    const order = Array.from(names, (_, id) => id).sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1))
    const next = new Uint32Array(names.length)
    let start = 0
    for (const id of order) {
      next[id] = start
      start += this.counts[id] ?? 0
    }
    // All that belongs to a word side by side, in the order of words: the lists are then written from one end to the other.
    const sortedDocs = new Uint32Array(length)
    const sortedPlaces = new Uint32Array(length)
    for (let at = 0; at < length; at += 1) {
      const id = words[at] ?? 0
      const to = next[id] ?? 0
      next[id] = to + 1
      sortedDocs[to] = docs[at] ?? 0
      sortedPlaces[to] = places[at] ?? 0
    }
    const list = new ListWriter(sortedDocs, sortedPlaces, texts)
    let at = 0
    for (const id of order) {
      const end = at + (this.counts[id] ?? 0)
      const docs = list.write(at, end)
      yield { word: names[id] ?? '', docs, heads: list.heads.view(), documents: list.documents.view(), places: list.spots.view() }
      at = end
    }
  }
}

/** Where a word stands: in which document, at which place of it, and whose word it is. */
interface Placed {
  doc: number
  place: number
  speaker: 0 | 1 | 2
}

/** The documents of a run: the first one's number, how many words each has, and the mean. */
export interface RunTexts {
  first: number
  lengths: ArrayLike<number>
  meanLength: number
}

/** A word of a run: in how many documents it is, and the parts of its list. */
export interface WordLists {
  word: string
  docs: number
  heads: Uint8Array
  documents: Uint8Array
  places: Uint8Array
}

/** Writes the lists of words whose documents and places lie side by side. */
class ListWriter {
  readonly heads = new ByteWriter(1024)
  readonly documents = new ByteWriter(1 << 16)
  readonly spots = new ByteWriter(1 << 16)
  /** What stands behind the distances of a block. */
  private readonly codes = new ByteWriter(1024)
  private readonly docs: Uint32Array
  private readonly places: Uint32Array
  private readonly texts: RunTexts
  private readonly base: number
  private readonly slope: number

  constructor(docs: Uint32Array, places: Uint32Array, texts: RunTexts) {
    this.docs = docs
    this.places = places
    this.texts = texts
    const { base, slope } = normOf(texts.meanLength)
    this.base = base
    this.slope = slope
  }

  /** Writes one word's list; gives the number of its documents. */
  write(from: number, end: number): number {
    const { heads, documents, spots, codes, docs } = this
    heads.clear()
    documents.clear()
    spots.clear()
    let total = 0
    for (let at = from; at < end; ) {
      const [documentsStart, spotsStart] = [documents.length, spots.length]
      codes.clear()
      const first = docs[at] ?? 0
      let last = first
      let count = 0
      let best = 0
      while (at < end && count < BLOCK) {
        const doc = docs[at] ?? 0
        if (count > 0) documents.varint(doc - last)
        last = doc
        count += 1
        const next = this.writeDocument(at, end, doc)
        const times = next - at
        best = Math.max(best, times / (times + this.base + this.slope * (this.texts.lengths[doc - this.texts.first] ?? 0)))
        at = next
      }
      documents.append(codes.view())
      heads.varint(first)
      heads.varint(count)
      heads.varint(last - first)
      heads.varint(documents.length - documentsStart)
      heads.varint(spots.length - spotsStart)
      heads.varint(boundOf(best))
      total += count
    }
    return total
  }

  private writeDocument(from: number, end: number, doc: number): number {
    const { codes, spots, docs, places } = this
    let [user, assistant, place, at] = [0, 0, 0, from]
    for (; at < end && docs[at] === doc; at += 1) {
      const packed = places[at] ?? 0
      if ((packed & 3) === 0) user += 1
      else if ((packed & 3) === 1) assistant += 1
      const here = packed >>> 2
      spots.varint(here - place)
      place = here
    }
    const total = at - from
    const who = user === total ? 0 : assistant === total ? 1 : user + assistant === 0 ? 2 : 3
    codes.varint(total * 4 + who)
    if (who === 3) {
      codes.varint(user)
      codes.varint(assistant)
    }
    return at
  }
}
