import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { readJson } from '../body.ts'
import { HubError, loginRequired, notAllowed } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { accountRoute, type Call, openRoute, type Route } from '../routes.ts'
import { takeAttempt } from './attempts.ts'
import { setupKeyMatches } from './first-admin.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { endSession, endSessions, rotateSession, startSession } from './sessions.ts'
import { createUser, NewUser, type User, UserRow, userColumns } from './users.ts'

const Login = z.object({ user: z.string().max(254), password: z.string().max(256) })
const SignUp = NewUser.omit({ role: true }).required({ password: true })
const Setup = SignUp.extend({ key: z.string().max(200) })
const NewPassword = z.object({ old: z.string().max(256), new: z.string().min(8, 'at least 8 characters').max(256) })
const Me = z.object({ user: z.string() })

/** Logging in by password. What fails here fails with the same words and in the same time, whether the account exists or not. */
export const loginRoutes: Route[] = [
  openRoute(
    {
      method: 'POST',
      path: '/api/login',
      summary: 'Log in: name or e-mail address, and password; sets the session cookie',
      body: Login,
      reply: Me,
    },
    async (call) => {
      const { hub, context } = call
      const given = await readJson(context, Login)
      takeAttempt(hub, [`login:${given.user.toLowerCase()}`, `from:${sourceOf(call)}`])
      const user = await checkPassword(hub, given.user, given.password)
      if (!user) throw new HubError(401, 'LoginFailed', 'Name or password is wrong.')
      context.header('Set-Cookie', await startSession(hub, user, isSecure(call)))
      return context.json({ user: user.name })
    },
  ),
  openRoute({ method: 'POST', path: '/api/logout', summary: 'End this session' }, async (call) => {
    call.context.header('Set-Cookie', await endSession(call.hub, call.context.req.raw.headers, isSecure(call)))
    return call.context.json({})
  }),
  openRoute({ method: 'POST', path: '/api/signup', summary: 'Make an account for yourself', body: SignUp, reply: Me }, async (call) => {
    const { hub, context } = call
    takeAttempt(hub, [`signup:${sourceOf(call)}`])
    const given = await readJson(context, SignUp)
    // The address is not proven yet, so no rule for its domain applies to it.
    const user = await createUser(hub, { ...given, role: 'reader' }, given.user)
    context.header('Set-Cookie', await startSession(hub, user, isSecure(call)))
    return context.json({ user: user.name }, 201)
  }),
  openRoute(
    {
      method: 'POST',
      path: '/api/setup',
      summary: 'Make the first administrator, with the key of the link printed at first start',
      body: Setup,
      reply: Me,
    },
    async (call) => {
      const { hub, context } = call
      takeAttempt(hub, [`setup:${sourceOf(call)}`])
      const { key, ...given } = await readJson(context, Setup)
      if (!(await setupKeyMatches(hub, key))) throw notAllowed('This link has been used, or is not the one that was printed.')
      const user = await createUser(hub, { ...given, role: 'admin' }, 'hub')
      await hub.database.change("delete from secrets where name = 'setup'")
      context.header('Set-Cookie', await startSession(hub, user, isSecure(call)))
      return context.json({ user: user.name }, 201)
    },
  ),
  openRoute(
    { method: 'GET', path: '/api/session', summary: 'Who you are, or null; renews the session', reply: Me.nullable() },
    async (call) => {
      const { hub, context, viewer } = call
      if (viewer.kind === 'anonymous') return context.json(null)
      const renewed = viewer.token ? undefined : await rotateSession(hub, context.req.raw.headers, isSecure(call))
      if (renewed) context.header('Set-Cookie', renewed)
      const { name, fullname, role } = viewer.user
      return context.json({ user: name, fullname, role })
    },
  ),
  accountRoute(
    {
      method: 'PUT',
      path: '/api/settings/password',
      summary: 'Change your password; ends your other sessions',
      needs: 'write',
      body: NewPassword,
    },
    async (call) => {
      const { hub, context, user } = call
      takeAttempt(hub, [`login:${user.name.toLowerCase()}`])
      const given = await readJson(context, NewPassword)
      if (!(await checkPassword(hub, user.name, given.old))) throw new HubError(403, 'LoginFailed', 'The old password is wrong.')
      await hub.database.change("update credentials set password = $2, updated_at = $3 where user_id = $1 and provider_id = 'credential'", [
        user.id,
        await hashPassword(given.new),
        hub.now(),
      ])
      await endSessions(hub, user.id)
      if (call.viewer.kind === 'anonymous') throw loginRequired()
      context.header('Set-Cookie', await startSession(hub, user, isSecure(call)))
      await hub.ledger.append({ actor: user.name, action: 'password.changed' })
      return context.json({})
    },
  ),
]

const Known = z.object({ password: z.string().nullable() })

/** A hash of nothing that anyone knows: checked where there is no account, so that the answer takes as long. */
const decoy = hashPassword(randomBytes(16).toString('hex'))

async function checkPassword(hub: Hub, name: string, password: string): Promise<User | undefined> {
  const sql = `select ${userColumns} from users where (lower(name) = lower($1) or lower(email) = lower($1)) and disabled_at is null`
  const [user] = await hub.database.select(UserRow, sql, [name])
  const [known] = user
    ? await hub.database.select(Known, "select password from credentials where user_id = $1 and provider_id = 'credential'", [user.id])
    : []
  const isRight = await isPassword(known?.password ?? (await decoy), password)
  return isRight && known?.password ? user : undefined
}

const isSecure = (call: Call) => call.origin.startsWith('https://')

/** Where a request came from, for counting attempts; kept in memory for minutes, never stored. */
function sourceOf({ hub, context }: Call): string {
  const forwarded = hub.options.isBehindProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const socket: unknown = context.env?.incoming?.socket?.remoteAddress
  return forwarded ?? (typeof socket === 'string' ? socket : 'local')
}
