import { closeSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { compareStanding, type Standing } from './order.ts'

/** Kinds of spilled records. `chat`, `vote` and `battle` stand for one line each; the others hang on another record's line. */
export const kinds = { chat: 1, vote: 2, battle: 3, side: 4, alsoVote: 5 } as const

/** A record on its way from the line to its shard. `payload` is JSON whose shape the kind decides. */
export interface Spilled {
  kind: number
  id: string
  rank: number
  order: number
  messages: number
  line: number
  payload: string
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
const headBytes = 4 + 1 + 1 + 8 + 4 + 4 + 2
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

/**
 * Writes records to `path`, a segment of about 16 MiB at a time, so that memory does not grow with the input. Of several chat lines of one
 * conversation within a segment only the highest standing is written. The file has its name only once closed.
 */
export function createSpill(path: string): { add(record: Spilled): void; close(): { segments: Segment[]; superseded: number } } {
  const part = `${path}.part`
  const file = openSync(part, 'w', 0o600)
  const segments: Segment[] = []
  let memory = Buffer.allocUnsafe(segmentBytes + 1024 * 1024)
  let used = 0
  let written = 0
  let superseded = 0
  let entries: { bucket: number; start: number; end: number; isDead: boolean; standing: Standing }[] = []
  let chats = new Map<string, number>()

  const flush = () => {
    if (entries.length === 0) return
    const live = entries.filter((entry) => !entry.isDead)
    const sorted = live.map((_, index) => index).sort((a, b) => (live[a]?.bucket ?? 0) - (live[b]?.bucket ?? 0) || a - b)
    const sizeBytes = live.reduce((sum, entry) => sum + entry.end - entry.start, 0)
    const out = Buffer.allocUnsafe(sizeBytes + tableBytes)
    let at = 0
    let bucket = 0
    for (const index of sorted) {
      const entry = live[index]
      if (!entry) continue
      for (; bucket <= entry.bucket; bucket++) out.writeUInt32LE(at, sizeBytes + bucket * 4)
      at += memory.copy(out, at, entry.start, entry.end)
    }
    for (; bucket <= bucketCount; bucket++) out.writeUInt32LE(at, sizeBytes + bucket * 4)
    for (let done = 0; done < out.length; ) done += writeSync(file, out, done)
    segments.push({ offset: written, sizeBytes })
    written += out.length
    used = 0
    entries = []
    chats = new Map()
  }

  return {
    add(record) {
      const most = headBytes + 3 * (record.id.length + record.payload.length)
      if (used + most > memory.length) {
        flush()
        if (most > memory.length) memory = Buffer.allocUnsafe(most)
      }
      const start = used
      used = encode(memory, start, record)
      const standing = { rank: record.rank, order: record.order, messages: record.messages, file: 0, line: record.line }
      const entry = { bucket: bucketOf(record.id), start, end: used, isDead: false, standing }
      if (record.kind === kinds.chat) {
        const former = entries[chats.get(record.id) ?? -1]
        if (former) superseded++
        if (former && compareStanding(standing, former.standing) < 0) entry.isDead = true
        else {
          if (former) former.isDead = true
          chats.set(record.id, entries.length)
        }
      }
      entries.push(entry)
      if (used >= segmentBytes) flush()
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

/** The records of the buckets [start, end) in one spill, of the file with this place. */
export function* readSpill(
  path: string,
  segments: readonly Segment[],
  range: { start: number; end: number },
  file: number,
): Iterable<Found> {
  const handle = openSync(path, 'r')
  try {
    for (const { offset, sizeBytes } of segments) {
      const table = offset + sizeBytes
      const from = readAt(handle, table + range.start * 4, 4).readUInt32LE()
      const to = readAt(handle, table + range.end * 4, 4).readUInt32LE()
      const bytes = readAt(handle, offset + from, to - from)
      for (let at = 0; at < bytes.length; ) {
        const size = bytes.readUInt32LE(at)
        yield decode(bytes, at, at + size, file)
        at += size
      }
    }
  } finally {
    closeSync(handle)
  }
}

function encode(memory: Buffer, start: number, { kind, id, rank, order, messages, line, payload }: Spilled): number {
  let at = memory.writeUInt8(kind, start + 4)
  at = memory.writeUInt8(rank, at)
  at = memory.writeDoubleLE(order, at)
  at = memory.writeUInt32LE(messages, at)
  at = memory.writeUInt32LE(line, at)
  const idBytes = memory.write(id, at + 2)
  memory.writeUInt16LE(idBytes, at)
  at += 2 + idBytes
  at += memory.write(payload, at)
  memory.writeUInt32LE(at - start, start)
  return at
}

function decode(bytes: Buffer, start: number, end: number, file: number): Found {
  const idStart = start + headBytes
  const payloadStart = idStart + bytes.readUInt16LE(start + 22)
  return {
    kind: bytes.readUInt8(start + 4),
    rank: bytes.readUInt8(start + 5),
    order: bytes.readDoubleLE(start + 6),
    messages: bytes.readUInt32LE(start + 14),
    line: bytes.readUInt32LE(start + 18),
    file,
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
