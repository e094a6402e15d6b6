import { z } from 'zod'
import { findUser, type User, UserRow, userColumns } from '../accounts/users.ts'
import { parseInput, readJson } from '../body.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, DatasetSettings } from '../datasets/store.ts'
import { badRequest, HubError, loginRequired } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { nextLink } from '../reply.ts'
import { type DatasetCall, datasetRoute, type Route } from '../routes.ts'
import { decide } from './access.ts'
import { type AccessRequest, askAccess, findRequest, grantAccess, handleRequest, listRequests } from './requests.ts'
import { currentTerms, type Level, listTerms, setReconsent, setTerms } from './terms.ts'

const base = '/api/datasets/:namespace/:name'

const LevelName = z.enum(['release', 'raw']).default('release')
const Ask = z.looseObject({ level: LevelName, fields: z.record(z.string(), z.unknown()).optional() })
const Day = z.coerce.date({ error: 'a date such as 2027-01-31' })
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
/** What is not named stays as it is; days, addresses of webhook and mail are taken away by null. */
const Settings = DatasetSettings.omit({ sampleRevision: true })
  .partial()
  .extend({
    sampleRows: DatasetSettings.shape.sampleRows.unwrap().optional(),
    grantDays: DatasetSettings.shape.grantDays.nullable(),
    notifyUrl: z
      .url({ protocol: /^https?$/, error: 'an http or https address' })
      .max(2000)
      .nullable()
      .optional(),
    notifyEmail: DatasetSettings.shape.notifyEmail.nullable(),
    gated: z.union([z.literal(false), z.enum(['auto', 'manual'])]).optional(),
    visibility: z.enum(['public', 'private']).optional(),
    private: z.boolean().optional(),
  })
const FormFieldShape = z.object({
  name: z.string().min(1).max(200),
  type: z.enum(['text', 'checkbox', 'date_picker', 'country', 'select']),
  options: z.array(z.string()).default([]),
})
const NewTerms = z.object({
  heading: z.string().max(500).default(''),
  text: z.string().min(1).max(100_000),
  fields: z.array(FormFieldShape).max(50).default([]),
})
const Reconsent = z.object({ by: Day.nullable(), level: LevelName })
const Rules = z
  .array(
    z.object({
      domain: z
        .string()
        .toLowerCase()
        .regex(/^(?=.{3,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a domain such as example.org'),
      decision: z.enum(['accept', 'reject']),
      days: z.int().min(1).max(3650).nullish(),
    }),
  )
  .max(10_000)
  .refine((rules) => new Set(rules.map(({ domain }) => domain)).size === rules.length, 'one rule for each domain')

/** The gate: asking, deciding, terms, rules and settings. */
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
  datasetRoute(
    { method: 'PUT', path: `${base}/settings`, summary: 'Change gate, visibility and other settings', right: 'write', body: Settings },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const { gated, visibility, private: isPrivate, ...rest } = await readJson(context, Settings)
      const newVisibility = visibility ?? (isPrivate === undefined ? undefined : isPrivate ? 'private' : 'public')
      // Null takes a setting away.
      const picked = rest.sampleRows ? { sampleRevision: (await resolveRevision(hub.database, dataset, 'main')).id } : {}
      const newSettings = Object.fromEntries(
        Object.entries({ ...dataset.settings, ...rest, ...picked }).filter(([, value]) => value !== null),
      )
      await hub.database.transaction(async (queries) => {
        await queries.change(
          'update datasets set gated = coalesce($2, gated), visibility = coalesce($3, visibility), settings = $4::jsonb where id = $1',
          [dataset.id, gated === undefined ? null : String(gated), newVisibility ?? null, JSON.stringify(newSettings)],
        )
        const detail = {
          gated: gated === undefined ? null : String(gated),
          visibility: newVisibility ?? null,
          other: Object.keys(rest),
        }
        await appendEntries(queries, [{ actor, action: 'settings.changed', dataset: dataset.fullName, detail }], hub.now())
      })
      return context.json({
        gated: gated ?? (dataset.gated === 'false' ? false : dataset.gated),
        visibility: newVisibility ?? (dataset.isPrivate ? 'private' : 'public'),
        settings: newSettings,
      })
    },
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/terms`, summary: 'All versions of the terms', right: 'listing' },
    async ({ hub, context, dataset }) =>
      context.json(await listTerms(hub, dataset, parseInput(context.req.query('level') ?? 'release', LevelName))),
  ),
  datasetRoute(
    {
      method: 'PUT',
      path: `${base}/terms`,
      summary: 'Set terms and form as a new version; they stand until the card says something new',
      right: 'write',
      body: NewTerms,
    },
    async ({ hub, context, dataset, actor }) =>
      context.json(await setTerms(hub, dataset, { level: 'release', form: await readJson(context, NewTerms), actor })),
  ),
  datasetRoute(
    { method: 'PUT', path: `${base}/raw-terms`, summary: 'Offer the raw data: its terms and form', right: 'write', body: NewTerms },
    async ({ hub, context, dataset, actor }) =>
      context.json(await setTerms(hub, dataset, { level: 'raw', form: await readJson(context, NewTerms), actor })),
  ),
  datasetRoute(
    { method: 'POST', path: `${base}/reconsent`, summary: 'Set when grants under older terms stop', right: 'steward', body: Reconsent },
    async ({ hub, context, dataset, actor }) =>
      context.json(await setReconsent(hub, dataset, { ...(await readJson(context, Reconsent)), actor })),
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/access-rules`, summary: 'Rules by e-mail domain', right: 'steward' },
    async ({ hub, context, dataset }) => {
      const level = parseInput(context.req.query('level') ?? 'release', LevelName)
      const Row = z.object({ domain: z.string(), decision: z.string(), days: z.number().nullable() })
      const sql = 'select domain, decision, days from domain_rules where dataset_id = $1 and level = $2 order by domain'
      return context.json(await hub.database.select(Row, sql, [dataset.id, level]))
    },
  ),
  datasetRoute(
    { method: 'PUT', path: `${base}/access-rules`, summary: 'Replace the rules by e-mail domain', right: 'steward', body: Rules },
    async ({ hub, context, dataset, actor }) => {
      const level = parseInput(context.req.query('level') ?? 'release', LevelName)
      const rules = await readJson(context, Rules)
      await hub.database.transaction(async (queries) => {
        await queries.change('delete from domain_rules where dataset_id = $1 and level = $2', [dataset.id, level])
        for (const { domain, decision, days } of rules) {
          await queries.change('insert into domain_rules (dataset_id, level, domain, decision, days) values ($1, $2, $3, $4, $5)', [
            dataset.id,
            level,
            domain,
            decision,
            days ?? null,
          ])
        }
        const detail = { level, accepted: rules.filter(({ decision }) => decision === 'accept').map(({ domain }) => domain) }
        await appendEntries(queries, [{ actor, action: 'access.rules-set', dataset: dataset.fullName, detail }], hub.now())
      })
      return context.json(rules)
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
