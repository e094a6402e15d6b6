import { z } from 'zod'
import { readJson } from '../body.ts'
import { badRequest, HubError, notAllowed } from '../errors.ts'
import { staffRole } from '../gate/access.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { type AccountCall, accountRoute, adminRoute, type Route } from '../routes.ts'
import { listSessions, readSession, revokeSession } from './sessions.ts'
import { findUser, type User } from './users.ts'

const SessionShape = z.object({
  id: z.string(),
  userAgent: z.string(),
  createdAt: z.string(),
  renewedAt: z.string(),
  expiresAt: z.string(),
  isCurrent: z.boolean(),
})
const Change = z.object({ role: z.enum(['reader', 'steward', 'owner', 'admin']).optional(), isDisabled: z.boolean().optional() })
const Member = z.object({ user: z.string().max(200), role: z.enum(['steward', 'owner']).nullable() })
const MemberShape = z.object({ user: z.string(), fullname: z.string(), role: z.string() })

/** Sessions of one's own; roles of others. */
export const peopleRoutes: Route[] = [
  accountRoute(
    { method: 'GET', path: '/api/settings/sessions', summary: 'Where you are logged in', reply: z.array(SessionShape) },
    async ({ hub, context, user }) => {
      const current = await readSession(hub, context.req.raw.headers)
      const sessions = await listSessions(hub, user)
      return context.json(sessions.map((session) => ({ ...session, isCurrent: session.id === current?.id })))
    },
  ),
  accountRoute(
    { method: 'DELETE', path: '/api/settings/sessions/:id', summary: 'End one of your sessions', needs: 'write' },
    async ({ hub, context, user }) => {
      if (!(await revokeSession(hub, user, context.req.param('id') ?? '')))
        throw new HubError(404, 'SessionNotFound', 'You have no such session.')
      await hub.ledger.append({ actor: user.name, action: 'session.ended' })
      return context.json({})
    },
  ),
  adminRoute(
    { method: 'PUT', path: '/api/admin/users/:user', summary: 'Change the role of an account, close it, or open it again', body: Change },
    async (call) => {
      const { hub, context } = call
      const { role, isDisabled } = await readJson(context, Change)
      const known = await knownUser(hub, context.req.param('user') ?? '')
      if (known.id === call.user.id) throw badRequest('Another administrator has to change your own account.')
      await hub.database.transaction(async (queries) => {
        const sql = `update users set role = coalesce($2, role), updated_at = $4,
          disabled_at = case when $3::boolean is null then disabled_at when $3 then coalesce(disabled_at, $4) else null end where id = $1`
        await queries.change(sql, [known.id, role ?? null, isDisabled ?? null, hub.now()])
        if (isDisabled) await queries.change('delete from sessions where user_id = $1', [known.id])
        const detail = { user: known.name, role: role ?? null, isDisabled: isDisabled ?? null }
        await appendEntries(queries, [{ actor: call.user.name, action: 'user.changed', detail }], hub.now())
      })
      return context.json({ user: known.name, role: role ?? known.role, isDisabled: isDisabled ?? false })
    },
  ),
  accountRoute(
    {
      method: 'GET',
      path: '/api/namespaces/:namespace/members',
      summary: 'Stewards and owners of a namespace, for its owners',
      reply: z.array(MemberShape),
    },
    async (call) => {
      const namespace = await ownedNamespace(call)
      const sql = `select users.name as user, users.fullname, members.role from members join users on users.id = members.user_id
        where members.namespace = $1 order by users.name`
      return call.context.json(await call.hub.database.select(MemberShape, sql, [namespace]))
    },
  ),
  accountRoute(
    {
      method: 'PUT',
      path: '/api/namespaces/:namespace/members',
      summary: 'Make someone steward or owner of a namespace, or nothing (null), for its owners',
      needs: 'write',
      body: Member,
    },
    async (call) => {
      const { hub, context, user } = call
      const namespace = await ownedNamespace(call)
      const { user: name, role } = await readJson(context, Member)
      const known = await knownUser(hub, name)
      await hub.database.transaction(async (queries) => {
        await queries.change('delete from members where namespace = $1 and user_id = $2', [namespace, known.id])
        if (role) await queries.change('insert into members (namespace, user_id, role) values ($1, $2, $3)', [namespace, known.id, role])
        const detail = { namespace, user: known.name, role }
        await appendEntries(queries, [{ actor: user.name, action: 'member.changed', detail }], hub.now())
      })
      return context.json({ user: known.name, role })
    },
  ),
]

async function knownUser(hub: Hub, name: string): Promise<User> {
  const user = await findUser(hub.database, name)
  if (!user) throw new HubError(404, 'UserNotFound', `There is no account '${name.slice(0, 100)}'.`)
  return user
}

/** The namespace of the path, if the caller owns it; a fine-grained token never speaks for a namespace. */
async function ownedNamespace({ hub, context, viewer }: AccountCall): Promise<string> {
  const wanted = context.req.param('namespace') ?? ''
  const Known = z.object({ name: z.string() })
  const [known] = await hub.database.select(Known, 'select name from namespaces where lower(name) = lower($1)', [wanted])
  const isWhole = viewer.kind === 'user' && viewer.token?.role !== 'fineGrained'
  if (!known || !isWhole || (await staffRole(hub, viewer, { namespace: known.name })) !== 'owner')
    throw notAllowed(`The namespace '${wanted.slice(0, 100)}' is not yours.`)
  return known.name
}
