import { localPath } from '../datasets/local.ts'
import type { Hub } from '../hub.ts'
import type { Source } from '../index/indexes.ts'
import type { Split } from './layout.ts'

/** A split's files as the indexes know them. */
export function sourceOf(hub: Hub, split: Split): Source {
  return {
    hashes: split.files.map(({ entry }) => entry.sha256),
    find: () => Promise.all(split.files.map(async ({ entry }) => ({ path: await localPath(hub, entry), sizeBytes: entry.sizeBytes }))),
  }
}
