import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import pg from 'pg'
import { buildIndex } from '../src/hub/index/build.ts'
import { tasks } from '../src/hub/index/tasks.ts'
import { tokenize } from '../src/hub/index/words.ts'
import { startPostgres } from '../test/storage/postgres.server.ts'
import { type BenchRow, makeRows } from './hub.rows.ts'

/** One way to search conversations: builds once, then answers with ids of the 20 best and the number of all. */
export interface Candidate {
  name: string
  build(folder: string, rows: number, parquet: string): Promise<Opened>
}
/** An index that can be asked. `phrase` is a run of text, in quotes where the candidate needs it. */
export interface Opened {
  bytes: number
  search(words: readonly string[]): Promise<number>
  phrase(text: string): Promise<number>
  close(): Promise<void>
}

const textOf = (row: BenchRow) => row.conversation.map(({ content }) => content).join('\n')
const BATCH = 1000

function* batches(rows: number): Iterable<{ id: number; text: string }[]> {
  let batch: { id: number; text: string }[] = []
  let id = 0
  for (const row of makeRows(rows)) {
    batch.push({ id: id++, text: textOf(row) })
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const ours: Candidate = {
  name: 'ours',
  async build(folder, rows, parquet) {
    const index = join(folder, 'ours')
    await buildIndex({ folder: index, paths: [parquet], total: rows }, () => {})
    const ask = async (query: string) => tasks.page({ folder: index, selection: { query, role: 'any' }, offset: 0, length: 20 }).total
    return {
      bytes: sizeOf(index),
      search: (words) => ask(words.join(' ')),
      phrase: (text) => ask(`"${text}"`),
      close: async () => tasks.forget({ folder: index }),
    }
  },
}

/** SQLite's FTS5 with our tokens: its own tokenizer takes a run of Chinese for one word. */
const fts5: Candidate = {
  name: 'libsql FTS5, our tokens',
  async build(folder, rows) {
    const path = join(folder, 'fts5.sqlite')
    const database = new Database(path)
    database.exec(
      `pragma journal_mode = wal; create virtual table texts using fts5 (body, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'")`,
    )
    const insert = database.prepare('insert into texts (rowid, body) values (?, ?)')
    const tokens = (text: string) => tokenize(text).map((token) => token.text)
    for (const batch of batches(rows)) {
      database.exec('begin')
      for (const { id, text } of batch) insert.run(id + 1, tokens(text).join(' '))
      database.exec('commit')
    }
    database.exec("insert into texts (texts) values ('optimize'); pragma wal_checkpoint(truncate)")
    const best = database.prepare('select rowid from texts where texts match ? order by rank limit 20')
    const count = database.prepare('select count(*) as n from texts where texts match ?')
    const ask = async (match: string) => {
      best.all(match)
      return (count.get(match) as { n: number }).n
    }
    const quoted = (text: string) => `"${tokens(text).join(' ')}"`
    return {
      bytes: statSync(path).size,
      search: (words) => ask(words.map(quoted).join(' AND ')),
      phrase: (text) => ask(quoted(text)),
      close: async () => void database.close(),
    }
  },
}

const postgres: Candidate = {
  name: 'PostgreSQL tsvector, GIN',
  async build(_folder, rows) {
    const server = await startPostgres()
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query('create table texts (id integer primary key, body tsvector)')
    for (const batch of batches(rows))
      await client.query("insert into texts select id, to_tsvector('simple', body) from unnest($1::int[], $2::text[]) as t (id, body)", [
        batch.map(({ id }) => id),
        batch.map(({ text }) => text),
      ])
    await client.query('create index on texts using gin (body)')
    await client.query('vacuum analyze texts')
    const { rows: sizes } = await client.query<{ n: string }>("select pg_total_relation_size('texts') as n")
    const ask = async (make: string, text: string) => {
      await client.query(`select id from texts, ${make}('simple', $1) as q where body @@ q order by ts_rank(body, q) desc limit 20`, [text])
      const { rows: counts } = await client.query<{ n: string }>(`select count(*) as n from texts where body @@ ${make}('simple', $1)`, [
        text,
      ])
      return Number(counts[0]?.n)
    }
    return {
      bytes: Number(sizes[0]?.n),
      search: (words) => ask('plainto_tsquery', words.join(' ')),
      phrase: (text) => ask('phraseto_tsquery', text),
      async close() {
        await client.end()
        await server.stop()
      },
    }
  },
}

/** Needs a package that is not ours: COLLOQUY_BENCH_LANCEDB names the folder that `npm install @lancedb/lancedb` was run in. */
const lancedb = (module: string): Candidate => ({
  name: 'LanceDB FTS',
  async build(folder, rows) {
    const lance = (await import(module)) as LanceModule
    const place = join(folder, 'lance')
    mkdirSync(place)
    const connection = await lance.connect(place)
    let table: LanceTable | undefined
    for (const batch of batches(rows)) {
      if (table) await table.add(batch)
      else table = await connection.createTable('texts', batch)
    }
    if (!table) throw new Error('no rows')
    await table.createIndex('text', {
      config: lance.Index.fts({ withPosition: true, stem: false, removeStopWords: false, asciiFolding: true }),
    })
    const own = table
    const ask = async (query: unknown) => {
      await own.query().fullTextSearch(query).select(['id']).limit(20).toArray()
      // It cannot count hits: all of them are fetched.
      return (await own.query().fullTextSearch(query).select(['id']).limit(rows).toArray()).length
    }
    return {
      bytes: sizeOf(place),
      search: (words) => ask(new lance.MatchQuery(words.join(' '), 'text', { operator: lance.Operator.And })),
      phrase: (text) => ask(text.includes(' ') ? new lance.PhraseQuery(text, 'text') : new lance.MatchQuery(text, 'text')),
      close: async () => connection.close(),
    }
  },
})

interface LanceTable {
  add(rows: object[]): Promise<unknown>
  createIndex(column: string, options: unknown): Promise<void>
  query(): { fullTextSearch(query: unknown): { select(columns: string[]): { limit(n: number): { toArray(): Promise<unknown[]> } } } }
}
interface LanceModule {
  connect(path: string): Promise<{ createTable(name: string, rows: object[]): Promise<LanceTable>; close(): void }>
  Index: { fts(options: object): unknown }
  MatchQuery: new (query: string, column: string, options?: object) => unknown
  PhraseQuery: new (query: string, column: string) => unknown
  Operator: { And: unknown }
}

/** The candidates that this machine has. */
export function candidates(): Candidate[] {
  const place = process.env.COLLOQUY_BENCH_LANCEDB
  return [ours, fts5, postgres, ...(place ? [lancedb(join(place, 'node_modules/@lancedb/lancedb/dist/index.js'))] : [])]
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
