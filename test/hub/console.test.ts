import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { HubEnv } from '../../src/hub/app.ts'
import { readLedger } from '../../src/hub/ledger.ts'
import { startServer } from '../../src/hub/server.ts'
import { contentName } from '../../src/storage/blobs.ts'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let owner: string
let reader: string
const blobs: Record<string, string> = {}
const secret = 'CanaryInTheCoalMine'
const endless = 'with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t, range(100000000)'

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  ;({ token: reader } = await hub.user('bob'))
  const rows = Array.from({ length: 300 }, (_, n) => ({ id: `c${n}`, model: `m${n % 3}`, texts: [`question ${n}`, 'answer'] }))
  for (const name of ['open', 'gated']) {
    await hub.call('POST', '/api/repos/create', { token: owner, body: { name, type: 'dataset' } })
    const given = name === 'open' ? rows : rows.map((row) => ({ ...row, texts: [secret, secret] }))
    const file = await conversationsParquet(hub.folder, given)
    blobs[name] = createHash('sha256').update(file).digest('hex')
    await hub.commit(`ann/${name}`, owner, { 'data/train-00000-of-00001.parquet': file })
  }
  await hub.call('PUT', '/api/datasets/ann/gated/settings', { token: owner, body: { gated: 'manual' } })
  writeFileSync(join(hub.folder, 'secret.csv'), `a\n${secret}\n`)
})
afterAll(() => hub.close())

interface Answer {
  columns: { name: string; type: string }[]
  rows: unknown[][]
  rowCount: number
  truncated: boolean
  error?: string
}
const ask = async (sql: string, given: { token?: string; limit?: number; id?: string } = {}) => {
  const { token = reader, ...rest } = given
  const response = await hub.call('POST', '/api/sql', { token, body: { sql, ...rest } })
  return { status: response.status, code: response.headers.get('x-error-code'), body: (await response.json()) as Answer }
}

test('a statement over a release gives columns and rows', async () => {
  const { body } = await ask('select model, count(*) as n, min(turn) as t from "ann/open" group by 1 order by 1 -- by model')
  expect(body).toMatchObject({
    columns: [
      { name: 'model', type: 'VARCHAR' },
      { name: 'n', type: 'BIGINT' },
      { name: 't', type: 'BIGINT' },
    ],
    rows: [
      ['m0', 100, 1],
      ['m1', 100, 1],
      ['m2', 100, 1],
    ],
    rowCount: 3,
    truncated: false,
  })
  const nested = await ask(`with ids as (select conversation_id as id from "ann/open" limit 2)
    select conversation[1].content as prompt, [1, null]::int[] as list from "ann/open" join ids on id = conversation_id order by prompt`)
  expect(nested.body.rows).toEqual([
    ['question 0', [1, null]],
    ['question 1', [1, null]],
  ])
  const cut = await ask('select * from "ann/open"', { limit: 5 })
  expect([cut.body.rowCount, cut.body.truncated]).toEqual([5, true])
})

test('the schema lists what the reader may read, and nothing else', async () => {
  const names = async (token: string) =>
    ((await hub.json('GET', '/api/sql/schema', { token })).body as { tables: { name: string; rows: number; columns: unknown[] }[] }).tables
  expect(await names(reader)).toMatchObject([
    {
      name: 'ann/open',
      rows: 300,
      columns: expect.arrayContaining([{ name: 'conversation', type: 'STRUCT("content" VARCHAR, "role" VARCHAR)[]' }]),
    },
  ])
  expect((await names(owner)).map(({ name }) => name)).toEqual(['ann/gated', 'ann/open'])
  expect((await hub.call('GET', '/api/sql/schema')).status).toBe(401)
})

test('a release is a table for who may read it, and does not exist for others', async () => {
  expect((await ask('select count(*) from "ann/gated"', { token: owner })).body.rows).toEqual([[300]])
  expect(await ask('select * from "ann/gated"')).toMatchObject({ status: 404, code: 'TableNotFound' })
  expect(await ask('select * from "ann/nothing"')).toMatchObject({ status: 404, code: 'TableNotFound' })
  expect(await ask('with x as (with "ann/gated" as (select 1) from "ann/gated") select * from x, "ann/gated"')).not.toMatchObject({
    status: 200,
  })
})

describe('nothing else is reached', () => {
  const blob = (name: string) => join(hub.folder, 'files', contentName(blobs[name] ?? ''))
  const attempts: [string, (() => string)?][] = [
    ["select * from read_text('/etc/passwd')"],
    ["select * from '/etc/passwd'"],
    ['select * from "/etc/passwd"'],
    ["select * from read_csv('FILE')", () => join(hub.folder, 'secret.csv')],
    ["select * from 'FILE'", () => join(hub.folder, 'secret.csv')],
    ["select content from read_blob('FILE')", () => join(hub.folder, 'secret.csv')],
    ["select * from parquet_scan('FILE')", () => blob('gated')],
    ["select * from read_parquet('FILE')", () => blob('open')],
    ["select * from 'FILE'", () => blob('gated')],
    ['select * from "ann/open", read_parquet(\'FILE\')', () => blob('gated')],
    ["select * from parquet_metadata('FILE')", () => blob('open')],
    ["select * from glob('/**')"],
    ['select * from "ann/open" where model in (select content from read_text(\'/etc/passwd\'))'],
    ["copy (select 1) to '/tmp/colloquy-out.csv'"],
    ['copy "ann/open" from \'/etc/passwd\''],
    ["attach '/tmp/colloquy.db' as x"],
    ['install httpfs'],
    ['load httpfs'],
    ['set threads = 8'],
    ['set enable_external_access = true'],
    ['reset lock_configuration'],
    ['pragma database_list'],
    ['pragma version'],
    ['call pragma_version()'],
    ["select getenv('HOME')"],
    ["select current_setting('allowed_paths')"],
    ['select * from duckdb_settings()'],
    ['select * from duckdb_views()'],
    ['select * from duckdb_views'],
    ['select sql from sqlite_master'],
    ['select * from information_schema.tables'],
    ['select * from main."ann/open"'],
    ['select * from pg_catalog.pg_tables'],
    ["select * from query('select 1')"],
    ["select * from query_table('ann/open')"],
    ["from json_execute_serialized_sql(json_serialize_sql('select 1'))"],
    ["select * from sniff_csv('/etc/passwd')"],
    ["select * from read_json_auto('http://127.0.0.1:1/x')"],
    ['create table x as select 1'],
    ['create view x as select 1'],
    ["create macro f() as table select * from read_text('/etc/passwd')"],
    ['drop view "ann/open"'],
    ['insert into "ann/open" values (1)'],
    ['delete from "ann/open"'],
    ["export database '/tmp/x'"],
    ["explain analyze select * from '/etc/passwd'"],
    ['prepare x as select 1'],
    ['select 1; select 2'],
    ["select 1) to '/tmp/colloquy-x.csv' (format csv); --"],
    ['select'],
    [''],
  ]

  test.each(attempts)('by %s', async (template, file) => {
    const sql = file ? template.replace('FILE', file()) : template
    const { status, body } = await ask(sql)
    expect([400, 403, 404, 422]).toContain(status)
    // What was asked may be repeated; what was not asked for may not be told.
    expect(JSON.stringify(body).replaceAll(file?.() ?? '\0', '')).not.toMatch(new RegExp(`${secret}|root:|${hub.folder}/files`))
  })

  test('nor by the way of an export', async () => {
    for (const [template, file] of attempts.filter((_, n) => n % 6 === 3)) {
      const sql = file ? template.replace('FILE', file()) : template
      const response = await hub.call('POST', '/api/sql/export', { token: reader, body: { sql, format: 'csv' } })
      expect([sql, [400, 403, 404, 422].includes(response.status)]).toEqual([sql, true])
      expect(await response.text()).not.toContain(secret)
    }
  })
})

describe('what it may take is limited', () => {
  test('memory', async () => {
    const hungry = await ask("select string_agg(repeat(chr(65 + (i % 26)::int), 1000), '') from range(100000000) t(i)")
    expect(hungry).toMatchObject({ status: 422, code: 'SqlTooLarge' })
    expect((await ask('select count(*) from "ann/open"')).status).toBe(200)
  })

  test('the size of what comes back', async () => {
    const { body } = await ask("select repeat('x', 50000) from range(1000)", { limit: 1000 })
    expect(body.truncated).toBe(true)
    expect(body.rowCount).toBeLessThan(200)
  })

  test('a query that would not end is cancelled, by its owner alone', async () => {
    const running = ask(endless, { id: 'endless' })
    const cancel = async (token: string) => (await hub.json('DELETE', '/api/sql/endless', { token })).body
    await vi.waitFor(async () => {
      expect(await cancel(owner)).toEqual({ id: 'endless', cancelled: false })
      expect(await cancel(reader)).toEqual({ id: 'endless', cancelled: true })
    }, 60_000)
    expect(await running).toMatchObject({ status: 409, code: 'SqlCancelled' })
    expect((await hub.call('DELETE', '/api/sql/no%20id', { token: reader })).status).toBe(404)
  })

  test('a cancellation that is faster than its query holds once, and for its owner alone', async () => {
    const sql = 'select count(*) from "ann/open"'
    const { body } = await hub.json('DELETE', '/api/sql/early', { token: reader })
    expect(body).toEqual({ id: 'early', cancelled: false })
    expect(await ask(sql, { id: 'early', token: owner })).toMatchObject({ status: 200 })
    expect(await ask(sql, { id: 'early' })).toMatchObject({ status: 409, code: 'SqlCancelled' })
    expect(await ask(sql, { id: 'early' })).toMatchObject({ status: 200 })
  })

  test('a query whose client went away ends', async () => {
    const events = new EventEmitter()
    const [arrived, answered] = [once(events, 'arrived'), once(events, 'answered')]
    const app = new Hono<HubEnv>()
    app.use(async (context, next) => {
      events.emit('arrived')
      await next()
      events.emit('answered', context.res.headers.get('x-error-code'))
    })
    const server = await startServer(app.route('/', hub.app), { host: '127.0.0.1', port: 0 })
    try {
      const controller = new AbortController()
      const body = JSON.stringify({ sql: endless })
      const headers = { Authorization: `Bearer ${reader}`, 'Content-Type': 'application/json' }
      const asked = fetch(`http://127.0.0.1:${server.port}/api/sql`, { method: 'POST', headers, body, signal: controller.signal })
      asked.catch(() => {})
      await arrived
      controller.abort()
      await expect(asked).rejects.toThrow()
      expect(await answered).toEqual(['SqlCancelled'])
    } finally {
      await server.close()
    }
  })

  test('statements at once', async () => {
    const slow = 'select count(*) from range(100000000000) t(i) where hash(i) = 1'
    const ids = ['slow-1', 'slow-2', 'slow-3', 'slow-4']
    const asked = ids.map((id) => ask(slow, { id }))
    // Whichever comes last is the fourth, and the only one to end by itself.
    expect(await Promise.race(asked)).toMatchObject({ status: 429, code: 'TooManyQueries' })
    for (const id of ids) await hub.call('DELETE', `/api/sql/${id}`, { token: reader })
    const codes = (await Promise.all(asked)).map(({ code }) => code)
    expect(codes.sort()).toEqual(['SqlCancelled', 'SqlCancelled', 'SqlCancelled', 'TooManyQueries'])
  })
})

test.each(['csv', 'jsonl', 'parquet'])('rows are downloaded as %s', async (format) => {
  const body = { sql: 'select conversation_id, turn from "ann/open" order by 1 limit 2;', format }
  const response = await hub.call('POST', '/api/sql/export', { token: reader, body })
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="query.${format}"`)
  const bytes = Buffer.from(await response.arrayBuffer())
  if (format === 'csv') expect(bytes.toString()).toBe('conversation_id,turn\nc0,1\nc1,1\n')
  else if (format === 'jsonl') expect(bytes.toString()).toBe('{"conversation_id":"c0","turn":1}\n{"conversation_id":"c1","turn":1}\n')
  else expect(bytes.subarray(0, 4).toString()).toBe('PAR1')
})

test('every query is in the ledger of each dataset that it read, without its words', async () => {
  await ask(`select count(*) from "ann/open" where model = 'm1' and '${secret}' <> ''`)
  const entries = []
  for await (const page of readLedger(hub.hub.database, { dataset: 'ann/open' })) entries.push(...page)
  expect(entries.at(-1)).toMatchObject({
    actor: 'bob',
    action: 'sql.queried',
    detail: { rows: 1, ms: expect.any(Number), statementHash: expect.stringMatching(/^[0-9a-f]{32}$/) },
  })
  expect(JSON.stringify(entries)).not.toContain(secret)
})
