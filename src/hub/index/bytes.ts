import { readSync } from 'node:fs'

/** Bytes that grow: numbers are appended as varints (7 bits a byte, low ones first). */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>
  length = 0

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity)
  }

  /** Appends a whole number from 0 to 2^32 − 1. */
  varint(value: number): void {
    this.reserve(5)
    let rest = value
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  append(more: Uint8Array): void {
    this.reserve(more.length)
    this.bytes.set(more, this.length)
    this.length += more.length
  }

  /** A text in UTF-8, its length before it. */
  text(value: string): void {
    const bytes = Buffer.from(value)
    this.varint(bytes.length)
    this.append(bytes)
  }

  /** What was written, without a copy; it changes with the next write after `clear`. */
  view(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }
}

/** Reads what `ByteWriter` wrote. */
export class ByteReader {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  varint(): number {
    const { bytes } = this
    let byte = bytes[this.at++] ?? 0
    if (byte < 128) return byte
    let value = byte & 127
    for (let shift = 7; shift < 35; shift += 7) {
      byte = bytes[this.at++] ?? 0
      value |= (byte & 127) << shift
      if (byte < 128) break
    }
    return value >>> 0
  }

  /** Reads `count` steps from `value` on, and puts what each leads to into `into` from `at` on. */
  steps(into: Uint32Array, at: number, count: number, value: number): void {
    const { bytes } = this
    const end = at + count
    let from = this.at
    let here = value
    for (let place = at; place < end; place += 1) {
      // Most steps are one byte: read here, without a call.
      const byte = bytes[from] ?? 0
      if (byte < 128) {
        here += byte
        from += 1
      } else {
        this.at = from
        here += this.varint()
        from = this.at
      }
      into[place] = here
    }
    this.at = from
  }

  text(): string {
    const length = this.varint()
    this.at += length
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at - length, length).toString('utf8')
  }
}

/** Bytes [start, end) of an open file. @throws where the file ends before. */
export function readAt(file: number, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start)
  readInto(file, bytes, start)
  return bytes
}

/** Fills an array with the bytes from `start` on. @throws where the file ends before. */
export function readInto(file: number, bytes: Uint8Array, start: number): void {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(file, bytes, at, bytes.length - at, start + at)
    if (read === 0) throw new Error(`the index ends at ${start + at}, not ${start + bytes.length}`)
    at += read
  }
}
