import { z } from 'zod'
import { textsOf } from '../datasets/card.ts'
import { cardOf } from '../datasets/content.ts'
import type { FileEntry } from '../datasets/git.ts'
import type { Commit } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import { listFiles } from '../datasets/trees.ts'
import type { Hub } from '../hub.ts'

/** One split of one configuration and its Parquet files, in order. */
export interface Split {
  config: string
  split: string
  files: { path: string; entry: FileEntry }[]
}

const DataFiles = z.union([
  z.string().transform((path) => [{ split: 'train', path: [path] }]),
  z.array(z.string()).transform((path) => [{ split: 'train', path }]),
  z.array(z.object({ split: z.string(), path: z.unknown().transform(textsOf) })),
])
const Configs = z.array(z.object({ config_name: z.string(), data_files: DataFiles })).catch([])

/** A tree never changes, so neither do its splits: the last ones are kept. */
const kept = new Map<string, Split[]>()
const KEPT = 500

/** The splits of a revision: as the card's `configs` say, or else by the names of the Parquet files. */
export async function findSplits(hub: Hub, dataset: Dataset, commit: Commit): Promise<Split[]> {
  const key = `${dataset.id} ${commit.tree}`
  const known = kept.get(key)
  if (known) return known
  const splits = await readSplits(hub, dataset, commit)
  if (kept.size >= KEPT) for (const first of kept.keys()) if (kept.delete(first)) break
  kept.set(key, splits)
  return splits
}

async function readSplits(hub: Hub, dataset: Dataset, commit: Commit): Promise<Split[]> {
  const files = [...(await listFiles(hub.database, commit.tree))]
    .filter(([path]) => path.endsWith('.parquet'))
    .map(([path, entry]) => ({ path, entry }))
  const configs = Configs.parse((await cardOf(hub, dataset, commit)).data.configs)
  if (configs.length === 0) return splitsByName(files)
  return configs.flatMap(({ config_name, data_files }) =>
    data_files.map(({ split, path }) => {
      return { config: config_name, split, files: files.filter((file) => path.some((glob) => matchesGlob(glob, file.path))) }
    }),
  )
}

function splitsByName(files: Split['files']): Split[] {
  const splits = new Map<string, Split['files']>()
  for (const file of files) {
    const [, named = 'train'] = /(?:^|[/_.-])(train|test|validation)(?=[/_.-])/.exec(file.path) ?? []
    splits.set(named, [...(splits.get(named) ?? []), file])
  }
  return [...splits].map(([split, found]) => ({ config: 'default', split, files: found }))
}

/**
 * Whether a path is one that a glob means: `*` and `?` stay within a folder, `**` does not. Cards are written by strangers, so this takes steps in the
 * product of both lengths at most, which an expression made of the glob would not.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const parts = glob.match(/\*\*\/?|\*|\?|[^*?]/gsu) ?? []
  const letters = [...path]
  // places[n]: whether what was read of the glob can stand for the first n letters.
  let places = new Uint8Array(letters.length + 1).fill(1, 0, 1)
  for (const part of parts) {
    const next = new Uint8Array(letters.length + 1)
    for (let at = 0; at <= letters.length; at += 1) {
      const letter = letters[at - 1]
      if (part.startsWith('**')) next[at] = places[at] || (at > 0 && next[at - 1]) ? 1 : 0
      else if (part === '*') next[at] = places[at] || (at > 0 && letter !== '/' && next[at - 1]) ? 1 : 0
      else next[at] = at > 0 && places[at - 1] && (part === '?' ? letter !== '/' : letter === part) ? 1 : 0
    }
    places = next
  }
  return places[letters.length] === 1
}
