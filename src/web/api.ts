import { ApiError, errorOf, refusalOf, unreadable } from './api.error.ts'
import type { Commit, Dataset, Session, SplitName } from './api.shapes.ts'
import { texts } from './texts.ts'

export type * from './api.shapes.ts'
export { ApiError, errorOf }

/** Asks the server for JSON. @throws ApiError with status 0 where it cannot be reached, or its answer ends early or is no JSON. */
export async function ask<T>(path: string, given: RequestInit = {}): Promise<T> {
  const response = await request(path, given)
  try {
    const body: T = await response.json()
    return body
  } catch (error) {
    if (given.signal?.aborted) throw error
    throw unreadable(error)
  }
}

/** One request; the answer is the caller's to read. @throws ApiError with the server's code and words. */
export async function request(path: string, given: RequestInit): Promise<Response> {
  let response: Response
  try {
    // Pages show what is there now: the dataset-viewer API lets programs keep its answers for two minutes, in which a deletion would not show.
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-cache', ...given })
  } catch (error) {
    if (given.signal?.aborted) throw error
    throw new ApiError(0, 'Unreachable', texts.offline)
  }
  if (response.ok) return response
  throw await refusalOf(response)
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')
/** The parts of a request that carries JSON. */
export const send = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

/** Asks the dataset-viewer API. */
export function viewer<T>(
  kind: string,
  dataset: string,
  query: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<T> {
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
  text: async (id: string, revision: string, path: string, signal: AbortSignal) =>
    (await request(`/datasets/${id}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`, { signal })).text(),
  splits: async (id: string, signal: AbortSignal) => (await viewer<{ splits: SplitName[] }>('splits', id, {}, signal)).splits,
  size: (id: string, signal: AbortSignal) => viewer<{ size: { dataset: { num_rows: number } } }>('size', id, {}, signal),
  session: (signal: AbortSignal) => ask<Session | null>('/api/session', { signal }),
  signOut: () => ask<unknown>('/api/logout', send('POST', {})),
} as const
