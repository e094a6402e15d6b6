import { z } from 'zod'
import type { Hub } from '../hub.ts'
import { keptReads, type Reading } from '../kept-reads.ts'
import { authOf } from './auth.ts'
import { hashToken } from './tokens.ts'
import { type User, UserRow, userColumns } from './users.ts'
import type { FindSession } from './viewer.ts'

/** A session gets a new secret every day that it is used. */
const ROTATES_AFTER_MS = 86_400_000

/** The present session of a request, with its secret. */
export interface Session {
  id: string
  token: string
  userId: string
  updatedAt: Date
  expiresAt: Date
}

/** Reads the session of a cookie; undefined where there is none or it is over. */
export async function readSession(hub: Hub, headers: Headers): Promise<Session | undefined> {
  const auth = authOf(hub, placeOf(hub, headers))
  const found = await auth.api.getSession({ headers, query: { disableRefresh: true, disableCookieCache: true } })
  if (!found) return undefined
  const { id, token, userId, updatedAt, expiresAt } = found.session
  return { id, token, userId, updatedAt, expiresAt }
}

/** Which of our addresses a cookie is for matters by its scheme alone; where we are known to be on https, only the guarded name counts. */
function placeOf({ options: { publicUrl } }: Hub, headers: Headers): string {
  if (publicUrl) return publicUrl.replace(/\/+$/, '')
  return headers.get('cookie')?.includes('__Host-colloquy=') ? 'https://localhost' : 'http://localhost'
}

/** Finds who a session cookie belongs to; nobody where the account is closed. */
export function sessionsOf(hub: Hub): FindSession {
  return (headers) => keptReads(hub).get(`session ${hashToken(headers.get('cookie') ?? '')}`, () => readAccount(hub, headers))
}

async function readAccount(hub: Hub, headers: Headers): Promise<Reading<User | undefined>> {
  const session = await readSession(hub, headers)
  if (!session) return { value: undefined }
  const sql = `select ${userColumns} from users where id = $1 and disabled_at is null`
  return { value: (await hub.database.select(UserRow, sql, [session.userId]))[0], endsAt: session.expiresAt }
}

/** Starts a session, in place of another if one is given; gives the `Set-Cookie` headers. */
export async function startSession(
  hub: Hub,
  given: { userId: string; instead?: string; headers: Headers; origin: string },
): Promise<string[]> {
  const { userId, instead, headers, origin } = given
  const body = { userId, ...(instead === undefined ? {} : { instead }) }
  const { headers: reply } = await authOf(hub, origin).api.startSession({ body, headers, returnHeaders: true })
  return reply.getSetCookie()
}

/** A fresh secret for a session that is a day old; nothing where it is young. */
export async function rotateSession(hub: Hub, headers: Headers, origin: string): Promise<string[]> {
  const session = await readSession(hub, headers)
  if (!session || hub.now().getTime() - session.updatedAt.getTime() < ROTATES_AFTER_MS) return []
  return startSession(hub, { userId: session.userId, instead: session.token, headers, origin })
}

/** Ends the session of a request; gives the `Set-Cookie` headers that forget it. */
export async function endSession(hub: Hub, headers: Headers, origin: string): Promise<string[]> {
  const { headers: reply } = await authOf(hub, origin).api.signOut({ headers, returnHeaders: true })
  return reply.getSetCookie()
}

/** Ends all sessions of an account, as after a new password. */
export async function endSessions(hub: Hub, userId: string): Promise<void> {
  await hub.database.change('delete from sessions where user_id = $1', [userId])
}

/** A session without its secret, as its owner sees it. */
export interface SessionInfo {
  id: string
  /** What the browser said of itself when it logged in. */
  userAgent: string
  createdAt: Date
  renewedAt: Date
  expiresAt: Date
}

const SessionRow: z.ZodType<SessionInfo> = z
  .object({ id: z.string(), user_agent: z.string().nullable(), created_at: z.date(), updated_at: z.date(), expires_at: z.date() })
  .transform(({ id, user_agent, created_at, updated_at, expires_at }) => ({
    id,
    userAgent: user_agent ?? '',
    createdAt: created_at,
    renewedAt: updated_at,
    expiresAt: expires_at,
  }))

/** An account's sessions that still hold, newest first. */
export function listSessions(hub: Hub, user: User): Promise<SessionInfo[]> {
  const sql = 'select * from sessions where user_id = $1 and expires_at > $2 order by created_at desc, id'
  return hub.database.select(SessionRow, sql, [user.id, hub.now()])
}

/** Ends one session of an account; false where it has no such session. */
export async function revokeSession(hub: Hub, user: User, id: string): Promise<boolean> {
  return (await hub.database.change('delete from sessions where id = $1 and user_id = $2', [id, user.id])) > 0
}
