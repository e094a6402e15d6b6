import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { NotFoundError } from '../errors.ts'
import { toJson, writeWhole } from '../storage/files.ts'
import { readParquet } from '../storage/parquet.ts'
import { type LotKeeper, openLots } from './safety.lots.ts'

/** Attempts and successes of one model, of all its conversations in the release. */
export interface ModelSafety {
  model: string
  conversations: number
  /** User messages that are flagged. */
  attempts: number
  /** Attempts with a flagged model message after them in the conversation. */
  successes: number
  /** Conversations with an attempt, and those of them with a success. */
  attemptConversations: number
  successConversations: number
}

/** What `colloquy study safety` finds in a release. */
export interface SafetyReport {
  conversations: number
  messages: number
  flaggedMessages: number
  /** Messages without an opinion: moderation failed for them. They are neither flagged nor clean, and in no evaluation set. */
  unjudged: number
  /** Conversations with a flagged message, by category; the table of the LMSYS paper. */
  flaggedConversations: Record<string, number>
  models: ModelSafety[]
  /** Examples in each evaluation set: as many flagged as clean ones. */
  evaluationSets: Record<string, { flagged: number; clean: number }>
}

/** One example of an evaluation set. */
export interface SafetyExample {
  conversation_id: string
  message: number
  role: string
  language: string
  category: string
  flagged: boolean
  score: number
  content: string
  /** Every category that the release flags the message for: `category` is rarely the only one. */
  labels: string[]
}

const rowSchema = z.object({
  conversation_id: z.string(),
  model: z.string(),
  language: z.string().nullish(),
  conversation: z.array(z.object({ role: z.string(), content: z.string() })),
  openai_moderation: z.array(
    z.object({
      flagged: z.boolean().nullable(),
      categories: z.record(z.string(), z.boolean().nullable()),
      category_scores: z.record(z.string(), z.number().nullable()),
    }),
  ),
})

type Row = z.infer<typeof rowSchema>

/**
 * Reads a release folder once: attempts and successes by model, conversations flagged by category, and balanced sets of messages for measuring
 * moderation: of each category up to `examples` flagged messages and as many clean ones of the same roles, drawn by lot of `seed`. Memory holds the
 * drawn examples alone.
 * @throws NotFoundError `release-missing` when the folder has no data files
 */
export async function studySafety(
  folder: string,
  options: { examples: number; seed: number },
): Promise<{ report: SafetyReport; sets: Map<string, SafetyExample[]> }> {
  const files = dataFiles(folder)
  const models = new Map<string, ModelSafety>()
  const flagged = new Map<string, LotKeeper<SafetyExample>>()
  const clean = new Map<string, LotKeeper<SafetyExample>>()
  const report: SafetyReport = {
    conversations: 0,
    messages: 0,
    flaggedMessages: 0,
    unjudged: 0,
    flaggedConversations: {},
    models: [],
    evaluationSets: {},
  }
  const lots = (keepers: Map<string, LotKeeper<SafetyExample>>, key: string) => {
    const keeper = keepers.get(key) ?? openLots<SafetyExample>(options.examples)
    keepers.set(key, keeper)
    return keeper
  }
  for (const file of files) {
    for await (const rows of readParquet(file, ['conversation_id', 'model', 'language', 'conversation', 'openai_moderation'])) {
      for (const raw of rows) {
        const row = rowSchema.parse(raw)
        countModel(models, row)
        report.conversations += 1
        const names = new Set<string>()
        row.openai_moderation.forEach((opinion, at) => {
          const message = row.conversation[at]
          if (!message) return
          report.messages += 1
          if (opinion.flagged === null) {
            report.unjudged += 1
            return
          }
          const lot = lotOf(options.seed, row.conversation_id, at)
          const example = (category: string): SafetyExample => ({
            conversation_id: row.conversation_id,
            message: at,
            role: message.role,
            language: row.language ?? 'unknown',
            category,
            flagged: opinion.flagged === true,
            score: opinion.category_scores[category] ?? 0,
            content: message.content,
            labels: Object.keys(opinion.categories).filter((name) => opinion.categories[name] === true),
          })
          if (opinion.flagged) report.flaggedMessages += 1
          else if (message.content.trim() !== '') lots(clean, message.role).offer(lot, () => example(''))
          for (const [category, isOn] of Object.entries(opinion.categories)) {
            if (!isOn) continue
            names.add(category)
            lots(flagged, category).offer(lot, () => example(category))
          }
        })
        for (const name of names) report.flaggedConversations[name] = (report.flaggedConversations[name] ?? 0) + 1
      }
    }
  }
  const sets = balance(flagged, clean)
  for (const [category, examples] of sets) {
    const count = examples.filter((one) => one.flagged).length
    report.evaluationSets[category] = { flagged: count, clean: examples.length - count }
  }
  report.models = [...models.values()].sort((a, b) => b.attempts - a.attempts || (a.model < b.model ? -1 : 1))
  return { report, sets }
}

/** Writes the sets as JSONL, one file a category (`/` becomes `-`), and the report as safety.json, each whole or not at all. */
export function writeSafety(
  out: string,
  { report, sets }: { report: SafetyReport; sets: ReadonlyMap<string, readonly SafetyExample[]> },
): void {
  for (const [category, examples] of sets) {
    const lines = examples.map((one) => `${JSON.stringify({ ...one, text: one.content })}\n`)
    writeWhole(join(out, `${category.replaceAll('/', '-')}.jsonl`), lines.join(''))
  }
  writeWhole(join(out, 'safety.json'), toJson(report))
}

function dataFiles(folder: string): string[] {
  const data = join(folder, 'data')
  const files = existsSync(data) ? readdirSync(data).filter((name) => name.endsWith('.parquet')) : []
  if (files.length === 0) throw new NotFoundError('release-missing', `${folder} has no data/*.parquet. Give the folder of a release.`)
  return files.sort().map((name) => join(data, name))
}

function countModel(models: Map<string, ModelSafety>, { model, conversation, openai_moderation: opinions }: Row): void {
  const entry = models.get(model) ?? {
    model,
    conversations: 0,
    attempts: 0,
    successes: 0,
    attemptConversations: 0,
    successConversations: 0,
  }
  models.set(model, entry)
  entry.conversations += 1
  const isFlagged = (role: string) => (at: number) => conversation[at]?.role === role && opinions[at]?.flagged === true
  const places = [...conversation.keys()]
  const attempts = places.filter(isFlagged('user'))
  const answers = places.filter(isFlagged('assistant'))
  const lastAnswer = answers.at(-1) ?? -1
  const successes = attempts.filter((at) => at < lastAnswer).length
  entry.attempts += attempts.length
  entry.successes += successes
  entry.attemptConversations += attempts.length > 0 ? 1 : 0
  entry.successConversations += successes > 0 ? 1 : 0
}

/** Of each category as many clean as flagged examples, of the same roles; fewer flagged ones where clean ones are wanting. */
function balance(
  flagged: ReadonlyMap<string, LotKeeper<SafetyExample>>,
  clean: ReadonlyMap<string, LotKeeper<SafetyExample>>,
): Map<string, SafetyExample[]> {
  const sets = new Map<string, SafetyExample[]>()
  for (const category of [...flagged.keys()].sort()) {
    const drawn = flagged.get(category)?.drawn() ?? []
    const examples: SafetyExample[] = []
    for (const role of ['user', 'assistant', 'system']) {
      const ours = drawn.filter((one) => one.role === role)
      const theirs = clean.get(role)?.drawn() ?? []
      const count = Math.min(ours.length, theirs.length)
      examples.push(...ours.slice(0, count), ...theirs.slice(0, count).map((one) => ({ ...one, category })))
    }
    sets.set(category, examples)
  }
  return sets
}

function lotOf(seed: number, conversation: string, message: number): string {
  return createHash('sha256')
    .update(JSON.stringify([seed, conversation, message]))
    .digest('hex')
}
