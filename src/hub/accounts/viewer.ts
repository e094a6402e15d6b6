import { invalidCredentials } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { findToken, type Token } from './tokens.ts'
import type { User } from './users.ts'

/** Who asks: nobody known, or an account by its session or by one of its tokens. */
export type Viewer = { kind: 'anonymous' } | { kind: 'user'; user: User; token?: Token }

/** Finds the account of a session cookie; undefined where there is none or it is over. */
export type FindSession = (headers: Headers) => Promise<User | undefined>

/**
 * Who sent a request.
 * @throws HubError 401 for a token that is not valid: never quietly anonymous, since clients then blame the dataset.
 */
export async function findViewer(hub: Hub, headers: Headers, findSession: FindSession): Promise<Viewer> {
  const authorization = headers.get('authorization')
  if (authorization) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
    const found = token ? await findToken(hub, token) : undefined
    if (!found) throw invalidCredentials()
    return { kind: 'user', ...found }
  }
  const user = headers.has('cookie') ? await findSession(headers) : undefined
  return user ? { kind: 'user', user } : { kind: 'anonymous' }
}

/** Name of a viewer for the ledger. */
export const viewerName = (viewer: Viewer): string => (viewer.kind === 'user' ? viewer.user.name : 'anonymous')
