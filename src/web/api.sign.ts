import { ask, send } from './api.ts'

/** How people can sign in here. */
export interface SignOptions {
  /** What the button of the OpenID provider says; null where there is none. */
  openid: string | null
  hasMail: boolean
}

/** What a new account is made of. */
export interface NewAccount {
  user: string
  email: string
  fullname: string
  password: string
}

/** The address that leads to the OpenID provider. */
export const openidHref = '/api/login/openid'

/** The server's routes that these pages use. */
export const signApi = {
  options: (signal: AbortSignal) => ask<SignOptions>('/api/login/options', { signal }),
  signIn: (user: string, password: string) => ask<{ user: string }>('/api/login', send('POST', { user, password })),
  signUp: (given: NewAccount) => ask<{ user: string; isWaiting: boolean }>('/api/signup', send('POST', given)),
  setup: (given: NewAccount & { key: string }) => ask<{ user: string }>('/api/setup', send('POST', given)),
  forgot: (email: string) => ask<unknown>('/api/password/forgot', send('POST', { email })),
  reset: (token: string, password: string) => ask<unknown>('/api/password/reset', send('POST', { token, password })),
  verify: (token: string) => ask<unknown>('/api/verify', send('POST', { token })),
  demand: (id: string, key: string) =>
    ask<{ dataset: string; user: string; text: string; dueAt: string; confirmedAt: string | null }>(
      `/api/licence-demands/${encodeURIComponent(id)}/read`,
      send('POST', { key }),
    ),
  confirmDemand: (id: string, key: string, words: string) =>
    ask<unknown>(`/api/licence-demands/${encodeURIComponent(id)}/confirm`, send('POST', { key, words })),
} as const
