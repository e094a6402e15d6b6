import { double } from '../../double.ts'
import { type Bits, END, hasBit } from './bits.ts'

/** Whose words count: 0 user, 1 assistant, 2 other; −1 everyone's. */
export type Speaker = -1 | 0 | 1 | 2

/** No numbers. */
export const nothing: Uint32Array = new Uint32Array()

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
  /** The most of times / (times + norm) of the documents from `target` to `boundEnd`. Targets must not fall. */
  boundAt(target: number): number
  readonly boundEnd: number
}

/** What stands in a phrase so many words behind its beginning. */
interface PhrasePart {
  cursor: Cursor
  offset: number
}

/** Documents where words stand one behind the other: `times` counts how often. */
export class PhraseCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  private readonly parts: readonly PhrasePart[]
  private readonly bySize: readonly Cursor[]
  placed: Uint32Array = new Uint32Array(64)
  readonly placesFrom = 0
  readonly boundEnd = END
  private readonly within: Bits | undefined

  /** The first part's offset is 0. Documents outside of `within` are passed over. */
  constructor(parts: readonly PhrasePart[], within: Bits | undefined) {
    this.parts = parts
    this.within = within
    this.bySize = parts.map(({ cursor }) => cursor).sort((a, b) => a.docs - b.docs)
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
      if (this.within && !hasBit(this.within, wanted)) continue
      this.times = this.countPlaces()
      if (this.times > 0) {
        this.doc = wanted
        return wanted
      }
    }
  }

  /** They are found by seeking. */
  findPlaces(): void {}

  boundAt(): number {
    return 1
  }

  private countPlaces(): number {
    const first = this.parts[0]?.cursor
    if (!first) return 0
    first.findPlaces()
    if (this.placed.length < first.times) this.placed = new Uint32Array(first.times * 2)
    const { placed, parts } = this
    let count = first.times
    for (let at = 0; at < count; at += 1) placed[at] = first.placed[first.placesFrom + at] ?? 0
    for (let at = 1; at < parts.length && count > 0; at += 1) {
      const part = parts[at]
      if (!part) return 0
      const { cursor, offset } = part
      cursor.findPlaces()
      const { placed: places, placesFrom, times } = cursor
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
  readonly boundEnd = END
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

  boundAt(): number {
    return 1
  }
}

/** A walk over documents that are known with their times, and nothing else of them. */
abstract class TimesCursor implements Cursor {
  doc = -1
  times = 0
  readonly placed = nothing
  readonly placesFrom = 0
  boundEnd = END
  readonly docs: number

  constructor(docs: number) {
    this.docs = docs
  }

  abstract seek(target: number): number

  /** Nothing is kept of where they stand. */
  findPlaces(): void {}

  boundAt(_target: number): number {
    return 1
  }
}

/** How often something stands in each document. */
export type Counts = Uint8Array | Uint16Array | Uint32Array

/** Documents whose number of times is given in an array: of a common word, or what very many words of one beginning add up to. */
export class DenseCursor extends TimesCursor {
  readonly counts: Counts

  constructor(counts: Counts, docs: number) {
    super(docs)
    this.counts = counts
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
}

/** Documents and times that were found before. */
export class FoundCursor extends TimesCursor {
  private readonly found: Found
  private index = 0

  constructor(found: Found, docs: number) {
    super(docs)
    this.found = found
  }

  seek(target: number): number {
    const { rows, times } = this.found
    let { index } = this
    while (index < rows.length && (rows[index] ?? 0) < target) index += 1
    this.index = index
    this.doc = index < rows.length ? (rows[index] ?? 0) : END
    this.times = times[index] ?? 0
    return this.doc
  }
}

/** Documents in rising order, and how often something stands in each. */
export interface Found {
  rows: Uint32Array
  times: Uint32Array
}

/** All documents of a cursor that is at its beginning, of those in `within`. */
export function collect(cursor: Cursor, within?: Bits): Found {
  let [rows, times] = [new Uint32Array(1024), new Uint32Array(1024)]
  let count = 0
  for (let doc = cursor.seek(0); doc !== END; doc = cursor.seek(doc + 1)) {
    if (within && !hasBit(within, doc)) continue
    if (count === rows.length) {
      rows = double(rows)
      times = double(times)
    }
    rows[count] = doc
    times[count] = cursor.times
    count += 1
  }
  return { rows: rows.slice(0, count), times: times.slice(0, count) }
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
