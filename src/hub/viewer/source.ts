import { localPath } from '../datasets/local.ts'
import { listAllCommits } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import type { Source } from '../index/indexes.ts'
import { findSplits, type Split } from './layout.ts'

/** A split's files as the indexes know them. */
export function sourceOf(hub: Hub, split: Split): Source {
  return {
    hashes: split.files.map(({ entry }) => entry.sha256),
    find: () => Promise.all(split.files.map(async ({ entry }) => ({ path: await localPath(hub, entry), sizeBytes: entry.sizeBytes }))),
  }
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
