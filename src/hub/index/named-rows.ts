import { createHash } from 'node:crypto'
import { parquetReadObjects, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { type LocalFile, readFooter, withFile } from './parquet.ts'

/** A conversation that was found: the number of its row in the file, and its person's hash where the file has that column. */
export interface NamedRow {
  row: number
  id: string
  user: string | null
}

const none: ReadonlySet<string> = new Set()

/**
 * Rows of a Parquet file whose conversation or person is wanted, by themselves or by the SHA-256 in `hashes`: reads the columns that tell (`conversation_id` or `id`, `user`) and nothing else.
 * A file without such a column holds no row that could be named.
 * @throws HubError 500 `DamagedFile`.
 */
export async function findNamedRows(given: {
  file: LocalFile
  conversations: ReadonlySet<string>
  users: ReadonlySet<string>
  hashes?: ReadonlySet<string>
}): Promise<NamedRow[]> {
  const { hashes = none } = given
  const isHashed = (value: string) => hashes.size > 0 && hashes.has(createHash('sha256').update(value).digest('hex'))
  const found: NamedRow[] = []
  await withFile(given.file, async (file) => {
    const metadata = await readFooter(file)
    const present = parquetSchema(metadata).children.map(({ element }) => element.name)
    const columns = ['conversation_id', 'id', 'user'].filter((name) => present.includes(name))
    if (columns.length === 0) return
    let rowStart = 0
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows)
      const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, columns })
      for (const [at, row] of rows.entries()) {
        const id = String(row.conversation_id ?? row.id)
        const user = typeof row.user === 'string' ? row.user : null
        const isWanted = given.conversations.has(id) || (user !== null && given.users.has(user))
        if (isWanted || isHashed(id) || (user !== null && isHashed(user))) found.push({ row: rowStart + at, id, user })
      }
      rowStart = rowEnd
    }
  })
  return found
}
