import type { SqlTable } from '../api.data.shapes.ts'
import { texts } from '../texts.data.ts'
import { sqlName } from './tokens.ts'

/** A query that teaches something, over a table that is there. */
export interface Example {
  name: string
  sql: string
}

/** Examples for a table: only those whose columns it has. */
export function examplesFor(table: SqlTable): Example[] {
  const from = sqlName(table.name)
  const { names, notes } = texts.sql.exampleTexts
  const has = (...names: string[]) => names.every((name) => table.columns.some((column) => column.name === name))
  const all: (Example & { needs: string[] })[] = [
    { name: names.rows, needs: [], sql: `SELECT *\nFROM ${from}\nLIMIT 10` },
    {
      name: names.models,
      needs: ['model'],
      sql: `SELECT model, count(*) AS conversations\nFROM ${from}\nGROUP BY model\nORDER BY conversations DESC`,
    },
    {
      name: names.turns,
      needs: ['language', 'turn'],
      sql: `SELECT language, count(*) AS conversations, round(avg(turn), 2) AS turns\nFROM ${from}\nGROUP BY language\nHAVING count(*) >= 10\nORDER BY turns DESC`,
    },
    {
      name: names.prompts,
      needs: ['conversation', 'model'],
      sql: `-- ${notes.first}\nSELECT model, conversation[1].content AS prompt\nFROM ${from}\nWHERE conversation[1].role = 'user' AND length(conversation[1].content) < 200\nLIMIT 50`,
    },
    {
      name: names.answers,
      needs: ['conversation', 'model'],
      sql: `-- ${notes.unnest}\nSELECT model, count(*) AS answers, median(length(message.content)) AS characters\nFROM (SELECT model, unnest(conversation) AS message FROM ${from})\nWHERE message.role = 'assistant'\nGROUP BY model\nHAVING count(*) >= 10\nORDER BY characters DESC`,
    },
    {
      name: names.flagged,
      needs: ['openai_moderation', 'model'],
      sql: `SELECT model,\n  count(*) AS conversations,\n  count(*) FILTER (len(list_filter(openai_moderation, lambda m: m.flagged)) > 0) AS flagged\nFROM ${from}\nGROUP BY model\nORDER BY flagged DESC`,
    },
    {
      name: names.shared,
      needs: ['conversation', 'model'],
      sql: `SELECT conversation[1].content AS prompt, count(DISTINCT model) AS models, count(*) AS conversations\nFROM ${from}\nGROUP BY prompt\nHAVING models > 1\nORDER BY models DESC, conversations DESC\nLIMIT 50`,
    },
    {
      name: names.days,
      needs: ['started_at'],
      sql: `SELECT date_trunc('day', started_at) AS day, count(*) AS conversations\nFROM ${from}\nGROUP BY day\nORDER BY day`,
    },
    {
      name: names.sample,
      needs: ['language'],
      sql: `SELECT language, count(*) AS n\nFROM ${from} TABLESAMPLE bernoulli(10 PERCENT) REPEATABLE (42)\nGROUP BY language\nORDER BY n DESC`,
    },
  ]
  return all.filter(({ needs }) => has(...needs)).map(({ name, sql }) => ({ name, sql }))
}
