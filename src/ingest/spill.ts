import { closeSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { compareStanding, type Standing } from './order.ts'

/** Kinds of spilled records. `chat`, `vote` and `battle` stand for one line each; the others hang on another record's line. */
export const kinds = { chat: 1, vote: 2, battle: 3, side: 4, alsoVote: 5 } as const

/** A record on its way from the line to its shard. */
export interface Spilled {
  kind: number
  id: string
  rank: number
  order: number
  messages: number
  /** Place of its file among all inputs: a spill holds the records of many small files. */
  file: number
  line: number
  /** About how much memory the record keeps until it is written, in characters. */
  weight: number
  /** JSON whose shape the kind decides; asked for only when the record is written. */
  payload(): string
}

/** A record as it lies in a spill; its payload is parsed only if it is wanted. */
export interface Found extends Standing {
  kind: number
  id: string
  payload(): unknown
}

/** Conversations are dealt into this many buckets by a hash of their id; a shard is a run of buckets. */
export const bucketCount = 4096
const segmentBytes = 16 * 1024 * 1024
const headBytes = 4 + 1 + 1 + 8 + 4 + 4 + 4 + 2
const tableBytes = (bucketCount + 1) * 4

/** Where a spill's segments lie: records sorted by bucket, then a table of the buckets' ends. */
export interface Segment {
  offset: number
  sizeBytes: number
}

/** The bucket of an id: 12 bits of FNV-1a over its UTF-16 units, mixed. */
export function bucketOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 20
}

/** A spill in the making; `superseded` counts the lines that lost within it, by place of their file. */
export interface Spill {
  add(record: Spilled): void
  close(): { segments: Segment[]; superseded: Map<number, number> }
}

/**
 * Writes records to `path`, a segment of about 16 MiB at a time, so that memory does not grow with the input. Of several chat lines of one
 * conversation within a segment only the highest standing is written. The file has its name only once closed.
 */
export function createSpill(path: string): Spill {
  const part = `${path}.part`
  const file = openSync(part, 'w', 0o600)
  const segments: Segment[] = []
  const out = growingBuffer(256 * 1024)
  let written = 0
  const superseded = new Map<number, number>()
  let waiting: (Spilled | undefined)[] = []
  let weight = 0
  let chats = new Map<string, number>()

  const flush = () => {
    const buckets = waiting.flatMap((record, index) => (record ? [{ record, index, bucket: bucketOf(record.id) }] : []))
    if (buckets.length === 0) return
    const starts = new Uint32Array(bucketCount + 1)
    let bucket = 0
    let at = 0
    for (const { record, bucket: own } of buckets.sort((a, b) => a.bucket - b.bucket || a.index - b.index)) {
      for (; bucket <= own; bucket++) starts[bucket] = at
      at = encode(out, at, record)
    }
    for (; bucket <= bucketCount; bucket++) starts[bucket] = at
    writeAll(file, out.bytes().subarray(0, at))
    writeAll(file, tableOf(starts))
    segments.push({ offset: written, sizeBytes: at })
    written += at + tableBytes
    waiting = []
    weight = 0
    chats = new Map()
    out.shrink()
  }

  /** Leaves only the higher of two chat lines of one conversation waiting. */
  const settle = (record: Spilled, former: number): Spilled | undefined => {
    const rival = waiting[former]
    if (!rival) return record
    const isLower = compareStanding(record, rival) < 0
    const loser = isLower ? record.file : rival.file
    superseded.set(loser, (superseded.get(loser) ?? 0) + 1)
    if (isLower) return undefined
    waiting[former] = undefined
    weight -= rival.weight
    return record
  }

  return {
    add(record) {
      if (record.kind === kinds.chat) {
        if (!settle(record, chats.get(record.id) ?? -1)) return
        chats.set(record.id, waiting.length)
      }
      waiting.push(record)
      weight += record.weight + headBytes
      if (weight >= segmentBytes) flush()
    },
    close() {
      flush()
      fsyncSync(file)
      closeSync(file)
      renameSync(part, path)
      return { segments, superseded }
    },
  }
}

/** The records of the buckets [start, end) in one spill. */
export function* readSpill(path: string, segments: readonly Segment[], range: { start: number; end: number }): Iterable<Found> {
  const handle = openSync(path, 'r')
  try {
    for (const { offset, sizeBytes } of segments) {
      const table = offset + sizeBytes
      const from = readAt(handle, table + range.start * 4, 4).readUInt32LE()
      const to = readAt(handle, table + range.end * 4, 4).readUInt32LE()
      const bytes = readAt(handle, offset + from, to - from)
      for (let at = 0; at < bytes.length; ) {
        const size = bytes.readUInt32LE(at)
        yield decode(bytes, at, at + size)
        at += size
      }
    }
  } finally {
    closeSync(handle)
  }
}

interface GrowingBuffer {
  bytes(): Buffer
  /** Makes room for `more` bytes after the first `used` ones. */
  reserve(used: number, more: number): Buffer
  /** Gives back what one long record needed. */
  shrink(): void
}

function growingBuffer(size: number): GrowingBuffer {
  let memory = Buffer.allocUnsafe(size)
  return {
    bytes: () => memory,
    reserve(used, more) {
      if (used + more <= memory.length) return memory
      const larger = Buffer.allocUnsafe(Math.max(used + more, memory.length * 2))
      memory.copy(larger, 0, 0, used)
      memory = larger
      return memory
    },
    shrink() {
      if (memory.length > 2 * segmentBytes) memory = Buffer.allocUnsafe(size)
    },
  }
}

function encode(out: GrowingBuffer, start: number, { kind, id, rank, order, messages, file, line, payload }: Spilled): number {
  const json = payload()
  // Three bytes a UTF-16 unit is the most that UTF-8 takes; long texts are measured first.
  const most = json.length < 1024 * 1024 ? json.length * 3 : Buffer.byteLength(json)
  const memory = out.reserve(start, headBytes + id.length * 3 + most)
  let at = memory.writeUInt8(kind, start + 4)
  at = memory.writeUInt8(rank, at)
  at = memory.writeDoubleLE(order, at)
  at = memory.writeUInt32LE(messages, at)
  at = memory.writeUInt32LE(file, at)
  at = memory.writeUInt32LE(line, at)
  const idBytes = memory.write(id, at + 2)
  memory.writeUInt16LE(idBytes, at)
  at += 2 + idBytes
  at += memory.write(json, at)
  memory.writeUInt32LE(at - start, start)
  return at
}

function tableOf(starts: Uint32Array): Buffer {
  const table = Buffer.allocUnsafe(tableBytes)
  for (const [bucket, start] of starts.entries()) table.writeUInt32LE(start, bucket * 4)
  return table
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}

function decode(bytes: Buffer, start: number, end: number): Found {
  const idStart = start + headBytes
  const payloadStart = idStart + bytes.readUInt16LE(start + 26)
  return {
    kind: bytes.readUInt8(start + 4),
    rank: bytes.readUInt8(start + 5),
    order: bytes.readDoubleLE(start + 6),
    messages: bytes.readUInt32LE(start + 14),
    file: bytes.readUInt32LE(start + 18),
    line: bytes.readUInt32LE(start + 22),
    id: bytes.toString('utf8', idStart, payloadStart),
    payload: () => JSON.parse(bytes.toString('utf8', payloadStart, end)),
  }
}

function readAt(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  for (let done = 0; done < length; ) {
    const read = readSync(handle, bytes, done, length - done, position + done)
    if (read === 0) throw new Error('a spill file ends too early')
    done += read
  }
  return bytes
}
