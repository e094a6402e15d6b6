import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import type { Dataset } from '../datasets/store.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { notifyPerson } from '../notices/notify.ts'
import { licenceDemanded } from '../notices/words.ts'

/** What a licensor demands of grantees. `users`: only these; without it, everyone who ever had access. */
export interface NewDemand {
  text: string
  dueAt: Date
  isTermination: boolean
  users?: readonly string[] | undefined
  actor: string
}

const Asked = z.object({ user_id: z.string(), name: z.string() })

/** Makes a demand: all of it in one transaction. A termination ends the access of those whom it goes to at once. */
export async function makeDemand(hub: Hub, dataset: Dataset, given: NewDemand): Promise<{ id: string; asked: number }> {
  const { text, dueAt, isTermination, users, actor } = given
  const id = randomBytes(12).toString('hex')
  const at = hub.now()
  const asked = await hub.database.transaction(async (queries) => {
    await queries.change(
      'insert into licence_demands (id, dataset_id, text, issued_at, issued_by, due_at, is_termination) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, dataset.id, text, at, actor, dueAt, isTermination],
    )
    // Whoever had access once may have copies, whatever became of the grant.
    const people = await queries.select(
      Asked,
      `select distinct requests.user_id, users.name from requests join users on users.id = requests.user_id
       where dataset_id = $1 and had_access
         and ($2::text[] is null or lower(users.name) = any($2::text[])) order by users.name`,
      [dataset.id, users ? users.map((name) => name.toLowerCase()) : null],
    )
    for (const { user_id, name } of people) {
      await queries.change('insert into licence_confirmations (demand_id, user_id) values ($1, $2)', [id, user_id])
      const page = confirmPage(hub, id, user_id)
      const notice = licenceDemanded(dataset.fullName, { id, user: name, text, dueAt, page, isTermination, isReminder: false })
      await notifyPerson(hub, queries, dataset, user_id, notice)
      if (!isTermination) continue
      const revoked = await queries.change(
        "update requests set status = 'revoked', reason = 'The licence has ended.', decided_at = $3, decided_by = $4 where dataset_id = $1 and user_id = $2 and status = 'accepted'",
        [dataset.id, user_id, at, actor],
      )
      if (revoked > 0)
        await appendEntries(
          queries,
          [{ actor, action: 'access.revoked', dataset: dataset.fullName, detail: { user: name, demand: id } }],
          at,
        )
    }
    const detail = { id, asked: people.length, isTermination }
    await appendEntries(queries, [{ actor, action: 'licence.demanded', dataset: dataset.fullName, detail }], at)
    return people.length
  })
  hub.wake('notices')
  return { id, asked }
}

/** Records that a person has deleted all copies, in their words; false where nothing is demanded of them, or they have confirmed before. */
export async function confirmDemand(hub: Hub, given: { id: string; userId: string; words: string; datasetId?: string }): Promise<boolean> {
  const { id, userId, words, datasetId } = given
  const Confirmed = z.object({ full_name: z.string(), user_name: z.string() })
  return hub.database.transaction(async (queries) => {
    const [done] = await queries.select(
      Confirmed,
      `update licence_confirmations c set confirmed_at = $3, words = $4
       from licence_demands d join datasets on datasets.id = d.dataset_id, users
       where d.id = c.demand_id and users.id = c.user_id and c.demand_id = $1 and c.user_id = $2 and c.confirmed_at is null
         and ($5::text is null or d.dataset_id = $5)
       returning datasets.namespace || '/' || datasets.name as full_name, users.name as user_name`,
      [id, userId, hub.now(), words, datasetId ?? null],
    )
    if (!done) return false
    await appendEntries(
      queries,
      [{ actor: done.user_name, action: 'licence.confirmed', dataset: done.full_name, detail: { id } }],
      hub.now(),
    )
    return true
  })
}

const Overdue = z.object({
  demand_id: z.string(),
  user_id: z.string(),
  name: z.string(),
  text: z.string(),
  due_at: z.date(),
  is_termination: z.boolean(),
})

/** Days between two reminders, and how many are sent. */
const EVERY_MS = 7 * 86_400_000
const MOST = 8

/** Reminds those who have not confirmed: three days before a demand is due, and every week after. `force` reminds of one demand at once. */
export async function remind(hub: Hub, dataset: Dataset, force?: { id: string; actor: string }): Promise<number> {
  const at = hub.now()
  return hub.database.transaction(async (queries) => {
    const late = await queries.select(
      Overdue,
      `select c.demand_id, c.user_id, users.name, d.text, d.due_at, d.is_termination from licence_confirmations c
       join licence_demands d on d.id = c.demand_id join users on users.id = c.user_id
       where d.dataset_id = $1 and c.confirmed_at is null and ($2::text is null or d.id = $2)
         and ($2::text is not null or (c.reminders < $3 and d.due_at <= $4 and (c.reminded_at is null or c.reminded_at <= $5)))
       order by d.due_at, users.name limit 1000 for update of c`,
      [dataset.id, force?.id ?? null, MOST, new Date(at.getTime() + 3 * 86_400_000), new Date(at.getTime() - EVERY_MS)],
    )
    for (const { demand_id: id, user_id, name, text, due_at: dueAt, is_termination: isTermination } of late) {
      const notice = licenceDemanded(dataset.fullName, {
        id,
        user: name,
        text,
        dueAt,
        page: confirmPage(hub, id, user_id),
        isTermination,
        isReminder: true,
      })
      await notifyPerson(hub, queries, dataset, user_id, notice)
      await queries.change(
        'update licence_confirmations set reminders = reminders + 1, reminded_at = $3 where demand_id = $1 and user_id = $2',
        [id, user_id, at],
      )
    }
    if (late.length > 0) await recordReminders(queries, dataset, late.length, force?.actor ?? 'hub', at)
    return late.length
  })
}

async function recordReminders(queries: Queries, dataset: Dataset, reminded: number, actor: string, at: Date): Promise<void> {
  await appendEntries(queries, [{ actor, action: 'licence.reminded', dataset: dataset.fullName, detail: { reminded } }], at)
}

/** Where a person confirms without logging in: the key is behind the #, so that it stays out of logs. */
function confirmPage(hub: Hub, demandId: string, userId: string): string {
  return `/confirm#demand=${demandId}&key=${userId}.${signatureOf(hub, demandId, userId)}`
}

/**
 * The person that a key of a confirmation link stands for.
 * @throws HubError 403 `SignatureInvalid`.
 */
export function readConfirmKey(hub: Hub, demandId: string, key: string): string {
  const [userId = '', given = ''] = key.split('.')
  const expected = Buffer.from(signatureOf(hub, demandId, userId))
  const seen = Buffer.from(given)
  if (seen.length !== expected.length || !timingSafeEqual(seen, expected))
    throw new HubError(403, 'SignatureInvalid', 'This link is not whole. Copy all of it from the message, or log in and confirm there.')
  return userId
}

function signatureOf(hub: Hub, demandId: string, userId: string): string {
  return createHmac('sha256', hub.signingKey)
    .update(JSON.stringify(['confirm', demandId, userId]))
    .digest('hex')
}
