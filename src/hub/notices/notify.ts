import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import type { Dataset } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import { enqueue, type NoticeEvent, type Outgoing } from './outbox.ts'

/** What people are told: in words for mails, in fields for programs. No form's answers, no conversation's text. */
export interface Notice {
  event: NoticeEvent
  subject: string
  text: string
  /** Path of the page where something can be done about it. */
  page: string
  /** Further fields of the webhook's JSON. */
  data?: Readonly<Record<string, string | number | boolean | null>>
}

const Person = z.object({ id: z.string(), email: z.string() })

/**
 * Tells those who look after a dataset, inside the caller's transaction: by mail the namespace's owner, its stewards and the address of the dataset's
 * settings; by webhook its URL.
 */
export async function notifyStaff(hub: Hub, queries: Queries, dataset: Dataset, notice: Notice): Promise<void> {
  const { notifyEmail } = dataset.settings
  const sql = `select id, email from users where email_verified and disabled_at is null and (name = $1 or id in
    (select user_id from members where namespace = $1))`
  const staff = hub.options.mail ? await queries.select(Person, sql, [dataset.namespace]) : []
  const addresses = new Set([...staff.map(({ email }) => email), ...(notifyEmail ? [notifyEmail] : [])])
  await tell(hub, queries, dataset, notice, [...addresses])
}

/** Tells people by mail, those whose address is proven, and the dataset's webhook once. */
export async function notifyPeople(
  hub: Hub,
  queries: Queries,
  dataset: Dataset,
  userIds: readonly string[],
  notice: Notice,
): Promise<void> {
  const sql = 'select id, email from users where id = any($1) and email_verified and disabled_at is null order by id'
  const people = hub.options.mail ? await queries.select(Person, sql, [userIds]) : []
  const addresses = people.map(({ email }) => email)
  await tell(hub, queries, dataset, notice, addresses)
}

/** The same for one person. */
export function notifyPerson(hub: Hub, queries: Queries, dataset: Dataset, userId: string, notice: Notice): Promise<void> {
  return notifyPeople(hub, queries, dataset, [userId], notice)
}

async function tell(hub: Hub, queries: Queries, dataset: Dataset, notice: Notice, addresses: readonly string[]): Promise<void> {
  const { event, subject, text, page, data = {} } = notice
  const at = hub.now()
  const url = `${(hub.options.publicUrl ?? '').replace(/\/+$/, '')}${page}`
  const mails = hub.options.mail ? addresses : []
  const messages = mails.map(
    (target): Outgoing => ({ kind: 'mail', event, datasetId: dataset.id, target, subject, body: `${text}\n\n${url}` }),
  )
  const { notifyUrl } = dataset.settings
  if (notifyUrl) {
    const body = JSON.stringify({ event, dataset: dataset.fullName, at: at.toISOString(), ...data })
    messages.push({ kind: 'webhook', event, datasetId: dataset.id, target: notifyUrl, body })
  }
  await enqueue(queries, messages, at)
}
