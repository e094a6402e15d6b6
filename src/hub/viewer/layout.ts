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

/** The splits of a revision: as the card's `configs` say, or else by the names of the Parquet files. */
export async function findSplits(hub: Hub, dataset: Dataset, commit: Commit): Promise<Split[]> {
  const files = [...(await listFiles(hub.database, commit.tree))]
    .filter(([path]) => path.endsWith('.parquet'))
    .map(([path, entry]) => ({ path, entry }))
  const configs = Configs.parse((await cardOf(hub, dataset, commit)).data.configs)
  if (configs.length === 0) return splitsByName(files)
  return configs.flatMap(({ config_name, data_files }) =>
    data_files.map(({ split, path }) => {
      const patterns = path.map(globPattern)
      return { config: config_name, split, files: files.filter((file) => patterns.some((pattern) => pattern.test(file.path))) }
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

/** `*` and `?` stay within a folder, `**` does not. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|[\]\\]|\*\*\/?|\*|\?/g, (part) =>
    part.startsWith('**') ? '.*' : part === '*' ? '[^/]*' : part === '?' ? '[^/]' : `\\${part}`,
  )
  return new RegExp(`^${source}$`)
}
