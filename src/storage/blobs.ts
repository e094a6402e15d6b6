import { createHash } from 'node:crypto'
import { InputError } from '../errors.ts'

/** A store of files by name: a folder, or an S3-compatible bucket. Names are lower-case words, digits, `.`, `_` and `-` in `/`-parted segments. */
export interface Blobs {
  /** Size in bytes; undefined where there is no such file. */
  size(name: string): Promise<number | undefined>
  /** The bytes from `start` (inclusive) to `end` (exclusive), streamed; the whole file without them. Throws when there is no such file. */
  read(name: string, start?: number, end?: number): AsyncIterable<Uint8Array>
  /** Stores what comes, streamed. The file has its name only once all of it is stored: when `chunks` throws, nothing changes. */
  write(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void>
  /** Where a file lies on this machine, for programs that read files by themselves; absent in a store that is elsewhere. */
  path?(name: string): string
  /** Removes a file; quiet where there is none. */
  remove(name: string): Promise<void>
}

/** The name of content by its hash (64 hex digits): `sha256/ab/cd/abcd…`. */
export function contentName(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new InputError('sha256-invalid', 'A SHA-256 has 64 lower-case hexadecimal digits.')
  return `sha256/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
}

/**
 * Stores content under its hash, checked while it streams through.
 * @throws InputError `content-mismatch` when size or hash differ from what was announced; nothing is stored then.
 */
export async function writeContent(
  blobs: Blobs,
  expected: { sha256: string; sizeBytes: number },
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  await blobs.write(contentName(expected.sha256), check(expected, chunks))
}

async function* check(expected: { sha256: string; sizeBytes: number }, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of chunks) {
    sizeBytes += chunk.length
    if (sizeBytes > expected.sizeBytes) break
    hash.update(chunk)
    yield chunk
  }
  if (sizeBytes !== expected.sizeBytes) {
    const seen = sizeBytes > expected.sizeBytes ? 'more' : `${sizeBytes}`
    throw new InputError('content-mismatch', `The upload announced ${expected.sizeBytes} bytes and sent ${seen}. Send the file again.`)
  }
  const sha256 = hash.digest('hex')
  if (sha256 !== expected.sha256) {
    throw new InputError('content-mismatch', `The upload's SHA-256 is ${sha256}, announced was ${expected.sha256}. Send the file again.`)
  }
}

/** Refuses names that could leave the store or collide by case. */
export function checkName(name: string): void {
  if (!/^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/.test(name)) {
    throw new InputError('blob-name-invalid', `'${name}' is not the name of a stored file.`)
  }
}
