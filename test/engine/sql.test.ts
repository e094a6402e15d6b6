import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSql, quote, quoteList } from '../../src/engine/sql.ts'

const temp = mkdtempSync(join(tmpdir(), 'sql-'))
afterAll(() => rmSync(temp, { recursive: true }))

test('rows come back as plain values', async () => {
  const sql = await openSql({ jobs: 1, memoryMiB: 128, temp })
  await sql.run('CREATE TABLE t AS SELECT $a AS a, 2 AS b', { a: 'x' })
  expect(await sql.rows('SELECT * FROM t')).toEqual([{ a: 'x', b: 2 }])
  sql.close()
})

test('a large result comes in batches of columns', async () => {
  const sql = await openSql({ jobs: 1, memoryMiB: 128, temp })
  let sum = 0
  let batches = 0
  for await (const [numbers = []] of sql.columns('SELECT i::INTEGER AS i FROM range(10000) r(i)')) {
    batches++
    for (const number of numbers) sum += Number(number)
  }
  expect(sum).toBe((9999 * 10000) / 2)
  expect(batches).toBeGreaterThan(1)
  sql.close()
})

test('chains of statements run beside each other, each in its own order; a failure stops them and is thrown', async () => {
  const sql = await openSql({ jobs: 2, memoryMiB: 128, temp })
  await sql.runChains(
    ['a', 'b', 'c', 'd', 'e'].map((name) => [
      `CREATE TABLE ${name}1 AS SELECT '${name}' AS name`,
      `CREATE TABLE ${name} AS SELECT name || name AS name FROM ${name}1`,
      `DROP TABLE ${name}1`,
    ]),
  )
  const names = 'SELECT name FROM a UNION ALL FROM b UNION ALL FROM c UNION ALL FROM d UNION ALL FROM e ORDER BY name'
  expect((await sql.rows(names)).map(({ name }) => name)).toEqual(['aa', 'bb', 'cc', 'dd', 'ee'])
  await expect(sql.runChains([['SELECT nonsense'], ['SELECT 1']])).rejects.toThrow('nonsense')
  expect(await sql.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
  sql.close()
})

test('a statement that wants more memory gets it up to the most that is allowed, and fails beyond', async () => {
  const wide =
    'SELECT count(DISTINCT name) AS names FROM (SELECT list(i::VARCHAR)::VARCHAR AS name FROM range(400000) r(i) GROUP BY i // 200000)'
  const raised: number[] = []
  const limits = { jobs: 2, memoryMiB: 4, temp, onRaise: (memoryMiB: number) => void raised.push(memoryMiB) }
  const sql = await openSql({ ...limits, mostMiB: 1024 })
  expect(await sql.rows(wide)).toEqual([{ names: 2n }])
  await sql.runChains([[`CREATE TABLE a AS ${wide}`], [`CREATE TABLE b AS ${wide}`]])
  expect(await sql.rows('SELECT * FROM a UNION ALL FROM b')).toEqual([{ names: 2n }, { names: 2n }])
  expect(raised.length).toBeGreaterThan(0)
  expect(raised).toEqual(raised.toSorted((a, b) => a - b))
  sql.close()
  const held = await openSql(limits)
  await expect(held.rows(wide)).rejects.toThrow('Out of Memory')
  held.close()
})

test('a quote in a path stays inside its literal', async () => {
  expect(quote("a'; DROP TABLE t; --")).toBe("'a''; DROP TABLE t; --'")
  expect(quoteList(["a'b", 'c'])).toBe("['a''b', 'c']")
})
