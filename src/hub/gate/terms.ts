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
  /** The owner who set it; null where the card did. */
  setBy: string | null
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
    set_by: z.string().nullable(),
  })
  .transform(({ created_at, reconsent_by, set_by, ...rest }) => ({
    ...rest,
    createdAt: created_at,
    reconsentBy: reconsent_by,
    setBy: set_by,
  }))

/** The present terms; version 0 without text or fields where none were ever set. */
export async function currentTerms(hub: Hub, dataset: Dataset, level: Level): Promise<Terms> {
  const sql = 'select * from terms where dataset_id = $1 and level = $2 order by version desc limit 1'
  const [terms] = await hub.database.select(TermsRow, sql, [dataset.id, level])
  return terms ?? noTerms(dataset)
}

/** Every version, newest first. */
export function listTerms(hub: Hub, dataset: Dataset, level: Level): Promise<Terms[]> {
  return hub.database.select(TermsRow, 'select * from terms where dataset_id = $1 and level = $2 order by version desc', [
    dataset.id,
    level,
  ])
}

/** Makes a new version when the card's text or form differ from what the card said last: terms that an owner has set since stand until then. */
export async function syncTerms(hub: Hub, dataset: Dataset, form: GateForm): Promise<Terms> {
  return addVersion(hub, dataset, { level: 'release', form, setBy: null })
}

/** Makes a new version, set by an owner, when text or form differ from the present ones. */
export async function setTerms(hub: Hub, dataset: Dataset, given: { level: Level; form: GateForm; actor: string }): Promise<Terms> {
  return addVersion(hub, dataset, { level: given.level, form: given.form, setBy: given.actor })
}

async function addVersion(hub: Hub, dataset: Dataset, given: { level: Level; form: GateForm; setBy: string | null }): Promise<Terms> {
  const { level, form, setBy } = given
  const terms = await hub.database.transaction(async (queries) => {
    // One change of a dataset's terms at a time, on whichever server.
    await queries.select(z.object({ id: z.string() }), 'select id from datasets where id = $1 for update', [dataset.id])
    const all = await queries.select(TermsRow, 'select * from terms where dataset_id = $1 and level = $2 order by version desc', [
      dataset.id,
      level,
    ])
    const present = all[0] ?? noTerms(dataset)
    const before = setBy === null ? (all.find((one) => one.setBy === null) ?? noTerms(dataset)) : present
    if (shapeOf(before) === shapeOf(form)) return present
    const at = hub.now()
    const version = present.version + 1
    await queries.change(
      'insert into terms (dataset_id, level, version, heading, text, fields, created_at, set_by) values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)',
      [dataset.id, level, version, form.heading, form.text, JSON.stringify(form.fields), at, setBy],
    )
    const event = { actor: setBy ?? 'hub', action: 'terms.changed', dataset: dataset.fullName, detail: { level, version } }
    await appendEntries(queries, [event], at)
    if (version > 1) await tellGrantees(hub, queries, dataset, level, termsChanged(dataset.fullName, version, null))
    return { ...form, version, createdAt: at, reconsentBy: null, setBy }
  })
  hub.wake('notices')
  return terms
}

const noTerms = (dataset: Dataset): Terms => ({
  version: 0,
  heading: '',
  text: '',
  fields: [],
  createdAt: dataset.createdAt,
  reconsentBy: null,
  setBy: null,
})

/** JSON columns do not keep the order of keys. */
const shapeOf = ({ heading, text, fields }: GateForm): string =>
  JSON.stringify([heading, text, fields.map(({ name, type, options }) => [name, type, options])])

/** Sets the time after which grants under versions before the present one stop; null takes it back, and that of every earlier version, too. */
export async function setReconsent(hub: Hub, dataset: Dataset, given: { level: Level; by: Date | null; actor: string }): Promise<Terms> {
  const terms = await currentTerms(hub, dataset, given.level)
  await hub.database.transaction(async (queries) => {
    await queries.change(
      `update terms set reconsent_by = $4 where dataset_id = $1 and level = $2 and (version = $3 or ($4::timestamptz is null and version < $3))`,
      [dataset.id, given.level, terms.version, given.by],
    )
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
