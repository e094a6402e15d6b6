import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { createToken } from './tokens.ts'
import { createUser, findUser, type User } from './users.ts'

/**
 * Writes a token of an administrator to a file (mode 600) when the file is not there yet: of the account `admin`, which is made when there is
 * none; of another one where that name is no administrator's. For programs that set a hub up without a person. True where the file was written now.
 */
export async function writeAdminToken(hub: Hub, file: string): Promise<boolean> {
  if (existsSync(file)) return false
  const admin = (await findAdmin(hub)) ?? (await makeAdmin(hub))
  const token = await createToken(hub, admin, { displayName: 'admin-token-file', role: 'write', scopes: [] }, 'hub')
  // Written aside and renamed, so that whoever waits for the file never reads half a token.
  const part = `${file}.${randomBytes(6).toString('hex')}.part`
  writeFileSync(part, `${token}\n`, { mode: 0o600 })
  renameSync(part, file)
  return true
}

const findAdmin = async (hub: Hub): Promise<User | undefined> => {
  const user = await findUser(hub.database, 'admin')
  return user?.role === 'admin' ? user : undefined
}

async function makeAdmin(hub: Hub): Promise<User> {
  const isTaken = (await findUser(hub.database, 'admin')) !== undefined
  const user = isTaken ? `admin-${randomBytes(3).toString('hex')}` : 'admin'
  const given = { user, email: `${user}@localhost.localdomain`, fullname: 'Administrator', role: 'admin' as const }
  try {
    return await createUser(hub, given, 'hub')
  } catch (error) {
    // Another server on the same database was faster.
    const made = error instanceof HubError && error.code === 'UserExists' ? await findAdmin(hub) : undefined
    if (!made) throw error
    return made
  }
}

/** True where nobody has an account yet. */
export async function isNewHub(hub: Hub): Promise<boolean> {
  return (await hub.database.select(z.object({ id: z.string() }), 'select id from users limit 1')).length === 0
}

/**
 * A one-time key to make the first administrator, where nobody has an account yet. Only its hash is kept; a restart makes a new one.
 * Undefined where there are accounts.
 */
export async function makeSetupKey(hub: Hub): Promise<string | undefined> {
  if (!(await isNewHub(hub))) return undefined
  const key = randomBytes(24).toString('base64url')
  await hub.database.change(
    "insert into secrets (name, value) values ('setup', $1) on conflict (name) do update set value = excluded.value",
    [hashKey(key)],
  )
  return key
}

/** True where a key is the one of the printed link and still unused. */
export async function setupKeyMatches(hub: Hub, key: string): Promise<boolean> {
  const [secret] = await hub.database.select(z.object({ value: z.string() }), "select value from secrets where name = 'setup'")
  return secret !== undefined && timingSafeEqual(Buffer.from(secret.value), Buffer.from(hashKey(key))) && (await isNewHub(hub))
}

const hashKey = (key: string) => createHash('sha256').update(key).digest('hex')
