import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import { z } from 'zod'
import { categories, type MessageModeration, perCategory } from './categories.ts'

/** Paid answers by hash of text and asker; never a text. Every thread and process of a run shares the file. */
export interface Answers {
  get(key: string): MessageModeration | undefined
  put(key: string, answer: MessageModeration): void
  close(): void
}

const storedSchema = z.object({
  s: z.array(z.number()),
  on: z.array(z.number()),
  x: z.record(z.string(), z.number()).optional(),
})

/** Key of an answer: SHA-256 over who was asked (endpoint, model, prompt) and the text. */
export function answerKey(asker: string, text: string): string {
  return createHash('sha256').update(asker).update('\0').update(text).digest('hex')
}

/** Opens the file of answers, made with its folder where it does not exist. An answer is kept from the moment that put() returns, kill or not. */
export function openAnswers(path: string): Answers {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path)
  database.pragma('busy_timeout = 30000')
  database.pragma('journal_mode = WAL')
  database.exec('CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID')
  const find = database.prepare('SELECT answer FROM answers WHERE key = ?')
  const keep = database.prepare('INSERT OR IGNORE INTO answers (key, answer) VALUES (?, ?)')
  return {
    get(key) {
      const row = z.object({ answer: z.string() }).safeParse(find.get(key))
      return row.success ? decode(row.data.answer) : undefined
    },
    put(key, answer) {
      keep.run(key, encode(answer))
    },
    close: () => void database.close(),
  }
}

/** Answers of this run only, for when there is no folder to keep them in. */
export function memoryAnswers(): Answers {
  const kept = new Map<string, MessageModeration>()
  return { get: (key) => kept.get(key), put: (key, answer) => void kept.set(key, answer), close: () => {} }
}

function encode({ categories: on, category_scores: scores, extra }: MessageModeration): string {
  const set = categories.flatMap((category, index) => (on[category] ? [index] : []))
  return JSON.stringify({ s: categories.map((category) => scores[category]), on: set, ...(extra ? { x: extra } : {}) })
}

function decode(text: string): MessageModeration {
  const { s, on, x } = storedSchema.parse(JSON.parse(text))
  const set = perCategory((_, index) => on.includes(index))
  return {
    flagged: on.length > 0,
    categories: set,
    category_scores: perCategory((_, index) => s[index] ?? 0),
    ...(x ? { extra: x } : {}),
  }
}
