import { join } from 'node:path'
import { firstAbove } from '../../bisect.ts'
import { quote, quoteList, type Sql } from '../../engine/sql.ts'
import type { SetRun } from '../labeller.ts'
import { patternShapes } from './patterns.ts'
import type { Part } from './places.ts'
import { createScanner, type Scan } from './scan.ts'

/** A family of prompts, as `families.json` lists them, largest first. Times are ISO 8601 UTC; `days` counts conversations a day. */
export interface Family {
  key: string
  /** The normalised fixed words around '…', the free part. */
  pattern: string
  conversations: number
  prompts: number
  users: number
  firstAt: string | null
  lastAt: string | null
  days: Record<string, number>
}

/** At most so many families are described; all of them are in the label. */
const described = 1000

/** Reads the largest families from table `families`, with one conversation of each for the words of its pattern. */
export async function describeFamilies(sql: Sql, { conversations }: SetRun, parts: readonly Part[]): Promise<Family[]> {
  const found = await sql.rows(
    `SELECT family, shape, size, texts, users, first_at, last_at, sample, rows.id FROM families JOIN rows ON rows.row = families.sample
     ORDER BY size DESC, family LIMIT ${described}`,
  )
  if (found.length === 0) return []
  // A family's sample is its first conversation: often few shards have them all, and texts are what takes time to read.
  const offsets = parts.map(({ offset }) => offset)
  const holders = new Set(found.map(({ sample }) => parts[firstAbove(offsets, Number(sample)) - 1]?.shard))
  const files = quoteList([...holders].map((shard) => join(conversations, `${shard}.parquet`)))
  const ids = found.map(({ id }) => quote(String(id))).join(', ')
  const samples = new Map<string, string>()
  const prompts = `SELECT id, list_filter(messages, m -> m.role = 'user')[1].content AS prompt FROM read_parquet(${files}) WHERE id IN (${ids})`
  for (const { id, prompt } of await sql.rows(prompts)) samples.set(String(id), String(prompt ?? ''))
  const days = new Map<string, Record<string, number>>()
  const perDay = `
    SELECT template_texts.family, strftime(rows.started_at, '%Y-%m-%d') AS day, count(*)::INTEGER AS count
    FROM rows JOIN template_texts ON rows.normal_first_prompt = template_texts.text
    WHERE started_at IS NOT NULL AND family IN (${found.map(({ family }) => quote(String(family))).join(', ')})
    GROUP BY 1, 2 ORDER BY 1, 2`
  for (const { family, day, count } of await sql.rows(perDay)) {
    const profile = days.get(String(family)) ?? {}
    profile[String(day)] = Number(count)
    days.set(String(family), profile)
  }
  const scan = createScanner()
  return found.map(({ family, shape, size, texts, users, first_at, last_at, id }) => ({
    key: String(family),
    pattern: describePattern(scan(samples.get(String(id)) ?? ''), Number(shape)),
    conversations: Number(size),
    prompts: Number(texts),
    users: Number(users),
    firstAt: first_at instanceof Date ? first_at.toISOString() : null,
    lastAt: last_at instanceof Date ? last_at.toISOString() : null,
    days: days.get(String(family)) ?? {},
  }))
}

function describePattern({ text, starts, lengths, count }: Scan, shape: number): string {
  const { start = 0, end = 0 } = patternShapes[shape] ?? {}
  const word = (index: number) => text.slice(starts[index] ?? 0, (starts[index] ?? 0) + (lengths[index] ?? 0))
  const words = Array.from({ length: count }, (_, index) => index)
  return [...words.slice(0, start).map(word), '…', ...words.slice(count - end).map(word)].join(' ')
}
