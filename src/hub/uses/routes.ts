import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isUniqueViolation } from '../../storage/database.ts'
import { takeAttempt } from '../accounts/attempts.ts'
import { readJson } from '../body.ts'
import { conflict, HubError, loginRequired, notAllowed } from '../errors.ts'
import { decide, staffRole } from '../gate/access.ts'
import { appendEntries } from '../ledger.ts'
import { type DatasetCall, datasetRoute, type Route } from '../routes.ts'

const base = '/api/datasets/:namespace/:name/uses'

const NewUse = z.object({
  kind: z.enum(['model', 'paper', 'other']),
  title: z.string().trim().min(3, 'at least 3 characters').max(300),
  url: z
    .url({ protocol: /^https?$/, hostname: z.regexes.domain, error: 'the address of a page, beginning with https:// or http://' })
    .max(2000),
  note: z.string().trim().max(1000).default(''),
})
const Decide = z.object({ status: z.enum(['approved', 'declined']) })
const UseInfo = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  url: z.string(),
  note: z.string(),
  status: z.string(),
  addedBy: z.string(),
  addedAt: z.string(),
})

const UseRow = z
  .object({
    id: z.string(),
    kind: z.enum(['model', 'paper', 'other']),
    title: z.string(),
    url: z.string(),
    note: z.string(),
    status: z.enum(['pending', 'approved', 'declined']),
    user: z.string(),
    added_at: z.date(),
  })
  .transform(({ user, added_at, ...rest }) => ({ ...rest, addedBy: user, addedAt: added_at }))

const select = 'select uses.*, users.name as user from uses join users on users.id = uses.added_by where dataset_id = $1'

/** Models and papers that use a dataset: readers and owners add them, an owner approves what others add. */
export const useRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: base,
      summary: 'Models and papers that use the dataset: the approved ones, and your own; owners and stewards see all',
      right: 'listing',
      reply: z.array(UseInfo),
    },
    async ({ hub, context, dataset, viewer }) => {
      const isStaff = (await decide(hub, viewer, dataset, 'steward')).isAllowed
      const sql = `${select} and (status = 'approved' or $2 or added_by = $3) order by added_at desc, uses.id limit 1000`
      const me = viewer.kind === 'user' ? viewer.user.id : ''
      return context.json(await hub.database.select(UseRow, sql, [dataset.id, isStaff, me]))
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: base,
      summary: 'Add a model or paper that uses the dataset; shown at once when an owner adds it, else once one approves it',
      right: 'release',
      body: NewUse,
      reply: z.object({ id: z.string(), status: z.string() }),
    },
    async (call) => {
      const { hub, context, dataset, viewer, actor } = call
      const { user } = accountOf(call)
      await takeAttempt(hub, [`use:${user.id}:${dataset.id}`])
      const { kind, title, url, note } = await readJson(context, NewUse)
      const id = randomBytes(12).toString('hex')
      const isOwner = (await staffRole(hub, viewer, dataset)) === 'owner'
      const status = isOwner ? 'approved' : 'pending'
      const at = hub.now()
      try {
        await hub.database.transaction(async (queries) => {
          await queries.change(
            `insert into uses (id, dataset_id, kind, title, url, note, status, added_by, added_at, decided_by, decided_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
            [id, dataset.id, kind, title, url, note, status, user.id, at, isOwner ? actor : null, isOwner ? at : null],
          )
          await appendEntries(queries, [{ actor, action: 'use.added', dataset: dataset.fullName, detail: { id, kind, status } }], at)
        })
      } catch (error) {
        if (isUniqueViolation(error)) throw conflict('UseExists', 'This address has been added to the dataset already.')
        throw error
      }
      return context.json({ id, status }, 201)
    },
  ),
  datasetRoute(
    { method: 'POST', path: `${base}/:id`, summary: 'Approve or decline an added model or paper', right: 'write', body: Decide },
    async ({ hub, context, dataset, actor }) => {
      const { status } = await readJson(context, Decide)
      const id = context.req.param('id') ?? ''
      await hub.database.transaction(async (queries) => {
        const sql = 'update uses set status = $3, decided_by = $4, decided_at = $5 where dataset_id = $1 and id = $2 and status <> $3'
        const changed = await queries.change(sql, [dataset.id, id, status, actor, hub.now()])
        if (changed === 0) throw noUse(dataset.fullName)
        await appendEntries(queries, [{ actor, action: `use.${status}`, dataset: dataset.fullName, detail: { id } }], hub.now())
      })
      return context.json({ id, status })
    },
  ),
  datasetRoute(
    { method: 'DELETE', path: `${base}/:id`, summary: 'Take away a model or paper: who added it, or an owner', right: 'listing' },
    async (call) => {
      const { hub, context, dataset, viewer, actor } = call
      const { user } = accountOf(call)
      const id = context.req.param('id') ?? ''
      const isOwner = (await decide(hub, viewer, dataset, 'write')).isAllowed
      await hub.database.transaction(async (queries) => {
        const sql = 'delete from uses where dataset_id = $1 and id = $2 and (added_by = $3 or $4)'
        if ((await queries.change(sql, [dataset.id, id, user.id, isOwner])) === 0) throw noUse(dataset.fullName)
        await appendEntries(queries, [{ actor, action: 'use.removed', dataset: dataset.fullName, detail: { id } }], hub.now())
      })
      return context.json({ id })
    },
  ),
]

/** The account that changes the list: signed in, and not by a token that may only read. */
function accountOf({ viewer }: DatasetCall) {
  if (viewer.kind === 'anonymous') throw loginRequired()
  if (viewer.token && viewer.token.role !== 'write') throw notAllowed('This needs a token with the role write.')
  return viewer
}

const noUse = (dataset: string) =>
  new HubError(404, 'UseNotFound', `Dataset ${dataset} has no such model or paper for you to change, or it stands so already.`)
