import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import type { FormField, GateForm } from '../datasets/card.ts'
import type { Dataset } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { type Notice, notifyPeople } from '../notices/notify.ts'
import { termsChanged } from '../notices/words.ts'

/** What can be asked for: the release, or the raw data beside it. */
export type Level = 'release' | 'raw'

/** One version of what people agree to, and of the form that they fill in. */
export interface Terms {
  version: number
  heading: string
  text: string
  fields: FormField[]
  createdAt: Date
  reconsentBy: Date | null
}

const Field = z.object({
  name: z.string(),
  type: z.enum(['text', 'checkbox', 'date_picker', 'country', 'ip_location', 'select']),
  options: z.array(z.string()),
})

const TermsRow: z.ZodType<Terms> = z
  .object({
    version: z.number(),
    heading: z.string(),
    text: z.string(),
    fields: z.array(Field),
    created_at: z.date(),
    reconsent_by: z.date().nullable(),
  })
  .transform(({ created_at, reconsent_by, ...rest }) => ({ ...rest, createdAt: created_at, reconsentBy: reconsent_by }))

/** The present terms; version 0 without text or fields where none were ever set. */
export async function currentTerms(hub: Hub, dataset: Dataset, level: Level): Promise<Terms> {
  const sql = 'select * from terms where dataset_id = $1 and level = $2 order by version desc limit 1'
  const [terms] = await hub.database.select(TermsRow, sql, [dataset.id, level])
  return terms ?? { version: 0, heading: '', text: '', fields: [], createdAt: dataset.createdAt, reconsentBy: null }
}

/** Every version, newest first. */
export function listTerms(hub: Hub, dataset: Dataset, level: Level): Promise<Terms[]> {
  return hub.database.select(TermsRow, 'select * from terms where dataset_id = $1 and level = $2 order by version desc', [
    dataset.id,
    level,
  ])
}

/** Makes a new version when text or form differ from the present ones. */
export async function syncTerms(hub: Hub, dataset: Dataset, level: Level, form: GateForm): Promise<Terms> {
  const present = await currentTerms(hub, dataset, level)
  const shape = (one: GateForm) => JSON.stringify([one.heading, one.text, one.fields])
  if (
    shape({ heading: present.heading, text: present.text, fields: present.fields.map(orderField) }) ===
    shape({ ...form, fields: form.fields.map(orderField) })
  )
    return present
  const at = hub.now()
  const version = present.version + 1
  await hub.database.transaction(async (queries) => {
    await queries.change(
      'insert into terms (dataset_id, level, version, heading, text, fields, created_at) values ($1, $2, $3, $4, $5, $6::jsonb, $7) on conflict do nothing',
      [dataset.id, level, version, form.heading, form.text, JSON.stringify(form.fields), at],
    )
    await appendEntries(queries, [{ actor: 'hub', action: 'terms.changed', dataset: dataset.fullName, detail: { level, version } }], at)
    if (version > 1) await tellGrantees(hub, queries, dataset, level, termsChanged(dataset.fullName, version, null))
  })
  hub.wake('notices')
  return { ...form, version, createdAt: at, reconsentBy: null }
}

/** Sets the time after which grants under versions before the present one stop; null takes it back. */
export async function setReconsent(hub: Hub, dataset: Dataset, given: { level: Level; by: Date | null; actor: string }): Promise<Terms> {
  const terms = await currentTerms(hub, dataset, given.level)
  await hub.database.transaction(async (queries) => {
    await queries.change('update terms set reconsent_by = $4 where dataset_id = $1 and level = $2 and version = $3', [
      dataset.id,
      given.level,
      terms.version,
      given.by,
    ])
    const detail = { level: given.level, version: terms.version, by: given.by?.toISOString() ?? null }
    await appendEntries(queries, [{ actor: given.actor, action: 'terms.reconsent-set', dataset: dataset.fullName, detail }], hub.now())
    if (given.by) await tellGrantees(hub, queries, dataset, given.level, termsChanged(dataset.fullName, terms.version, given.by))
  })
  hub.wake('notices')
  return { ...terms, reconsentBy: given.by }
}

const Grantee = z.object({ user_id: z.string() })

async function tellGrantees(hub: Hub, queries: Queries, dataset: Dataset, level: Level, notice: Notice): Promise<void> {
  const sql = "select user_id from requests where dataset_id = $1 and level = $2 and status = 'accepted' order by user_id"
  const grantees = (await queries.select(Grantee, sql, [dataset.id, level])).map(({ user_id }) => user_id)
  await notifyPeople(hub, queries, dataset, grantees, notice)
}

/** JSON columns do not keep the order of keys. */
const orderField = ({ name, type, options }: FormField): FormField => ({ name, type, options })
