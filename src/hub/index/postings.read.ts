import { ByteReader } from './bytes.ts'
import { BLOCK } from './postings.write.ts'

/** Whose words count: 0 user, 1 assistant, 2 other; −1 everyone's. */
export type Speaker = -1 | 0 | 1 | 2

const nothing: Uint32Array = new Uint32Array()

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
  /** Finds the places of the word in the present document: `placed[placesFrom]` and `times` − 1 more, rising. Valid until the next seek. */
  findPlaces(): void
  readonly placed: Uint32Array
  readonly placesFrom: number
}

/** The walk over one word's list, as `Inverter` wrote it. Blocks are passed over by their heads. */
export class ListCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  placed: Uint32Array = nothing
  placesFrom = 0
  /** Documents of the present block, and how often the word stands in each. */
  readonly ids = new Uint32Array(BLOCK)
  readonly counts = new Uint32Array(BLOCK)
  private readonly reader: ByteReader
  private readonly speaker: Speaker
  private readonly before = new Uint32Array(BLOCK)
  private readonly all = new Uint32Array(BLOCK)
  private size = 0
  private index = 0
  private last = -1
  private next = 0
  private placesAt = 0
  private isPlaced = false
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

  findPlaces(): void {
    if (!this.isPlaced) this.decodePlaces()
    this.placesFrom = (this.starts[this.index] ?? 0) + (this.before[this.index] ?? 0)
  }

  /** To the next block as a whole: the number of its documents in `ids` and `counts`, 0 behind the last. Not to be mixed with `seek`. */
  takeBlock(): number {
    return this.nextBlock(0) ? this.size : 0
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
    const { bytes } = reader
    let at = reader.at
    let doc = first
    for (let index = 0; index < size; index += 1) {
      // Most numbers are one byte: read here, without a call.
      if (index > 0) {
        const byte = bytes[at] ?? 0
        if (byte < 128) {
          doc += byte
          at += 1
        } else {
          reader.at = at
          doc += reader.varint()
          at = reader.at
        }
      }
      let code = bytes[at] ?? 0
      if (code < 128) at += 1
      else {
        reader.at = at
        code = reader.varint()
        at = reader.at
      }
      const total = code >>> 2
      const who = code & 3
      ids[index] = doc
      all[index] = total
      before[index] = 0
      if (who < 3) {
        counts[index] = speaker === -1 || speaker === who ? total : 0
        continue
      }
      reader.at = at
      const user = reader.varint()
      const assistant = reader.varint()
      at = reader.at
      counts[index] = speaker === -1 ? total : speaker === 0 ? user : speaker === 1 ? assistant : total - user - assistant
      before[index] = speaker === 1 ? user : speaker === 2 ? user + assistant : 0
    }
    this.size = size
    this.index = 0
    this.isPlaced = false
  }

  private decodePlaces(): void {
    const { reader, all, starts, size } = this
    let total = 0
    for (let index = 0; index < size; index += 1) {
      starts[index] = total
      total += all[index] ?? 0
    }
    if (this.placed.length < total) this.placed = new Uint32Array(total * 2)
    const { placed } = this
    const { bytes } = reader
    let from = this.placesAt
    let at = 0
    for (let index = 0; index < size; index += 1) {
      let place = 0
      for (let n = all[index] ?? 0; n > 0; n -= 1) {
        const byte = bytes[from] ?? 0
        if (byte < 128) {
          place += byte
          from += 1
        } else {
          reader.at = from
          place += reader.varint()
          from = reader.at
        }
        placed[at++] = place
      }
    }
    this.isPlaced = true
  }
}

/** Documents where words stand one behind the other: `times` counts how often. */
export class PhraseCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  private readonly parts: readonly Cursor[]
  private readonly bySize: readonly Cursor[]
  placed: Uint32Array = new Uint32Array(64)
  readonly placesFrom = 0

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

  /** They are found by seeking. */
  findPlaces(): void {}

  private countPlaces(): number {
    const [first] = this.parts
    if (!first) return 0
    first.findPlaces()
    if (this.placed.length < first.times) this.placed = new Uint32Array(first.times * 2)
    const { placed, parts } = this
    let count = first.times
    for (let at = 0; at < count; at += 1) placed[at] = first.placed[first.placesFrom + at] ?? 0
    for (let offset = 1; offset < parts.length && count > 0; offset += 1) {
      const part = parts[offset]
      if (!part) return 0
      part.findPlaces()
      const { placed: places, placesFrom, times } = part
      const end = placesFrom + times
      let next = placesFrom
      let kept = 0
      for (let at = 0; at < count; at += 1) {
        const start = placed[at] ?? 0
        while (next < end && (places[next] ?? 0) < start + offset) next += 1
        if (next < end && places[next] === start + offset) placed[kept++] = start
      }
      count = kept
    }
    return count
  }
}

/** Documents of any of several cursors: a beginning of words. */
export class UnionCursor implements Cursor {
  doc = -1
  times = 0
  placed: Uint32Array = nothing
  readonly placesFrom = 0
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

  findPlaces(): void {
    const all = new Uint32Array(this.times)
    let count = 0
    for (const part of this.parts) {
      if (part.doc !== this.doc) continue
      part.findPlaces()
      for (let at = 0; at < part.times; at += 1) all[count++] = part.placed[part.placesFrom + at] ?? 0
    }
    this.placed = all.sort()
  }
}

/** Documents whose number of times is given in an array: what very many words of one beginning add up to. */
export class DenseCursor implements Cursor {
  doc = -1
  times = 0
  readonly placed = nothing
  readonly placesFrom = 0
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

  /** Nothing is kept of where they stand. */
  findPlaces(): void {}
}

/** The first document from `target` on that all cursors have, or END. */
export function agree(cursors: readonly Cursor[], target: number): number {
  let wanted = target
  // How many cursors in a row stand at the wanted document.
  let same = 0
  for (let index = 0; same < cursors.length; index = index + 1 < cursors.length ? index + 1 : 0) {
    const doc = cursors[index]?.seek(wanted) ?? END
    if (doc === END) return END
    same = doc === wanted ? same + 1 : 1
    wanted = doc
  }
  return wanted
}
