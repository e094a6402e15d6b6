import { type Bits, noBits } from './bits.ts'
import { type Bounds, BoundWalk, type ListCursor } from './postings.list.ts'
import { type Counts, DenseCursor } from './postings.read.ts'

/** How often a word stands in each row, and what its list knows of its blocks. */
export interface Times {
  times: Counts
  heads: Bounds
  boundScale: number
}

/** Takes a list apart, of a word that is in many of `rows` rows. */
export function openTimes(list: ListCursor, rows: number): Times {
  let times: Counts = new Uint8Array(rows)
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

/** The rows that have it at all. */
export function rowsWith(times: Counts): Bits {
  const bits = noBits(times.length)
  for (let at = 0; at < bits.length; at += 1) {
    let ones = 0
    for (let bit = 0; bit < 32; bit += 1) if (times[at * 32 + bit]) ones |= 1 << bit
    bits[at] = ones
  }
  return bits
}

/** The walk over a word's rows where its times are kept. Where in them it stands is not known. */
export class CommonCursor extends DenseCursor {
  private readonly bounds: BoundWalk

  constructor({ times, heads, boundScale }: Times, docs: number) {
    super(times, docs)
    this.bounds = new BoundWalk(heads, boundScale)
  }

  override boundAt(target: number): number {
    const bound = this.bounds.at(target)
    this.boundEnd = this.bounds.end
    return bound
  }
}
