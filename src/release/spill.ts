import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import type { Labelled } from './labelled.ts'
import { readSelected, type ShardFiles } from './read.ts'

/** A shard's selected rows on disk, sorted by bucket of positions: the first half of a shuffle that does not fit into memory. */
export interface Spill {
  /** Serialized rows in runs; within a run, bucket by bucket. */
  path: string
  /** For every run and bucket, offset and length in bytes as two float64; at `<path>.index`. */
  runs: number
  buckets: number
}

/** The task of a worker: spill one shard. Bucket `b` holds positions [b × bucketRows, (b + 1) × bucketRows). */
export interface SpillInput {
  files: ShardFiles
  selected: number
  bucketRows: number
  path: string
}

/** For Pool.run. */
export const spillTask = { module: import.meta.url, task: 'spillShard' }

/** Bytes of serialized rows that are held before they are written as a run. */
const runBytes = 24 * 1024 * 1024

/** Writes one shard's selected rows sorted by bucket. */
export async function spillShard({ files, selected, bucketRows, path }: SpillInput): Promise<Spill> {
  const buckets = Math.ceil(selected / bucketRows)
  const data = openSync(path, 'w')
  const index = openSync(`${path}.index`, 'w')
  try {
    let waiting = new Map<number, Buffer[]>()
    let waitingBytes = 0
    let offset = 0
    let runs = 0
    const flush = () => {
      const places = new Float64Array(buckets * 2)
      for (const [bucket, rows] of [...waiting].sort(([a], [b]) => a - b)) {
        const bytes = Buffer.concat(rows)
        for (let at = 0; at < bytes.length; ) at += writeSync(data, bytes, at)
        places.set([offset, bytes.length], bucket * 2)
        offset += bytes.length
      }
      writeSync(index, new Uint8Array(places.buffer))
      waiting = new Map()
      waitingBytes = 0
      runs++
    }
    for await (const batch of readSelected(files, 0, selected)) {
      for (const labelled of batch) {
        const bucket = Math.floor(labelled.position / bucketRows)
        const row = serialize(labelled)
        const length = Buffer.alloc(4)
        length.writeUInt32LE(row.length)
        const rows = waiting.get(bucket) ?? []
        rows.push(length, row)
        waiting.set(bucket, rows)
        waitingBytes += row.length + 4
      }
      if (waitingBytes >= runBytes) flush()
    }
    if (waitingBytes > 0) flush()
    return { path, runs, buckets }
  } finally {
    closeSync(data)
    closeSync(index)
  }
}

/** The rows of one bucket from every spilled shard, by position. */
export function readSpilled(spills: readonly Spill[], bucket: number): Labelled[] {
  const rows: Labelled[] = []
  for (const { path, runs, buckets } of spills) {
    const data = openSync(path, 'r')
    const index = openSync(`${path}.index`, 'r')
    try {
      for (let run = 0; run < runs; run++) {
        const place = readExactly(index, (run * buckets + bucket) * 16, 16)
        const bytes = readExactly(data, place.readDoubleLE(0), place.readDoubleLE(8))
        for (let at = 0; at < bytes.length; ) {
          const end = at + 4 + bytes.readUInt32LE(at)
          rows.push(deserialize(bytes.subarray(at + 4, end)) as Labelled)
          at = end
        }
      }
    } finally {
      closeSync(data)
      closeSync(index)
    }
  }
  return rows.sort((a, b) => a.position - b.position)
}

function readExactly(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const got = readSync(file, bytes, at, length - at, position + at)
    if (got === 0) throw new RangeError('A spilled shard ends early.')
    at += got
  }
  return bytes
}
