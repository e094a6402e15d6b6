import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { takeAttempt } from '../accounts/attempts.ts'
import { viewerName } from '../accounts/viewer.ts'
import { readJson } from '../body.ts'
import { sha256Of } from '../datasets/content.ts'
import { checkPath } from '../datasets/paths.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { findEntry } from '../datasets/trees.ts'
import { conflict, entryNotFound, HubError } from '../errors.ts'
import { appendEntries } from '../ledger.ts'
import { datasetRoute, type Route } from '../routes.ts'

const base = '/api/datasets/:namespace/:name'
const Ask = z.object({
  kind: z.enum(['conversation', 'person']).default('conversation'),
  subject: z.string().min(1).max(200),
  reason: z.string().max(2000).default(''),
})
const Decide = z.object({
  status: z.enum(['accepted', 'declined', 'done']),
  note: z.string().max(2000).default(''),
  revision: z.string().max(200).optional(),
})
const Withdraw = z.object({
  path: z.string(),
  revision: z.string().max(200),
  reason: z.string().min(3).max(500),
  request: z.string().max(100).optional(),
})

const Ticket = z
  .object({
    id: z.string(),
    kind: z.string(),
    subject: z.string().nullable(),
    subject_hash: z.string(),
    requested_by: z.string(),
    reason: z.string(),
    status: z.enum(['open', 'accepted', 'declined', 'done']),
    note: z.string().nullable(),
    opened_at: z.date(),
    decided_at: z.date().nullable(),
    decided_by: z.string().nullable(),
    revision: z.string().nullable(),
  })
  .transform(({ subject_hash, requested_by, opened_at, decided_at, decided_by, ...rest }) => ({
    ...rest,
    subjectHash: subject_hash,
    requestedBy: requested_by,
    openedAt: opened_at,
    decidedAt: decided_at,
    decidedBy: decided_by,
  }))

/** What may follow on what: a settled request stays settled. */
const next: Record<string, readonly string[]> = { open: ['accepted', 'declined'], accepted: ['done', 'declined'], declined: [], done: [] }

/** Requests for deletion, a steward's decisions on them, and the withdrawal of bytes from every revision. */
export const deletionRoutes: Route[] = [
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/deletion-requests`,
      summary: 'Ask for a conversation, or all of a person’s, to be deleted',
      right: 'listing',
      body: Ask,
    },
    async ({ hub, context, dataset, viewer }) => {
      takeAttempt(hub, [`deletion:${viewerName(viewer)}:${dataset.id}`])
      const { kind, subject, reason } = await readJson(context, Ask)
      const id = randomBytes(12).toString('hex')
      const subjectHash = sha256Of(Buffer.from(subject))
      await hub.database.transaction(async (queries) => {
        await queries.change(
          `insert into deletion_requests (id, dataset_id, kind, subject, subject_hash, requested_by, reason, status, opened_at)
           values ($1, $2, $3, $4, $5, $6, $7, 'open', $8)`,
          [id, dataset.id, kind, subject, subjectHash, viewerName(viewer), reason, hub.now()],
        )
        // The entry proves what was asked without repeating it.
        const event = {
          actor: viewerName(viewer),
          action: 'deletion.requested',
          dataset: dataset.fullName,
          detail: { id, kind, subjectHash },
        }
        await appendEntries(queries, [event], hub.now())
      })
      return context.json({ id, status: 'open' }, 201)
    },
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/deletion-requests`, summary: 'Requests for deletion', right: 'steward' },
    async ({ hub, context, dataset }) =>
      context.json(
        await hub.database.select(Ticket, 'select * from deletion_requests where dataset_id = $1 order by opened_at desc limit 1000', [
          dataset.id,
        ]),
      ),
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/deletion-requests/:id`,
      summary: 'Accept or decline a request, or mark it done with the revision that is without it',
      right: 'steward',
      body: Decide,
    },
    async ({ hub, context, dataset, actor }) => {
      const { status, note, revision } = await readJson(context, Decide)
      const id = context.req.param('id') ?? ''
      const commit = revision ? await resolveRevision(hub.database, dataset, revision) : undefined
      await hub.database.transaction(async (queries) => {
        const [ticket] = await queries.select(Ticket, 'select * from deletion_requests where dataset_id = $1 and id = $2 for update', [
          dataset.id,
          id,
        ])
        if (!ticket) throw new HubError(404, 'RequestNotFound', `Dataset ${dataset.fullName} has no deletion request '${id}'.`)
        if (!next[ticket.status]?.includes(status))
          throw conflict('RequestSettled', `This request is ${ticket.status}; it cannot become ${status}.`)
        const isSettled = status !== 'accepted'
        await queries.change(
          `update deletion_requests set status = $3, note = $4, decided_at = $5, decided_by = $6, revision = $7,
             subject = case when $8 then null else subject end where dataset_id = $1 and id = $2`,
          [dataset.id, id, status, note, hub.now(), actor, commit?.id ?? null, isSettled],
        )
        const detail = { id, subjectHash: ticket.subjectHash }
        const at = commit ? { revision: commit.id } : {}
        await appendEntries(queries, [{ actor, action: `deletion.${status}`, dataset: dataset.fullName, detail, ...at }], hub.now())
      })
      return context.json({ id, status })
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/withdrawals`,
      summary: 'Withdraw a file’s bytes from every revision: they answer 410 with the reason',
      right: 'write',
      body: Withdraw,
    },
    async ({ hub, context, dataset, actor }) => {
      const { path, revision, reason, request } = await readJson(context, Withdraw)
      const commit = await resolveRevision(hub.database, dataset, revision)
      const entry = await findEntry(hub.database, commit.tree, checkPath(path))
      if (entry?.type !== 'file') throw entryNotFound(dataset.fullName, path, commit.id)
      const head = await resolveRevision(hub.database, dataset, 'main')
      const present = await findEntry(hub.database, head.tree, path)
      if (present?.type === 'file' && present.sha256 === entry.sha256) {
        throw conflict('StillCurrent', `'${path}' has these bytes at the latest revision, too. Publish a revision without them first.`)
      }
      await hub.database.transaction(async (queries) => {
        await queries.change(
          'insert into withdrawals (dataset_id, sha256, reason, ticket, withdrawn_at) values ($1, $2, $3, $4, $5) on conflict do nothing',
          [dataset.id, entry.sha256, reason, request ?? null, hub.now()],
        )
        const detail = { sha256: entry.sha256, request: request ?? null }
        await appendEntries(
          queries,
          [{ actor, action: 'file.withdrawn', dataset: dataset.fullName, revision: commit.id, path, detail }],
          hub.now(),
        )
      })
      return context.json({ path, sha256: entry.sha256 })
    },
  ),
]
