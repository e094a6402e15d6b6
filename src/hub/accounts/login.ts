import { APIError } from 'better-auth/api'
import { z } from 'zod'
import { readJson } from '../body.ts'
import { conflict, HubError, loginRequired, notAllowed } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { accountRoute, type Call, openRoute, type Route } from '../routes.ts'
import { takeAttempt } from './attempts.ts'
import { authOf } from './auth.ts'
import { setupKeyMatches } from './first-admin.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { endSession, endSessions, rotateSession, startSession } from './sessions.ts'
import { createUser, findByAddress, findUser, isFreeName, NewUser, type User } from './users.ts'

const Login = z.object({ user: z.string().max(254), password: z.string().max(256) })
const SignUp = NewUser.omit({ role: true }).required({ password: true })
const Setup = SignUp.extend({ key: z.string().max(200) })
const NewPassword = z.object({ old: z.string().max(256), new: z.string().min(8, 'at least 8 characters').max(256) })
const Me = z.object({ user: z.string() })
const SignedUp = Me.extend({ isWaiting: z.boolean() })

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
      const { hub, context, origin } = call
      const { user, password } = await readJson(context, Login)
      await takeAttempt(hub, [`login:${user.toLowerCase()}`, `from:${sourceOf(call)}`])
      const { api } = authOf(hub, origin)
      const headers = context.req.raw.headers
      const given = { headers, returnHeaders: true as const }
      const { reply, name } = await translate(async () => {
        // Without mail nobody proves an address, so that several accounts may name the same. A reserved name is nobody's: the same words after the same work.
        const isByName = !user.includes('@')
        const username = isByName || hub.options.mail ? user : ((await findByAddress(hub.database, user))?.name ?? 'api')
        if (isByName || !hub.options.mail) {
          const { headers: reply } = await api.signInUsername({ body: { username, password }, ...given })
          return { reply, name: (await findUser(hub.database, username))?.name ?? username }
        }
        const { headers: reply, response } = await api.signInEmail({ body: { email: user, password }, ...given })
        return { reply, name: await nameOf(hub, response.user.id) }
      })
      setCookies(call, reply.getSetCookie())
      return context.json({ user: name })
    },
  ),
  openRoute({ method: 'POST', path: '/api/logout', summary: 'End this session' }, async (call) => {
    setCookies(call, await endSession(call.hub, call.context.req.raw.headers, call.origin))
    return call.context.json({})
  }),
  openRoute(
    {
      method: 'POST',
      path: '/api/signup',
      summary: 'Make an account for yourself; where the hub sends mail, it waits until the address is proven',
      body: SignUp,
      reply: SignedUp,
    },
    async (call) => {
      const { hub, context, origin } = call
      await takeAttempt(hub, [`signup:${sourceOf(call)}`])
      const { user, email, fullname, password } = await readJson(context, SignUp)
      const taken = () => conflict('UserExists', `The name '${user}' is taken.`)
      // Names are public: they stand in the addresses of datasets.
      if (!(await isFreeName(hub.database, user))) throw taken()
      if (!hub.options.mail) {
        // Whether the address is known here makes no difference: nobody proves it.
        const made = await createUser(hub, { user, email, fullname, password, role: 'reader' }, user)
        setCookies(call, await startSession(hub, { userId: made.id, headers: context.req.raw.headers, origin }))
        return context.json({ user, isWaiting: false }, 201)
      }
      const body = { username: user, displayUsername: user, email, name: fullname, password }
      try {
        const { headers } = await authOf(hub, origin).api.signUpEmail({ body, headers: context.req.raw.headers, returnHeaders: true })
        setCookies(call, headers.getSetCookie())
      } catch (error) {
        if (error instanceof APIError) throw taken()
        throw error
      }
      return context.json({ user, isWaiting: true }, 201)
    },
  ),
  openRoute(
    {
      method: 'POST',
      path: '/api/setup',
      summary: 'Make the first administrator, with the key of the link printed at first start',
      body: Setup,
      reply: Me,
    },
    async (call) => {
      const { hub, context, origin } = call
      await takeAttempt(hub, [`setup:${sourceOf(call)}`])
      const { key, ...given } = await readJson(context, Setup)
      if (!(await setupKeyMatches(hub, key))) throw notAllowed('This link has been used, or is not the one that was printed.')
      const user = await createUser(hub, { ...given, role: 'admin' }, 'hub')
      await hub.database.change("delete from secrets where name = 'setup'")
      setCookies(call, await startSession(hub, { userId: user.id, headers: context.req.raw.headers, origin }))
      return context.json({ user: user.name }, 201)
    },
  ),
  openRoute(
    { method: 'GET', path: '/api/session', summary: 'Who you are, or null; renews the session', reply: Me.nullable() },
    async (call) => {
      const { hub, context, viewer, origin } = call
      if (viewer.kind === 'anonymous') return context.json(null)
      if (!viewer.token) setCookies(call, await rotateSession(hub, context.req.raw.headers, origin))
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
      const { hub, context, user, origin } = call
      await takeAttempt(hub, [`login:${user.name.toLowerCase()}`])
      const given = await readJson(context, NewPassword)
      if (!(await isPasswordOf(hub, user, given.old))) throw new HubError(403, 'LoginFailed', 'The old password is wrong.')
      const { internalAdapter } = await authOf(hub, origin).$context
      await internalAdapter.updatePassword(user.id, await hashPassword(given.new))
      await endSessions(hub, user.id)
      if (call.viewer.kind === 'anonymous') throw loginRequired()
      setCookies(call, await startSession(hub, { userId: user.id, headers: context.req.raw.headers, origin }))
      await hub.ledger.append({ actor: user.name, action: 'password.changed' })
      return context.json({})
    },
  ),
]

/** What better-auth refuses, in our words: the same for an unknown name and a wrong password. */
export async function translate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    if (error.body?.code === 'EMAIL_NOT_VERIFIED') {
      throw new HubError(403, 'AddressUnproven', 'Open the link that was sent to your address first. It has been sent again.')
    }
    throw new HubError(401, 'LoginFailed', 'Name or password is wrong.')
  }
}

const Known = z.object({ password: z.string().nullable() })

async function isPasswordOf(hub: Hub, user: User, password: string): Promise<boolean> {
  const sql = "select password from credentials where user_id = $1 and provider_id = 'credential'"
  const [known] = await hub.database.select(Known, sql, [user.id])
  return known?.password ? isPassword(known.password, password) : false
}

async function nameOf(hub: Hub, id: string): Promise<string> {
  const [user] = await hub.database.select(z.object({ name: z.string() }), 'select name from users where id = $1', [id])
  return user?.name ?? ''
}

/** Puts cookies on the answer. */
export function setCookies({ context }: Call, cookies: readonly string[]): void {
  for (const cookie of cookies) context.header('Set-Cookie', cookie, { append: true })
}

/** Where a request came from, for counting attempts; stored as a keyed hash only, for minutes. */
export function sourceOf({ hub, context }: Call): string {
  const forwarded = hub.options.isBehindProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const socket: unknown = context.env?.incoming?.socket?.remoteAddress
  return forwarded ?? (typeof socket === 'string' ? socket : 'local')
}
