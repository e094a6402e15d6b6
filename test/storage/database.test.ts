import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { migrate } from '../../src/storage/database.migrate.ts'
import { openDatabase } from '../../src/storage/database.open.ts'
import { type Database, isUniqueViolation } from '../../src/storage/database.ts'
import { startPostgres } from './postgres.server.ts'

const folder = mkdtempSync(join(tmpdir(), 'colloquy-database-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kinds: Record<string, () => Promise<{ place: Parameters<typeof openDatabase>[0]; stop(): Promise<void> }>> = {
  PGlite: async () => ({ place: { folder: join(folder, 'pglite') }, stop: async () => {} }),
  PostgreSQL: async () => {
    const { url, stop } = await startPostgres()
    return { place: { url }, stop }
  },
}

describe.each(Object.entries(kinds))('a database in %s', (_kind, start) => {
  let place: Parameters<typeof openDatabase>[0]
  let stop: () => Promise<void>
  let database: Database
  beforeAll(async () => {
    ;({ place, stop } = await start())
    database = await openDatabase(place)
    await database.script('create table things (id text primary key, amount bigint, at timestamptz, facts jsonb, bytes bytea); select 1')
  })
  afterAll(async () => {
    await database.close()
    await stop()
  })

  test('gives int8 as numbers, times as dates, JSON parsed and bytes as bytes', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z')
    await database.change('insert into things values ($1, $2, $3, $4::jsonb, $5)', [
      'a',
      2 ** 40,
      at,
      '{"x":[1,"two"]}',
      new Uint8Array([0, 255]),
    ])
    const row = z.object({ amount: z.number(), at: z.date(), facts: z.unknown(), bytes: z.instanceof(Uint8Array), many: z.number() })
    const [found] = await database.select(row, 'select *, count(*) over () as many from things where id = $1', ['a'])
    expect(found).toMatchObject({ amount: 2 ** 40, at, facts: { x: [1, 'two'] }, many: 1 })
    expect([...(found?.bytes ?? [])]).toEqual([0, 255])
  })

  test('counts all that may have changed something, where nobody else can change it', async () => {
    const row = z.object({ id: z.string() })
    const works: [isChange: boolean, work: () => Promise<unknown>][] = [
      [true, () => database.change("insert into things (id) values ('counted')")],
      [true, () => database.select(row, "update things set amount = 1 where id = 'counted' returning id")],
      [true, () => database.select(row, "with gone as (delete from things where id = 'counted' returning id) select id from gone")],
      [true, () => database.transaction((queries) => queries.change('update things set amount = 1'))],
      [true, () => database.script('create table counted (id text); drop table counted')],
      [true, () => database.change('insert into nothing values (1)').catch(() => {})],
      [false, () => database.select(row, 'select id from things')],
      [false, () => database.record("insert into things (id) values ('recorded')")],
    ]
    for (const [isChange, work] of works) {
      const before = database.changes()
      await work()
      const isSame = database.changes() === before
      expect(isSame).toBe(before === undefined || !isChange)
    }
    expect(database.changes() === undefined).toBe(_kind === 'PostgreSQL')
  })

  test('takes lists as arrays, and counts the rows that a statement changed', async () => {
    await database.change("insert into things (id, amount) select 'n' || n, n from generate_series(1, 5) n")
    expect(await database.change('update things set amount = 0 where id = any($1::text[])', [['n1', 'n2', 'none']])).toBe(2)
  })

  test('keeps all of a transaction or none of it', async () => {
    const failing = database.transaction(async (queries) => {
      await queries.change("insert into things (id) values ('half')")
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await database.select(z.object({}), "select id from things where id = 'half'")).toEqual([])
    expect(await database.transaction((queries) => queries.change("insert into things (id) values ('whole')"))).toBe(1)
  })

  test('keeps nothing of a transaction whose failed statement was caught', async () => {
    const swallowed = database.transaction(async (queries) => {
      await queries.change('insert into nothing values (1)').catch(() => {})
      await queries.change("insert into things (id) values ('after')").catch(() => {})
    })
    await swallowed.catch(() => {})
    expect(await database.select(z.object({}), "select id from things where id = 'after'")).toEqual([])
  })

  test('sees the columns of a table that was changed since the last statement of the same words', async () => {
    await database.script('create table changing (id text)')
    const row = z.record(z.string(), z.unknown())
    for (let n = 0; n < 7; n += 1) expect(await database.select(row, 'select * from changing')).toEqual([])
    await database.script("alter table changing add column kind text not null default 'x'; insert into changing values ('a')")
    expect(await database.select(row, 'select * from changing')).toEqual([{ id: 'a', kind: 'x' }])
  })

  test('runs more different statements than it keeps prepared', async () => {
    const n = z.object({ n: z.number() })
    for (let count = 0; count < 520; count += 1) await database.select(n, `select ${count}::int8 as n`)
    expect(await database.select(n, 'select 0::int8 as n')).toEqual([{ n: 0 }])
  })

  test('tells a taken unique value from other errors', async () => {
    const twice = await database.change("insert into things (id) values ('whole')").catch((error: unknown) => error)
    expect(isUniqueViolation(twice)).toBe(true)
    const wrong = await database.change('insert into nothing values (1)').catch((error: unknown) => error)
    expect(isUniqueViolation(wrong)).toBe(false)
  })

  test('runs statements of many callers at once', async () => {
    const sums = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        database.transaction(async (queries) => (await queries.select(z.object({ n: z.number() }), 'select $1::int8 as n', [n]))[0]?.n),
      ),
    )
    expect(sums).toEqual(Array.from({ length: 30 }, (_, n) => n))
  })

  test('migrates once, in order, and leaves nothing of a file that fails', async () => {
    const files = join(folder, `sql-${_kind}`)
    mkdirSync(files)
    writeFileSync(join(files, '001.sql'), 'create table first (id text primary key); create table second (id text);')
    writeFileSync(join(files, 'notes.txt'), 'not SQL')
    const url = pathToFileURL(`${files}/`)
    expect(await migrate(database, url)).toEqual([1])
    expect(await migrate(database, url)).toEqual([])
    writeFileSync(join(files, '002.sql'), 'create table third (id text); create table first (id text);')
    await expect(migrate(database, url)).rejects.toThrow()
    await expect(database.change('insert into third values (1)')).rejects.toThrow()
    writeFileSync(join(files, '002.sql'), 'create table third (id text);')
    expect(await Promise.all([migrate(database, url), migrate(database, url)])).toEqual(expect.arrayContaining([[2]]))
  })

  test('is all there after closing and opening again', async () => {
    await database.close()
    database = await openDatabase(place)
    expect(await database.select(z.object({ id: z.string() }), "select id from things where id = 'whole'")).toEqual([{ id: 'whole' }])
  })
})

test('a folder that is open cannot be opened twice', async () => {
  const place = { folder: join(folder, 'locked') }
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${place.folder}.lock`, String(process.ppid))
  await expect(openDatabase(place)).rejects.toMatchObject({ code: 'database-locked' })
})

test('a folder whose maker was killed is made anew, and never stands half made under its name', async () => {
  const place = { folder: join(folder, 'killed') }
  const module = new URL('../../dist/storage/database.open.js', import.meta.url).href
  const program = `import { openDatabase } from '${module}'; await openDatabase(${JSON.stringify(place)})`
  const opener = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: fileURLToPath(new URL('../..', import.meta.url)) })
  const parts = () => readdirSync(folder).filter((name) => name.startsWith('killed.part-'))
  await vi.waitUntil(() => parts().some((part) => existsSync(join(folder, part, 'PG_VERSION'))), { timeout: 200_000, interval: 2 })
  const ended = once(opener, 'exit')
  opener.kill('SIGKILL')
  await ended
  expect(existsSync(place.folder)).toBe(false)
  expect(parts()).toHaveLength(1)
  const database = await openDatabase(place)
  expect(await database.change('create table things (id text)')).toBe(0)
  await database.close()
  expect(parts()).toEqual([])
})

test('a folder that cannot be made says so', async () => {
  const place = { folder: join(folder, 'taken') }
  mkdirSync(place.folder)
  writeFileSync(join(place.folder, 'letters.txt'), 'somebody else keeps these here')
  await expect(openDatabase(place)).rejects.toMatchObject({ code: 'database-not-made' })
  expect(readdirSync(folder).filter((name) => name.startsWith('taken'))).toEqual(['taken'])
})

test('a URL that is not PostgreSQL is refused with the way out', async () => {
  await expect(openDatabase({ url: 'mysql://x' })).rejects.toMatchObject({ code: 'database-url-invalid' })
})
