import { z } from 'zod'
import { takeAttempt } from '../accounts/attempts.ts'
import { viewerName } from '../accounts/viewer.ts'
import { readJson } from '../body.ts'
import { checkPath } from '../datasets/paths.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { findEntry } from '../datasets/trees.ts'
import { conflict, entryNotFound } from '../errors.ts'
import { appendEntries } from '../ledger.ts'
import { datasetRoute, type Route } from '../routes.ts'
import { dropIndexes } from '../viewer/source.ts'
import { decideTicket, listTickets, openTicket, type Ticket } from './tickets.ts'

const base = '/api/datasets/:namespace/:name'
const Subject = z.string().min(1).max(200)
const Ask = z.object({
  kind: z.enum(['conversation', 'person']).default('conversation'),
  subject: Subject,
  reason: z.string().max(2000).default(''),
})
const Decide = z.object({
  status: z.enum(['accepted', 'declined', 'done']),
  note: z.string().max(2000).default(''),
  revision: z.string().max(200).optional(),
  /** The steward has checked that a person's hash is theirs. */
  isProven: z.boolean().default(false),
  /** The conversations that a person's hash stands for, where the release has no column that tells them. */
  conversations: z.array(Subject).min(1).max(10_000).optional(),
})
const Withdraw = z.object({
  path: z.string(),
  revision: z.string().max(200),
  reason: z.string().min(3).max(500),
  request: z.string().max(100).optional(),
})

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
      await takeAttempt(hub, [`deletion:${viewerName(viewer)}:${dataset.id}`])
      const { kind, subject, reason } = await readJson(context, Ask)
      const { id } = await openTicket(hub, dataset, { kind, subjects: [subject], reason, requestedBy: viewerName(viewer) })
      return context.json({ id, status: 'open' }, 201)
    },
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/deletion-requests`, summary: 'Requests for deletion', right: 'steward' },
    async ({ hub, context, dataset }) => context.json((await listTickets(hub.database, dataset)).map(describe)),
  ),
  datasetRoute(
    {
      method: 'POST',
      path: `${base}/deletion-requests/:id`,
      summary: 'Accept a request, which makes a revision without it, or decline it; mark it done where that was done by hand',
      right: 'steward',
      body: Decide,
    },
    async ({ hub, context, dataset, actor }) => {
      const { revision, ...given } = await readJson(context, Decide)
      const id = context.req.param('id') ?? ''
      const commit = revision ? await resolveRevision(hub.database, dataset, revision) : undefined
      await decideTicket(hub, dataset, { ...given, id, actor, revision: commit?.id })
      // Accepted requests are carried out by the hub itself, beside answering.
      hub.wake('deletions')
      return context.json({ id, status: given.status })
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
      // Search indexes hold the words of the bytes.
      await dropIndexes(hub, dataset, (hashes) => hashes.includes(entry.sha256))
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
      hub.wake('deletions')
      return context.json({ path, sha256: entry.sha256 })
    },
  ),
]

/** `subject` is the first of `subjects`: most requests name one. */
function describe({ subjects, ...rest }: Ticket) {
  return { ...rest, subjects, subject: subjects?.[0] ?? null }
}
