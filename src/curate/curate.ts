import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Pool } from '../engine/pool.ts'
import { InputError, NotFoundError } from '../errors.ts'
import type { Log } from '../log.ts'
import { toJson, writeWhole } from '../storage/files.ts'
import { readParquet } from '../storage/parquet.ts'
import { parseKeepRules } from './duplicates/keep.ts'
import { computeFigures, type LabelFigure } from './figures.ts'
import { type FilterShardInput, type FilterShardReport, filterShardTask } from './filter-shard.ts'
import { type LabelEntry, labelAll, type OnRows, type ShardEntry } from './label-all.ts'
import { labelSet } from './label-set.ts'
import { estimateModeration } from './moderation/estimate.ts'
import { parseModerationSettings } from './moderation/settings.ts'
import { hashRecipe, type LoadedRecipe } from './recipe.ts'
import { createLabeller, createSetLabellers, type LabellerAccess, specsOf } from './registry.ts'
import { rowRules, setRules } from './rules.ts'
import { type Selection, select } from './select.ts'
import { findUnlabelled } from './unlabelled.ts'
import { writeSelection, writeSetDrops } from './write-selection.ts'

/** What curate is asked to do with a work folder that ingest filled. */
export interface CurateOptions {
  work: string
  loaded: LoadedRecipe
  limit?: number
  pool: Pool
  log: Log
  /** Settings of labellers that are no part of the recipe: keys, endpoints, files. By label. */
  access?: LabellerAccess
  onRows?: OnRows
  signal?: AbortSignal
}

/** What a rule did: `curate.json` and the card show it. */
export interface RuleReport {
  rule: string
  description: string
  dropped: number
  samples: string[]
}

/** The content of `curate.json`. */
export interface CurateReport {
  schema: 1
  recipe: LoadedRecipe['recipe']
  recipeSha256: string
  order: Selection['order']
  labels: Record<string, LabelEntry>
  rules: RuleReport[]
  /** What the labels say of the selected conversations. */
  figures: LabelFigure[]
  input: number
  notSampled: number
  selected: number
  users: number
  shards: { shard: string; rows: number; selected: number }[]
}

const ingestSchema = z.object({ shards: z.array(z.object({ shard: z.string(), rows: z.number(), sha256: z.string() })) })
/** Beside about 300 MiB of this process, so that a build stays under 1.5 GiB. */
const setMemoryMiB = 1024

/**
 * Labels every conversation, applies the recipe's rules, and writes which rows go into the release: `labels/`, `dropped/`, `selection/`, `curate.json`.
 * @throws NotFoundError `work-missing` where ingest has not run; InputError for an unusable recipe; ShardError when a shard's work failed.
 */
export async function curate(options: CurateOptions): Promise<CurateReport> {
  const { work, loaded, pool, log } = options
  const shards = readShards(work)
  rmSync(join(work, 'curate.json'), { force: true })
  const estimate = await estimateFirst(options, shards)
  if (estimate) log.info('moderation.estimated', { ...estimate })
  const {
    labels: rowLabels,
    milliseconds,
    reused,
  } = await labelAll({
    work,
    shards,
    specs: specsOf(loaded, options.access),
    pool,
    onRows: options.onRows ?? (() => {}),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  for (const [label, ms] of Object.entries(milliseconds))
    log.info('curate.labelled', { label, threadMs: Math.round(ms), reused: reused[label] ?? 0 })
  const setLabels = await labelSet({
    work,
    shards,
    labels: rowLabels,
    labellers: await createSetLabellers(loaded),
    limits: { jobs: pool.size, memoryMiB: setMemoryMiB },
    log,
  })
  const labels = { ...rowLabels, ...setLabels }
  const reports = await filterAll(options, shards, labels)
  const selection = select(reports, selectOptions(options))
  await writeSelection(work, reports, selection)
  const report: CurateReport = {
    schema: 1,
    recipe: loaded.recipe,
    recipeSha256: hashRecipe(loaded),
    order: selection.order,
    labels,
    rules: await reportRules(work, loaded, reports, selection),
    figures: await computeFigures({ work, shards: shards.map(({ shard }) => shard), labels, jobs: pool.size, memoryMiB: setMemoryMiB }),
    input: shards.reduce((sum, { rows }) => sum + rows, 0),
    notSampled: selection.notSampled,
    selected: selection.selected,
    users: countUsers(reports, selection),
    shards: shards.map(({ shard, rows }, index) => ({
      shard,
      rows,
      selected: selection.positions[index]?.filter((at) => at >= 0).length ?? 0,
    })),
  }
  writeWhole(join(work, 'curate.json'), toJson(report))
  log.info('curate.selected', { input: report.input, selected: report.selected, notSampled: report.notSampled })
  return report
}

async function estimateFirst({ work, loaded, access, pool }: CurateOptions, shards: readonly ShardEntry[]) {
  const { recipe } = loaded
  if (!recipe.labels.includes('moderation')) return undefined
  if (recipe.settings.moderation && 'apiKey' in recipe.settings.moderation) {
    // The recipe is written into curate.json and the manifest, and so would the key be.
    throw new InputError('moderation-settings', `Recipe ${recipe.name} holds an apiKey. Take it out, and set OPENAI_API_KEY.`)
  }
  const settings = parseModerationSettings({ ...recipe.settings.moderation, ...access?.moderation })
  const spec = specsOf(loaded, access).find(({ name }) => name === 'moderation')
  if (settings.source === 'classifier' || !spec) return undefined
  const labeller = await createLabeller(spec)
  try {
    const left = await findUnlabelled({ work, shards, labeller })
    return left && (await estimateModeration({ ...left, settings, jobs: pool.size }))
  } finally {
    await labeller.close?.()
  }
}

function readShards(work: string): ShardEntry[] {
  const file = join(work, 'ingest.json')
  if (!existsSync(file))
    throw new NotFoundError('work-missing', `${work} has no ingest.json. Run 'colloquy ingest <log…> --work ${work}' first.`)
  return ingestSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).shards
}

async function filterAll(
  { work, loaded, pool }: CurateOptions,
  shards: readonly ShardEntry[],
  labels: Record<string, LabelEntry>,
): Promise<FilterShardReport[]> {
  const { recipe } = loaded
  const formatFolder = labels.format?.folder
  if (!formatFolder) throw new InputError('recipe-invalid', `Recipe ${recipe.name}: labels must name 'format', which the rules decide on.`)
  const keepRules = parseKeepRules(recipe.rules)
  if (keepRules.length > 0 && !labels.duplicates) {
    throw new InputError(
      'recipe-invalid',
      `Recipe ${recipe.name}: the rule 'duplicates' needs the labels 'signatures' and 'duplicates'. Add both to labels.`,
    )
  }
  const consentRule = recipe.consent === 'required' ? [{ rule: 'consent-missing' }] : []
  const rules = [...consentRule, ...recipe.rules]
    .filter(({ rule }) => rule in rowRules)
    .map(({ rule, ...parameters }) => ({ rule, parameters }))
  const shared = {
    work,
    formatFolder,
    languageFolder: labels.language?.folder ?? null,
    duplicatesFolder: keepRules.length > 0 ? (labels.duplicates?.folder ?? null) : null,
    keepRules,
    renames: recipe.renames,
    rules,
    anonymousBattles: await readAnonymousBattles(work),
  }
  rmSync(join(work, 'dropped'), { recursive: true, force: true })
  return Promise.all(shards.map(({ shard }) => pool.run<FilterShardInput, FilterShardReport>(filterShardTask, shard, { ...shared, shard })))
}

async function readAnonymousBattles(work: string): Promise<Set<string>> {
  const ids = new Set<string>()
  const file = join(work, 'battles.parquet')
  if (!existsSync(file)) return ids
  for await (const rows of readParquet(file, ['id', 'anonymous']))
    for (const { id, anonymous } of rows) if (anonymous === true) ids.add(String(id))
  return ids
}

function selectOptions({ loaded: { recipe }, limit }: CurateOptions): Parameters<typeof select>[1] {
  const templated = recipe.rules.find(({ rule }) => rule === 'templated') as { keep?: unknown } | undefined
  return {
    ...(templated ? { templatedKeep: Number(templated.keep ?? 100) } : {}),
    keepRules: parseKeepRules(recipe.rules),
    ...(recipe.sampling ? { sampling: recipe.sampling } : {}),
    ...(limit === undefined ? {} : { limit }),
  }
}

async function reportRules(
  work: string,
  { recipe }: LoadedRecipe,
  reports: readonly FilterShardReport[],
  selection: Selection,
): Promise<RuleReport[]> {
  const samplesOf: Record<string, string[][]> = {}
  for (const [rule, lists] of Object.entries(selection.dropped)) samplesOf[rule] = await writeSetDrops(work, rule, reports, lists)
  const names = [...(recipe.consent === 'required' ? ['consent-missing'] : []), ...recipe.rules.map(({ rule }) => rule)]
  return names.map((rule, index) => {
    const ofSet = setRules[rule]
    if (ofSet !== undefined) {
      // A rule that the recipe names twice has drops of its own each time.
      const time = names.slice(0, index).filter((name) => name === rule).length
      return { rule, description: ofSet, dropped: selection.dropped[rule]?.[time]?.length ?? 0, samples: samplesOf[rule]?.[time] ?? [] }
    }
    const counts = reports.flatMap((report) => report.dropped[rule] ?? [])
    const samples = counts.flatMap((count) => count.samples).slice(0, 5)
    return { rule, description: rowRules[rule]?.description ?? '', dropped: counts.reduce((sum, { count }) => sum + count, 0), samples }
  })
}

function countUsers(reports: readonly FilterShardReport[], { positions }: Selection): number {
  const users = new Set<number>()
  for (const [index, report] of reports.entries()) {
    for (const [at, user] of report.users.entries()) if (user >= 0 && (positions[index]?.[at] ?? -1) >= 0) users.add(user)
  }
  return users.size
}
