import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import type { BackgroundTask } from '../background.ts'
import { gateForm, readCard } from '../datasets/card.ts'
import { readText, readWhole } from '../datasets/content.ts'
import { type FileEntry, hashCommit } from '../datasets/git.ts'
import { type Commit, findCommit, resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, DatasetRow } from '../datasets/store.ts'
import { changeTree, findEntry, listFiles, type TreeChanges } from '../datasets/trees.ts'
import { HubError, revisionNotFound } from '../errors.ts'
import { syncTerms } from '../gate/terms.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { refuseDeleted } from '../promises/tombstones.ts'
import { findSplits } from '../viewer/layout.ts'
import { sourceOf } from '../viewer/source.ts'
import { checkManifest } from './manifest.ts'
import { tagVersion } from './versions.ts'

/** What goes into a commit. Content must be stored before. */
export interface NewCommit extends TreeChanges {
  branch: string
  title: string
  message: string
  author: string
  /** When given, the commit is refused unless the branch still is there. */
  expectedParent?: string
}

const Head = z.object({ target: z.string() })

/**
 * Makes a commit: all of it or nothing. The branch is locked meanwhile, so two commits at once become one after the other.
 * A revision that holds a release's manifest must agree with it.
 * @throws HubError 404 `RevisionNotFound`, 412 `ParentMoved`, 422 `ReleaseInvalid`, 422 `DeletedOnRequest`.
 */
export async function makeCommit(hub: Hub, dataset: Dataset, given: NewCommit): Promise<Commit> {
  await refuseDeleted(hub, dataset, given.set)
  const commit = await hub.database.transaction(async (queries) => {
    const [head] = await queries.select(
      Head,
      "select target from refs where dataset_id = $1 and kind = 'branch' and name = $2 for update",
      [dataset.id, given.branch],
    )
    const parent = head && (await findCommit(queries, dataset, head.target))
    if (!parent) throw revisionNotFound(dataset.fullName, given.branch)
    if (given.expectedParent && given.expectedParent !== parent.id) {
      throw new HubError(412, 'ParentMoved', 'A commit has happened since. Please refresh your page, or fetch the branch, and try again.')
    }
    const tree = await changeTree(queries, parent.tree, given)
    if (tree === parent.tree) return parent
    await checkRelease(hub, queries, tree)
    return storeCommit(hub, queries, dataset, { ...given, tree, parent })
  })
  if (given.branch === 'main') await followMain(hub, dataset)
  await wantIndexes(hub, dataset, commit)
  return commit
}

/** The first commit of a new dataset, on its main branch. */
export async function makeFirstCommit(
  hub: Hub,
  queries: Queries,
  dataset: Dataset,
  author: string,
  files: TreeChanges['set'],
): Promise<Commit> {
  const tree = await changeTree(queries, undefined, { set: files, remove: new Set() })
  return storeCommit(hub, queries, dataset, { branch: 'main', title: 'initial commit', message: '', author, tree })
}

interface Stored {
  branch: string
  title: string
  message: string
  author: string
  tree: string
  parent?: Commit
}

async function storeCommit(hub: Hub, queries: Queries, dataset: Dataset, given: Stored): Promise<Commit> {
  const at = hub.now()
  const { branch, title, message, author, tree, parent } = given
  const id = hashCommit({ tree, author, at, message: message ? `${title}\n\n${message}` : title, ...(parent ? { parent: parent.id } : {}) })
  const commit: Commit = {
    id,
    position: (parent?.position ?? -1) + 1,
    parent: parent?.id ?? null,
    tree,
    title,
    message,
    author,
    createdAt: at,
  }
  await queries.change(
    `insert into commits (dataset_id, id, position, parent, tree, title, message, author, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [dataset.id, id, commit.position, commit.parent, tree, title, message, author, at],
  )
  await queries.change(
    `insert into refs (dataset_id, kind, name, target) values ($1, 'branch', $2, $3)
     on conflict (dataset_id, kind, name) do update set target = excluded.target`,
    [dataset.id, branch, id],
  )
  await queries.change('update datasets set updated_at = $2 where id = $1', [dataset.id, at])
  const event = { actor: author, action: 'commit.made', dataset: dataset.fullName, revision: id, detail: { branch } }
  await appendEntries(queries, [event], at)
  return commit
}

async function checkRelease(hub: Hub, queries: Queries, tree: string): Promise<void> {
  const entry = await findEntry(queries, tree, 'manifest.json')
  if (entry?.type !== 'file' || entry.sizeBytes > 32 * 1024 * 1024) return
  const faults = checkManifest((await readWhole(hub, entry)).toString('utf8'), await listFiles(queries, tree))
  if (faults.length === 0) return
  const more = faults.length > 5 ? ` … and ${faults.length - 5} more` : ''
  throw new HubError(
    422,
    'ReleaseInvalid',
    `The release does not agree with its manifest: ${faults.slice(0, 5).join('; ')}${more}. Commit all files of the release together, or run 'colloquy verify' on the folder.`,
  )
}

/** Begins to index the splits of a new revision, so that the first reader finds them ready. */
async function wantIndexes(hub: Hub, dataset: Dataset, commit: Commit): Promise<void> {
  for (const split of await findSplits(hub, dataset, commit)) if (split.files.length > 0) hub.indexes.want(sourceOf(hub, split))
}

/** The card's gate text and form of the main branch become the terms of the dataset when they change, and a release gets its version. */
async function followMain(hub: Hub, dataset: Dataset): Promise<Commit> {
  const head = await resolveRevision(hub.database, dataset, 'main')
  const card = readCard((await readText(hub, dataset, head, 'README.md')) ?? '')
  await syncTerms(hub, dataset, gateForm(card.data))
  await tagVersion(hub, dataset, head)
  return head
}

/** Finishes what a kill after a commit has cut, and builds the indexes that this machine lacks: of every dataset's main branch. */
export const followTask: BackgroundTask = {
  name: 'follow',
  everyMs: 60 * 60_000,
  async run(hub) {
    for (const dataset of await hub.database.select(DatasetRow, 'select * from datasets order by id')) {
      try {
        await wantIndexes(hub, dataset, await followMain(hub, dataset))
      } catch (error) {
        // One dataset whose files cannot be read must not hold up the others.
        hub.log.error('commit.not-followed', { error: error instanceof Error ? error.name : 'unknown' })
      }
    }
  },
}

/** A file entry's facts without its place in a folder. */
export type FileFacts = Omit<FileEntry, 'name' | 'type'>
