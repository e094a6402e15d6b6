import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBlobs } from '../../src/storage/blobs.open.ts'
import { openS3 } from '../../src/storage/blobs.s3.ts'
import { type Blobs, contentName, writeContent } from '../../src/storage/blobs.ts'
import { freePort } from './postgres.server.ts'

const folder = mkdtempSync(join(tmpdir(), 'colloquy-blobs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function* chunksOf(bytes: Uint8Array, size = 70_000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

const kinds: Record<string, () => Promise<{ blobs: Blobs; stop(): Promise<void> }>> = {
  'a folder': async () => ({ blobs: await openBlobs(join(folder, 'files')), stop: async () => {} }),
  'an S3 server': async () => {
    const port = await freePort()
    // s3rver carries no types.
    const S3rver = createRequire(import.meta.url)('s3rver')
    mkdirSync(join(folder, 's3'))
    const server = new S3rver({
      port,
      address: '127.0.0.1',
      silent: true,
      directory: join(folder, 's3'),
      configureBuckets: [{ name: 'colloquy' }],
    })
    await server.run()
    const blobs = openS3(`s3://colloquy/some/prefix?endpoint=http://127.0.0.1:${port}`, {
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    })
    return { blobs, stop: () => server.close() }
  },
}

describe.each(Object.entries(kinds))('files in %s', (_kind, start) => {
  let blobs: Blobs
  let stop: () => Promise<void>
  beforeAll(async () => {
    ;({ blobs, stop } = await start())
  })
  afterAll(() => stop())

  test('come back as they went in, whole and by range', async () => {
    const bytes = randomBytes(300_001)
    await blobs.write('a/one.bin', chunksOf(bytes))
    expect(await blobs.size('a/one.bin')).toBe(bytes.length)
    expect((await collect(blobs.read('a/one.bin'))).equals(bytes)).toBe(true)
    const range = fc.tuple(fc.nat(bytes.length), fc.nat(bytes.length)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    await fc.assert(
      fc.asyncProperty(range, async ([from, to]) => {
        expect((await collect(blobs.read('a/one.bin', from, to))).equals(bytes.subarray(from, to))).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  test('larger than one part of an upload come back whole', async () => {
    const bytes = Buffer.alloc(17 * 1024 * 1024 + 5, 7)
    await blobs.write('large', chunksOf(bytes, 1 << 20))
    expect(await blobs.size('large')).toBe(bytes.length)
    expect(
      createHash('sha256')
        .update(await collect(blobs.read('large')))
        .digest('hex'),
    ).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  test('may be empty, replaced and removed', async () => {
    await blobs.write('empty', chunksOf(new Uint8Array()))
    expect(await blobs.size('empty')).toBe(0)
    expect((await collect(blobs.read('empty'))).length).toBe(0)
    await blobs.write('empty', chunksOf(Buffer.from('now not')))
    expect(String(await collect(blobs.read('empty')))).toBe('now not')
    await blobs.remove('empty')
    await blobs.remove('empty')
    expect(await blobs.size('empty')).toBeUndefined()
    await expect(collect(blobs.read('empty'))).rejects.toMatchObject({ code: 'blob-missing' })
  })

  test('leave nothing under their name when the source fails midway', async () => {
    async function* failing() {
      yield Buffer.alloc(100_000)
      throw new Error('the wire broke')
    }
    await expect(blobs.write('half', failing())).rejects.toThrow('the wire broke')
    expect(await blobs.size('half')).toBeUndefined()
  })

  test('are checked against the announced hash and size', async () => {
    const bytes = randomBytes(1000)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await writeContent(blobs, { sha256, sizeBytes: 1000 }, chunksOf(bytes))
    expect(await blobs.size(contentName(sha256))).toBe(1000)
    const other = createHash('sha256').update('other').digest('hex')
    for (const expected of [
      { sha256: other, sizeBytes: 1000 },
      { sha256: other, sizeBytes: 999 },
      { sha256: other, sizeBytes: 1001 },
    ]) {
      await expect(writeContent(blobs, expected, chunksOf(bytes))).rejects.toMatchObject({ code: 'content-mismatch' })
    }
    expect(await blobs.size(contentName(other))).toBeUndefined()
  })

  test('have names that cannot leave the store', async () => {
    for (const name of ['../x', 'a/../x', '/x', 'a//b', '', '.', 'a/.', 'A', 'a\\b', 'a\0']) {
      await expect(blobs.size(name)).rejects.toMatchObject({ code: 'blob-name-invalid' })
    }
  })
})

test('a folder keeps no part of a failed write', () => {
  expect(readdirSync(join(folder, 'files', '.parts'))).toEqual([])
})
