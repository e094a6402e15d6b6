import type { Token } from './tokens.ts'
import type { User } from './users.ts'

/** Who asks: nobody known, or an account by its session or by one of its tokens. */
export type Viewer = { kind: 'anonymous' } | { kind: 'user'; user: User; token?: Token }

/** Finds the account of a session cookie; undefined where there is none or it is over. */
export type FindSession = (headers: Headers) => Promise<User | undefined>

/** Name of a viewer for the ledger. */
export const viewerName = (viewer: Viewer): string => (viewer.kind === 'user' ? viewer.user.name : 'anonymous')
