/** What the leaderboard's page shows below its table. */
export const boardViews = ['wins', 'counts', 'days', 'method'] as const

/** A page of the collection site with all that its address says. */
export type ChatPlace =
  | { page: 'chat'; conversation: string }
  | { page: 'shared'; share: string }
  | { page: 'arena'; conversation: string; isNamed: boolean }
  | { page: 'leaderboard'; category: string; isStyleControlled: boolean; view: (typeof boardViews)[number] }
  | { page: 'withdraw' }
  | { page: 'operator'; minutes: number }

/** Reads an address of one of these pages, or undefined. */
export function readChatPlace(path: string, query: URLSearchParams): ChatPlace | undefined {
  const shared = /^\/chat\/shared\/([\w-]{1,100})\/?$/.exec(path)
  if (shared?.[1]) return { page: 'shared', share: shared[1] }
  const match = /^\/(chat|arena|leaderboard|withdraw|operator)(?:\/([\w-]{1,100}))?\/?$/.exec(path)
  if (!match) return undefined
  const [, page, id = ''] = match
  if (page === 'chat') return { page, conversation: id }
  if (page === 'arena') return { page, conversation: id, isNamed: query.get('named') === 'true' }
  if (id) return undefined
  if (page === 'leaderboard') {
    const view = boardViews.find((one) => one === query.get('view')) ?? 'wins'
    return { page, category: query.get('category') || 'all', isStyleControlled: query.get('style') === 'true', view }
  }
  if (page === 'withdraw') return { page }
  const minutes = Number(query.get('minutes'))
  return { page: 'operator', minutes: Number.isInteger(minutes) && minutes >= 1 && minutes <= 1440 ? minutes : 60 }
}

/** The address of a chat, or of a new one. */
export const chatHref = (conversation = ''): string => (conversation ? `/chat/${conversation}` : '/chat')

/** The address of a battle, of a new one, or of a new comparison of named models. */
export const arenaHref = (conversation = '', isNamed = false): string =>
  `/arena${conversation ? `/${conversation}` : ''}${isNamed && !conversation ? '?named=true' : ''}`

/** The address of a leaderboard; what is at its first value is left out. */
export function boardHref(given: { category: string; isStyleControlled: boolean; view: (typeof boardViews)[number] }): string {
  const query = new URLSearchParams()
  if (given.category !== 'all') query.set('category', given.category)
  if (given.isStyleControlled) query.set('style', 'true')
  if (given.view !== 'wins') query.set('view', given.view)
  const search = query.toString()
  return `/leaderboard${search ? `?${search}` : ''}`
}

/** The address of the operator's page. */
export const operatorHref = (minutes: number): string => `/operator${minutes === 60 ? '' : `?minutes=${minutes}`}`
