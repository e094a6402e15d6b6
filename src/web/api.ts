/** What went wrong with a request: the server's status, its stable code, and its words, which name the way out. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** A file of a dataset at a revision. */
export interface DatasetFile {
  rfilename: string
  size?: number
  blobId?: string
  lfs?: { size: number; sha256: string }
}

/** A dataset as the hub describes it. */
export interface Dataset {
  id: string
  sha: string
  createdAt: string
  lastModified: string
  private: boolean
  gated: false | 'auto' | 'manual'
  downloads: number
  tags: string[]
  cardData: Record<string, unknown>
  description: string
  siblings?: DatasetFile[]
  usedStorage?: number
}

/** A commit of a dataset. */
export interface Commit {
  id: string
  title: string
  date: string
}

/** A column of a split. */
export interface Feature {
  name: string
  type: unknown
}

/** Where a search found its words: spans are [start, end) in UTF-16 units of the message. */
export interface Match {
  column: string
  message: number
  role: string
  spans: [number, number][]
}

/** One row with its place in the split. */
export interface Row {
  row_idx: number
  row: Record<string, unknown>
  truncated_cells?: string[]
  matches?: Match[]
}

/** A page of rows. */
export interface RowPage {
  features: Feature[]
  rows: Row[]
  num_rows_total: number
}

/** Figures of a column. */
export interface ColumnStatistics {
  column_name: string
  column_type: string
  column_statistics: {
    nan_count?: number
    nan_proportion?: number
    min?: number
    max?: number
    mean?: number
    median?: number
    n_unique?: number
    frequencies?: Record<string, number>
    histogram?: { hist: number[]; bin_edges: number[] }
  }
}

/** A field of the form that asks for access. */
export interface FormField {
  name: string
  type: string
  options: string[]
}

/** Where the reader stands with a gated dataset. */
export interface Access {
  isAllowed: boolean
  refusal?: string
  request: { status: 'pending' | 'accepted' | 'rejected' | 'revoked'; reason: string | null } | null
  terms: { version: number; heading: string; text: string; fields: FormField[] }
}

/** Who is signed in. */
export interface Session {
  user: string
  fullname: string
  role: string
}

/** One split of a dataset. */
export interface SplitName {
  config: string
  split: string
}

/** Asks the server for JSON. @throws ApiError with status 0 where it cannot be reached. */
async function ask<T>(path: string, given: RequestInit = {}): Promise<T> {
  const response = await request(path, given)
  const body: T = await response.json()
  return body
}

async function request(path: string, given: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', ...given })
  } catch (error) {
    if (given.signal?.aborted) throw error
    throw new ApiError(0, 'Unreachable', '')
  }
  if (response.ok) return response
  const words: unknown = await response.json().catch(() => undefined)
  const message = typeof words === 'object' && words !== null && 'error' in words ? String(words.error) : response.statusText
  throw new ApiError(response.status, response.headers.get('X-Error-Code') ?? '', message)
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')
const send = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

function viewer<T>(kind: string, dataset: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal): Promise<T> {
  const search = new URLSearchParams({ dataset })
  for (const [name, value] of Object.entries(query)) search.set(name, String(value))
  return ask<T>(`/api/viewer/${kind}?${search}`, { signal })
}

/** The server's routes that the pages use; this file alone talks to the server. */
export const api = {
  datasets: (search: string, signal: AbortSignal) =>
    ask<Dataset[]>(`/api/datasets?limit=200&search=${encodeURIComponent(search)}`, { signal }),
  dataset: (id: string, revision: string, signal: AbortSignal) =>
    ask<Dataset>(`/api/datasets/${id}${revision ? `/revision/${encodeURIComponent(revision)}` : ''}?blobs=true`, { signal }),
  commits: (id: string, signal: AbortSignal) => ask<Commit[]>(`/api/datasets/${id}/commits/main?limit=50`, { signal }),
  access: (id: string, signal: AbortSignal) => ask<Access>(`/api/datasets/${id}/access`, { signal }),
  askAccess: (id: string, fields: Readonly<Record<string, unknown>>) =>
    ask<unknown>(`/api/datasets/${id}/user-access-request`, send('POST', { fields })),
  text: async (id: string, revision: string, path: string, signal: AbortSignal) =>
    (await request(`/datasets/${id}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`, { signal })).text(),
  splits: async (id: string, signal: AbortSignal) => (await viewer<{ splits: SplitName[] }>('splits', id, {}, signal)).splits,
  size: (id: string, signal: AbortSignal) => viewer<{ size: { dataset: { num_rows: number } } }>('size', id, {}, signal),
  rows: (id: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal) => viewer<RowPage>('rows', id, query, signal),
  search: (id: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal) =>
    viewer<RowPage>('search', id, query, signal),
  filter: (id: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal) =>
    viewer<RowPage>('filter', id, query, signal),
  statistics: async (id: string, query: SplitName, signal: AbortSignal) =>
    (await viewer<{ statistics: ColumnStatistics[] }>('statistics', id, { ...query }, signal)).statistics,
  session: (signal: AbortSignal) => ask<Session | null>('/api/session', { signal }),
  signIn: (user: string, password: string) => ask<unknown>('/api/login', send('POST', { user, password })),
  signUp: (given: { user: string; email: string; password: string }) =>
    ask<unknown>('/api/signup', send('POST', { ...given, fullname: given.user })),
  setup: (given: { user: string; email: string; password: string; key: string }) =>
    ask<unknown>('/api/setup', send('POST', { ...given, fullname: given.user })),
  signOut: () => ask<unknown>('/api/logout', send('POST', {})),
} as const
