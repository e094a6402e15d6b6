import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openSite, type Site } from '../../src/cli/site.ts'
import { createUser } from '../../src/hub/accounts/users.ts'
import { publishFolder } from '../../src/hub/publish/folder.ts'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { silentLog } from '../../src/log.ts'
import { readParquet } from '../../src/storage/parquet.ts'
import { runCli } from '../cli/world.ts'
import { startTestHub, type TestHub } from '../hub/test-hub.ts'
import * as pages from './browser.ts'

/** The whole way, once, in a real browser against a real server: from 50,000 logged conversations to a deletion that is carried out. */
const COUNT = 50_200
const password = 'long enough for all'
const folder = mkdtempSync(join(tmpdir(), 'colloquy-grand-'))

/** Prompts and answers in four scripts; the number makes each conversation another one. */
const talks = [
  [
    'Where does the zebra number % live, and what does it eat in the dry months?',
    'It lives in the savanna of Africa and eats grass, number %.',
  ],
  ['Где живёт зебра номер % и чем она питается зимой?', 'Зебра живёт в африканской саванне и ест траву, номер %.'],
  ['第%号斑马住在哪里？它冬天吃什么？', '第%号斑马住在非洲的草原，以草为食。'],
  ['أين يعيش الحمار الوحشي رقم % وماذا يأكل؟', 'يعيش الحمار الوحشي رقم % في سهول أفريقيا ويأكل العشب.'],
] as const
const models = ['alpha-13b', 'beta-7b', 'gamma-70b']
const idOf = (index: number) => index.toString(16).padStart(32, '0')

let hub: TestHub
let site: Site
let server: RunningServer
let browser: Browser
let url: string
let rows: number

beforeAll(async () => {
  rows = await buildRelease()
  hub = await startTestHub()
  await createUser(hub.hub, { user: 'ann', email: 'ann@example.org', fullname: 'Ann', role: 'owner', password }, 'test')
  await publishFolder(hub.hub, { folder: join(folder, 'release'), namespace: 'lab', name: 'chats', title: 'Publish' })
  const token = await hub.token('ann', { role: 'write' })
  await hub.call('PUT', '/api/datasets/lab/chats/settings', { token, body: { gated: 'manual' } })
  const world = {
    ...{ stdin: (async function* () {})(), print: async () => {}, complain: () => {}, log: silentLog, env: {} },
    ...{ now: () => new Date(), signal: new AbortController().signal },
  }
  site = await openSite({ hub: hub.hub, settings: { data: join(folder, 'site') }, world })
  server = await startServer(site.app, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${server.port}`
  Object.assign(hub.hub.options, { publicUrl: url })
  browser = await pages.openBrowser()
}, 900_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await site?.close()
  await hub?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes logs, has them built by the command line with few labels, and gives the number of rows. */
async function buildRelease(): Promise<number> {
  const log = createWriteStream(join(folder, 'log.jsonl'))
  for (let index = 0; index < COUNT; index += 1) {
    const [prompt, answer] = talks[index % talks.length] ?? talks[0]
    const messages = [
      { role: 'user', content: prompt.replace('%', String(index)) },
      { role: 'assistant', content: answer.replace('%', String(index)) },
    ]
    log.write(`${JSON.stringify({ id: idOf(index), model: models[index % models.length], messages })}\n`)
  }
  log.end()
  await finished(log)
  const recipe = {
    ...{ name: 'grand', consent: 'assumed', labels: ['language', 'format'], rules: ['bad-format', 'bad-order'] },
    card: {
      ...{ title: 'Fifty thousand conversations', licensor: 'The lab', contact: 'data@example.org', law: 'Chile' },
      url: 'https://example.org/chats',
    },
  }
  writeFileSync(join(folder, 'recipe.yaml'), JSON.stringify(recipe))
  const args = ['build', join(folder, 'log.jsonl'), '--out', join(folder, 'release'), '--recipe', join(folder, 'recipe.yaml'), '--json']
  const { code, err } = await runCli(args)
  expect([code, err]).toEqual([0, ''])
  return Number(JSON.parse(readFileSync(join(folder, 'release', 'manifest.json'), 'utf8')).rows)
}

/** Waits until the index of the latest version stands: it is built beside answering, and who searches before is asked to come again. */
async function untilIndexed(count: number): Promise<void> {
  const token = await hub.token('ann', { role: 'read' })
  const filter = `/api/viewer/filter?dataset=lab/chats&config=default&split=train&where=${encodeURIComponent('"turn" > 0')}&offset=0&length=1`
  const counted = async () => {
    const { status, body } = await hub.json('GET', filter, { token })
    return status === 200 ? Counted.parse(body).num_rows_total : status
  }
  await expect.poll(counted, { timeout: 600_000, interval: 1000 }).toBe(count)
}
const Counted = z.object({ num_rows_total: z.number() })
const Exported = z.object({ conversation_id: z.string(), model: z.string() })

async function newPage(): Promise<Page> {
  const page = await pages.newPage(browser, { acceptDownloads: true })
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  return page
}
const faults: string[] = []
const open = (page: Page, path: string) => pages.open(page, url + path)
/** Waits for words that the page says; where they do not come, the error holds what it says instead. */
async function found(page: Page, words: string): Promise<void> {
  try {
    await page.getByRole('status').filter({ hasText: words }).first().waitFor()
  } catch (error) {
    const instead = ((await page.getByRole('main').textContent()) ?? '').slice(0, 1500)
    throw new Error(`${page.url()} does not say '${words}' but: ${instead}`, { cause: error })
  }
}

async function signIn(page: Page, user: string): Promise<void> {
  await open(page, '/sign-in')
  await page.locator('input[name=user]').fill(user)
  await page.locator('input[name=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('banner').getByText(user).waitFor()
}

test('from signing up to a deletion that is carried out, over 50,000 conversations', async () => {
  expect(rows).toBe(COUNT)
  await untilIndexed(rows)

  // Sign up and ask.
  const reader = await newPage()
  await open(reader, '/sign-in')
  await reader
    .getByRole('button', { name: /new here|Make an account/ })
    .first()
    .click()
  await reader.locator('input[name=user]').fill('bob')
  await reader.locator('input[name=email]').fill('bob@example.org')
  await reader.locator('input[name=password]').fill(password)
  await reader.keyboard.press('Enter')
  await reader.getByRole('banner').getByText('bob').waitFor()
  await open(reader, '/datasets/lab/chats')
  await reader.getByText('The card is shown to those who have access.').waitFor()
  await reader.getByRole('main').getByRole('link', { name: 'Ask for access' }).first().click()
  await reader.getByRole('heading', { name: 'Your request' }).waitFor()
  await pages.settle(reader)
  for (const box of await reader.getByRole('main').getByRole('checkbox').all()) await box.check()
  for (const field of await reader.getByRole('main').locator('input[type=text]').all()) await field.fill('The university')
  await reader.getByRole('button', { name: 'Agree and ask for access' }).click()
  await found(reader, 'You asked.')

  // The steward approves.
  const owner = await newPage()
  await signIn(owner, 'ann')
  await open(owner, '/datasets/lab/chats/desk/requests')
  await owner.getByLabel('Select bob').check()
  await owner.getByRole('button', { name: 'Accept', exact: true }).click()
  await owner.getByText('Nobody waits').waitFor()

  // Browse, search in four scripts, filter, read.
  await open(reader, '/datasets/lab/chats')
  await reader.getByRole('heading', { name: 'Statistics' }).waitFor()
  // The release has its number and the citation that names it.
  await reader.getByRole('region', { name: 'Cite' }).getByText('Fifty thousand conversations, version 1.0.0').waitFor()
  await reader.getByRole('region', { name: 'Versions' }).getByText('1.0.0', { exact: true }).waitFor()
  await reader.getByRole('link', { name: 'Read the conversations' }).click()
  await found(reader, `${rows.toLocaleString('en')} conversations`)
  const box = reader.getByRole('combobox', { name: 'Search and filter' })
  const search = async (text: string) => {
    await box.fill(text)
    await reader.keyboard.press('Escape')
    await reader.getByRole('button', { name: 'Search', exact: true }).click()
  }
  for (const [text, mark] of [
    ['savanna 31336', '31336'],
    ['зебра 31337', '31337'],
    ['斑马 31338', '斑马'],
    ['الوحشي 31339', 'الوحشي'],
  ] as const) {
    await search(text)
    await found(reader, '1 conversations found')
    // The count is the one before's until the answer is there.
    await reader.getByRole('article').first().locator('mark[data-kind=hit]', { hasText: mark }).first().waitFor()
  }
  // Words and a field together: every twelfth conversation is in English and of this model. All of them, and no other, are exported.
  const chosen = Array.from({ length: COUNT }, (_, index) => index).filter((index) => index % 4 === 0 && index % 3 === 1)
  await search('zebra model:beta-7b')
  await found(reader, `${chosen.length.toLocaleString('en')} conversations found`)
  const download = async (name: string) => {
    await reader.locator('summary', { hasText: 'Export' }).click()
    const waiting = reader.waitForEvent('download')
    await reader.getByRole('link', { name }).click()
    const path = await (await waiting).path()
    await reader.keyboard.press('Escape')
    return path
  }
  const lines = readFileSync(await download('JSONL'), 'utf8')
    .trim()
    .split('\n')
  expect(lines.map((line) => Exported.parse(JSON.parse(line)).conversation_id)).toEqual(chosen.map(idOf))
  expect(lines.every((line) => Exported.parse(JSON.parse(line)).model === 'beta-7b')).toBe(true)
  await open(reader, `/datasets/lab/chats/viewer?q=${encodeURIComponent('zebra model:beta-7b')}`)
  const ids: string[] = []
  for await (const group of readParquet(await download('Parquet'), ['conversation_id', 'model']))
    ids.push(...group.map((row) => Exported.parse(row).conversation_id))
  expect(ids).toEqual(chosen.map(idOf))

  // The same by SQL, and an aggregate over all of it, as a table and as a file.
  await open(reader, '/sql?dataset=lab/chats')
  const ask = async (sql: string) => {
    await reader.getByRole('textbox', { name: 'SQL statement' }).fill(sql)
    await reader.keyboard.press('Control+Enter')
  }
  const table = reader.getByRole('region', { name: 'Table', exact: true }).getByRole('table')
  await ask(`SELECT count(*) AS n FROM "lab/chats" WHERE model = 'beta-7b' AND conversation[1].content ILIKE '%zebra%'`)
  await table.getByRole('cell', { name: String(chosen.length), exact: true }).waitFor()
  await ask('SELECT model, count(*) AS n FROM "lab/chats" GROUP BY model ORDER BY model')
  await table.getByRole('cell', { name: 'gamma-70b' }).waitFor()
  const saving = reader.waitForEvent('download')
  await reader.getByRole('button', { name: 'CSV' }).click()
  const perModel = models.map((model, index) => `${model},${Math.ceil((COUNT - index) / models.length)}`)
  expect(readFileSync(await (await saving).path(), 'utf8')).toBe(`model,n\n${perModel.join('\n')}\n`)
  const ledger = await hub.call('GET', '/api/datasets/lab/chats/ledger', { token: await hub.token('ann', { role: 'read' }) })
  const actions = (await ledger.text()).split('\n').filter((line) => line.includes('"actor":"bob"'))
  for (const action of ['viewer.exported', 'sql.queried', 'sql.exported']) expect(actions.join('\n')).toContain(`"action":"${action}"`)

  await open(reader, '/datasets/lab/chats/viewer?row=31338')
  await reader.locator('#message-0').getByText('第31338号斑马').waitFor()
  await reader.keyboard.press('j')
  await reader.locator('#message-0').getByText('31339').waitFor()

  // A deletion is asked for, accepted, and carried out: a new version is without it, and it is found no more.
  await open(reader, `/datasets/lab/chats/deletion?conversation=${idOf(31_337)}`)
  await reader.getByLabel('Why').fill('It is mine.')
  await reader.getByRole('button', { name: 'Ask for deletion' }).click()
  await reader.getByText('Your request has been recorded').first().waitFor()
  await open(owner, '/datasets/lab/chats/desk/deletions')
  await owner.getByRole('button', { name: 'Accept', exact: true }).click()
  // Once the decision stands there is nothing to press; leaving the page before would call it off.
  await owner.getByRole('button', { name: 'Accept', exact: true }).waitFor({ state: 'detached' })
  await pages.settle(owner)
  await expect
    .poll(
      async () => {
        await open(owner, '/datasets/lab/chats/desk/deletions')
        return owner.getByText('1 conversation taken out').count()
      },
      { timeout: 300_000, interval: 1000 },
    )
    .toBe(1)
  await open(reader, '/settings/deletions')
  await reader.getByRole('cell', { name: 'done', exact: true }).waitFor()
  await untilIndexed(rows - 1)
  // Browsers may keep a page of rows for two minutes, so another one is asked.
  const later = await newPage()
  await signIn(later, 'bob')
  await open(later, '/datasets/lab/chats/viewer')
  await found(later, `${(rows - 1).toLocaleString('en')} conversations`)
  await open(later, `/datasets/lab/chats/viewer?q=${encodeURIComponent('зебра 31337')}`)
  await later
    .getByText(/No conversation|Nothing/)
    .first()
    .waitFor()
  expect(faults).toEqual([])
}, 900_000)
