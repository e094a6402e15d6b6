import { z } from 'zod'
import { readJson } from '../body.ts'
import { HubError, loginRequired } from '../errors.ts'
import { datasetRoute, type Route, signedRoute } from '../routes.ts'
import { confirmDemand, makeDemand, readConfirmKey, remind } from './demands.ts'

const base = '/api/datasets/:namespace/:name/licence-demands'
const Demand = z.object({
  text: z.string().min(10).max(20_000),
  dueAt: z.coerce.date(),
  /** Ends the licence of those whom it goes to: their access stops at once. */
  isTermination: z.boolean().default(false),
  /** Only these people; without it, everyone who was ever accepted. */
  users: z.array(z.string().max(200)).min(1).max(10_000).optional(),
})
const Confirm = z.object({ words: z.string().min(3).max(2000) })
const Key = z.object({ key: z.string().max(200) })
const LinkedConfirm = Confirm.extend({ key: z.string().max(200) })
const Linked = z
  .object({ dataset: z.string(), user: z.string(), text: z.string(), due_at: z.date(), confirmed_at: z.date().nullable() })
  .transform(({ due_at, confirmed_at, ...rest }) => ({ ...rest, dueAt: due_at, confirmedAt: confirmed_at }))
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
    is_termination: z.boolean(),
    reminders: z.number(),
  })
  .transform(({ issued_at, issued_by, due_at, confirmed_at, is_termination, ...rest }) => ({
    ...rest,
    issuedAt: issued_at,
    issuedBy: issued_by,
    dueAt: due_at,
    confirmedAt: confirmed_at,
    isTermination: is_termination,
  }))

/** "Delete all copies": demanded of everyone who ever had access, confirmed by each in writing. */
export const licenceRoutes: Route[] = [
  datasetRoute(
    {
      method: 'POST',
      path: base,
      summary: 'Demand of everyone who was ever accepted, or of some, to delete all copies; may end their licence',
      right: 'steward',
      body: Demand,
    },
    async ({ hub, context, dataset, actor }) => {
      const { id, asked } = await makeDemand(hub, dataset, { ...(await readJson(context, Demand)), actor })
      return context.json({ id, asked }, 201)
    },
  ),
  datasetRoute(
    { method: 'GET', path: base, summary: 'Demands, who has confirmed, and who is overdue', right: 'steward' },
    async ({ hub, context, dataset }) => {
      const sql = `select d.*, users.name as user, c.confirmed_at, c.words, c.reminders from licence_demands d join licence_confirmations c on c.demand_id = d.id
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
      const sql = `select d.*, users.name as user, c.confirmed_at, c.words, c.reminders from licence_demands d join licence_confirmations c on c.demand_id = d.id
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
      const isDone = await confirmDemand(hub, { id, userId: viewer.user.id, words, datasetId: dataset.id })
      if (!isDone) throw nothingDemanded()
      return context.json({ id, isConfirmed: true })
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/:id/remind`,
      summary: 'Remind everyone who has not confirmed this demand, now',
      right: 'steward',
    },
    async ({ hub, context, dataset, actor }) => {
      const reminded = await remind(hub, dataset, { id: context.req.param('id') ?? '', actor })
      hub.wake('notices')
      return context.json({ reminded })
    },
  ),
  signedRoute(
    {
      method: 'POST',
      path: '/api/licence-demands/:id/read',
      summary: 'What a confirmation link is about, by its key',
      body: Key,
    },
    async ({ hub, context }) => {
      const id = context.req.param('id') ?? ''
      const userId = readConfirmKey(hub, id, (await readJson(context, Key)).key)
      const sql = `select datasets.namespace || '/' || datasets.name as dataset, users.name as user, d.text, d.due_at, c.confirmed_at
        from licence_confirmations c join licence_demands d on d.id = c.demand_id join datasets on datasets.id = d.dataset_id
        join users on users.id = c.user_id where c.demand_id = $1 and c.user_id = $2`
      const [found] = await hub.database.select(Linked, sql, [id, userId])
      if (!found) throw nothingDemanded()
      return context.json(found)
    },
  ),
  signedRoute(
    {
      method: 'POST',
      path: '/api/licence-demands/:id/confirm',
      summary: 'Confirm by the key of a link, without logging in, that you have deleted all copies',
      body: LinkedConfirm,
    },
    async ({ hub, context }) => {
      const id = context.req.param('id') ?? ''
      const { key, words } = await readJson(context, LinkedConfirm)
      const userId = readConfirmKey(hub, id, key)
      if (!(await confirmDemand(hub, { id, userId, words }))) throw nothingDemanded()
      return context.json({ id, isConfirmed: true })
    },
  ),
]

const nothingDemanded = () => new HubError(404, 'DemandNotFound', 'Nothing is demanded of you here, or you have confirmed it already.')
