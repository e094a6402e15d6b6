import type { Differences, Facets, Selection, SplitOf, SqlFormat, SqlResult, SqlTable } from './api.data.shapes.ts'
import { ask, type ColumnStatistics, type RowPage, request, send, viewer } from './api.ts'
import type { SavedSearch } from './saved.ts'

export type * from './api.data.shapes.ts'

/** Rows of a view: all, those found, or those that meet a condition. */
function rows(dataset: string, given: SplitOf, asked: Selection, offset: number, length: number, signal: AbortSignal): Promise<RowPage> {
  const parameters = present({ ...given, ...asked, offset: String(offset), length: String(length) })
  const kind = asked.query && !asked.orderby ? 'search' : asked.query || asked.where || asked.orderby ? 'filter' : 'rows'
  return viewer<RowPage>(kind, dataset, parameters, signal)
}

/** The server's routes that the pages for researchers use. */
export const dataApi = {
  rows,
  facets: (dataset: string, given: SplitOf, asked: Selection, signal: AbortSignal) =>
    viewer<Facets>('facets', dataset, present({ ...given, where: asked.where, query: asked.query, role: asked.role }), signal),
  sample: (dataset: string, given: SplitOf, asked: Selection, n: number, seed: number, signal: AbortSignal) =>
    viewer<RowPage>(
      'sample',
      dataset,
      present({ ...given, where: asked.where, query: asked.query, role: asked.role, n: String(n), seed: String(seed) }),
      signal,
    ),
  samePrompt: (dataset: string, given: SplitOf, row: number, signal: AbortSignal) =>
    viewer<RowPage>('same-prompt', dataset, { ...present({ ...given }), row }, signal),
  statistics: async (dataset: string, given: SplitOf, signal: AbortSignal) =>
    (await viewer<{ statistics: ColumnStatistics[] }>('statistics', dataset, present({ ...given }), signal)).statistics,
  splits: async (dataset: string, revision: string, signal: AbortSignal) =>
    (await viewer<{ splits: { config: string; split: string }[] }>('splits', dataset, present({ revision }), signal)).splits,
  exportHref: (dataset: string, given: SplitOf, asked: Selection, format: 'jsonl' | 'parquet') =>
    `/api/viewer/export?${new URLSearchParams({ dataset, ...present({ ...given, ...asked }), format })}`,
  diff: (dataset: string, given: Record<string, string>, signal: AbortSignal) =>
    ask<Differences>(`/api/datasets/${dataset}/diff?${new URLSearchParams(present(given))}`, { signal }),
  refs: (dataset: string, signal: AbortSignal) =>
    ask<{ branches: { name: string; targetCommit: string }[]; tags: { name: string; targetCommit: string }[] }>(
      `/api/datasets/${dataset}/refs`,
      { signal },
    ),
  searches: (signal: AbortSignal) => ask<SavedSearch[]>('/api/settings/searches', { signal }),
  saveSearch: (search: SavedSearch) => ask<unknown>('/api/settings/searches', send('PUT', search)),
  removeSearch: (dataset: string, name: string) =>
    request(`/api/settings/searches?${new URLSearchParams({ dataset, name })}`, { method: 'DELETE' }),
  schema: async (signal: AbortSignal) => (await ask<{ tables: SqlTable[] }>('/api/sql/schema', { signal })).tables,
  runSql: (id: string, sql: string, limit: number, signal: AbortSignal) =>
    ask<SqlResult>('/api/sql', { ...send('POST', { id, sql, limit }), signal }),
  cancelSql: (id: string) => request(`/api/sql/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  exportSql: async (sql: string, format: SqlFormat) => (await request('/api/sql/export', send('POST', { sql, format }))).blob(),
} as const

function present(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}
