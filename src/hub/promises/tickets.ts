import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import { findUser } from '../accounts/users.ts'
import { sha256Of } from '../datasets/content.ts'
import { type Dataset, findDataset } from '../datasets/store.ts'
import { badRequest, conflict, HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { notifyPerson, notifyStaff } from '../notices/notify.ts'
import { deletionDecided, deletionRequested } from '../notices/words.ts'
import { setTombstones } from './tombstones.ts'

/** Where a request for deletion stands. `accepted` is being carried out; `declined` and `done` are settled. */
export type TicketStatus = 'open' | 'accepted' | 'declined' | 'done'

/** A request for deletion. Once settled only the hash of what was asked stays. */
export interface Ticket {
  id: string
  kind: 'conversation' | 'person'
  /** Conversation ids, or one person's keyed hash; null once the request is settled. */
  subjects: string[] | null
  subjectHash: string
  requestedBy: string
  reason: string
  status: TicketStatus
  /** Who vouches that the hash is the person's own; null where nobody has. */
  proof: 'session' | 'steward' | null
  note: string | null
  problem: string | null
  openedAt: Date
  decidedAt: Date | null
  decidedBy: string | null
  /** The revision that is without it. */
  revision: string | null
  /** Conversations that were taken out, and files whose old bytes were withdrawn. */
  removed: number | null
  withdrawn: number | null
}

const TicketRow: z.ZodType<Ticket> = z
  .object({
    id: z.string(),
    kind: z.enum(['conversation', 'person']),
    subjects: z.array(z.string()).nullable(),
    subject_hash: z.string(),
    requested_by: z.string(),
    reason: z.string(),
    status: z.enum(['open', 'accepted', 'declined', 'done']),
    proof: z.enum(['session', 'steward']).nullable(),
    note: z.string().nullable(),
    problem: z.string().nullable(),
    opened_at: z.date(),
    decided_at: z.date().nullable(),
    decided_by: z.string().nullable(),
    revision: z.string().nullable(),
    removed: z.number().nullable(),
    withdrawn: z.number().nullable(),
  })
  .transform(({ subject_hash, requested_by, opened_at, decided_at, decided_by, ...rest }) => ({
    ...rest,
    subjectHash: subject_hash,
    requestedBy: requested_by,
    openedAt: opened_at,
    decidedAt: decided_at,
    decidedBy: decided_by,
  }))

/** What a request for deletion asks. */
export interface NewTicket {
  kind: 'conversation' | 'person'
  /** 1–10,000 conversation ids, or one person's keyed hash (the value of the release's `user` column). */
  subjects: readonly string[]
  reason: string
  /** Name for the ledger: an account, or what part of the server asks for a person it knows. */
  requestedBy: string
  /** `session`: the caller has checked that the person who asks is signed in as the one that the hash stands for. */
  proof?: 'session' | undefined
}

/**
 * Files a request for deletion from inside the server; a steward decides on it. The collection site calls this when a person withdraws.
 * @throws HubError 404 `RepoNotFound` where there is no such dataset, 400 for no subject or too many.
 */
export async function fileDeletion(hub: Hub, dataset: string, given: NewTicket): Promise<{ id: string }> {
  const [namespace = '', name = ''] = dataset.split('/')
  const found = await findDataset(hub.database, namespace, name)
  if (!found) throw new HubError(404, 'RepoNotFound', `There is no dataset '${dataset}' on this hub.`)
  return openTicket(hub, found, given)
}

/** Opens a request on a dataset; the ledger keeps a hash of what is asked, not what is asked. */
export async function openTicket(hub: Hub, dataset: Dataset, given: NewTicket): Promise<{ id: string }> {
  const { kind, subjects, reason, requestedBy, proof } = given
  if (subjects.length === 0 || subjects.length > 10_000 || (kind === 'person' && subjects.length > 1))
    throw badRequest('A request for deletion names 1–10,000 conversations, or one person.')
  const id = randomBytes(12).toString('hex')
  const subjectHash = hashSubjects(subjects)
  const at = hub.now()
  await hub.database.transaction(async (queries) => {
    await queries.change(
      `insert into deletion_requests (id, dataset_id, kind, subjects, subject_hash, requested_by, reason, status, proof, opened_at)
       values ($1, $2, $3, $4::jsonb, $5, $6, $7, 'open', $8, $9)`,
      [id, dataset.id, kind, JSON.stringify(subjects), subjectHash, requestedBy, reason, proof ?? null, at],
    )
    const detail = { id, kind, subjects: subjects.length, subjectHash, proof: proof ?? null }
    await appendEntries(queries, [{ actor: requestedBy, action: 'deletion.requested', dataset: dataset.fullName, detail }], at)
    await notifyStaff(hub, queries, dataset, deletionRequested(dataset.fullName, id))
  })
  hub.wake('notices')
  return { id }
}

/** SHA-256 of one subject, or of many, sorted, one a line: whoever knows what was asked can check the ledger's entry. */
function hashSubjects(subjects: readonly string[]): string {
  return sha256Of(Buffer.from([...subjects].sort().join('\n')))
}

/** A dataset's requests, newest first, at most 1,000; with a status only those. */
export function listTickets(queries: Queries, dataset: Pick<Dataset, 'id'>, status?: TicketStatus): Promise<Ticket[]> {
  const sql =
    'select * from deletion_requests where dataset_id = $1 and ($2::text is null or status = $2) order by opened_at desc, id limit 1000'
  return queries.select(TicketRow, sql, [dataset.id, status ?? null])
}

/** A decision on a request. `conversations`: the ids that a person's hash stands for, where the release has no column that tells them. */
export interface TicketDecision {
  id: string
  status: Exclude<TicketStatus, 'open'>
  note: string
  actor: string
  isProven: boolean
  conversations?: readonly string[] | undefined
  revision?: string | undefined
}

/** What may follow on what: a settled request stays settled. Accepting again tries again with what was added. */
const next: Record<TicketStatus, readonly TicketStatus[]> = {
  open: ['accepted', 'declined'],
  accepted: ['accepted', 'done', 'declined'],
  declined: [],
  done: [],
}

/**
 * Decides on a request.
 * @throws HubError 404 `RequestNotFound`, 409 `RequestSettled`, 409 `ProofMissing` for a person whose hash nobody vouches for.
 */
export async function decideTicket(hub: Hub, dataset: Dataset, decision: TicketDecision): Promise<void> {
  const { id, status, note, actor, isProven, conversations, revision } = decision
  await hub.database.transaction(async (queries) => {
    const [ticket] = await queries.select(TicketRow, 'select * from deletion_requests where dataset_id = $1 and id = $2 for update', [
      dataset.id,
      id,
    ])
    if (!ticket) throw new HubError(404, 'RequestNotFound', `Dataset ${dataset.fullName} has no deletion request '${id}'.`)
    if (!next[ticket.status].includes(status))
      throw conflict('RequestSettled', `This request is ${ticket.status}; it cannot become ${status}.`)
    const proof = ticket.proof ?? (isProven ? 'steward' : null)
    if (status === 'accepted' && ticket.kind === 'person' && !proof) {
      throw conflict(
        'ProofMissing',
        'Nobody has proven that this hash is the person’s own. Check it, then accept with isProven, or have the person ask from their own session.',
      )
    }
    const isSettled = status !== 'accepted'
    const subjects = conversations ? [...conversations] : (ticket.subjects ?? [])
    await queries.change(
      `update deletion_requests set status = $3, note = $4, decided_at = $5, decided_by = $6, revision = $7, proof = $8, problem = null,
         kind = $9, subjects = case when $10 then null else $11::jsonb end where dataset_id = $1 and id = $2`,
      [
        dataset.id,
        id,
        status,
        note,
        hub.now(),
        actor,
        revision ?? null,
        proof,
        conversations ? 'conversation' : ticket.kind,
        isSettled,
        JSON.stringify(subjects),
      ],
    )
    if (status === 'done')
      await setTombstones(queries, dataset, { ticket: id, subjects: [...subjects, ...(ticket.subjects ?? [])], at: hub.now() })
    const detail = { id, subjectHash: ticket.subjectHash, proof }
    const at = revision ? { revision } : {}
    await appendEntries(queries, [{ actor, action: `deletion.${status}`, dataset: dataset.fullName, detail, ...at }], hub.now())
    await tellAsker(hub, queries, dataset, ticket, status, note)
  })
  hub.wake('notices')
}

/** Whoever asked from an account is told; the dataset's webhook is told either way. */
async function tellAsker(hub: Hub, queries: Queries, dataset: Dataset, ticket: Ticket, status: TicketStatus, note: string): Promise<void> {
  const asker = await findUser(queries, ticket.requestedBy)
  await notifyPerson(hub, queries, dataset, asker?.id ?? '', deletionDecided(dataset.fullName, ticket.id, status, note))
}

/** Settles requests that were carried out, with the entry that proves it. What was asked is forgotten here. */
export async function settleTickets(
  hub: Hub,
  queries: Queries,
  dataset: Dataset,
  given: { tickets: readonly Ticket[]; revision: string; removed: number; withdrawn: number },
): Promise<void> {
  const at = hub.now()
  for (const ticket of given.tickets) {
    const { id, subjectHash, kind } = ticket
    await queries.change(
      `update deletion_requests set status = 'done', revision = $3, removed = $4, withdrawn = $5, problem = null, subjects = null
       where dataset_id = $1 and id = $2`,
      [dataset.id, id, given.revision, given.removed, given.withdrawn],
    )
    const detail = { id, kind, subjectHash, removed: given.removed, withdrawnFiles: given.withdrawn }
    const event = { actor: 'hub', action: 'deletion.done', dataset: dataset.fullName, revision: given.revision, detail }
    await appendEntries(queries, [event], at)
    await tellAsker(hub, queries, dataset, ticket, 'done', '')
  }
}

/** Writes on requests why they could not be carried out. */
export async function reportProblem(hub: Hub, dataset: Dataset, tickets: readonly Ticket[], problem: string): Promise<void> {
  for (const { id } of tickets)
    await hub.database.change('update deletion_requests set problem = $3 where dataset_id = $1 and id = $2', [dataset.id, id, problem])
}
