import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createUser } from '../../src/hub/accounts/users.ts'
import { examine } from './axe.ts'
import { reload } from './browser.ts'
import { cardOf, type Site, startSite, type Talk, talksParquet } from './site.ts'

const password = 'long enough for all'
const talks: Talk[] = Array.from({ length: 60 }, (_, index) => ({
  id: `talk-${index}`,
  model: ['alpha', 'beta', '<img src=x onerror="window.ran=1">'][index % 3] ?? '',
  language: index % 2 === 0 ? 'English' : 'German',
  texts: [`Question ${index}`, 'long '.repeat(200)],
  day: `2023-08-${String(1 + (index % 20)).padStart(2, '0')}`,
}))

let site: Site

beforeAll(async () => {
  site = await startSite()
  await createUser(site.hub.hub, { user: 'ann', email: 'ann@example.org', fullname: 'Ann Person', role: 'reader', password }, 'test')
  const token = await site.hub.token('ann', { role: 'write' })
  await site.hub.call('POST', '/api/repos/create', { token, body: { name: 'talks', type: 'dataset' } })
  const made = await site.hub.commit('ann/talks', token, {
    'README.md': cardOf('Talks'),
    'data/train-00000-of-00001.parquet': await talksParquet(site.hub.folder, talks),
  })
  expect(made.status).toBe(200)
})
afterAll(() => site?.close())

const editor = () => site.page.getByRole('textbox', { name: 'SQL statement' })
const run = async (sql: string) => {
  await editor().fill(sql)
  await editor().press('Control+Enter')
}
const table = () => site.page.getByRole('region', { name: 'Table', exact: true }).getByRole('table')

test('a stranger is told to sign in', async () => {
  await site.open('/sql')
  await site.page.getByRole('main').getByRole('link', { name: 'Sign in' }).first().waitFor()
  const status = await site.page.evaluate(
    `fetch('/api/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: ${JSON.stringify(JSON.stringify({ user: 'ann', password }))} }).then(({ status }) => status)`,
  )
  expect(status).toBe(200)
})

test('names of the schema go into the statement, an example runs, and its link opens it again', async () => {
  await site.open('/sql?dataset=ann/talks')
  await editor().fill('SELECT count(*) AS n FROM ')
  await site.page.getByRole('button', { name: '"ann/talks"' }).click()
  await editor().press('Control+Enter')
  await table().getByRole('cell', { name: '60', exact: true }).waitFor()
  expect(new URLSearchParams(new URL(site.page.url()).hash.slice(1)).get('sql')).toBe('SELECT count(*) AS n FROM "ann/talks"')
  await reload(site.page)
  expect(await editor().inputValue()).toBe('SELECT count(*) AS n FROM "ann/talks"')
  const examples = site.page.getByRole('combobox', { name: 'Examples' })
  const count = await examples.locator('option').count()
  expect(count).toBeGreaterThan(6)
  for (let index = 1; index < count; index += 1) {
    await examples.selectOption({ index })
    await site.page.getByRole('button', { name: 'Run', exact: true }).click()
    await site.page
      .getByText(/\d rows in /)
      .or(site.page.getByRole('alert'))
      .first()
      .waitFor()
    expect(await site.page.getByRole('alert').allTextContents(), await editor().inputValue()).toEqual([])
    await editor().fill('')
  }
  await site.page
    .getByRole('complementary')
    .getByRole('button', { name: /SELECT count\(\*\) AS n/ })
    .click()
  expect(await editor().inputValue()).toBe('SELECT count(*) AS n FROM "ann/talks"')
}, 180_000)

test('a result is a table whose long cells open, a chart, and a file', async () => {
  await site.open('/sql')
  await run('SELECT model, count(*) AS n, any_value(conversation[2].content) AS answer FROM "ann/talks" GROUP BY model ORDER BY model')
  await table().getByRole('cell', { name: 'alpha' }).waitFor()
  const more = table()
    .getByRole('button', { name: /characters more/ })
    .first()
  await more.click()
  await table().getByRole('button', { name: 'less' }).first().waitFor()
  await site.page.getByRole('button', { name: 'Chart' }).click()
  await site.page.getByRole('img', { name: 'n / model' }).locator('svg').first().waitFor()
  expect(await site.page.locator('main svg rect').count()).toBeGreaterThanOrEqual(3)
  await site.page.getByLabel('Kind').selectOption('dot')
  await site.page.locator('main svg circle').first().waitFor()
  const waiting = site.page.waitForEvent('download')
  await site.page.getByRole('button', { name: 'CSV' }).click()
  const file = await (await waiting).path()
  expect(readFileSync(file, 'utf8').split('\n')[0]).toBe('model,n,answer')
  expect(await site.page.evaluate('window.ran ?? 0')).toBe(0)
})

test('the server’s words about a wrong statement stand in place, and a long query is cancelled', async () => {
  await site.open('/sql')
  await run('SELECT modle FROM "ann/talks"')
  await site.page.getByRole('alert').getByText('modle').first().waitFor()
  await run('SELECT sum(a.range * b.range) FROM range(100000000) a, range(1000000) b')
  await site.page.getByRole('button', { name: 'Cancel' }).click()
  await site.page.getByText('Cancelled. Nothing was kept.').waitFor()
  await run('SELECT 42 AS answer')
  await table().getByRole('cell', { name: '42' }).waitFor()
})

test('axe finds no violation in the console, with and without a result', async () => {
  const state = await site.page.context().storageState()
  const addresses = [`${site.url}/sql`, `${site.url}/sql#${new URLSearchParams({ sql: 'SELECT 1' })}`]
  expect(await examine(site.browser, addresses, { storageState: state })).toEqual([])
  expect(site.faults).toEqual([])
  expect(site.strayed).toEqual([])
}, 120_000)
