import { HubError } from '../errors.ts'
import type { SearchIndex } from './index-file.ts'
import { type Query, readQuery, type SearchRole } from './query.ts'
import { readOrder, readWhere } from './where.ts'

/** Which rows: those that meet a condition, contain words, or both. */
export interface Selection {
  where?: string | undefined
  query?: string | undefined
  role: SearchRole
}

/** A selection in SQL over an index's tables `facets` and `texts`. */
export interface Selected {
  from: string
  values: (string | number)[]
  query?: Query
}

/** A selection as the FROM and WHERE of a statement. */
export function selectRows(index: SearchIndex, { where, query: words, role }: Selection): Selected {
  const condition = where ? readWhere(where, (name) => index.columns.get(name)) : { sql: 'true', values: [] }
  if (!words) return { from: `facets where ${condition.sql}`, values: condition.values }
  const query = readQuery(words, role)
  return {
    from: `texts join facets on facets.row_idx = texts.rowid - 1 where texts match ? and ${condition.sql}`,
    values: [query.match, ...condition.values],
    query,
  }
}

/** How the rows are ordered: as asked, or best match first, or as they lie in the files. */
export function orderOf(index: SearchIndex, selected: Selected, orderby: string | undefined): string {
  if (orderby) return `${readOrder(orderby, (name) => index.columns.get(name))}, row_idx`
  return selected.query ? 'rank, row_idx' : 'row_idx'
}

/** @throws HubError 422 where a number is not one. */
export function seedOf(text: string | undefined): number {
  const seed = Number(text ?? 0)
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new HubError(422, 'InvalidParameter', "Parameter 'seed' must be a whole number from 0 to 4294967295")
  return seed
}
