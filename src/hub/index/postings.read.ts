import { ByteReader } from './bytes.ts'
import { BLOCK } from './postings.write.ts'

/** Whose words count: 0 user, 1 assistant, 2 other; −1 everyone's. */
export type Speaker = -1 | 0 | 1 | 2

/** After the last document. */
export const END = 0xffffffff

/** A walk over documents in rising order. `doc` and `times` are of the present one; it begins before the first. */
export interface Cursor {
  doc: number
  times: number
  /** At most as many documents as this. */
  readonly docs: number
  /** To the first document from `target` on; gives it, or END. */
  seek(target: number): number
  /** Places of the word in the present document, rising. Valid until the next seek. */
  places(): Uint32Array
}

/** The walk over one word's list, as `Inverter` wrote it. Blocks are passed over by their heads. */
export class ListCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  private readonly reader: ByteReader
  private readonly speaker: Speaker
  private readonly ids = new Uint32Array(BLOCK)
  private readonly counts = new Uint32Array(BLOCK)
  private readonly before = new Uint32Array(BLOCK)
  private readonly all = new Uint32Array(BLOCK)
  private size = 0
  private index = 0
  private last = -1
  private next = 0
  private placesAt = 0
  private decoded: Uint32Array | undefined
  private readonly starts = new Uint32Array(BLOCK + 1)

  constructor(bytes: Uint8Array, docs: number, speaker: Speaker) {
    this.reader = new ByteReader(bytes)
    this.docs = docs
    this.speaker = speaker
  }

  seek(target: number): number {
    if (this.doc >= target) return this.doc
    for (;;) {
      if (target > this.last) {
        if (!this.nextBlock(target)) return this.finish()
      }
      const { ids, counts, size } = this
      let { index } = this
      while (index < size && ((ids[index] ?? 0) < target || counts[index] === 0)) index += 1
      this.index = index
      if (index < size) {
        this.times = counts[index] ?? 0
        this.doc = ids[index] ?? 0
        return this.doc
      }
      if (target <= this.last) target = this.last + 1
    }
  }

  places(): Uint32Array {
    const decoded = this.decoded ?? this.decodePlaces()
    const start = (this.starts[this.index] ?? 0) + (this.before[this.index] ?? 0)
    return decoded.subarray(start, start + this.times)
  }

  private finish(): number {
    this.doc = END
    this.times = 0
    return END
  }

  /** Decodes the first block that reaches the target; false where there is none. */
  private nextBlock(target: number): boolean {
    const { reader } = this
    for (;;) {
      reader.at = this.next
      if (reader.at >= reader.bytes.length) return false
      const first = reader.varint()
      const size = reader.varint()
      this.last = first + reader.varint()
      const docBytes = reader.varint()
      const placeBytes = reader.varint()
      this.placesAt = reader.at + docBytes
      this.next = this.placesAt + placeBytes
      if (this.last < target) continue
      this.decodeDocuments(first, size)
      return true
    }
  }

  private decodeDocuments(first: number, size: number): void {
    const { reader, ids, counts, before, all, speaker } = this
    let doc = first
    for (let index = 0; index < size; index += 1) {
      if (index > 0) doc += reader.varint()
      ids[index] = doc
      const code = reader.varint()
      const total = code >>> 2
      const who = code & 3
      all[index] = total
      before[index] = 0
      if (who < 3) {
        counts[index] = speaker === -1 || speaker === who ? total : 0
        continue
      }
      const user = reader.varint()
      const assistant = reader.varint()
      counts[index] = speaker === -1 ? total : speaker === 0 ? user : speaker === 1 ? assistant : total - user - assistant
      before[index] = speaker === 1 ? user : speaker === 2 ? user + assistant : 0
    }
    this.size = size
    this.index = 0
    this.decoded = undefined
  }

  private decodePlaces(): Uint32Array {
    const { reader, all, starts, size } = this
    let total = 0
    for (let index = 0; index < size; index += 1) {
      starts[index] = total
      total += all[index] ?? 0
    }
    const decoded = new Uint32Array(total)
    reader.at = this.placesAt
    let at = 0
    for (let index = 0; index < size; index += 1) {
      let place = 0
      for (let n = all[index] ?? 0; n > 0; n -= 1) {
        place += reader.varint()
        decoded[at++] = place
      }
    }
    this.decoded = decoded
    return decoded
  }
}

/** Documents where words stand one behind the other: `times` counts how often. */
export class PhraseCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  private readonly parts: readonly Cursor[]
  private readonly bySize: readonly Cursor[]
  private found: Uint32Array = new Uint32Array()

  constructor(parts: readonly Cursor[]) {
    this.parts = parts
    this.bySize = [...parts].sort((a, b) => a.docs - b.docs)
    this.docs = this.bySize[0]?.docs ?? 0
  }

  seek(target: number): number {
    if (this.doc >= target) return this.doc
    for (let wanted = target; ; wanted += 1) {
      wanted = agree(this.bySize, wanted)
      if (wanted === END) {
        this.doc = END
        this.times = 0
        return END
      }
      this.times = this.countPlaces()
      if (this.times > 0) {
        this.doc = wanted
        return wanted
      }
    }
  }

  places(): Uint32Array {
    return this.found.subarray(0, this.times)
  }

  private countPlaces(): number {
    const [first, ...rest] = this.parts
    if (!first) return 0
    let found = first.places()
    for (const [offset, part] of rest.entries()) {
      const places = part.places()
      const kept = new Uint32Array(Math.min(found.length, places.length))
      let count = 0
      let at = 0
      for (const start of found) {
        const wanted = start + offset + 1
        while (at < places.length && (places[at] ?? 0) < wanted) at += 1
        if (places[at] === wanted) kept[count++] = start
      }
      if (count === 0) return 0
      found = kept.subarray(0, count)
    }
    this.found = found
    return found.length
  }
}

/** Documents of any of several cursors: a beginning of words. */
export class UnionCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  private readonly parts: readonly Cursor[]

  constructor(parts: readonly Cursor[]) {
    this.parts = parts
    this.docs = parts.reduce((sum, { docs }) => sum + docs, 0)
  }

  seek(target: number): number {
    if (this.doc >= target) return this.doc
    let least = END
    let times = 0
    for (const part of this.parts) {
      const doc = part.seek(target)
      if (doc < least) {
        least = doc
        times = part.times
      } else if (doc === least && doc !== END) times += part.times
    }
    this.doc = least
    this.times = times
    return least
  }

  places(): Uint32Array {
    const own = this.parts.filter(({ doc }) => doc === this.doc).map((part) => part.places())
    if (own.length === 1 && own[0]) return own[0]
    const all = new Uint32Array(own.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const places of own) {
      all.set(places, at)
      at += places.length
    }
    return all.sort()
  }
}

/** Documents whose number of times is given in an array: what very many words of one beginning add up to. */
export class DenseCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  private readonly counts: Uint8Array

  constructor(counts: Uint8Array, docs: number) {
    this.counts = counts
    this.docs = docs
  }

  seek(target: number): number {
    if (this.doc >= target) return this.doc
    const { counts } = this
    for (let doc = target; doc < counts.length; doc += 1) {
      const times = counts[doc] ?? 0
      if (times === 0) continue
      this.times = times
      this.doc = doc
      return doc
    }
    this.doc = END
    return END
  }

  places(): Uint32Array {
    return new Uint32Array()
  }
}

/** The first document from `target` on that all cursors have, or END. */
export function agree(cursors: readonly Cursor[], target: number): number {
  for (let wanted = target; ; ) {
    let isSame = true
    for (const cursor of cursors) {
      const doc = cursor.seek(wanted)
      if (doc === END) return END
      if (doc > wanted) {
        wanted = doc
        isSame = false
        break
      }
    }
    if (isSame) return wanted
  }
}
