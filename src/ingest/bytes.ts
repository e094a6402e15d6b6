import { once } from 'node:events'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'

/** How a file's bytes are packed, by its first bytes, not its name. */
export type Packing = 'plain' | 'gzip' | 'zstd'

/** The bytes of a file stopped by a fault: cut short or damaged. What came before the fault has been handed on. */
export class BrokenInputError extends Error {}

const plainChunk = 4 * 1024 * 1024
const gzipChunk = 64 * 1024
/** A zstd block of 4 bytes can stand for 128 KiB, so that small pieces keep one step's output bounded. */
const zstdChunk = 4 * 1024

/** How the file is packed. */
export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  return 'plain'
}

/**
 * A file's bytes, unpacked, in chunks that hold until the next one is asked for. `range` is for plain files.
 * @throws BrokenInputError after the last good bytes, when the packed data are cut short or damaged.
 */
export async function* readBytes(path: string, packing: Packing, range?: { start: number; end: number }): AsyncIterable<Buffer> {
  // Blocking: workers have nothing else to do, and for small files the promise forms cost more than the reading.
  const file = openSync(path, 'r')
  try {
    if (packing === 'plain') yield* chunksOf(file, range?.start ?? 0, range?.end ?? Number.POSITIVE_INFINITY, plainChunk)
    else yield* unpack(chunksOf(file, 0, Number.POSITIVE_INFINITY, packing === 'gzip' ? gzipChunk : zstdChunk), packing)
  } finally {
    closeSync(file)
  }
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Unpacks bytes whatever they come from (a file, standard input). */
export function unpack(chunks: Chunks, packing: Packing): AsyncIterable<Buffer> {
  if (packing === 'gzip') return gunzip(chunks)
  return packing === 'zstd' ? unzstd(chunks) : asBuffers(chunks)
}

function* chunksOf(file: number, start: number, end: number, size: number): Iterable<Buffer> {
  // No more memory than the file has bytes: logs come as thousands of small files.
  const fileBytes = fstatSync(file).size
  const memory = Buffer.allocUnsafe(Math.min(size, Math.max(fileBytes - start, 4096)))
  for (let at = start; at < end; ) {
    const bytesRead = readSync(file, memory, 0, Math.min(memory.length, end - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield memory.subarray(0, bytesRead)
  }
}

async function* asBuffers(chunks: Chunks): AsyncIterable<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

/** Each piece is waited for before the next goes in, so that all good bytes are handed on before a fault is told. */
async function* gunzip(chunks: Chunks): AsyncIterable<Buffer> {
  const stream = createGunzip({ chunkSize: 256 * 1024 })
  let ready: Buffer[] = []
  let fault: Error | undefined
  stream.on('data', (chunk: Buffer) => ready.push(chunk))
  stream.on('error', (error) => {
    fault = error
  })
  const settle = (step: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      const done = () => {
        stream.off('error', done)
        resolve()
      }
      stream.once('error', done)
      step(done)
    })
  try {
    for await (const chunk of chunks) {
      // The stream keeps no view of the memory once it has called back.
      await settle((done) => stream.write(chunk, done))
      yield* ready
      ready = []
      if (fault) throw new BrokenInputError('the gzip data are damaged', { cause: fault })
    }
    await settle((done) => {
      stream.once('end', done)
      stream.end()
    })
    yield* ready
    if (fault) throw new BrokenInputError('the gzip data end too early', { cause: fault })
  } finally {
    stream.destroy()
    if (!stream.closed) await once(stream, 'close')
  }
}

async function* unzstd(chunks: Chunks): AsyncIterable<Buffer> {
  let ready: Buffer[] = []
  const stream = new Decompress((chunk) => ready.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)))
  const push = (chunk: Uint8Array, isLast: boolean): Error | undefined => {
    try {
      stream.push(chunk, isLast)
      return undefined
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }
  for await (const chunk of chunks) {
    // fzstd keeps unread input by reference, and the memory is read into again.
    const fault = push(Uint8Array.from(chunk), false)
    yield* ready
    ready = []
    if (fault) throw new BrokenInputError('the zstd data are damaged', { cause: fault })
  }
  const fault = push(new Uint8Array(0), true)
  yield* ready
  if (fault) throw new BrokenInputError('the zstd data end too early', { cause: fault })
}
