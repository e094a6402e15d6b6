import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { contentName, writeContent } from '../../storage/blobs.ts'
import { hashFile } from '../../storage/files.ts'
import { readText } from '../datasets/content.ts'
import { hashBlob, hashPointer } from '../datasets/git.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, findDataset } from '../datasets/store.ts'
import { ownContent } from '../datasets/stored.ts'
import { listFiles } from '../datasets/trees.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { type FileFacts, makeCommit } from './commit.ts'
import { createDataset } from './repos.ts'

/** Where a release folder of this machine goes. */
export interface FolderToPublish {
  folder: string
  namespace: string
  name: string
  title: string
}

/** Git keeps these as pointers, as `.gitattributes` says; so do uploads by the clients. */
const isLarge = (path: string) => /\.(parquet|arrow|zst|gz|zip|bin)$/.test(path)

/**
 * Publishes a release folder of this machine into the hub as the hub itself, in one commit that makes the main branch hold these files and no
 * others; the namespace and dataset are made when they are not there. False where the main branch has this release already, or
 * where something in it was deleted from the dataset on request.
 * @throws HubError 422 `ReleaseInvalid` where the folder does not agree with its manifest.
 */
export async function publishFolder(hub: Hub, given: FolderToPublish): Promise<boolean> {
  const dataset = await openDataset(hub, given)
  const head = await resolveRevision(hub.database, dataset, 'main')
  const manifest = join(given.folder, 'manifest.json')
  const text = existsSync(manifest) ? readFileSync(manifest, 'utf8') : undefined
  if (text !== undefined && text === (await readText(hub, dataset, head, 'manifest.json'))) return false
  const set = new Map<string, FileFacts>()
  for (const path of listFolder(given.folder)) set.set(path, await storeFile(hub, dataset, join(given.folder, path)))
  const gone = [...(await listFiles(hub.database, head.tree)).keys()].filter((path) => path !== '.gitattributes' && !set.has(path))
  try {
    await makeCommit(hub, dataset, { branch: 'main', title: given.title, message: '', author: 'hub', set, remove: new Set(gone) })
  } catch (error) {
    if (error instanceof HubError && error.code === 'DeletedOnRequest') return false
    throw error
  }
  return true
}

async function openDataset(hub: Hub, { namespace, name }: FolderToPublish): Promise<Dataset> {
  const known = await findDataset(hub.database, namespace, name)
  if (known) return known
  await hub.database.change('insert into namespaces (name) values ($1) on conflict do nothing', [namespace])
  return createDataset(hub, { namespace, name, isPrivate: false, userId: null, actor: 'hub' })
}

function listFolder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
    .sort()
}

async function storeFile(hub: Hub, dataset: Dataset, path: string): Promise<FileFacts> {
  const file = { sha256: await hashFile(path), sizeBytes: statSync(path).size }
  if ((await hub.blobs.size(contentName(file.sha256))) !== file.sizeBytes) await writeContent(hub.blobs, file, createReadStream(path))
  await ownContent(hub, dataset.id, file)
  return isLarge(path)
    ? { ...file, oid: hashPointer(file.sha256, file.sizeBytes), isLarge: true }
    : { ...file, oid: hashBlob(readFileSync(path)), isLarge: false }
}
