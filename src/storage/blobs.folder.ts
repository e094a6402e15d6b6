import { randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NotFoundError } from '../errors.ts'
import { type Blobs, checkName } from './blobs.ts'

/** A crashed write's part is surely dead after a day; a running one may belong to another server on the same folder. */
const DEAD_AFTER_MS = 24 * 60 * 60 * 1000

/** Files in a folder. Parts of unfinished writes lie under `.parts` and are renamed when whole and synced. */
export function openFolder(folder: string): Blobs {
  const parts = join(folder, '.parts')
  mkdirSync(parts, { recursive: true })
  removeDeadParts(parts)
  const pathOf = (name: string) => {
    checkName(name)
    return join(folder, name)
  }
  return {
    async size(name) {
      try {
        return (await stat(pathOf(name))).size
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    path: pathOf,
    read(name, start = 0, end) {
      const path = pathOf(name)
      return readFile(name, path, start, end)
    },
    async write(name, chunks) {
      const path = pathOf(name)
      const part = join(parts, randomUUID())
      const file = await open(part, 'wx')
      try {
        for await (const chunk of chunks) await file.writeFile(chunk)
        await file.sync()
        await file.close()
        await mkdir(dirname(path), { recursive: true })
        await rename(part, path)
        await syncFolder(dirname(path))
      } catch (error) {
        await file.close().catch(() => {})
        await rm(part, { force: true })
        throw error
      }
    },
    async remove(name) {
      await rm(pathOf(name), { force: true })
    },
  }
}

async function* readFile(name: string, path: string, start: number, end: number | undefined): AsyncIterable<Uint8Array> {
  if (end !== undefined && end <= start) return
  try {
    yield* createReadStream(path, { start, ...(end === undefined ? {} : { end: end - 1 }), highWaterMark: 512 * 1024 })
  } catch (error) {
    if (isMissing(error))
      throw new NotFoundError('blob-missing', `The file store has no '${name}'. Restore it from a backup.`, { cause: error })
    throw error
  }
}

/** A rename is durable once its folder is synced; Windows cannot open folders, and syncs them itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  await folder.sync()
  await folder.close()
}

function removeDeadParts(parts: string): void {
  for (const part of readdirSync(parts)) {
    const path = join(parts, part)
    if (Date.now() - statSync(path).mtimeMs > DEAD_AFTER_MS) rmSync(path, { force: true })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
