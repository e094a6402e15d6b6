import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isUniqueViolation, type Queries } from '../../storage/database.ts'
import { conflict } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { hashPassword } from './passwords.ts'

/** What an account may do everywhere; `owner` and `steward` may also be given for one namespace. */
export type Role = 'reader' | 'steward' | 'owner' | 'admin'

/** An account. */
export interface User {
  id: string
  name: string
  email: string
  emailVerified: boolean
  fullname: string
  role: Role
  createdAt: Date
}

/** Reads a user row; columns as `userColumns`. */
export const UserRow: z.ZodType<User> = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    email_verified: z.boolean(),
    fullname: z.string(),
    role: z.enum(['reader', 'steward', 'owner', 'admin']),
    created_at: z.coerce.date(),
  })
  .transform(({ email_verified, created_at, ...rest }) => ({ ...rest, emailVerified: email_verified, createdAt: created_at }))

/** Columns of `UserRow`, of a table named `users`. */
export const userColumns = 'users.id, users.name, users.email, users.email_verified, users.fullname, users.role, users.created_at'

/** Names of accounts, organizations and datasets: what a path segment and a git host can carry. */
export const NamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9]|[-._](?=[A-Za-z0-9])){0,95}$/

/** Names that would collide with pages and paths of our own, or that the ledger uses for who is nobody's account. */
const reserved = new Set([
  'hub',
  'anonymous',
  'api',
  'datasets',
  'docs',
  'login',
  'signup',
  'settings',
  'organizations',
  'models',
  'spaces',
  'search',
  'health',
  'metrics',
])

/** What an administrator gives to make an account. */
export const NewUser = z.object({
  user: z.string().regex(NamePattern, 'letters, digits and single - . _ between them, at most 96'),
  email: z.email().max(254),
  fullname: z.string().max(200).default(''),
  password: z.string().min(8, 'at least 8 characters').max(256).optional(),
  role: z.enum(['reader', 'steward', 'owner', 'admin']).default('reader'),
})
/** What an administrator gives to make an account, parsed. */
export type NewUser = z.infer<typeof NewUser>

/**
 * Makes an account with its namespace. Its address counts as proven unless the person makes it for themselves.
 * @throws HubError 409 `UserExists`, the same for a taken name and a taken address.
 */
export async function createUser(hub: Hub, given: NewUser, actor: string): Promise<User> {
  if (isReserved(given.user)) throw conflict('UserExists', `The name '${given.user}' is reserved. Choose another.`)
  const id = randomBytes(12).toString('hex')
  const at = hub.now()
  const emailVerified = actor !== given.user
  const hash = given.password === undefined ? undefined : await hashPassword(given.password)
  try {
    await hub.database.transaction(async (queries) => {
      await queries.change(
        'insert into users (id, name, email, fullname, email_verified, role, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)',
        [id, given.user, given.email.toLowerCase(), given.fullname, emailVerified, given.role, at],
      )
      if (hash) {
        await queries.change(
          "insert into credentials (id, user_id, account_id, provider_id, password) values ($1, $2, $2, 'credential', $3)",
          [randomBytes(12).toString('hex'), id, hash],
        )
      }
      await appendEntries(queries, [{ actor, action: 'user.created', detail: { user: given.user, role: given.role } }], at)
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('UserExists', `The name '${given.user}' or the e-mail address is taken.`)
    throw error
  }
  return { id, name: given.user, email: given.email, emailVerified, fullname: given.fullname, role: given.role, createdAt: at }
}

const isReserved = (name: string): boolean => reserved.has(name.toLowerCase())

/** True where a name can be given to a new account: well formed, not reserved, and no account's or organization's. */
export async function isFreeName(queries: Queries, name: string): Promise<boolean> {
  // The administrators' own: nobody gives it to themselves.
  if (!NamePattern.test(name) || isReserved(name) || name.toLowerCase() === 'admin') return false
  const Taken = z.object({ name: z.string() })
  return (await queries.select(Taken, 'select name from namespaces where lower(name) = lower($1)', [name])).length === 0
}

/** A free name for someone who comes from elsewhere: the first wish that can be made into one, with a number where it is taken. */
export async function suggestName(queries: Queries, wishes: readonly string[]): Promise<string> {
  for (const wish of [...wishes, 'user']) {
    const plain = wish
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60)
    if (plain === '' || plain === 'undefined') continue
    for (const name of [plain, ...Array.from({ length: 20 }, (_, index) => `${plain}-${index + 2}`)])
      if (await isFreeName(queries, name)) return name
  }
  return `user-${randomBytes(6).toString('hex')}`
}

/** Whose address it is: the account that has proven it, else the first that was made with it. */
export async function findByAddress(queries: Queries, email: string): Promise<User | undefined> {
  const sql = `select ${userColumns} from users where lower(email) = lower($1) order by email_verified desc, created_at, id limit 1`
  return (await queries.select(UserRow, sql, [email]))[0]
}

/** The account of a name, whatever its case. */
export async function findUser(queries: Queries, name: string): Promise<User | undefined> {
  return (await queries.select(UserRow, `select ${userColumns} from users where lower(name) = lower($1)`, [name]))[0]
}
