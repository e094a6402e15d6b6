import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { firstAbove } from '../../bisect.ts'
import { readAt } from './bytes.ts'
import { Kept } from './kept.ts'

/** Bytes of JSON in one block: small, since a page of hits opens one for each. */
const BLOCK_BYTES = 8 * 1024
/** The blocks read last, in bytes of JSON. */
const MAX_KEPT = 8 * 1024 * 1024

/** Where blocks begin: `starts[n]` is the first row of block n, `ends[n]` the byte behind it. */
export interface BlockPlaces {
  starts: number[]
  ends: number[]
}

/** Appends rows as lines of JSON in compressed blocks. */
export class RowWriter {
  readonly places: BlockPlaces = { starts: [], ends: [] }
  private readonly file: number
  private at: number
  private lines: string[] = []
  private size = 0
  private row: number
  private isClosed = false

  /** Goes on behind `at` bytes and `row` rows; what lies behind is cut off. */
  constructor(path: string, at: number, row: number) {
    this.file = openSync(path, at === 0 ? 'w' : 'r+')
    ftruncateSync(this.file, at)
    this.at = at
    this.row = row
  }

  get bytes(): number {
    return this.at
  }

  add(json: string): void {
    if (this.lines.length === 0) this.places.starts.push(this.row)
    this.lines.push(json)
    this.size += json.length
    this.row += 1
    if (this.size >= BLOCK_BYTES) this.flush()
  }

  flush(): void {
    if (this.lines.length === 0) return
    const bytes = deflateRawSync(this.lines.join('\n'), { level: 2 })
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, this.at + at)
    this.at += bytes.length
    this.places.ends.push(this.at)
    this.lines = []
    this.size = 0
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.flush()
    closeSync(this.file)
  }
}

const bytesOf = (lines: Buffer[]) => lines.reduce((sum, { length }) => sum + length, 0)

/** Reads rows as the JSON that they were written as. */
export class RowReader {
  private readonly file: number
  private readonly starts: Uint32Array
  private readonly ends: Float64Array
  private readonly kept = new Kept(MAX_KEPT)
  /** Compressed bytes that were read ahead, from `aheadStart` on. */
  private ahead: Uint8Array = new Uint8Array()
  private aheadStart = 0

  constructor(path: string, places: { starts: Uint32Array; ends: Float64Array }) {
    this.file = openSync(path, 'r')
    this.starts = places.starts
    this.ends = places.ends
  }

  /** One row, or undefined behind the last. */
  read(row: number): Buffer | undefined {
    const block = this.blockOf(row)
    const read = () => this.readBlock(block)
    return this.kept.get(String(block), read, bytesOf)[row - (this.starts[block] ?? 0)]
  }

  /** Reads at once what the rows [first, last] need, where they need more than one block. */
  readAhead(first: number, last: number): void {
    const [from, to] = [this.blockOf(first), this.blockOf(last)]
    if (from >= to || to >= this.ends.length) return
    this.aheadStart = this.startOf(from)
    this.ahead = readAt(this.file, this.aheadStart, this.startOf(to + 1))
  }

  close(): void {
    closeSync(this.file)
  }

  private startOf(block: number): number {
    return block === 0 ? 0 : (this.ends[block - 1] ?? 0)
  }

  private bytesOf(block: number, end: number): Uint8Array {
    const [from, to] = [this.startOf(block) - this.aheadStart, end - this.aheadStart]
    return from >= 0 && to <= this.ahead.length ? this.ahead.subarray(from, to) : readAt(this.file, this.startOf(block), end)
  }

  private blockOf(row: number): number {
    return firstAbove(this.starts, row) - 1
  }

  private readBlock(block: number): Buffer[] {
    const end = this.ends[block]
    if (end === undefined) return []
    const text = inflateRawSync(this.bytesOf(block, end))
    const lines: Buffer[] = []
    for (let at = 0; at <= text.length; ) {
      const line = text.indexOf(10, at)
      const stop = line < 0 ? text.length : line
      lines.push(text.subarray(at, stop))
      at = stop + 1
    }
    return lines
  }
}
