import type { SqlTable } from '../api.data.shapes.ts'
import { sqlName } from './tokens.ts'

/** A query that teaches something, over a table that is there. */
export interface Example {
  name: string
  sql: string
}

/** Examples for a table: only those whose columns it has. */
export function examplesFor(table: SqlTable): Example[] {
  const from = sqlName(table.name)
  const has = (...names: string[]) => names.every((name) => table.columns.some((column) => column.name === name))
  const all: (Example & { needs: string[] })[] = [
    { name: 'Look at some rows', needs: [], sql: `SELECT *\nFROM ${from}\nLIMIT 10` },
    {
      name: 'Conversations of each model',
      needs: ['model'],
      sql: `SELECT model, count(*) AS conversations\nFROM ${from}\nGROUP BY model\nORDER BY conversations DESC`,
    },
    {
      name: 'Turns by language, where there are enough',
      needs: ['language', 'turn'],
      sql: `SELECT language, count(*) AS conversations, round(avg(turn), 2) AS turns\nFROM ${from}\nGROUP BY language\nHAVING count(*) >= 10\nORDER BY turns DESC`,
    },
    {
      name: 'What people ask first, one row a message',
      needs: ['conversation', 'model'],
      sql: `-- conversation is a list of structs: conversation[1] is the first message\nSELECT model, conversation[1].content AS prompt\nFROM ${from}\nWHERE conversation[1].role = 'user' AND length(conversation[1].content) < 200\nLIMIT 50`,
    },
    {
      name: 'Length of answers by model',
      needs: ['conversation', 'model'],
      sql: `-- unnest makes one row of each message\nSELECT model, count(*) AS answers, median(length(message.content)) AS characters\nFROM (SELECT model, unnest(conversation) AS message FROM ${from})\nWHERE message.role = 'assistant'\nGROUP BY model\nHAVING count(*) >= 10\nORDER BY characters DESC`,
    },
    {
      name: 'Flagged conversations by model',
      needs: ['openai_moderation', 'model'],
      sql: `SELECT model,\n  count(*) AS conversations,\n  count(*) FILTER (len(list_filter(openai_moderation, lambda m: m.flagged)) > 0) AS flagged\nFROM ${from}\nGROUP BY model\nORDER BY flagged DESC`,
    },
    {
      name: 'Prompts that several models answered',
      needs: ['conversation', 'model'],
      sql: `SELECT conversation[1].content AS prompt, count(DISTINCT model) AS models, count(*) AS conversations\nFROM ${from}\nGROUP BY prompt\nHAVING models > 1\nORDER BY models DESC, conversations DESC\nLIMIT 50`,
    },
    {
      name: 'Conversations by day',
      needs: ['started_at'],
      sql: `SELECT date_trunc('day', started_at) AS day, count(*) AS conversations\nFROM ${from}\nGROUP BY day\nORDER BY day`,
    },
    {
      name: 'A sample of languages, drawn at random',
      needs: ['language'],
      sql: `SELECT language, count(*) AS n\nFROM ${from} TABLESAMPLE bernoulli(10 PERCENT) REPEATABLE (42)\nGROUP BY language\nORDER BY n DESC`,
    },
  ]
  return all.filter(({ needs }) => has(...needs)).map(({ name, sql }) => ({ name, sql }))
}
