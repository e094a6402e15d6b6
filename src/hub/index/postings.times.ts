import { type Bits, END, noBits } from './bits.ts'
import { type Bounds, blockFrom, boundIn, type ListCursor } from './postings.list.ts'
import { type Cursor, nothing } from './postings.read.ts'

/** How often a word stands in each row, and what its list knows of its blocks. */
export interface Times {
  times: Uint8Array | Uint16Array | Uint32Array
  heads: Bounds
  boundScale: number
}

/** Takes a list apart, of a word that is in many of `rows` rows. */
export function openTimes(list: ListCursor, rows: number): Times {
  let times: Times['times'] = new Uint8Array(rows)
  list.visit((docs, counts, size) => {
    for (let at = 0; at < size; at += 1) {
      const count = counts[at] ?? 0
      if (count > 0xff && times instanceof Uint8Array) times = Uint16Array.from(times)
      if (count > 0xffff && times instanceof Uint16Array) times = Uint32Array.from(times)
      times[docs[at] ?? 0] = count
    }
  })
  const { lasts, bounds, count } = list.heads
  return { times, heads: { lasts: lasts.slice(0, count), bounds: bounds.slice(0, count), count }, boundScale: list.boundScale }
}

/** The rows that have the word. */
export function rowsWith({ times }: Times): Bits {
  const bits = noBits(times.length)
  for (let at = 0; at < bits.length; at += 1) {
    let ones = 0
    for (let bit = 0; bit < 32; bit += 1) if (times[at * 32 + bit]) ones |= 1 << bit
    bits[at] = ones
  }
  return bits
}

/** The walk over a word's rows where its times are kept. Where in them it stands is not known. */
export class CommonCursor implements Cursor {
  doc = -1
  times = 0
  boundEnd = -1
  readonly placed = nothing
  readonly placesFrom = 0
  readonly docs: number
  readonly kept: Times
  private bounded = 0

  constructor(kept: Times, docs: number) {
    this.kept = kept
    this.docs = docs
  }

  seek(target: number): number {
    if (this.doc >= target) return this.doc
    const { times } = this.kept
    let doc = target
    while (doc < times.length && times[doc] === 0) doc += 1
    this.times = times[doc] ?? 0
    this.doc = doc < times.length ? doc : END
    return this.doc
  }

  /** Nothing is kept of where they stand. */
  findPlaces(): void {}

  boundAt(target: number): number {
    const { heads, boundScale } = this.kept
    const at = blockFrom(heads, this.bounded, target)
    this.bounded = at
    this.boundEnd = at < heads.count ? (heads.lasts[at] ?? END) : END
    return boundIn(heads, at, boundScale)
  }
}
