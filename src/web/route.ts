import { type ChatPlace, readChatPlace } from './route.chat.ts'
import { type DataPlace, readDataPlace } from './route.data.ts'
import { type DeskPlace, readDeskPlace } from './route.desk.ts'

export { type View, viewHref } from './route.data.ts'

/** A page of the hub with everything that its address says. The address is the only state that a page has. */
export type Place =
  | { page: 'home'; search: string }
  | { page: 'dataset'; dataset: string; revision: string }
  | DataPlace
  | { page: 'sign-in'; from: string }
  | { page: 'setup' }
  | ChatPlace
  | { page: 'mailed'; kind: 'reset' | 'verify' }
  | { page: 'confirm' }
  | DeskPlace
  | { page: 'unknown' }

const names = '([A-Za-z0-9][\\w.-]*)/([A-Za-z0-9][\\w.-]*)'
const datasetPath = new RegExp(`^/datasets/${names}/?$`)

/** Reads an address. Never throws: what is not known is `unknown`, what is out of bounds is left out. */
export function readPlace(path: string, search: string): Place {
  const query = new URLSearchParams(search)
  const text = (name: string) => query.get(name) ?? ''
  if (path === '/') return { page: 'home', search: text('search') }
  if (path === '/sign-in') return { page: 'sign-in', from: localPath(text('from')) }
  if (path === '/setup') return { page: 'setup' }
  const data = readDataPlace(path, query)
  if (data) return data
  const chat = readChatPlace(path, query)
  if (chat) return chat
  if (path === '/confirm') return { page: 'confirm' }
  if (path === '/reset' || path === '/verify') return { page: 'mailed', kind: path === '/reset' ? 'reset' : 'verify' }
  const desk = readDeskPlace(path, query)
  if (desk) return desk
  const match = datasetPath.exec(path)
  if (!match) return { page: 'unknown' }
  return { page: 'dataset', dataset: `${match[1]}/${match[2]}`, revision: text('revision') }
}

/** The address of a dataset's page, as it was at a revision where one is given. */
export const datasetHref = (dataset: string, revision = ''): string => `/datasets/${dataset}${revision ? `?revision=${revision}` : ''}`

/** A path of this site, or `/` for everything else: `//elsewhere` and `javascript:` must not be led to after signing in. */
export function localPath(path: string): string {
  return /^\/(?![/\\])[^\\]*$/.test(path) && !/\p{Cc}/u.test(path) ? path : '/'
}
