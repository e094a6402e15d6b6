import { z } from 'zod'
import { findUser, type User, UserRow, userColumns } from '../accounts/users.ts'
import { parseInput, readJson } from '../body.ts'
import type { Dataset } from '../datasets/store.ts'
import { badRequest, HubError, loginRequired } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { nextLink } from '../reply.ts'
import { type DatasetCall, datasetRoute, type Route } from '../routes.ts'
import { decide } from './access.ts'
import { type AccessRequest, askAccess, findRequest, grantAccess, handleRequest, listRequests } from './requests.ts'
import { base, Day, LevelName } from './shapes.ts'
import { currentTerms, type Level } from './terms.ts'

const Ask = z.looseObject({ level: LevelName, fields: z.record(z.string(), z.unknown()).optional() })
const Handle = z.object({
  user: z.string().max(200).optional(),
  /** Newer clients may name the request instead of the person. */
  requestId: z.string().max(200).optional(),
  status: z.enum(['accepted', 'rejected', 'pending', 'revoked']),
  rejectionReason: z.string().max(200).nullish(),
  expiresAt: Day.optional(),
  level: LevelName,
})
const Bulk = Handle.omit({ user: true, requestId: true }).extend({ users: z.array(z.string().max(200)).min(1).max(1000) })
const Grant = z.object({ user: z.string().max(200), expiresAt: Day.optional(), level: LevelName })
const PageQuery = z.object({
  level: LevelName,
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  skip: z.coerce.number().int().min(0).default(0),
})
const RequestInfo = z.object({
  requestId: z.string(),
  user: z.object({ _id: z.string(), user: z.string(), fullname: z.string(), email: z.string().nullable() }),
  status: z.string(),
  timestamp: z.string(),
  fields: z.record(z.string(), z.unknown()),
  grantedBy: z.object({ user: z.string() }).optional(),
  reason: z.string().nullable(),
  termsVersion: z.number(),
  expiresAt: z.string().nullable(),
})
/** The gate: asking and deciding. */
export const gateRoutes: Route[] = [
  datasetRoute(
    { method: 'GET', path: `${base}/access`, summary: 'Where you stand: your request, the terms and the form', right: 'listing' },
    async (call) => {
      const { hub, context, dataset, viewer } = call
      const level = parseInput(context.req.query('level') ?? 'release', LevelName)
      const decision = await decide(hub, viewer, dataset, level)
      const request = viewer.kind === 'user' ? await findRequest(hub.database, dataset, level, viewer.user.id) : undefined
      return context.json({
        level,
        ...decision,
        request: request ? describe(request) : null,
        terms: await currentTerms(hub, dataset, level),
      })
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/user-access-request`,
      summary: 'Ask for access with the form filled in',
      right: 'listing',
      body: Ask,
      reply: RequestInfo,
    },
    async (call) => {
      const { hub, context, dataset, viewer } = call
      if (viewer.kind === 'anonymous') throw loginRequired()
      const { level, fields, ...rest } = await readJson(context, Ask)
      const request = await askAccess(hub, dataset, { level, user: viewer.user, fields: fields ?? rest })
      return context.json(describe(request))
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: `${base}/user-access-request/:status{pending|accepted|rejected|revoked}`,
      summary: 'Requests with a status',
      right: 'steward',
      query: PageQuery,
      reply: z.array(RequestInfo),
    },
    async (call) => {
      const { hub, context, dataset, origin } = call
      const { level, limit, skip } = parseInput(context.req.query(), PageQuery)
      demandGated(call, level)
      const status = parseInput(context.req.param('status'), z.enum(['pending', 'accepted', 'rejected', 'revoked']))
      const found = await listRequests(hub.database, dataset, { level, status, limit: limit + 1, skip })
      if (found.length > limit) context.header('Link', nextLink(origin, context.req.url, { skip: String(skip + limit) }))
      return context.json(found.slice(0, limit).map(describe))
    },
  ),
  datasetRoute(
    { method: 'POST', path: `${base}/user-access-request/handle`, summary: 'Decide on a request', right: 'steward', body: Handle },
    async (call) => {
      const { level, rejectionReason, expiresAt, status, user, requestId } = await readJson(call.context, Handle)
      demandGated(call, level)
      await handleRequest(call.hub, call.dataset, {
        level,
        status,
        actor: call.actor,
        user: requestId === undefined ? await knownUser(call.hub, user ?? '') : await askingUser(call.hub, call.dataset, requestId),
        ...(rejectionReason ? { reason: rejectionReason } : {}),
        ...(expiresAt ? { expiresAt } : {}),
      })
      return call.context.json({})
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/user-access-request/bulk`,
      summary: 'Decide on many requests; tells of each what came of it',
      right: 'steward',
      body: Bulk,
    },
    async (call) => {
      const { level, rejectionReason, expiresAt, status, users } = await readJson(call.context, Bulk)
      demandGated(call, level)
      const results: { user: string; isDone: boolean; error?: string }[] = []
      for (const name of users) {
        try {
          const user = await knownUser(call.hub, name)
          const reason = rejectionReason ? { reason: rejectionReason } : {}
          await handleRequest(call.hub, call.dataset, {
            level,
            status,
            actor: call.actor,
            user,
            ...reason,
            ...(expiresAt ? { expiresAt } : {}),
          })
          results.push({ user: name, isDone: true })
        } catch (error) {
          if (!(error instanceof HubError)) throw error
          results.push({ user: name, isDone: false, error: error.message })
        }
      }
      return call.context.json({ results })
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/user-access-request/grant`,
      summary: 'Give access to someone who has not asked',
      right: 'steward',
      body: Grant,
    },
    async (call) => {
      const { level, expiresAt, user } = await readJson(call.context, Grant)
      demandGated(call, level)
      const known = await knownUser(call.hub, user)
      await grantAccess(call.hub, call.dataset, { level, user: known, actor: call.actor, ...(expiresAt ? { expiresAt } : {}) })
      return call.context.json({ user: known.name, status: 'accepted' })
    },
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/user-access-report`, summary: 'All requests ever, for filing', right: 'steward' },
    async (call) => {
      const { hub, context, dataset } = call
      const all: unknown[] = []
      for (let skip = 0; ; skip += 1000) {
        const level = parseInput(context.req.query('level') ?? 'release', LevelName)
        const page = await listRequests(hub.database, dataset, { level, limit: 1000, skip })
        all.push(
          ...page.map((request) => ({
            // First, so that no field of the form stands for what the hub says.
            ...request.fields,
            user: request.user.name,
            fullname: request.user.fullname,
            status: request.status,
            email: request.isByHand ? null : request.user.email,
            time: request.requestedAt,
            reviewedAt: request.decidedAt,
            reviewedBy: request.decidedBy,
            termsVersion: request.termsVersion,
          })),
        )
        if (page.length < 1000) return context.json(all)
      }
    },
  ),
]

function describe(request: AccessRequest): z.infer<typeof RequestInfo> {
  const { user } = request
  return {
    requestId: request.id,
    // The address is what the person gave with their request; who was granted by hand gave none.
    user: { _id: user.id, user: user.name, fullname: user.fullname || user.name, email: request.isByHand ? null : user.email },
    status: request.status,
    timestamp: request.requestedAt.toISOString(),
    fields: request.fields,
    ...(request.isByHand && request.decidedBy ? { grantedBy: { user: request.decidedBy } } : {}),
    reason: request.reason,
    termsVersion: request.termsVersion,
    expiresAt: request.expiresAt?.toISOString() ?? null,
  }
}

function demandGated({ dataset }: DatasetCall, level: Level): void {
  if (level === 'release' && dataset.gated === 'false')
    throw badRequest(`Dataset ${dataset.fullName} is not gated. Set its gate in the settings first.`)
}

async function knownUser(hub: Hub, name: string): Promise<User> {
  const user = await findUser(hub.database, name)
  if (!user) throw new HubError(404, 'UserNotFound', `There is no account '${name}'.`)
  return user
}

async function askingUser(hub: Hub, dataset: Dataset, requestId: string): Promise<User> {
  const sql = `select ${userColumns} from users join requests on requests.user_id = users.id where requests.id = $1 and requests.dataset_id = $2`
  const [user] = await hub.database.select(UserRow, sql, [requestId, dataset.id])
  if (!user) throw new HubError(404, 'RequestNotFound', `Dataset ${dataset.fullName} has no request '${requestId}'.`)
  return user
}
