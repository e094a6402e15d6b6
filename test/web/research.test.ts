import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examine } from './axe.ts'
import { reload, settle } from './browser.ts'
import { cardOf, type Site, startSite, type Talk, talksParquet } from './site.ts'

/** 240 conversations: three models answer every prompt, in four scripts, some of them flagged; row numbers are places in this list. */
const prompts: readonly [language: string, prompt: string, answer: string][] = [
  ['English', 'Where does the zebra live?', 'The zebra lives in Africa, within the savanna.'],
  ['Russian', 'Где живёт зебра в природе?', 'Зебра живёт в Африке.'],
  ['Chinese', '斑马住在哪里？', '斑马住在非洲的草原。'],
  ['Arabic', 'أين يعيش الحمار الوحشي؟', 'يعيش الحمار الوحشي في أفريقيا.'],
]
const models = ['alpha-13b', 'beta-7b', 'gamma-70b']
const talks: Talk[] = Array.from({ length: 240 }, (_, index) => {
  const [language, prompt, answer] = prompts[index % 4] ?? ['English', '', '']
  const model = models[index % 3] ?? 'alpha-13b'
  const number = Math.floor(index / 12)
  const texts = [`${prompt} (${number})`, `${answer} — ${model}`]
  if (index % 5 === 0) texts.push('Thanks, I am NAME_1, write to EMAIL_1', '```python\nprint("zebra")\n```')
  return {
    id: `talk-${String(index).padStart(4, '0')}`,
    model,
    language,
    texts,
    ...(index % 16 === 0 ? { flagged: { 1: 'hate' as const } } : {}),
    day: index < 120 ? '2023-08-01' : '2023-09-15',
  }
})

let site: Site
let token: string
const base = '/datasets/ann/talks'

beforeAll(async () => {
  site = await startSite()
  token = (await site.hub.user('ann')).token
  await site.hub.call('POST', '/api/repos/create', { token, body: { name: 'talks', type: 'dataset' } })
  const stats = {
    conversations: talks.length,
    averageTurnsPerSample: 1.2,
    perDay: [{ day: '2023-08-01', conversations: 120 }],
    moderation: { checked: 480, categories: { hate: 15, sexual: 0 } },
    redaction: { kinds: { PERSON: 48, EMAIL: 48 } },
  }
  const files = { 'README.md': cardOf('Talks'), 'stats.json': JSON.stringify(stats) }
  const first = await site.hub.commit('ann/talks', token, {
    ...files,
    'data/train-00000-of-00001.parquet': await talksParquet(site.hub.folder, talks),
  })
  expect(first.status).toBe(200)
  const changed = talks
    .slice(1)
    .map((talk, index) => (index === 4 ? { ...talk, texts: ['Where does the ZEBRA sleep?', ...talk.texts.slice(1)] } : talk))
  const second = await site.hub.commit('ann/talks', token, {
    'data/train-00000-of-00001.parquet': await talksParquet(site.hub.folder, [
      ...changed,
      { id: 'talk-9999', model: 'delta', language: 'English', texts: ['New here', 'Welcome'] },
    ]),
  })
  expect(second.status).toBe(200)
})
afterAll(() => site?.close())

const box = () => site.page.getByRole('combobox', { name: 'Search and filter' })
const search = async (text: string) => {
  await box().fill(text)
  await site.page.keyboard.press('Escape')
  await site.page.getByRole('button', { name: 'Search', exact: true }).click()
}
/** Waits until the address has a text, or has it no more. */
const address = (text: string) => site.page.waitForURL(({ href }) => href.includes(text))
const addressWithout = (text: string) => site.page.waitForURL(({ href }) => !href.includes(text))
const query = () => new URL(site.page.url()).searchParams
const found = (words: string) => site.page.getByRole('status').filter({ hasText: words }).first().waitFor()

test('a search finds words in four scripts, with hits by conversation and the words marked', async () => {
  await site.open(`${base}/viewer`)
  await found('240 conversations')
  for (const [text, mark, count] of [
    ['savanna', 'savanna', 59],
    ['зебра африке', 'Зебра', 60],
    ['斑马', '斑马', 60],
    ['الوحشي', 'الوحشي', 60],
  ] as const) {
    await search(text)
    await found(`${count} conversations found`)
    // The count may be the one before's.
    await site.page.getByRole('article').first().locator('mark[data-kind=hit]', { hasText: mark }).first().waitFor()
  }
})

test('words and fields are asked together, facets narrow and widen, and the address keeps it all', async () => {
  await site.open(`${base}/viewer`)
  await search('zebra lang:English turns>1')
  await found('conversations found')
  await settle(site.page)
  const before = Number((await site.page.getByRole('status').first().textContent())?.match(/\d+/)?.[0])
  const facet = site.page.getByRole('group', { name: 'Model' }).getByRole('button', { name: /beta-7b/ })
  await facet.click()
  await address('beta-7b')
  expect(query().get('q')).toBe('zebra lang:English turns>1 model:beta-7b')
  await reload(site.page)
  expect(await box().inputValue()).toBe('zebra lang:English turns>1 model:beta-7b')
  await found('conversations found')
  await settle(site.page)
  expect(Number((await site.page.getByRole('status').first().textContent())?.match(/\d+/)?.[0])).toBeLessThan(before)
  await facet.click()
  await addressWithout('beta-7b')
  await site.page
    .getByRole('group', { name: 'Model' })
    .getByRole('button', { name: /beta-7b/, pressed: false })
    .waitFor()
})

test('what is wrong in the box is said, and nothing is asked until it is mended', async () => {
  await site.open(`${base}/viewer`)
  await search('modle:beta-7b')
  await site.page.getByText('Did you mean model:').waitFor()
  expect(query().get('q')).toBeNull()
  await search('turns>many')
  await site.page.getByText('“many” cannot stand behind turns').waitFor()
})

test('a link with a search that cannot be asked says so, without a count and without an end of loading', async () => {
  await site.open(`${base}/viewer?q=${encodeURIComponent('modle:beta-7b')}`)
  await site.page.getByText('Did you mean model:').waitFor()
  await site.page.getByText('This search cannot be asked yet.').waitFor()
  expect(await site.page.getByText(/conversations found|No conversation matches/).count()).toBe(0)
})

test('the builder writes the box, and suggestions go on with it by keyboard', async () => {
  await site.open(`${base}/viewer?q=zebra`)
  await site.page.locator('summary', { hasText: 'Build a search' }).click()
  const form = site.page.getByRole('form', { name: 'Build a search' })
  expect(await form.getByLabel('All these words').inputValue()).toBe('zebra')
  await form.locator('select[name=field-model]').selectOption('gamma-70b')
  await form.getByLabel('turns from').fill('1')
  await form.getByRole('button', { name: 'Search' }).click()
  await address('gamma')
  expect(query().get('q')).toBe('zebra model:gamma-70b turns:1..')
  await box().fill('')
  await box().pressSequentially('lang:arab')
  await site.page
    .getByRole('listbox')
    .getByRole('option', { name: /Arabic/ })
    .waitFor()
  await site.page.keyboard.press('ArrowDown')
  await site.page.keyboard.press('Enter')
  expect(await box().inputValue()).toBe('lang:Arabic ')
  await site.page.keyboard.press('Enter')
  await found('60 conversations found')
})

test('the table filters by a bar, sorts by a head, hides and widens columns, all by keyboard', async () => {
  await site.open(`${base}/viewer`)
  const grid = site.page.getByRole('grid')
  await grid.getByRole('button', { name: /^language Russian/ }).press('Enter')
  await found('60 conversations found')
  expect(query().get('q')).toBe('lang:Russian')
  await grid.getByRole('button', { name: /^model alpha-13b: 79 rows, 20 found/ }).waitFor()
  await grid.getByRole('button', { name: 'model', exact: true }).press('Enter')
  await address('orderby')
  await site.page
    .getByRole('columnheader', { name: /^model/ })
    .and(site.page.locator('[aria-sort=ascending]'))
    .waitFor()
  const grip = grid.getByRole('separator', { name: 'Width of model' })
  const width = Number(await grip.getAttribute('aria-valuenow'))
  await grip.press('ArrowRight')
  await grid.locator(`[aria-label="Width of model"][aria-valuenow="${width + 16}"]`).waitFor()
  await site.page.locator('summary', { hasText: 'Columns' }).click()
  await site.page.getByLabel('redacted', { exact: true }).uncheck()
  await address('hide=redacted')
  await grid.getByRole('columnheader', { name: /^redacted/ }).waitFor({ state: 'detached' })
})

test('a random sample is the same rows for everyone who opens its link, and a search can be saved', async () => {
  await site.open(`${base}/viewer`)
  await site.page.getByRole('button', { name: 'Random sample' }).click()
  await found('50 rows at random')
  const rows = async () => site.page.locator('[role=row] [role=gridcell]:first-child').allTextContents()
  await settle(site.page)
  const drawn = await rows()
  expect(drawn.length).toBeGreaterThan(5)
  expect(new Set(drawn).size).toBe(drawn.length)
  await reload(site.page)
  await found('50 rows at random')
  expect(await rows()).toEqual(drawn)
  await site.page.locator('summary', { hasText: 'Saved searches' }).click()
  await site.page.getByLabel('Name of this search').fill('A good draw')
  await site.page.getByRole('button', { name: 'Save', exact: true }).click()
  const { pathname, search: asked } = new URL(site.page.url())
  expect(await site.page.getByRole('link', { name: 'A good draw' }).getAttribute('href')).toBe(pathname + asked)
  await site.page.getByRole('link', { name: 'A good draw' }).click()
  await site.page.getByRole('link', { name: 'A good draw' }).waitFor({ state: 'hidden' })
  await site.page.locator('summary', { hasText: 'Saved searches' }).click()
  await site.page.getByRole('button', { name: 'Delete: A good draw' }).click()
  await site.page.getByText('No search is saved').waitFor()
})

test('what is found is exported as JSON lines, all of it', async () => {
  await site.open(`${base}/viewer?q=lang:Russian`)
  await found('60 conversations found')
  await site.page.locator('summary', { hasText: 'Export' }).click()
  const waiting = site.page.waitForEvent('download')
  await site.page.getByRole('link', { name: 'JSONL' }).click()
  const lines = readFileSync(await (await waiting).path(), 'utf8')
    .trim()
    .split('\n')
  expect(lines.length).toBe(60)
  expect(lines.every((line) => line.includes('"language":"Russian"'))).toBe(true)
})

test('the reader is walked by keys: messages, conversations, scores, raw JSON, help', async () => {
  await site.open(`${base}/viewer?row=4`)
  await site.page.locator('#message-0').waitFor()
  await site.page.keyboard.press('n')
  await address('message=0')
  await site.page.keyboard.press('n')
  await address('message=1')
  await site.page.keyboard.press('s')
  await site.page.locator('#message-1 details[open]').waitFor()
  await site.page.keyboard.press('?')
  await site.page.getByRole('dialog', { name: 'Keys of the reader' }).waitFor()
  await site.page.keyboard.press('Escape')
  await site.page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(query().get('row')).toBe('4')
  await site.page.keyboard.press('j')
  await address('row=5')
  await site.page.keyboard.press('r')
  await site.page.getByText('"conversation_id"').waitFor()
})

test('each block of a message takes its own direction, tags carry their kind, language and tokens stand beside', async () => {
  await site.open(`${base}/viewer?q=lang:Arabic&row=0`)
  const message = site.page.locator('#message-0')
  await message.getByText('الوحشي').waitFor()
  expect(await site.page.evaluate(`getComputedStyle(document.querySelector('#message-0 p')).direction`)).toBe('rtl')
  await message.getByText('Arabic', { exact: true }).waitFor()
  await message.getByText(/\d+ tokens/).waitFor()
  await site.open(`${base}/viewer?q=tag:EMAIL&row=0`)
  const tag = site.page.locator('article[id^=message] mark[data-kind=tag]', { hasText: 'EMAIL_1' })
  await tag.first().waitFor()
  expect(await tag.first().getAttribute('title')).toBe('replaced: email')
})

test('flagged messages are covered in hits, table, reader and raw JSON until asked for', async () => {
  const secret = talks[16]?.texts[1] ?? ''
  await site.open(`${base}/viewer?q=flagged:hate+savanna`)
  await site.page.getByText('This message was flagged: hate').first().waitFor()
  expect(await site.page.getByText(secret).count()).toBe(0)
  await site.page.getByRole('article').first().getByRole('button', { name: /^Row/ }).click()
  await site.page.locator('#message-1').waitFor()
  await site.page.keyboard.press('r')
  await site.page.getByRole('button', { name: 'Show the raw JSON' }).waitFor()
  expect(await site.page.getByText('savanna').count()).toBe(0)
  await site.page.keyboard.press('r')
  await site.page.keyboard.press('u')
  await site.page.locator('#message-1').getByText('savanna').waitFor()
})

test('the same prompt stands side by side as several models answered it', async () => {
  await site.open(`${base}/viewer?row=2`)
  await site.page.getByRole('link', { name: 'Same prompt, other models' }).click()
  await address('/compare')
  for (const model of models) await site.page.getByRole('heading', { name: model, exact: true }).waitFor()
  await site.page.locator('summary', { hasText: 'Models shown' }).click()
  await site.page.getByRole('checkbox', { name: 'beta-7b' }).uncheck()
  await site.page.getByRole('heading', { name: 'beta-7b' }).waitFor({ state: 'detached' })
  expect(query().get('hide')).toBe('beta-7b')
})

test('two versions are compared row by row, and a changed conversation word by word', async () => {
  await site.open(`${base}/diff`)
  for (const name of ['+ Added 1', '− Removed 1', '~ Changed 1']) await site.page.getByRole('link', { name }).waitFor()
  await site.page.getByRole('link', { name: '~ Changed 1' }).click()
  await site.page.getByRole('link', { name: 'talk-0005' }).click()
  const beside = site.page.getByRole('region', { name: /talk-0005/ })
  await beside.locator('ins', { hasText: 'ZEBRA' }).waitFor()
  expect(await beside.locator('del').first().textContent()).toContain('Где')
  await site.page.getByRole('link', { name: '− Removed 1' }).click()
  await site.page.getByRole('link', { name: 'talk-0000' }).click()
  await site.page.getByText('Not in this version.').first().waitFor()
})

test('statistics are counted under the search, and a bar leads on', async () => {
  await site.open(`${base}/statistics`)
  const chart = site.page.getByRole('region', { name: 'Language' })
  await chart.getByRole('button', { name: /Russian/ }).click()
  await address('lang')
  await found('60 conversations')
  await site.page.getByRole('link', { name: 'Read these conversations' }).click()
  await address('/viewer')
  await found('60 conversations found')
  await site.open(`${base}/statistics`)
  await site.page.getByRole('button', { name: 'hate', exact: true }).click()
  await address('/viewer')
  expect(query().get('q')).toBe('flagged:hate')
})

test('axe finds no violation on the pages for researchers, in both themes at 360 and 1280 pixels', async () => {
  const pages = [
    `${base}/viewer`,
    `${base}/viewer?q=zebra`,
    `${base}/viewer?q=zebra&row=3`,
    `${base}/viewer?q=nothing-like-this`,
    `${base}/statistics`,
    `${base}/compare?row=2`,
    `${base}/compare?row=239`,
    `${base}/diff`,
    `${base}/diff?id=talk-0005`,
  ].map((path) => site.url + path)
  expect(await examine(site.browser, pages)).toEqual([])
  expect(site.faults).toEqual([])
  expect(site.strayed).toEqual([])
}, 300_000)
