import { z } from 'zod'
import { parseInput, readJson } from '../body.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { DatasetSettings } from '../datasets/store.ts'
import { appendEntries } from '../ledger.ts'
import { datasetRoute, type Route } from '../routes.ts'
import { base, Day, LevelName } from './shapes.ts'
import { listTerms, setReconsent, setTerms } from './terms.ts'

/** What is not named stays as it is; days, addresses of webhook and mail are taken away by null. */
const Settings = DatasetSettings.omit({ sampleRevision: true })
  .partial()
  .extend({
    sampleRows: DatasetSettings.shape.sampleRows.unwrap().optional(),
    grantDays: DatasetSettings.shape.grantDays.nullable(),
    notifyUrl: z
      .url({ protocol: /^https?$/, error: 'an http or https address' })
      .max(2000)
      .nullable()
      .optional(),
    notifyEmail: DatasetSettings.shape.notifyEmail.nullable(),
    gated: z.union([z.literal(false), z.enum(['auto', 'manual'])]).optional(),
    visibility: z.enum(['public', 'private']).optional(),
    private: z.boolean().optional(),
  })
const FormFieldShape = z.object({
  name: z.string().min(1).max(200),
  type: z.enum(['text', 'checkbox', 'date_picker', 'country', 'select']),
  options: z.array(z.string()).default([]),
})
const NewTerms = z.object({
  heading: z.string().max(500).default(''),
  text: z.string().min(1).max(100_000),
  fields: z.array(FormFieldShape).max(50).default([]),
})
const Reconsent = z.object({ by: Day.nullable(), level: LevelName })
const Rules = z
  .array(
    z.object({
      domain: z
        .string()
        .toLowerCase()
        .regex(/^(?=.{3,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a domain such as example.org'),
      decision: z.enum(['accept', 'reject']),
      days: z.int().min(1).max(3650).nullish(),
    }),
  )
  .max(10_000)
  .refine((rules) => new Set(rules.map(({ domain }) => domain)).size === rules.length, 'one rule for each domain')

/** What an owner sets: gate, visibility, terms, re-consent, rules by e-mail domain. */
export const gateSettingsRoutes: Route[] = [
  datasetRoute(
    { method: 'PUT', path: `${base}/settings`, summary: 'Change gate, visibility and other settings', right: 'write', body: Settings },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const { gated, visibility, private: isPrivate, ...rest } = await readJson(context, Settings)
      const newVisibility = visibility ?? (isPrivate === undefined ? undefined : isPrivate ? 'private' : 'public')
      // Null takes a setting away.
      const picked = rest.sampleRows ? { sampleRevision: (await resolveRevision(hub.database, dataset, 'main')).id } : {}
      const newSettings = Object.fromEntries(
        Object.entries({ ...dataset.settings, ...rest, ...picked }).filter(([, value]) => value !== null),
      )
      await hub.database.transaction(async (queries) => {
        await queries.change(
          'update datasets set gated = coalesce($2, gated), visibility = coalesce($3, visibility), settings = $4::jsonb where id = $1',
          [dataset.id, gated === undefined ? null : String(gated), newVisibility ?? null, JSON.stringify(newSettings)],
        )
        const detail = {
          gated: gated === undefined ? null : String(gated),
          visibility: newVisibility ?? null,
          other: Object.keys(rest),
        }
        await appendEntries(queries, [{ actor, action: 'settings.changed', dataset: dataset.fullName, detail }], hub.now())
      })
      return context.json({
        gated: gated ?? (dataset.gated === 'false' ? false : dataset.gated),
        visibility: newVisibility ?? (dataset.isPrivate ? 'private' : 'public'),
        settings: newSettings,
      })
    },
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/terms`, summary: 'All versions of the terms', right: 'listing' },
    async ({ hub, context, dataset }) =>
      context.json(await listTerms(hub, dataset, parseInput(context.req.query('level') ?? 'release', LevelName))),
  ),
  datasetRoute(
    {
      method: 'PUT',
      path: `${base}/terms`,
      summary: 'Set terms and form as a new version; they stand until the card says something new',
      right: 'write',
      body: NewTerms,
    },
    async ({ hub, context, dataset, actor }) =>
      context.json(await setTerms(hub, dataset, { level: 'release', form: await readJson(context, NewTerms), actor })),
  ),
  datasetRoute(
    { method: 'PUT', path: `${base}/raw-terms`, summary: 'Offer the raw data: its terms and form', right: 'write', body: NewTerms },
    async ({ hub, context, dataset, actor }) =>
      context.json(await setTerms(hub, dataset, { level: 'raw', form: await readJson(context, NewTerms), actor })),
  ),
  datasetRoute(
    { method: 'POST', path: `${base}/reconsent`, summary: 'Set when grants under older terms stop', right: 'steward', body: Reconsent },
    async ({ hub, context, dataset, actor }) =>
      context.json(await setReconsent(hub, dataset, { ...(await readJson(context, Reconsent)), actor })),
  ),
  datasetRoute(
    { method: 'GET', path: `${base}/access-rules`, summary: 'Rules by e-mail domain', right: 'steward' },
    async ({ hub, context, dataset }) => {
      const level = parseInput(context.req.query('level') ?? 'release', LevelName)
      const Row = z.object({ domain: z.string(), decision: z.string(), days: z.number().nullable() })
      const sql = 'select domain, decision, days from domain_rules where dataset_id = $1 and level = $2 order by domain'
      return context.json(await hub.database.select(Row, sql, [dataset.id, level]))
    },
  ),
  datasetRoute(
    { method: 'PUT', path: `${base}/access-rules`, summary: 'Replace the rules by e-mail domain', right: 'steward', body: Rules },
    async ({ hub, context, dataset, actor }) => {
      const level = parseInput(context.req.query('level') ?? 'release', LevelName)
      const rules = await readJson(context, Rules)
      await hub.database.transaction(async (queries) => {
        await queries.change('delete from domain_rules where dataset_id = $1 and level = $2', [dataset.id, level])
        for (const { domain, decision, days } of rules) {
          await queries.change('insert into domain_rules (dataset_id, level, domain, decision, days) values ($1, $2, $3, $4, $5)', [
            dataset.id,
            level,
            domain,
            decision,
            days ?? null,
          ])
        }
        const detail = { level, accepted: rules.filter(({ decision }) => decision === 'accept').map(({ domain }) => domain) }
        await appendEntries(queries, [{ actor, action: 'access.rules-set', dataset: dataset.fullName, detail }], hub.now())
      })
      return context.json(rules)
    },
  ),
]
