import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { type BackgroundTask, claimed } from '../background.ts'
import { type RawFile, withdrawRawFile } from '../datasets/raw-files.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, DatasetRow } from '../datasets/store.ts'
import { eraseUnused } from '../datasets/stored.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { dropIndexes } from '../viewer/source.ts'
import { followDerived } from './derived.ts'
import { commitWithout } from './rewrite.ts'
import { movedSamples } from './samples.ts'
import { findHolders, findHoldersAt, findRawHolders, type Holder, type Wanted } from './search.ts'
import { listTickets, reportProblem, settleTickets, type Ticket } from './tickets.ts'
import { setTombstones } from './tombstones.ts'

/** Words that whoever asks for withdrawn bytes gets. */
const reason = 'it held a conversation that was deleted on request.'

/** Carries out accepted requests for deletion, and goes on with what a kill has cut. */
export const deletionTask: BackgroundTask = { name: 'deletions', everyMs: 5 * 60_000, run: carryOutDeletions }

/** Carries out the accepted requests of every dataset; one server at a time for each. */
export async function carryOutDeletions(hub: Hub): Promise<void> {
  const sql = `select * from datasets where id in (select dataset_id from deletion_requests where status = 'accepted' and problem is null)
    or id in (select dataset_id from withdrawals where ticket is not null and erased_at is null)
    or id in (select dataset_id from raw_files where withdrawn_reason is not null and erased_at is null)`
  for (const dataset of await hub.database.select(DatasetRow, sql)) {
    await claimed(hub, `deletions:${dataset.id}`, async () => {
      await carryOut(hub, dataset)
      await eraseWithdrawn(hub, dataset)
    })
  }
}

async function carryOut(hub: Hub, dataset: Dataset): Promise<void> {
  const tickets = (await listTickets(hub.database, dataset, 'accepted')).filter(({ problem }) => problem === null)
  if (tickets.length === 0) return
  try {
    const wanted = await withPeoplesOwn(hub, dataset, wantedBy(tickets))
    const made = await commitWithout(hub, dataset, wanted)
    const head = await resolveRevision(hub.database, dataset, 'main')
    const left = await findHoldersAt(hub, dataset, head.tree, wanted)
    if (left.length > 0) {
      const names = left.slice(0, 5).join(', ')
      throw new AppError('deletion-left', `The latest revision still names it in ${names}. Take it out by hand, then accept again.`)
    }
    const holders = await findHolders(hub, dataset, wanted)
    const raw = await findRawHolders(hub, dataset, wanted)
    if (holders.length === 0 && raw.length === 0 && !made) {
      throw new AppError('deletion-nothing', 'No revision holds it. Decline the request, or accept it with the ids of the conversations.')
    }
    const samples = await movedSamples(hub, dataset, head)
    await finish(hub, dataset, { tickets, holders, raw, samples, head: head.id })
    await followDerived(hub, dataset, wanted)
    hub.log.info('deletion.done', { tickets: tickets.length, withdrawn: holders.length + raw.length })
  } catch (error) {
    // What people can mend is told to the steward; anything else is tried again.
    if (!(error instanceof AppError) || error.code === 'ParentMoved') throw error
    await reportProblem(hub, dataset, tickets, error.message)
    hub.log.warn('deletion.stopped', { code: error.code })
  }
}

function wantedBy(tickets: readonly Ticket[]): Wanted {
  const subjectsOf = (kind: Ticket['kind']) => new Set(tickets.filter((one) => one.kind === kind).flatMap(({ subjects }) => subjects ?? []))
  return { conversations: subjectsOf('conversation'), users: subjectsOf('person') }
}

/** A person's conversations by their ids, too: cards and sets derived from the release name them without the hash. */
async function withPeoplesOwn(hub: Hub, dataset: Dataset, asked: Wanted): Promise<Wanted> {
  if (asked.users.size === 0) return asked
  const rows = (await findHolders(hub, dataset, { ...asked, conversations: new Set() })).flatMap((holder) => holder.rows)
  return { ...asked, conversations: new Set([...asked.conversations, ...rows.map(({ id }) => id)]) }
}

/** What carrying out found and made: `head` is the revision without it, `samples` where the rows for everyone stand there. */
interface Outcome {
  tickets: readonly Ticket[]
  holders: readonly Holder[]
  raw: readonly RawFile[]
  samples: Awaited<ReturnType<typeof movedSamples>>
  head: string
}

/** Withdraws the old bytes and settles the requests: both or neither, with their entries. */
async function finish(hub: Hub, dataset: Dataset, { tickets, holders, raw, samples, head }: Outcome): Promise<void> {
  const at = hub.now()
  const [first] = tickets
  const gone = new Set(holders.map(({ entry }) => entry.sha256))
  await dropIndexes(hub, dataset, (hashes) => hashes.some((sha256) => gone.has(sha256)))
  await hub.database.transaction(async (queries) => {
    for (const { path, revision, entry } of holders) {
      await queries.change(
        `insert into withdrawals (dataset_id, sha256, reason, ticket, withdrawn_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [dataset.id, entry.sha256, reason, first?.id ?? null, at],
      )
      // The same bytes cannot be committed again without being uploaded again, and then they are withdrawn already.
      await queries.change('delete from contents where dataset_id = $1 and sha256 = $2', [dataset.id, entry.sha256])
      const detail = { sha256: entry.sha256, request: first?.id ?? null }
      await appendEntries(queries, [{ actor: 'hub', action: 'file.withdrawn', dataset: dataset.fullName, revision, path, detail }], at)
    }
    for (const { path, sha256 } of raw) {
      await withdrawRawFile(queries, dataset, { path, reason })
      const detail = { sha256, request: first?.id ?? null }
      await appendEntries(queries, [{ actor: 'hub', action: 'raw.withdrawn', dataset: dataset.fullName, path, detail }], at)
    }
    // Not where the owner has chosen others meanwhile.
    const keep = `update datasets set settings = settings || $2::jsonb where id = $1 and settings->>'sampleRevision' is not distinct from $3`
    if (samples) await queries.change(keep, [dataset.id, JSON.stringify(samples), dataset.settings.sampleRevision ?? null])
    for (const ticket of tickets) {
      const own = holders
        .flatMap(({ rows }) => rows)
        .filter(({ id, user }) => ticket.subjects?.includes(ticket.kind === 'conversation' ? id : (user ?? '')))
      const ids = new Set(own.map(({ id }) => id))
      await setTombstones(queries, dataset, { ticket: ticket.id, subjects: [...(ticket.subjects ?? []), ...ids], at })
      await settleTickets(hub, queries, dataset, {
        tickets: [ticket],
        revision: head,
        removed: ids.size,
        withdrawn: holders.length + raw.length,
      })
    }
  })
}

const Gone = z.object({ sha256: z.string() })

/** Erases withdrawn bytes from the store, unless another dataset or the raw data holds the same content. */
async function eraseWithdrawn(hub: Hub, dataset: Dataset): Promise<void> {
  for (const { table, isWithdrawn } of [
    { table: 'withdrawals', isWithdrawn: 'ticket is not null' },
    { table: 'raw_files', isWithdrawn: 'withdrawn_reason is not null' },
  ]) {
    const sql = `select sha256 from ${table} where dataset_id = $1 and ${isWithdrawn} and erased_at is null`
    for (const { sha256 } of await hub.database.select(Gone, sql, [dataset.id])) {
      await eraseUnused(hub, sha256, dataset)
      const erased = `update ${table} set erased_at = $3 where dataset_id = $1 and sha256 = $2 and ${isWithdrawn}`
      await hub.database.change(erased, [dataset.id, sha256, hub.now()])
    }
  }
}
