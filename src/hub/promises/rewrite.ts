import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { contentName, writeContent } from '../../storage/blobs.ts'
import { readText } from '../datasets/content.ts'
import { hashBlob, hashPointer } from '../datasets/git.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import { ownContent } from '../datasets/stored.ts'
import { listFiles } from '../datasets/trees.ts'
import type { Hub } from '../hub.ts'
import { type FileFacts, makeCommit } from '../publish/commit.ts'
import type { Wanted } from './search.ts'

/** A revision that was made without some conversations. */
export interface Rewritten {
  revision: string
  version: string
  removed: { id: string; user: string | null }[]
}

const ManifestFiles = z.looseObject({ kind: z.literal('colloquy-release'), files: z.array(z.looseObject({ path: z.string() })) })

/**
 * Makes a new revision of the main branch without the conversations, by the release's own machinery; undefined where the main branch holds none.
 * @throws AppError `deletion-by-hand` for a dataset that is no release of ours; what the rewriting throws; HubError 412 `ParentMoved`.
 */
export async function commitWithout(hub: Hub, dataset: Dataset, wanted: Wanted): Promise<Rewritten | undefined> {
  const head = await resolveRevision(hub.database, dataset, 'main')
  const manifest = ManifestFiles.safeParse(parse(await readText(hub, dataset, head, 'manifest.json')))
  if (!manifest.success || !hub.tools.releaseWithout) {
    throw new AppError(
      'deletion-by-hand',
      'This dataset is no release with a manifest, so the hub cannot make it again. Publish a revision without the conversation, withdraw the old files, and mark the request done.',
    )
  }
  const scratch = join(hub.options.cacheFolder, 'deletions', dataset.id)
  rmSync(scratch, { recursive: true, force: true })
  try {
    const files = await listFiles(hub.database, head.tree)
    const listed = manifest.data.files.map(({ path }) => path)
    for (const path of ['manifest.json', ...listed]) {
      const entry = files.get(path)
      if (!entry || !/^(data\/|manifest\.json$|stats\.json$)/.test(path)) continue
      const target = join(scratch, 'from', path)
      mkdirSync(dirname(target), { recursive: true })
      await pipeline(Readable.from(hub.blobs.read(contentName(entry.sha256))), createWriteStream(target))
    }
    const out = join(scratch, 'out')
    const made = await hub.tools.releaseWithout({
      from: join(scratch, 'from'),
      out,
      conversations: [...wanted.conversations],
      users: [...wanted.users],
      published: hub.now().toISOString().slice(0, 10),
    })
    if (made.removed.length === 0) return undefined
    const set = new Map<string, FileFacts>()
    for (const file of made.files) set.set(file.path, await store(hub, dataset, join(out, file.path), file))
    const count = made.removed.length
    const commit = await makeCommit(hub, dataset, {
      branch: 'main',
      title: `Version ${made.version}: without ${count} conversation${count === 1 ? '' : 's'}, deleted on request`,
      message: '',
      author: 'hub',
      expectedParent: head.id,
      set,
      remove: new Set(listed.filter((path) => !set.has(path))),
    })
    return { revision: commit.id, version: made.version, removed: made.removed }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function store(
  hub: Hub,
  dataset: Dataset,
  at: string,
  file: { path: string; sizeBytes: number; sha256: string },
): Promise<FileFacts> {
  const { sizeBytes, sha256 } = file
  if ((await hub.blobs.size(contentName(sha256))) !== sizeBytes) await writeContent(hub.blobs, file, createReadStream(at))
  await ownContent(hub, dataset.id, file)
  const isLarge = file.path.endsWith('.parquet')
  return { sha256, sizeBytes, isLarge, oid: isLarge ? hashPointer(sha256, sizeBytes) : hashBlob(await readFile(at)) }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
