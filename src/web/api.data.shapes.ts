/** One split of a dataset at a revision (empty: the main branch), as the viewer's routes name it. */
export interface SplitOf {
  config: string
  split: string
  revision: string
}

/** Which rows are asked for; empty texts ask nothing. */
export interface Selection {
  query: string
  where: string
  role: string
  orderby: string
}

/** A column's values with the numbers of rows that have them. */
export interface Facet {
  column: string
  label: string
  kind: 'value' | 'range' | 'flag'
  values: { value: string | number | boolean; to?: number; count: number }[]
}

/** Facets under a selection. `floor`: groups smaller than this are left out by the server. */
export interface Facets {
  facets: Facet[]
  total?: number
  partial: boolean
  floor?: number
}

/** What became of a conversation between two versions. */
export interface Difference {
  id: string
  kind: 'added' | 'removed' | 'changed'
  columns?: string[]
}

/** A page of differences. */
export interface Differences {
  base: string
  head: string
  counts: { added: number; removed: number; changed: number }
  rows: Difference[]
  total: number
}

/** A table of the SQL console. */
export interface SqlTable {
  name: string
  revision: string
  columns: { name: string; type: string }[]
  rows: number
}

/** What a query gave. */
export interface SqlResult {
  id: string
  columns: { name: string; type: string }[]
  rows: unknown[][]
  rowCount: number
  truncated: boolean
  ms: number
}

/** The forms of a file that a query's result can be saved in. */
export type SqlFormat = 'csv' | 'parquet' | 'jsonl'
