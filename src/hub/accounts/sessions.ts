import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Hub } from '../hub.ts'
import { type User, UserRow, userColumns } from './users.ts'
import type { FindSession } from './viewer.ts'

/** A session lasts two weeks from its last renewal, and gets a new secret every day that it is used. */
const LASTS_MS = 14 * 86_400_000
const ROTATES_AFTER_MS = 86_400_000

const SessionRow = z.object({ id: z.string(), user_id: z.string(), created_at: z.date(), updated_at: z.date() })

/** Name of the session cookie; `__Host-` ties it to this host and to https, where there is https. */
export const cookieName = (isSecure: boolean): string => (isSecure ? '__Host-colloquy' : 'colloquy')

/** Starts a session; gives the `Set-Cookie` header. Only a hash of the secret is stored. */
export async function startSession(hub: Hub, user: User, isSecure: boolean): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  const at = hub.now()
  await hub.database.change(
    'insert into sessions (id, user_id, token, expires_at, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)',
    [randomBytes(12).toString('hex'), user.id, hashSecret(secret), new Date(at.getTime() + LASTS_MS), at],
  )
  return cookie(secret, isSecure, LASTS_MS / 1000)
}

/** Ends the session of a request; gives the `Set-Cookie` header that forgets it. */
export async function endSession(hub: Hub, headers: Headers, isSecure: boolean): Promise<string> {
  const secret = secretOf(headers)
  if (secret) await hub.database.change('delete from sessions where token = $1', [hashSecret(secret)])
  return cookie('', isSecure, 0)
}

/** Ends all sessions of an account, as after a new password. */
export async function endSessions(hub: Hub, userId: string): Promise<void> {
  await hub.database.change('delete from sessions where user_id = $1', [userId])
}

/** Finds who a session cookie belongs to. */
export function sessionsOf(hub: Hub): FindSession {
  return async (headers) => {
    const secret = secretOf(headers)
    if (!secret) return undefined
    const sql = `select ${userColumns} from sessions join users on users.id = sessions.user_id
      where sessions.token = $1 and sessions.expires_at > $2 and users.disabled_at is null`
    return (await hub.database.select(UserRow, sql, [hashSecret(secret), hub.now()]))[0]
  }
}

/** A fresh secret for a session that is a day old; undefined where it is young, or where another request has changed it just now. */
export async function rotateSession(hub: Hub, headers: Headers, isSecure: boolean): Promise<string | undefined> {
  const secret = secretOf(headers)
  if (!secret) return undefined
  const at = hub.now()
  const [session] = await hub.database.select(SessionRow, 'select * from sessions where token = $1 and expires_at > $2', [
    hashSecret(secret),
    at,
  ])
  if (!session || at.getTime() - session.updated_at.getTime() < ROTATES_AFTER_MS) return undefined
  const fresh = randomBytes(32).toString('base64url')
  const changed = await hub.database.change(
    'update sessions set token = $2, updated_at = $3, expires_at = $4 where id = $1 and token = $5',
    [session.id, hashSecret(fresh), at, new Date(at.getTime() + LASTS_MS), hashSecret(secret)],
  )
  return changed > 0 ? cookie(fresh, isSecure, LASTS_MS / 1000) : undefined
}

function cookie(secret: string, isSecure: boolean, maxAge: number): string {
  return `${cookieName(isSecure)}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${isSecure ? '; Secure' : ''}`
}

function secretOf(headers: Headers): string | undefined {
  return /(?:^|;\s*)(?:__Host-)?colloquy=([A-Za-z0-9_-]{43})(?:;|$)/.exec(headers.get('cookie') ?? '')?.[1]
}

const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('hex')
