import type { Reason } from './entry.ts'

/** Longest line or element taken: 64 MiB. Longer ones are refused and skipped without being held. */
export const lineLimitBytes = 64 * 1024 * 1024

/** One line of a file, or one element of a JSON document, before anything is known of it. */
export interface Piece {
  /** Its bytes, valid until the call returns; empty where there is a problem that kept them from being read. */
  bytes: Buffer
  /** Byte offset of its start in the (decompressed) file. */
  offset: number
  /** 1-based line; in JSON documents the element's number. */
  number: number
  sizeBytes: number
  problem?: Reason
  /** The file ended before the line did (no line break), so that an unreadable one was cut short rather than garbled. */
  isLast?: boolean
}

/** Takes a file's bytes in order and hands on its pieces. `end` is called once: `isBroken` when the bytes stopped by a fault (truncated gzip). */
export interface Splitter {
  push(chunk: Buffer): void
  end(isBroken: boolean): void
}

/** Takes pieces in the order of the file. */
export type Emit = (piece: Piece) => void
/** No bytes. */
export const nothing: Buffer = Buffer.alloc(0)
