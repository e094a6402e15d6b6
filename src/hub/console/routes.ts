import { createHmac, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readJson } from '../body.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { streamOf } from '../protocol/serve-content.ts'
import { type AccountCall, accountRoute, type Route } from '../routes.ts'
import { sourceOf } from '../viewer/source.ts'
import { cancelStatement, runStatement, type Statement } from './runs.ts'
import { findTable, listTables, sqlType, type Table, tablePaths } from './tables.ts'

const MAX_SQL = 20_000
const QueryId = z.string().regex(/^[\w-]{1,64}$/)
const Cancelled = z.object({ id: z.string(), cancelled: z.boolean() })
const Ask = z.object({
  id: QueryId.optional(),
  sql: z.string().min(1).max(MAX_SQL),
  limit: z.int().min(1).max(10_000).default(1000),
})
const Export = z.object({ sql: z.string().min(1).max(MAX_SQL), format: z.enum(['csv', 'parquet', 'jsonl']) })
const Column = z.object({ name: z.string(), type: z.string() })
const Schema = z.object({
  tables: z.array(z.object({ name: z.string(), revision: z.string(), columns: z.array(Column), rows: z.number() })),
})
const Rows = z.object({
  id: z.string(),
  columns: z.array(Column),
  rows: z.array(z.array(z.unknown())),
  rowCount: z.number(),
  truncated: z.boolean(),
  ms: z.number(),
})

/** The SQL console: one SELECT over the releases that the reader may read, run by DuckDB in a process of its own. */
export const consoleRoutes: Route[] = [
  accountRoute(
    { method: 'GET', path: '/api/sql/schema', summary: 'Tables that you may ask by SQL, with their columns', reply: Schema },
    async ({ hub, context, viewer }) => {
      const tables = await listTables(hub, viewer)
      const described = await Promise.all(
        tables.map(async ({ name, commit, splits }) => {
          const facts = await Promise.all(splits.map((split) => hub.indexes.facts(sourceOf(hub, split)).catch(() => undefined)))
          const columns = facts[0]?.features.map((feature) => ({ name: feature.name, type: sqlType(feature.type) })) ?? []
          return { name, revision: commit.id, columns, rows: facts.reduce((sum, one) => sum + (one?.rows ?? 0), 0) }
        }),
      )
      return context.json({ tables: described })
    },
  ),
  accountRoute(
    { method: 'POST', path: '/api/sql', summary: 'Run one SELECT over the releases that you may read', body: Ask, reply: Rows },
    async (call) => {
      const { id, sql, limit } = await readJson(call.context, Ask)
      const { told, ...run } = await runAudited(call, { sql, rows: limit, ...(id ? { id } : {}) })
      if (told.told !== 'rows') throw new Error('rows were asked for')
      const { columns, rows, truncated, ms } = told
      return call.context.json({ id: run.id, columns, rows, rowCount: rows.length, truncated, ms })
    },
  ),
  accountRoute(
    {
      method: 'DELETE',
      path: '/api/sql/:id',
      summary: 'Cancel a query of yours: one that runs, or one of that id that comes within a minute',
      reply: Cancelled,
    },
    async ({ context, user }) => {
      const id = context.req.param('id') ?? ''
      if (!QueryId.safeParse(id).success)
        throw new HubError(404, 'QueryNotFound', 'No query has such an id: it is of 1 to 64 letters, digits, - and _.')
      return context.json({ id, cancelled: cancelStatement(user.id, id) })
    },
  ),
  accountRoute(
    {
      method: 'POST',
      path: '/api/sql/export',
      summary: 'Run one SELECT and download its rows as CSV, Parquet or JSON lines',
      body: Export,
    },
    async (call) => {
      const { sql, format } = await readJson(call.context, Export)
      return withFile(call.hub, format, async (path) => {
        await runAudited(call, { sql, out: { path, format } })
        return replyFile(call, path, `query.${format}`)
      })
    },
  ),
]

/** Runs a statement, and keeps in the ledger of each dataset who asked it how much. The statement itself is not kept: it may quote a conversation. */
async function runAudited({ hub, context, viewer, user }: AccountCall, statement: Omit<Statement, 'owner' | 'find' | 'signal'>) {
  let tables: Table[] = []
  const done = await runStatement({
    ...statement,
    owner: user.id,
    // Who is gone waits for nothing.
    signal: context.req.raw.signal,
    find: async (names) => {
      tables = await Promise.all(names.map((name) => findTable(hub, viewer, name)))
      return Promise.all(tables.map(async (table) => ({ name: table.name, paths: await tablePaths(hub, table) })))
    },
  })
  const { told } = done
  const rows = told.told === 'rows' ? told.rows.length : told.rows
  // Keyed, so that nobody who reads the ledger can find the statement by trying.
  const statementHash = createHmac('sha256', hub.signingKey).update(statement.sql).digest('hex').slice(0, 32)
  const action = statement.out ? 'sql.exported' : 'sql.queried'
  for (const { dataset, commit } of tables) {
    const detail = { id: done.id, rows, ms: told.ms, statementHash }
    await hub.ledger.append({ actor: user.name, action, dataset: dataset.fullName, revision: commit.id, detail })
  }
  return done
}

/** A file for an answer, which is removed unless the answer takes it over. */
export async function withFile(hub: Hub, extension: string, work: (path: string) => Promise<Response>): Promise<Response> {
  const folder = join(hub.options.cacheFolder, 'exports')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${randomUUID()}.${extension}`)
  try {
    return await work(path)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** Answers with a file and removes it once it is sent, or the client is gone. */
export async function replyFile({ context }: Pick<AccountCall, 'context'>, path: string, name: string): Promise<Response> {
  const { size } = await stat(path)
  context.header('Content-Type', typesOf[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
  context.header('Content-Length', String(size))
  context.header('Content-Disposition', `attachment; filename="${name}"`)
  context.header('Cache-Control', 'no-store')
  return context.body(streamOf(removedAfter(path)))
}

async function* removedAfter(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 })
  } finally {
    await rm(path, { force: true })
  }
}

const typesOf: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}
