import { z } from 'zod'
import { readJson } from '../body.ts'
import { HubError } from '../errors.ts'
import { accountRoute, adminRoute, type Route } from '../routes.ts'
import { createToken, listTokens, NewToken, revokeToken } from './tokens.ts'
import { createUser, findUser, NewUser, UserRow, userColumns } from './users.ts'

const Whoami = z.object({
  type: z.literal('user'),
  id: z.string(),
  name: z.string(),
  fullname: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  isPro: z.boolean(),
  canPay: z.boolean(),
  avatarUrl: z.string(),
  role: z.string(),
  orgs: z.array(z.object({ type: z.literal('org'), id: z.string(), name: z.string(), fullname: z.string(), roleInOrg: z.string() })),
  auth: z.object({
    type: z.string(),
    accessToken: z.object({ displayName: z.string(), role: z.string(), createdAt: z.string() }).optional(),
  }),
})

const TokenInfo = z.object({
  id: z.string(),
  displayName: z.string(),
  role: z.string(),
  scopes: z.array(z.unknown()),
  ending: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
})
const UserInfo = z.object({
  id: z.string(),
  user: z.string(),
  email: z.string(),
  fullname: z.string(),
  role: z.string(),
  createdAt: z.string(),
  isDisabled: z.boolean().optional(),
})
const TokenText = z.object({ token: z.string() })

/** Accounts and tokens: what people do with their own, and what an administrator does with all. */
export const accountRoutes: Route[] = [
  accountRoute(
    { method: 'GET', path: '/api/whoami-v2', summary: 'The account of this token or session', reply: Whoami },
    async ({ hub, context, user, viewer, origin }) => {
      const orgs = await hub.database.select(
        z.object({ namespace: z.string(), role: z.string() }),
        'select namespace, role from members where user_id = $1 order by namespace',
        [user.id],
      )
      const token = viewer.kind === 'user' ? viewer.token : undefined
      return context.json({
        type: 'user',
        id: user.id,
        name: user.name,
        fullname: user.fullname || user.name,
        email: user.email,
        emailVerified: user.emailVerified,
        isPro: false,
        canPay: false,
        avatarUrl: `${origin}/avatar.svg`,
        role: user.role,
        orgs: orgs.map(({ namespace, role }) => ({
          type: 'org',
          id: namespace,
          name: namespace,
          fullname: namespace,
          roleInOrg: role === 'owner' ? 'admin' : 'contributor',
        })),
        auth: token
          ? {
              type: 'access_token',
              accessToken: { displayName: token.displayName, role: token.role, createdAt: token.createdAt.toISOString() },
            }
          : { type: 'session' },
      })
    },
  ),
  accountRoute(
    { method: 'GET', path: '/api/settings/tokens', summary: 'Your tokens, without their text', reply: z.array(TokenInfo) },
    async ({ hub, context, user }) => context.json(await listTokens(hub, user)),
  ),
  accountRoute(
    {
      method: 'POST',
      path: '/api/settings/tokens',
      summary: 'Make a token; its text is shown once',
      needs: 'write',
      body: NewToken,
      reply: TokenText,
    },
    async ({ hub, context, user }) =>
      context.json({ token: await createToken(hub, user, await readJson(context, NewToken), user.name) }, 201),
  ),
  accountRoute(
    { method: 'DELETE', path: '/api/settings/tokens/:id', summary: 'Revoke a token', needs: 'write' },
    async ({ hub, context, user }) => {
      if (!(await revokeToken(hub, user, context.req.param('id') ?? '')))
        throw new HubError(404, 'TokenNotFound', 'You have no such token.')
      return context.json({})
    },
  ),
  adminRoute({ method: 'GET', path: '/api/admin/users', summary: 'All accounts', reply: z.array(UserInfo) }, async ({ hub, context }) => {
    const users = await hub.database.select(UserRow, `select ${userColumns} from users order by name`)
    const Disabled = z.object({ id: z.string() })
    const disabled = new Set(
      (await hub.database.select(Disabled, 'select id from users where disabled_at is not null')).map(({ id }) => id),
    )
    return context.json(
      users.map(({ id, name, email, fullname, role, createdAt }) => ({
        id,
        user: name,
        email,
        fullname,
        role,
        createdAt,
        isDisabled: disabled.has(id),
      })),
    )
  }),
  adminRoute(
    { method: 'POST', path: '/api/admin/users', summary: 'Make an account', body: NewUser, reply: UserInfo },
    async ({ hub, context, user }) => {
      const made = await createUser(hub, await readJson(context, NewUser), user.name)
      return context.json(
        { id: made.id, user: made.name, email: made.email, fullname: made.fullname, role: made.role, createdAt: made.createdAt },
        201,
      )
    },
  ),
  adminRoute(
    { method: 'POST', path: '/api/admin/users/:user/tokens', summary: 'Make a token for an account', body: NewToken, reply: TokenText },
    async ({ hub, context, user }) => {
      const owner = await findUser(hub.database, context.req.param('user') ?? '')
      if (!owner) throw new HubError(404, 'UserNotFound', `There is no account '${context.req.param('user')}'.`)
      return context.json({ token: await createToken(hub, owner, await readJson(context, NewToken), user.name) }, 201)
    },
  ),
]
