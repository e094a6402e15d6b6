import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { firstAbove } from '../../bisect.ts'
import { readInto } from './bytes.ts'
import { Kept } from './kept.ts'

/** Bytes of JSON in one block: small, since a page of hits opens one for each. */
const BLOCK_BYTES = 8 * 1024
/** The blocks read last, in bytes of JSON. */
const MAX_KEPT = 8 * 1024 * 1024

/** Compressed bytes of a page are mostly less. */
const LARGE = 1024 * 1024

/** Where blocks begin: `starts[n]` is the first row of block n, `ends[n]` the byte behind it. */
export interface BlockPlaces {
  starts: number[]
  ends: number[]
}

/** Appends rows as lines of JSON in compressed blocks. Each ends by a full flush: it can be read by itself, and neighbours by one call. */
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
    const bytes = deflateRawSync(`${this.lines.join('\n')}\n`, { level: 2, finishFlush: constants.Z_FULL_FLUSH })
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
  /** Compressed bytes are read into this: new memory for each page costs more than the reading. */
  private readonly compressed = new Uint8Array(LARGE)

  constructor(path: string, places: { starts: Uint32Array; ends: Float64Array }) {
    this.file = openSync(path, 'r')
    this.starts = places.starts
    this.ends = places.ends
  }

  /** One row, or undefined behind the last. */
  read(row: number): Buffer | undefined {
    const block = this.blockOf(row)
    if (block >= this.ends.length) return undefined
    const read = () => this.readBlocks(block, block)
    return this.kept.get(String(block), read, bytesOf)[row - (this.starts[block] ?? 0)]
  }

  /** The rows from `first` on, `count` of them or as many as there are. */
  readAll(first: number, count: number): Buffer[] {
    const [from, to] = [this.blockOf(first), Math.min(this.blockOf(first + count - 1), this.ends.length - 1)]
    if (count === 0 || from > to) return []
    const skipped = first - (this.starts[from] ?? 0)
    return this.readBlocks(from, to).slice(skipped, skipped + count)
  }

  close(): void {
    closeSync(this.file)
  }

  private blockOf(row: number): number {
    return firstAbove(this.starts, row) - 1
  }

  /** The rows of the blocks [from, to]. */
  private readBlocks(from: number, to: number): Buffer[] {
    const start = from === 0 ? 0 : (this.ends[from - 1] ?? 0)
    const size = (this.ends[to] ?? 0) - start
    const bytes = size > LARGE ? new Uint8Array(size) : this.compressed.subarray(0, size)
    readInto(this.file, bytes, start)
    // One piece of memory for mostly all of it: more than one would be put together by copying.
    const chunkSize = Math.max(16 * 1024, 4 * size)
    const text = inflateRawSync(bytes, { chunkSize, finishFlush: constants.Z_SYNC_FLUSH })
    const lines: Buffer[] = []
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf(10, at)
      lines.push(text.subarray(at, end))
      at = end + 1
    }
    return lines
  }
}
