import { localPath } from '../datasets/local.ts'
import { listAllCommits } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import type { Source } from '../index/indexes.ts'
import { findSplits, type Split } from './layout.ts'

const hashes = new WeakMap<Split, string[]>()

/** A split's files as the indexes know them. */
export function sourceOf(hub: Hub, split: Split): Source {
  return {
    hashes: hashesOf(split),
    find: () => Promise.all(split.files.map(async ({ entry }) => ({ path: await localPath(hub, entry), sizeBytes: entry.sizeBytes }))),
  }
}

/** The same list for the same split, so that the indexes need not make its name anew for each request. */
function hashesOf(split: Split): string[] {
  const known = hashes.get(split) ?? split.files.map(({ entry }) => entry.sha256)
  hashes.set(split, known)
  return known
}

/** Removes the search indexes of a dataset's splits, at any revision, that are made of certain content: they hold its words. */
export async function dropIndexes(hub: Hub, dataset: Dataset, isGone: (hashes: readonly string[]) => boolean): Promise<void> {
  for (const commit of await listAllCommits(hub.database, dataset)) {
    for (const split of await findSplits(hub, dataset, commit)) {
      const source = sourceOf(hub, split)
      if (isGone(source.hashes)) await hub.indexes.remove(source)
    }
  }
}
