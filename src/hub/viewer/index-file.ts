import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { z } from 'zod'
import type { Hub } from '../hub.ts'
import { facetsOf, textsByRole } from './facets.ts'
import type { Split } from './layout.ts'
import { countRows, readRows } from './rows.ts'
import { indexText } from './words.ts'

/** An open search index of one split. `columns` maps the names of facets to the index's own. */
export interface SearchIndex {
  columns: ReadonlyMap<string, string>
  rows: number
  all(sql: string, values: readonly (string | number)[]): unknown[]
}

/** Rows put into the index at once; between batches other requests get their turn, and a crash loses one batch. */
const BATCH = 200

/** The form of the index; a change of the code below makes a new number, and old files are left alone. */
const FORM = 1

const building = new Map<string, Promise<string>>()
const open = new Map<string, SearchIndex>()

/** The index of a split, built first where it is missing. Its name is the hash of the split's content, so it is never stale. */
export async function openIndex(hub: Hub, split: Split): Promise<SearchIndex> {
  const key = keyOf(split)
  const known = open.get(key)
  if (known) return known
  const running = building.get(key) ?? build(hub, split, key).finally(() => building.delete(key))
  building.set(key, running)
  const index = openFile(await running)
  open.set(key, index)
  return index
}

const keyOf = (split: Split): string =>
  createHash('sha256')
    .update(JSON.stringify([FORM, split.files.map(({ entry }) => entry.sha256)]))
    .digest('hex')

/** Removes the index of a split whose bytes were withdrawn: it holds their words. */
export function removeIndex(hub: Hub, split: Split): void {
  const key = keyOf(split)
  open.delete(key)
  for (const suffix of ['', '.part', '.part-wal', '.part-shm'])
    rmSync(join(hub.options.cacheFolder, 'search', `${key}.sqlite${suffix}`), { force: true })
}

/** Closes every index and forgets it; files stay. */
export function forgetIndexes(): void {
  open.clear()
}

async function build(hub: Hub, split: Split, key: string): Promise<string> {
  const folder = join(hub.options.cacheFolder, 'search')
  const path = join(folder, `${key}.sqlite`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const part = `${path}.part`
  const total = await countRows(hub, split)
  const database = new Database(part)
  try {
    // What a crash leaves half is resumed at the last whole batch; a torn file is caught by opening and starts over.
    database.exec(`pragma journal_mode = wal; pragma synchronous = normal;
      create table if not exists facts (name text primary key, value text);
      create table if not exists facets (row_idx integer primary key);
      create virtual table if not exists texts using fts5 (spoken_user, spoken_assistant, spoken_other,
        content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'", prefix = '2 3')`)
    const columns = readColumns(database)
    let next = Number(readFact(database, 'next') ?? 0)
    while (next < total) {
      const rows = await readRows(hub, split, next, BATCH)
      if (rows.length === 0) throw new Error('the files have fewer rows than their footers say')
      insertBatch(database, columns, rows, next)
      next += rows.length
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const [name, column] of columns)
      if (/^(model|language|turn|.*\.length)$/.test(name)) database.exec(`create index if not exists by_${column} on facets (${column})`)
    database.exec("insert into texts (texts) values ('optimize')")
    database.prepare("insert or replace into facts values ('rows', ?)").run(String(total))
    database.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete')
    database.close()
    renameSync(part, path)
    hub.log.info('search.indexed', { rows: total, columns: columns.size })
    return path
  } catch (error) {
    database.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${part}${suffix}`, { force: true })
    throw error
  }
}

function insertBatch(
  database: Database.Database,
  columns: Map<string, string>,
  rows: readonly Record<string, unknown>[],
  first: number,
): void {
  const prepared = rows.map((row) => ({ facets: facetsOf(row), texts: textsByRole(row) }))
  database.exec('begin')
  try {
    for (const { facets } of prepared) {
      for (const name of facets.keys()) {
        if (columns.has(name) || columns.size >= 500) continue
        const column = `c${columns.size}`
        database.exec(`alter table facets add column ${column}`)
        database.prepare('insert into facts values (?, ?)').run(`column:${column}`, name)
        columns.set(name, column)
      }
    }
    const names = [...columns]
    const insertFacets = database.prepare(
      `insert into facets (row_idx${names.map(([, column]) => `, ${column}`).join('')}) values (?${', ?'.repeat(names.length)})`,
    )
    const insertTexts = database.prepare('insert into texts (rowid, spoken_user, spoken_assistant, spoken_other) values (?, ?, ?, ?)')
    for (const [offset, { facets, texts }] of prepared.entries()) {
      const index = first + offset
      insertFacets.run(index, ...names.map(([name]) => facets.get(name) ?? null))
      // Row ids of FTS5 begin at 1.
      insertTexts.run(index + 1, indexText(texts.user), indexText(texts.assistant), indexText(texts.other))
    }
    database.prepare("insert or replace into facts values ('next', ?)").run(String(first + rows.length))
    database.exec('commit')
  } catch (error) {
    database.exec('rollback')
    throw error
  }
}

function openFile(path: string): SearchIndex {
  const database = new Database(path, { readonly: true })
  return {
    columns: readColumns(database),
    rows: Number(readFact(database, 'rows') ?? 0),
    all: (sql, values) => database.prepare(sql).all(...values),
  }
}

const Fact = z.object({ name: z.string(), value: z.string() })

function readColumns(database: Database.Database): Map<string, string> {
  const facts = z.array(Fact).parse(database.prepare("select name, value from facts where name like 'column:%'").all())
  const number = (name: string) => Number(name.slice('column:c'.length))
  return new Map(facts.sort((a, b) => number(a.name) - number(b.name)).map(({ name, value }) => [value, name.slice('column:'.length)]))
}

function readFact(database: Database.Database, name: string): string | undefined {
  return Fact.optional().parse(database.prepare('select name, value from facts where name = ?').get(name))?.value
}
