import { double } from '../../double.ts'
import { ByteWriter } from './bytes.ts'
import { WordTable } from './words.table.ts'

/** Documents in one block of a word's list. */
export const BLOCK = 128

/** Who speaks, as lists keep it. */
export const speakers = ['user', 'assistant', 'other'] as const

/**
 * The words of a run of documents, inverted in memory: `add` takes every word in reading order, `lists` gives each word's list.
 * A list is blocks of at most 128 documents: first document, number, last − first, bytes of the documents, bytes of the places; then for each document
 * its distance from the one before and `times << 2 | who` (who: 0 user, 1 assistant, 2 other, 3 several: then the times of user and assistant follow);
 * then each document's places, as distances. All numbers are varints. Documents are numbered over the whole index, so lists of later runs are
 * simply appended to earlier ones.
 */
export class Inverter {
  private readonly table = new WordTable()
  private counts = new Uint32Array(1 << 16)
  private words = new Uint32Array(1 << 20)
  private docs = new Uint32Array(1 << 20)
  /** `place << 2 | speaker`. */
  private places = new Uint32Array(1 << 20)
  private length = 0

  /** Number of words taken. */
  get size(): number {
    return this.length
  }

  /** Takes the word that stands at [start, end) of a text. `place` is below 2^30. */
  add(text: string, start: number, end: number, { doc, place, speaker }: { doc: number; place: number; speaker: 0 | 1 | 2 }): void {
    const id = this.table.idOf(text, start, end)
    if (id >= this.counts.length) this.counts = double(this.counts)
    const at = this.length++
    if (at >= this.words.length) {
      this.words = double(this.words)
      this.docs = double(this.docs)
      this.places = double(this.places)
    }
    this.words[at] = id
    this.docs[at] = doc
    this.places[at] = place * 4 + speaker
    this.counts[id] = (this.counts[id] ?? 0) + 1
  }

  /** Every word in the order of its UTF-16 units, with the number of documents that have it and its list. The bytes hold until the next word. */
  *lists(): Iterable<{ word: string; docs: number; bytes: Uint8Array }> {
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
    const list = new ListWriter(sortedDocs, sortedPlaces)
    let at = 0
    for (const id of order) {
      const end = at + (this.counts[id] ?? 0)
      const count = list.write(at, end)
      yield { word: names[id] ?? '', docs: count, bytes: list.out.view() }
      at = end
    }
  }
}

/** Writes the lists of words whose documents and places lie side by side. */
class ListWriter {
  readonly out = new ByteWriter(1 << 16)
  private readonly head = new ByteWriter(1024)
  private readonly tail = new ByteWriter(1024)
  private readonly docs: Uint32Array
  private readonly places: Uint32Array

  constructor(docs: Uint32Array, places: Uint32Array) {
    this.docs = docs
    this.places = places
  }

  /** Writes one word's list to `out`; gives the number of its documents. */
  write(from: number, end: number): number {
    const { out, head, tail, docs } = this
    out.clear()
    let total = 0
    for (let at = from; at < end; ) {
      head.clear()
      tail.clear()
      const first = docs[at] ?? 0
      let last = first
      let count = 0
      while (at < end && count < BLOCK) {
        const doc = docs[at] ?? 0
        if (count > 0) head.varint(doc - last)
        last = doc
        count += 1
        at = this.writeDocument(at, end, doc)
      }
      out.varint(first)
      out.varint(count)
      out.varint(last - first)
      out.varint(head.length)
      out.varint(tail.length)
      out.append(head.view())
      out.append(tail.view())
      total += count
    }
    return total
  }

  private writeDocument(from: number, end: number, doc: number): number {
    const { head, tail, docs, places } = this
    let [user, assistant, place, at] = [0, 0, 0, from]
    for (; at < end && docs[at] === doc; at += 1) {
      const packed = places[at] ?? 0
      if ((packed & 3) === 0) user += 1
      else if ((packed & 3) === 1) assistant += 1
      const here = packed >>> 2
      tail.varint(here - place)
      place = here
    }
    const total = at - from
    const who = user === total ? 0 : assistant === total ? 1 : user + assistant === 0 ? 2 : 3
    head.varint(total * 4 + who)
    if (who === 3) {
      head.varint(user)
      head.varint(assistant)
    }
    return at
  }
}
