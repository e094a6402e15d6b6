import { ByteWriter } from './bytes.ts'

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
  private readonly ids = new Map<string, number>()
  private readonly names: string[] = []
  private counts = new Uint32Array(1 << 16)
  private words = new Uint32Array(1 << 20)
  private places = new Uint32Array(1 << 20)
  private docs = new Uint32Array(1 << 20)
  private who = new Uint8Array(1 << 20)
  private length = 0

  /** Number of words taken. */
  get size(): number {
    return this.length
  }

  add(word: string, doc: number, place: number, speaker: 0 | 1 | 2): void {
    let id = this.ids.get(word)
    if (id === undefined) {
      id = this.names.length
      // The word may be a slice of a long text, which it would keep alive.
      const own = Buffer.from(word).toString()
      this.ids.set(own, id)
      this.names.push(own)
      if (id >= this.counts.length) this.counts = grow(this.counts)
    }
    const at = this.length++
    if (at >= this.words.length) {
      this.words = grow(this.words)
      this.places = grow(this.places)
      this.docs = grow(this.docs)
      const who = new Uint8Array(this.who.length * 2)
      who.set(this.who)
      this.who = who
    }
    this.words[at] = id
    this.places[at] = place
    this.docs[at] = doc
    this.who[at] = speaker
    this.counts[id] = (this.counts[id] ?? 0) + 1
  }

  /** Every word in the order of its UTF-16 units, with the number of documents that have it and its list. The bytes hold until the next word. */
  *lists(): Iterable<{ word: string; docs: number; bytes: Uint8Array }> {
    const starts = new Uint32Array(this.names.length + 1)
    for (let id = 0; id < this.names.length; id += 1) starts[id + 1] = (starts[id] ?? 0) + (this.counts[id] ?? 0)
    const order = new Uint32Array(this.length)
    const next = starts.slice()
    for (let at = 0; at < this.length; at += 1) {
      const id = this.words[at] ?? 0
      order[next[id] ?? 0] = at
      next[id] = (next[id] ?? 0) + 1
    }
    const out = new ByteWriter(1 << 16)
    for (const name of [...this.names].sort()) {
      const id = this.ids.get(name) ?? 0
      out.clear()
      const docs = this.writeList(out, order.subarray(starts[id], starts[id + 1]))
      yield { word: name, docs, bytes: out.view() }
    }
  }

  private readonly head = new ByteWriter(1024)
  private readonly tail = new ByteWriter(1024)

  private writeList(out: ByteWriter, list: Uint32Array): number {
    let total = 0
    for (let at = 0; at < list.length; ) {
      this.head.clear()
      this.tail.clear()
      const first = this.docs[list[at] ?? 0] ?? 0
      let last = first
      let count = 0
      while (at < list.length && count < BLOCK) {
        const doc = this.docs[list[at] ?? 0] ?? 0
        if (count > 0) this.head.varint(doc - last)
        last = doc
        count += 1
        at = this.writeDocument(list, at, doc)
      }
      out.varint(first)
      out.varint(count)
      out.varint(last - first)
      out.varint(this.head.length)
      out.varint(this.tail.length)
      out.append(this.head.view())
      out.append(this.tail.view())
      total += count
    }
    return total
  }

  private writeDocument(list: Uint32Array, from: number, doc: number): number {
    const times = [0, 0, 0]
    let place = 0
    let at = from
    for (; at < list.length && this.docs[list[at] ?? 0] === doc; at += 1) {
      const index = list[at] ?? 0
      const speaker = this.who[index] ?? 0
      times[speaker] = (times[speaker] ?? 0) + 1
      const here = this.places[index] ?? 0
      this.tail.varint(here - place)
      place = here
    }
    const total = at - from
    const who = times.indexOf(total)
    this.head.varint(total * 4 + (who < 0 ? 3 : who))
    if (who < 0) {
      this.head.varint(times[0] ?? 0)
      this.head.varint(times[1] ?? 0)
    }
    return at
  }
}

function grow(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}
