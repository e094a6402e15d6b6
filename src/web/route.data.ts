/** What the viewer shows. `query` is the search box, `where` a condition that a link from elsewhere brings, `row` opens the reader, `message` is one of its messages. */
export interface View {
  config: string
  split: string
  revision: string
  query: string
  where: string
  orderby: string
  row: number | null
  message: number | null
  /** How found rows are shown; empty: hits where words are searched, else a table. */
  layout: string
  /** The page of hits, from 1. */
  part: number | null
  /** Columns that are left out, separated by commas. */
  hide: string
  /** Rows drawn at random, and by which seed. */
  sample: number | null
  seed: number | null
}

/** A page for researchers with all that its address says. */
export type DataPlace =
  | ({ page: 'viewer'; dataset: string } & View)
  | ({ page: 'statistics'; dataset: string } & View)
  | { page: 'compare'; dataset: string; config: string; split: string; revision: string; row: number | null; hide: string }
  | {
      page: 'diff'
      dataset: string
      config: string
      split: string
      base: string
      head: string
      kind: string
      from: number | null
      id: string
    }
  | { page: 'sql'; dataset: string }

const names = '([A-Za-z0-9][\\w.-]*)/([A-Za-z0-9][\\w.-]*)'
const path = new RegExp(`^/datasets/${names}/(viewer|statistics|compare|diff)/?$`)

/** Reads an address of one of these pages, or undefined. What is out of bounds is left out. */
export function readDataPlace(address: string, query: URLSearchParams): DataPlace | undefined {
  if (/^\/sql\/?$/.test(address)) return { page: 'sql', dataset: query.get('dataset') ?? '' }
  const match = path.exec(address)
  if (!match) return undefined
  const dataset = `${match[1]}/${match[2]}`
  const text = (name: string) => query.get(name) ?? ''
  const number = (name: string) => wholeNumber(text(name))
  const split = { config: text('config'), split: text('split') }
  if (match[3] === 'compare')
    return { page: 'compare', dataset, ...split, revision: text('revision'), row: number('row'), hide: text('hide') }
  if (match[3] === 'diff')
    return {
      page: 'diff',
      dataset,
      ...split,
      base: text('base'),
      head: text('head'),
      kind: text('kind'),
      from: number('from'),
      id: text('id'),
    }
  return {
    page: match[3] === 'statistics' ? 'statistics' : 'viewer',
    dataset,
    ...split,
    revision: text('revision'),
    query: text('q'),
    where: text('where'),
    orderby: text('orderby'),
    row: number('row'),
    message: number('message'),
    layout: text('layout'),
    part: number('page'),
    hide: text('hide'),
    sample: number('sample'),
    seed: number('seed'),
  }
}

/** The address of a view; what is empty is left out. */
export const viewHref = (dataset: string, view: Partial<View>): string => `/datasets/${dataset}/viewer${searchOf(view)}`

/** The address of the statistics of a view. */
export const statisticsHref = (dataset: string, view: Partial<View>): string => `/datasets/${dataset}/statistics${searchOf(view)}`

/** The address of conversations that begin as one row does. */
export const compareHref = (
  dataset: string,
  given: { config?: string; split?: string; revision?: string; row: number | null; hide?: string },
): string => `/datasets/${dataset}/compare${written({ ...given })}`

/** The address of a comparison of two versions. */
export const diffHref = (
  dataset: string,
  given: { config?: string; split?: string; base?: string; head?: string; kind?: string; from?: number | null; id?: string },
): string => `/datasets/${dataset}/diff${written({ ...given })}`

function searchOf({ query, part, ...rest }: Partial<View>): string {
  const { config, split, revision, where, orderby, row, message, layout, hide, sample, seed } = rest
  return written({ config, split, revision, q: query, where, orderby, layout, page: part, hide, sample, seed, row, message })
}

function written(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const search = query.toString()
  return search ? `?${search}` : ''
}

function wholeNumber(text: string): number | null {
  return /^\d{1,12}$/.test(text) ? Number(text) : null
}
