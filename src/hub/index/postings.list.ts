import { addBit, type Bits, END } from './bits.ts'
import { shareOf } from './bm25.ts'
import { ByteReader } from './bytes.ts'
import { type Cursor, nothing, type Speaker } from './postings.read.ts'
import { BLOCK } from './postings.write.ts'

/** One word's list, as `Inverter` wrote it. Places are read when they are asked for. */
export interface List {
  docs: number
  heads: Heads
  documents: Uint8Array
  /** Bytes [start, end) of the places, of `size` in all. */
  places: { size: number; read(start: number, end: number): Uint8Array }
  /** By how much the bounds are to be raised. */
  boundScale: number
}

/** Places are read in pieces of at least as many bytes, since blocks mostly follow each other. */
const PIECE = 1 << 16

/** The walk over one word's list. Blocks are passed over by their heads. */
export class ListCursor implements Cursor {
  doc = -1
  times = 0
  readonly docs: number
  placed: Uint32Array = nothing
  placesFrom = 0
  boundEnd = -1
  readonly heads: Heads
  readonly boundScale: number
  private readonly places: List['places']
  private readonly reader: ByteReader
  private readonly speaker: Speaker
  /** Documents of the present block, and how often the word stands in each. */
  private readonly ids = new Uint32Array(BLOCK)
  private readonly counts = new Uint32Array(BLOCK)
  private readonly before = new Uint32Array(BLOCK)
  /** As the counts, but of all speakers. */
  private readonly all: Uint32Array
  private block = -1
  private readonly bounds: BoundWalk
  private size = 0
  private timesStart = 0
  private index = 0
  private last = -1
  private isPlaced = false
  private readonly starts = new Uint32Array(BLOCK + 1)
  private piece: Uint8Array = new Uint8Array()
  private pieceStart = 0

  constructor(list: List, speaker: Speaker) {
    this.docs = list.docs
    this.heads = list.heads
    this.boundScale = list.boundScale
    this.bounds = new BoundWalk(list.heads, list.boundScale)
    this.places = list.places
    this.reader = new ByteReader(list.documents)
    this.speaker = speaker
    this.all = speaker === -1 ? this.counts : new Uint32Array(BLOCK)
  }

  seek(target: number): number {
    if (this.doc >= target) return this.doc
    for (;;) {
      if (target > this.last && !this.toBlock(target)) {
        this.doc = END
        this.times = 0
        return END
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
      target = this.last + 1
    }
  }

  boundAt(target: number): number {
    const bound = this.bounds.at(target)
    this.boundEnd = this.bounds.end
    return bound
  }

  findPlaces(): void {
    if (!this.isPlaced) this.decodePlaces()
    this.placesFrom = (this.starts[this.index] ?? 0) + (this.before[this.index] ?? 0)
  }

  /**
   * Walks over the blocks: takes the first `size` documents of each and how often the word stands in them (0: not by this speaker); the arrays hold until
   * the next block. Where `isPassed` says so of the most of times / (times + norm), a block is passed over. Not to be mixed with `seek`.
   */
  visit(take: (docs: Uint32Array, times: Uint32Array, size: number) => void, isPassed: (bound: number) => boolean = () => false): void {
    const { heads, ids, counts } = this
    for (let block = 0; block < heads.count; block += 1) {
      if (isPassed(boundIn(heads, block, this.boundScale))) continue
      this.block = block
      this.decodeDocuments()
      take(ids, counts, this.size)
    }
  }

  /** Adds all documents, whoever speaks, to a set. Not to be mixed with `seek`. */
  addTo(bits: Bits): void {
    const { heads, ids } = this
    for (let block = 0; block < heads.count; block += 1) {
      const size = this.decodeIds(block)
      for (let index = 0; index < size; index += 1) addBit(bits, ids[index] ?? 0)
    }
  }

  /** Decodes the first block behind the present one that reaches the target; false where there is none. */
  private toBlock(target: number): boolean {
    const { lasts, count } = this.heads
    let block = this.block + 1
    while (block < count && (lasts[block] ?? 0) < target) block += 1
    this.block = block
    if (block >= count) return false
    this.last = lasts[block] ?? 0
    this.decodeDocuments()
    return true
  }

  /** Reads the documents of a block; gives how many. Their numbers of times come next in the reader. */
  private decodeIds(block: number): number {
    const { heads, reader, ids } = this
    const size = heads.sizes[block] ?? 0
    const first = heads.firsts[block] ?? 0
    ids[0] = first
    reader.at = heads.documentStarts[block] ?? 0
    reader.steps(ids, 1, size - 1, first)
    return size
  }

  private decodeDocuments(): void {
    const { block, reader } = this
    this.size = this.decodeIds(block)
    this.timesStart = reader.at
    this.index = 0
    this.isPlaced = false
    if (this.speaker === -1) this.decodeTimes()
    else this.decodeSpeakers()
  }

  /** Reads how often the word stands in each document of the block, whoever speaks. */
  private decodeTimes(): void {
    const { reader, counts, size } = this
    const { bytes } = reader
    let at = this.timesStart
    for (let index = 0; index < size; index += 1) {
      let code = bytes[at] ?? 0
      if (code < 128) at += 1
      else {
        reader.at = at
        code = reader.varint()
        at = reader.at
      }
      counts[index] = code >>> 2
      if ((code & 3) < 3) continue
      // Two numbers follow, the user's and the assistant's times: to the end of each.
      while ((bytes[at++] ?? 0) > 127);
      while ((bytes[at++] ?? 0) > 127);
    }
  }

  /** Reads how often the one speaker says the word in each, and where their places begin among all of the document. */
  private decodeSpeakers(): void {
    const { reader, counts, before, all, speaker, size } = this
    reader.at = this.timesStart
    for (let index = 0; index < size; index += 1) {
      const code = reader.varint()
      const total = code >>> 2
      const who = code & 3
      all[index] = total
      before[index] = 0
      if (who < 3) {
        counts[index] = speaker === who ? total : 0
        continue
      }
      const user = reader.varint()
      const assistant = reader.varint()
      counts[index] = speaker === 0 ? user : speaker === 1 ? assistant : total - user - assistant
      before[index] = speaker === 1 ? user : speaker === 2 ? user + assistant : 0
    }
  }

  private decodePlaces(): void {
    const { all, starts, size } = this
    let total = 0
    for (let index = 0; index < size; index += 1) {
      starts[index] = total
      total += all[index] ?? 0
    }
    if (this.placed.length < total) this.placed = new Uint32Array(total * 2)
    const { placed } = this
    const reader = new ByteReader(this.placesOfBlock())
    for (let index = 0; index < size; index += 1) reader.steps(placed, starts[index] ?? 0, all[index] ?? 0, 0)
    this.isPlaced = true
  }

  private placesOfBlock(): Uint8Array {
    const { places } = this
    const { placeStarts } = this.heads
    const [start, end] = [placeStarts[this.block] ?? 0, placeStarts[this.block + 1] ?? 0]
    if (start < this.pieceStart || end > this.pieceStart + this.piece.length) {
      this.piece = places.read(start, Math.max(end, Math.min(start + PIECE, places.size)))
      this.pieceStart = start
    }
    return this.piece.subarray(start - this.pieceStart, end - this.pieceStart)
  }
}

/** Of each block the last document, and the most of times / (times + norm). */
export type Bounds = Pick<Heads, 'lasts' | 'bounds' | 'count'>

/** The most of times / (times + norm) in a block. */
const boundIn = ({ bounds }: Bounds, block: number, scale: number): number => shareOf(bounds[block] ?? 0) * scale

/** A walk over the bounds of blocks. */
export class BoundWalk {
  /** The last document that the bound is of. */
  end = -1
  private readonly heads: Bounds
  private readonly scale: number
  private block = 0

  constructor(heads: Bounds, scale: number) {
    this.heads = heads
    this.scale = scale
  }

  /** The bound of the documents from `target` to `end`; 0 behind the last block. Targets must not fall. */
  at(target: number): number {
    const { lasts, count } = this.heads
    let { block } = this
    while (block < count && (lasts[block] ?? 0) < target) block += 1
    this.block = block
    this.end = block < count ? (lasts[block] ?? END) : END
    return block < count ? boundIn(this.heads, block, this.scale) : 0
  }
}

/** Heads of all blocks of a list, as `readHeads` gives them. Block n has its documents from `documentStarts[n]` on, its places from `placeStarts[n]` on. */
export interface Heads {
  count: number
  firsts: Uint32Array
  lasts: Uint32Array
  sizes: Uint32Array
  bounds: Uint32Array
  documentStarts: Float64Array
  placeStarts: Float64Array
}

/** A head is six numbers of at least a byte. */
const HEAD_BYTES = 6

/** Reads the heads of a list. */
export function readHeads(bytes: Uint8Array): Heads {
  const most = Math.floor(bytes.length / HEAD_BYTES)
  const heads = {
    firsts: new Uint32Array(most),
    lasts: new Uint32Array(most),
    sizes: new Uint32Array(most),
    bounds: new Uint32Array(most),
    documentStarts: new Float64Array(most + 1),
    placeStarts: new Float64Array(most + 1),
  }
  const reader = new ByteReader(bytes)
  let count = 0
  for (; reader.at < bytes.length; count += 1) {
    const first = reader.varint()
    heads.firsts[count] = first
    heads.sizes[count] = reader.varint()
    heads.lasts[count] = first + reader.varint()
    heads.documentStarts[count + 1] = (heads.documentStarts[count] ?? 0) + reader.varint()
    heads.placeStarts[count + 1] = (heads.placeStarts[count] ?? 0) + reader.varint()
    heads.bounds[count] = reader.varint()
  }
  return { count, ...heads }
}
