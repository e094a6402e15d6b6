import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import type { User } from './users.ts'

/** What a personal token may do: everything its owner may read, also write, or only what its scopes list. */
export type TokenRole = 'read' | 'write' | 'fineGrained'

/** One line of a fine-grained token. */
export const Scope = z.object({ dataset: z.string().max(200), permissions: z.array(z.enum(['read', 'write'])) })
/** One line of a fine-grained token, parsed. */
export type Scope = z.infer<typeof Scope>

/** A personal token without its secret. */
export interface Token {
  id: string
  displayName: string
  role: TokenRole
  scopes: Scope[]
  ending: string
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
}

/** Reads a row of `tokens`, from a column each or as JSON. */
export const TokenRow: z.ZodType<Token> = z
  .object({
    id: z.string(),
    display_name: z.string(),
    role: z.enum(['read', 'write', 'fineGrained']),
    scopes: z.array(Scope),
    ending: z.string(),
    created_at: z.coerce.date(),
    expires_at: z.coerce.date().nullable(),
    last_used_at: z.coerce.date().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    displayName: row.display_name,
    role: row.role,
    scopes: row.scopes,
    ending: row.ending,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }))

/** What is needed to make a token. `expiresInDays` 1–3650; without it the token holds until it is revoked. */
export const NewToken = z.object({
  displayName: z.string().min(1).max(100),
  role: z.enum(['read', 'write', 'fineGrained']).default('read'),
  scopes: z.array(Scope).max(200).default([]),
  expiresInDays: z.int().min(1).max(3650).optional(),
})
/** What is needed to make a token, parsed. */
export type NewToken = z.infer<typeof NewToken>

/** How stale "last used" may be: one write a minute and token, not one a request. */
const LAST_USED_STEP_MS = 60_000

/** Makes a token; its text (`hf_` and 34 letters and digits) is shown this once and only its SHA-256 is kept. */
export async function createToken(hub: Hub, user: User, given: NewToken, actor: string): Promise<string> {
  const token = `hf_${randomText(34)}`
  const at = hub.now()
  const expiresAt = given.expiresInDays === undefined ? null : new Date(at.getTime() + given.expiresInDays * 86_400_000)
  await hub.database.transaction(async (queries) => {
    await queries.change(
      `insert into tokens (id, user_id, display_name, role, scopes, hash, ending, created_at, expires_at)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9)`,
      [
        randomBytes(12).toString('hex'),
        user.id,
        given.displayName,
        given.role,
        JSON.stringify(given.scopes),
        hashToken(token),
        token.slice(-4),
        at,
        expiresAt,
      ],
    )
    await appendEntries(
      queries,
      [{ actor, action: 'token.created', detail: { user: user.name, name: given.displayName, role: given.role } }],
      at,
    )
  })
  return token
}

/** Keeps when a token was last used, once a minute. */
export async function noteUse(hub: Hub, token: Token, at: Date): Promise<void> {
  if (token.lastUsedAt && at.getTime() - token.lastUsedAt.getTime() <= LAST_USED_STEP_MS) return
  await hub.database.change('update tokens set last_used_at = $2 where id = $1', [token.id, at])
}

/** A user's tokens that still hold, newest first. */
export async function listTokens(hub: Hub, user: User): Promise<Token[]> {
  return hub.database.select(TokenRow, 'select * from tokens where user_id = $1 and revoked_at is null order by created_at desc', [user.id])
}

/** Ends a token at once; false where the user has no such token. */
export async function revokeToken(hub: Hub, user: User, id: string): Promise<boolean> {
  const changed = await hub.database.change('update tokens set revoked_at = $3 where id = $1 and user_id = $2 and revoked_at is null', [
    id,
    user.id,
    hub.now(),
  ])
  if (changed > 0) await hub.ledger.append({ actor: user.name, action: 'token.revoked', detail: { id } })
  return changed > 0
}

/** What is kept of a token's text: its SHA-256 in hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

function randomText(length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  let text = ''
  while (text.length < length) {
    // 248 is the largest multiple of 62 below 256: dropping the rest keeps every letter equally likely.
    for (const byte of randomBytes(length)) if (byte < 248 && text.length < length) text += letters[byte % 62]
  }
  return text
}
