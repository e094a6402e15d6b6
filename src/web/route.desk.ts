/** What a person sees of their own. */
export const settingsTabs = ['requests', 'agreements', 'demands', 'deletions', 'tokens', 'sessions'] as const
/** What an owner or steward works at. */
export const deskTabs = ['requests', 'grantees', 'rules', 'deletions', 'demands', 'uses', 'notices', 'ledger', 'settings'] as const
/** What an administrator works at. */
export const adminTabs = ['users', 'datasets', 'health', 'ledger'] as const

/** A tab of a person's own pages. */
export type SettingsTab = (typeof settingsTabs)[number]
/** A tab of a dataset's desk. */
export type DeskTab = (typeof deskTabs)[number]
/** A tab of the administrator's pages. */
export type AdminTab = (typeof adminTabs)[number]
/** The release, or the raw data beside it. */
export type Level = 'release' | 'raw'

/** A page for people, stewards or administrators with all that its address says. */
export type DeskPlace =
  | { page: 'search'; query: string }
  | { page: 'settings'; tab: SettingsTab }
  | { page: 'ask-access'; dataset: string; level: Level }
  | { page: 'ask-deletion'; dataset: string; conversation: string }
  | { page: 'desk' }
  | { page: 'dataset-desk'; dataset: string; tab: DeskTab; level: Level; status: RequestStatus; find: string }
  | { page: 'admin'; tab: AdminTab; find: string }
  | { page: 'docs'; name: string }

/** What the desk of a dataset is told by its address. */
export type DatasetDeskPlace = Extract<DeskPlace, { page: 'dataset-desk' }>

/** Where a request for access may stand. */
export const requestStatuses = ['pending', 'accepted', 'rejected', 'revoked'] as const
/** Where a request for access stands. */
export type RequestStatus = (typeof requestStatuses)[number]

const names = '([A-Za-z0-9][\\w.-]*)/([A-Za-z0-9][\\w.-]*)'
const datasetPath = new RegExp(`^/datasets/${names}/(access|deletion|desk)(?:/(\\w+))?/?$`)

/** Reads an address of one of these pages, or undefined. What is not known becomes the first tab. */
export function readDeskPlace(address: string, query: URLSearchParams): DeskPlace | undefined {
  const text = (name: string) => query.get(name) ?? ''
  const plain = /^\/(search|settings|desk|admin|docs)(?:\/([\w-]+))?\/?$/.exec(address)
  if (plain) {
    const [, page, tab = ''] = plain
    if (page === 'search') return tab ? undefined : { page, query: text('q') }
    if (page === 'desk') return tab ? undefined : { page }
    if (page === 'settings') return { page, tab: oneOf(settingsTabs, tab) }
    if (page === 'docs') return { page, name: tab }
    return { page: 'admin', tab: oneOf(adminTabs, tab), find: text('find') }
  }
  const match = datasetPath.exec(address)
  if (!match) return undefined
  const dataset = `${match[1]}/${match[2]}`
  const level = text('level') === 'raw' ? 'raw' : 'release'
  if (match[3] === 'access') return { page: 'ask-access', dataset, level }
  if (match[3] === 'deletion') return { page: 'ask-deletion', dataset, conversation: text('conversation').slice(0, 200) }
  return {
    page: 'dataset-desk',
    dataset,
    tab: oneOf(deskTabs, match[4] ?? ''),
    level,
    status: oneOf(requestStatuses, text('status')),
    find: text('find'),
  }
}

/** The address of a search over all datasets. */
export const searchHref = (query: string): string => `/search${query ? `?q=${encodeURIComponent(query)}` : ''}`

/** The address of one of a person's own pages. */
export const settingsHref = (tab: SettingsTab): string => `/settings/${tab}`

/** The address of the page that asks for access. */
export const askAccessHref = (dataset: string, level: Level = 'release'): string =>
  `/datasets/${dataset}/access${level === 'raw' ? '?level=raw' : ''}`

/** The address of the page that asks for deletion, of one conversation where its id is given. */
export const askDeletionHref = (dataset: string, conversation = ''): string =>
  `/datasets/${dataset}/deletion${conversation ? `?conversation=${encodeURIComponent(conversation)}` : ''}`

/** The address of a tab of a dataset's desk; what is at its first value is left out. */
export function deskHref(dataset: string, tab: DeskTab, given: { level?: Level; status?: RequestStatus; find?: string } = {}): string {
  const query = new URLSearchParams()
  if (given.level === 'raw') query.set('level', 'raw')
  if (given.status && given.status !== 'pending') query.set('status', given.status)
  if (given.find) query.set('find', given.find)
  const search = query.toString()
  return `/datasets/${dataset}/desk/${tab}${search ? `?${search}` : ''}`
}

/** The address of a tab of the administrator's pages. */
export const adminHref = (tab: AdminTab, find = ''): string => `/admin/${tab}${find ? `?find=${encodeURIComponent(find)}` : ''}`

/** The address of a page of the documentation. */
export const docsHref = (name = ''): string => `/docs${name ? `/${name}` : ''}`

/** The conversation that a person points at: its id, or a link to it in the viewer with the id in it. */
export function conversationOf(text: string): string {
  const trimmed = text.trim()
  const url = /^https?:\/\//.test(trimmed) ? URL.parse(trimmed) : null
  return url?.searchParams.get('conversation') ?? trimmed
}

function oneOf<T extends string>(all: readonly [T, ...T[]] | readonly T[], text: string): T {
  const found = all.find((one) => one === text) ?? all[0]
  if (found === undefined) throw new Error('there are no tabs')
  return found
}
