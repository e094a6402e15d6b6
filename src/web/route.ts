/** A page of the hub with everything that its address says. The address is the only state that a page has. */
export type Place =
  | { page: 'home'; search: string }
  | { page: 'dataset'; dataset: string; revision: string }
  | ({ page: 'viewer'; dataset: string } & View)
  | { page: 'sign-in'; from: string }
  | { page: 'setup' }
  | { page: 'unknown' }

/** What the viewer shows. `row` opens the reader; `message` is the message that a deep link points at. */
export interface View {
  config: string
  split: string
  query: string
  where: string
  orderby: string
  row: number | null
  message: number | null
}

const names = '([A-Za-z0-9][\\w.-]*)/([A-Za-z0-9][\\w.-]*)'
const datasetPath = new RegExp(`^/datasets/${names}(/viewer)?/?$`)

/** Reads an address. Never throws: what is not known is `unknown`, what is out of bounds is left out. */
export function readPlace(path: string, search: string): Place {
  const query = new URLSearchParams(search)
  const text = (name: string) => query.get(name) ?? ''
  if (path === '/') return { page: 'home', search: text('search') }
  if (path === '/sign-in') return { page: 'sign-in', from: localPath(text('from')) }
  if (path === '/setup') return { page: 'setup' }
  const match = datasetPath.exec(path)
  if (!match) return { page: 'unknown' }
  const dataset = `${match[1]}/${match[2]}`
  if (!match[3]) return { page: 'dataset', dataset, revision: text('revision') }
  return {
    page: 'viewer',
    dataset,
    config: text('config'),
    split: text('split'),
    query: text('q'),
    where: text('where'),
    orderby: text('orderby'),
    row: wholeNumber(text('row')),
    message: wholeNumber(text('message')),
  }
}

/** The address of a dataset's page. */
export const datasetHref = (dataset: string): string => `/datasets/${dataset}`

/** The address of a view; what is empty is left out. */
export function viewHref(dataset: string, view: Partial<View>): string {
  const query = new URLSearchParams()
  const { config, split, query: q, where, orderby, row, message } = view
  for (const [name, value] of Object.entries({ config, split, q, where, orderby, row, message })) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const search = query.toString()
  return `/datasets/${dataset}/viewer${search ? `?${search}` : ''}`
}

/** A path of this site, or `/` for everything else: `//elsewhere` and `javascript:` must not be led to after signing in. */
export function localPath(path: string): string {
  return /^\/(?![/\\])[^\\]*$/.test(path) && !/\p{Cc}/u.test(path) ? path : '/'
}

function wholeNumber(text: string): number | null {
  return /^\d{1,12}$/.test(text) ? Number(text) : null
}
