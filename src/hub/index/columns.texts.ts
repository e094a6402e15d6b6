import { readAt } from './bytes.ts'

const PIECE = 1 << 20

/** Writes texts: where each ends (Float64, from the first text on), then all of them in UTF-8. */
export function writeTexts(texts: readonly string[], write: (bytes: Uint8Array) => void): void {
  const ends = new Float64Array(texts.length)
  let end = 0
  for (const [at, text] of texts.entries()) {
    end += Buffer.byteLength(text)
    ends[at] = end
  }
  write(new Uint8Array(ends.buffer))
  let piece: Buffer[] = []
  let size = 0
  for (const text of texts) {
    const bytes = Buffer.from(text)
    piece.push(bytes)
    size += bytes.length
    if (size < PIECE) continue
    write(Buffer.concat(piece))
    piece = []
    size = 0
  }
  write(Buffer.concat(piece))
}

/** Texts of a file, read when they are asked for: a million ids, or prompts, need not be in memory to be searched or walked over. */
export class TextValues {
  readonly length: number
  private readonly file: number
  private readonly start: number
  private readonly ends: Float64Array
  /** What was read last, from the byte `from` of the texts on. */
  private piece: Uint8Array<ArrayBuffer> = new Uint8Array()
  private from = 0
  private last = -1

  constructor(file: number, at: number, count: number) {
    this.file = file
    this.length = count
    this.start = at + count * Float64Array.BYTES_PER_ELEMENT
    this.ends = new Float64Array(readAt(file, at, this.start).buffer)
  }

  /** About as many bytes of memory. */
  get byteLength(): number {
    return this.ends.byteLength + PIECE
  }

  /** One text; of places below 0 those from the end on. */
  at(place: number): string | undefined {
    const index = place < 0 ? this.length + place : place
    const end = this.ends[index]
    if (end === undefined) return undefined
    const start = index === 0 ? 0 : (this.ends[index - 1] ?? 0)
    if (start < this.from || end > this.from + this.piece.length) {
      // Who asks for one after the other gets more at once.
      const until = index === this.last + 1 ? Math.max(end, Math.min(start + PIECE, this.ends[this.length - 1] ?? end)) : end
      this.piece = readAt(this.file, this.start + start, this.start + until)
      this.from = start
    }
    this.last = index
    return Buffer.from(this.piece.buffer, start - this.from, end - start).toString('utf8')
  }
}
