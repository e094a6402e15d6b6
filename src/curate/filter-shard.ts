import { join } from 'node:path'
import { fromConversationRow } from '../storage/conversations.ts'
import { writeWhole } from '../storage/files.ts'
import { type Row, readParquet } from '../storage/parquet.ts'
import { type KeepRule, readStanding, type Standing } from './duplicates/keep.ts'
import type { FormatLabel } from './format/labeller.ts'
import { renameModel } from './rename.ts'
import { type Facts, type RuleParameters, rowRules } from './rules.ts'

/** filterShard, for the pool. */
export const filterShardTask = { module: import.meta.url, task: 'filterShard' }

/** One shard and what decides over its rows. */
export interface FilterShardInput {
  work: string
  shard: string
  formatFolder: string
  languageFolder: string | null
  /** Folder of the label `duplicates`, and the rules that keep some of a group. */
  duplicatesFolder: string | null
  keepRules: readonly KeepRule[]
  renames: 'lmsys' | 'none'
  rules: readonly { rule: string; parameters: RuleParameters }[]
  anonymousBattles: ReadonlySet<string>
}

/** What the rules on single conversations left, column by column, and what they dropped. */
export interface FilterShardReport {
  shard: string
  /** Rows of the shard, dropped ones counted in. */
  total: number
  /** Row numbers that stay, rising; the other arrays go with it. */
  rows: Uint32Array
  /** Milliseconds since 1970, NaN where the log has no time. */
  startedAt: Float64Array
  /** First 52 bits of the user's hash, -1 for none: enough to count distinct users of a release. */
  users: Float64Array
  /** First 52 bits of the prompts' key. */
  promptKeys: Float64Array
  /** Published model name of each kept row, as an index into `modelNames`. */
  models: Uint32Array
  modelNames: string[]
  /** For each keep rule, the group of each kept row (-1: alone) and its rank in it. */
  standings: { groups: Float64Array; ranks: Float64Array }[]
  dropped: Record<string, { count: number; samples: string[] }>
}

const samplesPerRule = 5

/** Worker task: applies the row rules to one shard, in the recipe's order, and writes every dropped conversation to `dropped/<shard>.jsonl`. */
export async function filterShard(input: FilterShardInput): Promise<FilterShardReport> {
  const { work, shard, rules } = input
  const kept: { row: number; startedAt: number; user: number; promptKey: number; model: number; standings: Standing[] }[] = []
  const modelIndex = new Map<string, number>()
  const dropped: FilterShardReport['dropped'] = {}
  const lines: string[] = []
  const formats = rowsOf(join(work, input.formatFolder, `${shard}.parquet`))
  const languages = input.languageFolder ? rowsOf(join(work, input.languageFolder, `${shard}.parquet`), ['name']) : undefined
  const groups = input.duplicatesFolder ? rowsOf(join(work, input.duplicatesFolder, `${shard}.parquet`)) : undefined
  let row = 0
  for await (const record of rowsOf(join(work, 'conversations', `${shard}.parquet`))) {
    const format = toFormat((await formats.next()).value ?? {})
    const language = ((await languages?.next())?.value?.name as string | undefined) ?? null
    const group = (await groups?.next())?.value ?? {}
    const startedAt = record.started_at instanceof Date ? record.started_at.getTime() : Number.NaN
    const logged = String(record.model)
    const model = input.renames === 'lmsys' ? renameModel(logged, startedAt) : logged
    const facts: Facts = {
      model,
      turns: Number(record.turns),
      hasConsent: typeof record.consent_terms === 'string',
      isAnonymousBattle: typeof record.battle === 'string' && input.anonymousBattles.has(record.battle),
      format,
      language,
    }
    const hit = rules.find(({ rule, parameters }) => rowRules[rule]?.drops(facts, parameters))
    if (hit) {
      const count = dropped[hit.rule] ?? { count: 0, samples: [] }
      dropped[hit.rule] = count
      count.count++
      if (count.samples.length < samplesPerRule) count.samples.push(String(record.id))
      lines.push(JSON.stringify({ reason: hit.rule, ...fromConversationRow(record) }))
    } else {
      if (!modelIndex.has(model)) modelIndex.set(model, modelIndex.size)
      const user = typeof record.user === 'string' ? first52Bits(record.user) : -1
      kept.push({
        row,
        startedAt,
        user,
        promptKey: first52Bits(format.promptKey),
        model: modelIndex.get(model) ?? 0,
        standings: input.keepRules.map((rule) => readStanding(group, rule)),
      })
    }
    row++
  }
  writeWhole(join(work, 'dropped', `${shard}.jsonl`), lines.map((line) => `${line}\n`).join(''))
  return {
    shard,
    total: row,
    rows: Uint32Array.from(kept, (item) => item.row),
    startedAt: Float64Array.from(kept, (item) => item.startedAt),
    users: Float64Array.from(kept, (item) => item.user),
    promptKeys: Float64Array.from(kept, (item) => item.promptKey),
    models: Uint32Array.from(kept, (item) => item.model),
    modelNames: [...modelIndex.keys()],
    standings: input.keepRules.map((_, rule) => ({
      groups: Float64Array.from(kept, (item) => item.standings[rule]?.group ?? -1),
      ranks: Float64Array.from(kept, (item) => item.standings[rule]?.rank ?? 1),
    })),
    dropped,
  }
}

async function* rowsOf(path: string, columns?: readonly string[]): AsyncGenerator<Row, undefined> {
  for await (const group of readParquet(path, columns)) yield* group
  return undefined
}

function first52Bits(hex: string): number {
  return Number.parseInt(hex.slice(0, 13), 16)
}

function toFormat(row: Row): FormatLabel {
  return {
    firstBad: (row.first_bad as FormatLabel['firstBad']) ?? null,
    networkError: row.network_error === true,
    errorText: row.error_text === true,
    moderationStub: row.moderation_stub === true,
    cursor: row.cursor === true,
    emptyTurn: row.empty_turn === true,
    badOrder: row.bad_order === true,
    unanswered: row.unanswered === true,
    identityWord: row.identity_word === true,
    messages: Number(row.messages),
    prompts: Number(row.prompts),
    longestPrompt: Number(row.longest_prompt),
    characters: Number(row.characters),
    promptKey: String(row.prompt_key),
  }
}
