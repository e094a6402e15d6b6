import { randomUUID } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { contentName } from '../../storage/blobs.ts'
import type { Hub } from '../hub.ts'
import type { FileEntry } from './git.ts'

const fetching = new Map<string, Promise<void>>()

/** A stored file's path on this machine: where it lies, or a copy in the cache where the store is elsewhere. */
export async function localPath(hub: Hub, { sha256 }: Pick<FileEntry, 'sha256'>): Promise<string> {
  const name = contentName(sha256)
  if (hub.blobs.path) return hub.blobs.path(name)
  const folder = join(hub.options.cacheFolder, 'files')
  const path = join(folder, sha256)
  if (existsSync(path)) return path
  const running = fetching.get(path) ?? fetchFile(hub, name, folder, path).finally(() => fetching.delete(path))
  fetching.set(path, running)
  await running
  return path
}

/** Removes a stored file's copy from the cache where there is one. */
export async function forgetLocal(hub: Hub, { sha256 }: Pick<FileEntry, 'sha256'>): Promise<void> {
  await rm(join(hub.options.cacheFolder, 'files', sha256), { force: true })
}

async function fetchFile(hub: Hub, name: string, folder: string, path: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const part = join(folder, `${randomUUID()}.part`)
  try {
    await pipeline(Readable.from(hub.blobs.read(name)), createWriteStream(part))
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
