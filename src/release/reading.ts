import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet'
import { z } from 'zod'
import type { Column, Row } from '../storage/parquet.ts'
import { fromSchema } from './columns.ts'
import type { FormerRelease } from './former.ts'
import type { Labelled } from './labelled.ts'
import { moderationCategories } from './moderation.ts'
import { type ReleaseStats, toStats } from './stats.ts'
import { emptyTally, type Tally, tallyRow } from './tally.ts'
import { failedVerdict, flaggedBit, type Verdicts } from './verdicts.ts'

/** Counts the rows of a finished release again, from its columns. */
export interface Reading {
  columns: Column[]
  add(rows: readonly Row[]): void
  /** The statistics, the row that may be quoted, and the names of the figures that the columns do not tell and that stay as they were. */
  finish(): { stats: ReleaseStats; sample: Tally['sample']; carried: string[] }
}

const category = <T extends z.ZodType>(value: T) => z.record(z.enum(moderationCategories), value)
const rowSchema = z.object({
  conversation_id: z.string(),
  model: z.string(),
  conversation: z.array(z.object({ role: z.enum(['user', 'assistant', 'system']), content: z.string() })),
  turn: z.coerce.number(),
  language: z.string(),
  openai_moderation: z
    .array(z.object({ categories: category(z.boolean().nullable()).nullable(), flagged: z.boolean().nullable() }))
    .nullable(),
  redacted: z.boolean(),
  started_at: z.date().nullish(),
  user: z.string().nullish(),
  consent: z.object({ terms: z.string().nullable(), accepted_at: z.string().nullable() }).nullish(),
  tokens: z.array(z.number()).nullish(),
  redactions: z.array(z.object({ message: z.number(), kind: z.string(), replacement: z.string() })).nullish(),
})

/** Opens the count for a release whose first data file is given. */
export async function openReading(path: string, former: FormerRelease): Promise<Reading> {
  const columns = fromSchema((await parquetMetadataAsync(await asyncBufferFromFile(path))).schema)
  const has = (name: string) => columns.some((column) => column.name === name)
  const { curate } = former.work
  const tally = emptyTally(new Set(Object.keys(curate.labels)))
  const codes = new Map(former.stats.perLanguage.map(({ language, code }) => [language, code]))
  const people = new Set<string>()
  const total = { position: 0 }
  return {
    columns,
    add(rows) {
      for (const row of rows) {
        const parsed = rowSchema.parse(row)
        if (parsed.user) people.add(parsed.user)
        tallyRow(tally, toLabelled(parsed, total.position, { codes, ran: new Set(Object.keys(curate.labels)), has }))
        total.position += 1
      }
    },
    finish() {
      const stats = toStats(tally, { ...curate, users: people.size })
      const carried = carryOver(stats, former, has)
      return { stats, sample: tally.sample, carried }
    },
  }
}

function toLabelled(
  row: z.infer<typeof rowSchema>,
  position: number,
  known: { codes: ReadonlyMap<string, string>; ran: ReadonlySet<string>; has(name: string): boolean },
): Labelled {
  const { codes, ran } = known
  const conversation: Labelled['conversation'] = {
    id: row.conversation_id,
    model: row.model,
    messages: row.conversation,
    turns: row.turn,
    source: { file: '', line: 0 },
  }
  if (row.started_at) conversation.startedAt = row.started_at.toISOString()
  if (row.user) conversation.user = row.user
  if (row.consent) conversation.consent = { terms: row.consent.terms ?? '', acceptedAt: row.consent.accepted_at ?? '' }
  const labelled: Labelled = { position, conversation, others: {} }
  const code = codes.get(row.language) ?? 'und'
  if (ran.has('language')) labelled.language = { name: row.language, code, confidence: 0, messages: [] }
  if (row.tokens) labelled.tokens = { messages: row.tokens, o200k: [] }
  if (ran.has('moderation') && row.openai_moderation) labelled.moderation = toVerdicts(row.openai_moderation)
  if (ran.has('redaction')) {
    const spans = row.redactions ?? (row.redacted ? [{ message: 0, kind: '', replacement: '' }] : [])
    labelled.redaction = { redacted: row.redacted, spans: spans.map((span) => ({ ...span, start: 0, end: 0 })) }
  }
  return labelled
}

function toVerdicts(messages: NonNullable<z.infer<typeof rowSchema>['openai_moderation']>): Verdicts {
  const flags = new Uint16Array(messages.length)
  for (const [message, { flagged, categories }] of messages.entries()) {
    if (flagged === null) {
      flags[message] = failedVerdict
      continue
    }
    let bits = flagged ? flaggedBit : 0
    for (const [place, name] of moderationCategories.entries()) if (categories?.[name]) bits |= 1 << place
    flags[message] = bits
  }
  return { flags, scores: new Float64Array(0) }
}

/** Keeps the former figures where no column tells the new ones, and names them. */
function carryOver(stats: ReleaseStats, { stats: former, work }: FormerRelease, has: (name: string) => boolean): string[] {
  const carried: string[] = []
  if (former.tokenizer && !has('tokens')) {
    stats.tokenizer = former.tokenizer
    stats.averageTokensPerPrompt = former.averageTokensPerPrompt
    stats.averageTokensPerResponse = former.averageTokensPerResponse
    stats.promptTokens = former.promptTokens
    stats.responseTokens = former.responseTokens
    carried.push('tokens')
  }
  if (former.perDay.length > 0 && !has('started_at')) {
    stats.perDay = former.perDay
    carried.push('days')
  }
  if (former.users !== null && !has('user')) {
    stats.users = former.users
    carried.push('users')
  }
  if (!has('consent')) {
    // All or none had one: what is left has, too. In between nobody can tell.
    const all = former.withConsent === former.conversations
    stats.withConsent = all ? stats.conversations : former.withConsent
    if (!all && former.withConsent > 0) carried.push('recorded consents')
  }
  if (former.redaction && stats.redaction && !has('redactions')) {
    stats.redaction = { ...former.redaction, conversations: stats.redaction.conversations }
    carried.push('kinds of redactions')
  }
  if (work.curate.figures.length > 0) carried.push('figures of labels')
  return carried
}
