import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { readJson } from '../body.ts'
import { HubError, loginRequired } from '../errors.ts'
import { appendEntries } from '../ledger.ts'
import { datasetRoute, type Route } from '../routes.ts'

const base = '/api/datasets/:namespace/:name/licence-demands'
const Demand = z.object({ text: z.string().min(10).max(20_000), dueAt: z.coerce.date() })
const Confirm = z.object({ words: z.string().min(3).max(2000) })
const State = z
  .object({
    id: z.string(),
    text: z.string(),
    issued_at: z.date(),
    issued_by: z.string(),
    due_at: z.date(),
    user: z.string(),
    confirmed_at: z.date().nullable(),
    words: z.string().nullable(),
  })
  .transform(({ issued_at, issued_by, due_at, confirmed_at, ...rest }) => ({
    ...rest,
    issuedAt: issued_at,
    issuedBy: issued_by,
    dueAt: due_at,
    confirmedAt: confirmed_at,
  }))

/** "Delete all copies": demanded of everyone who ever had access, confirmed by each in writing. */
export const licenceRoutes: Route[] = [
  datasetRoute(
    {
      method: 'POST',
      path: base,
      summary: 'Demand of everyone who was ever accepted to delete all copies',
      right: 'steward',
      body: Demand,
    },
    async ({ hub, context, dataset, actor }) => {
      const { text, dueAt } = await readJson(context, Demand)
      const id = randomBytes(12).toString('hex')
      const asked = await hub.database.transaction(async (queries) => {
        await queries.change(
          'insert into licence_demands (id, dataset_id, text, issued_at, issued_by, due_at) values ($1, $2, $3, $4, $5, $6)',
          [id, dataset.id, text, hub.now(), actor, dueAt],
        )
        // Whoever had access once may have copies, whatever became of the grant.
        const count = await queries.change(
          `insert into licence_confirmations (demand_id, user_id)
           select distinct $1, user_id from requests where dataset_id = $2 and (status in ('accepted', 'revoked') or expires_at is not null)`,
          [id, dataset.id],
        )
        await appendEntries(
          queries,
          [{ actor, action: 'licence.demanded', dataset: dataset.fullName, detail: { id, asked: count } }],
          hub.now(),
        )
        return count
      })
      return context.json({ id, asked }, 201)
    },
  ),
  datasetRoute(
    { method: 'GET', path: base, summary: 'Demands, who has confirmed, and who is overdue', right: 'steward' },
    async ({ hub, context, dataset }) => {
      const sql = `select d.*, users.name as user, c.confirmed_at, c.words from licence_demands d join licence_confirmations c on c.demand_id = d.id
      join users on users.id = c.user_id where d.dataset_id = $1 order by d.issued_at desc, users.name`
      const all = await hub.database.select(State, sql, [dataset.id])
      const now = hub.now()
      return context.json(all.map((one) => ({ ...one, isOverdue: one.confirmedAt === null && one.dueAt <= now })))
    },
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/mine`, summary: 'What is demanded of you', right: 'listing' },
    async ({ hub, context, dataset, viewer }) => {
      if (viewer.kind === 'anonymous') throw loginRequired()
      const sql = `select d.*, users.name as user, c.confirmed_at, c.words from licence_demands d join licence_confirmations c on c.demand_id = d.id
      join users on users.id = c.user_id where d.dataset_id = $1 and c.user_id = $2 order by d.issued_at desc`
      return context.json(await hub.database.select(State, sql, [dataset.id, viewer.user.id]))
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/:id/confirm`,
      summary: 'Confirm in writing that you have deleted all copies',
      right: 'listing',
      body: Confirm,
    },
    async ({ hub, context, dataset, viewer }) => {
      if (viewer.kind === 'anonymous') throw loginRequired()
      const { words } = await readJson(context, Confirm)
      const id = context.req.param('id') ?? ''
      await hub.database.transaction(async (queries) => {
        const changed = await queries.change(
          `update licence_confirmations set confirmed_at = $4, words = $5 from licence_demands d
           where d.id = demand_id and d.dataset_id = $1 and demand_id = $2 and user_id = $3 and confirmed_at is null`,
          [dataset.id, id, viewer.user.id, hub.now(), words],
        )
        if (changed === 0) throw new HubError(404, 'DemandNotFound', 'Nothing is demanded of you here, or you have confirmed it already.')
        await appendEntries(
          queries,
          [{ actor: viewer.user.name, action: 'licence.confirmed', dataset: dataset.fullName, detail: { id } }],
          hub.now(),
        )
      })
      return context.json({ id, isConfirmed: true })
    },
  ),
]
