import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { type Column, writeParquet } from '../../src/storage/parquet.ts'
import { startTestHub, type TestHub } from '../hub/test-hub.ts'
import { examine } from './axe.ts'
import * as pages from './browser.ts'

const hostile = [
  '<script>window.ran = 1</script><img src=x onerror="window.ran = 2"><svg onload="window.ran = 3"></svg>',
  '[click](javascript:window.ran=4) [data](data:text/html,<script>window.ran=5</script>) <javascript:window.ran=6> ![p](https://tracker.example/p.png)',
  '# head\n\n<style>body{display:none}</style><iframe srcdoc="<script>parent.ran=7</script>"></iframe>\n\n<a href="javascript:window.ran=8">x</a>',
  '```html" onload="window.ran=9\n<script>window.ran=10</script>\n```\n\n~~~python\nprint(1)\n~~~',
  '$$\\href{javascript:window.ran=11}{x}\\htmlClass{a}{y}\\includegraphics{https://tracker.example/q.png}$$ and \\(\\rule{99999em}{99999em}\\)',
  '\u202egnp.exe \u2066x NAME_1 <mark onclick="window.ran=12">y</mark>',
  '|a|b|\n|-|-|\n|<b onmouseover="window.ran=13">x</b>|y|\n\n'.concat('w'.repeat(5000)),
]
const bool = (name: string): Column => ({ name, type: 'boolean' })
const columns: Column[] = [
  { name: 'conversation_id', type: 'string' },
  { name: 'model', type: 'string' },
  {
    name: 'conversation',
    type: {
      list: {
        struct: [
          { name: 'content', type: 'string' },
          { name: 'role', type: 'string' },
        ],
      },
    },
  },
  { name: 'openai_moderation', type: { list: { struct: [{ name: 'categories', type: { struct: [bool('hate')] } }, bool('flagged')] } } },
]

let hub: TestHub
let server: RunningServer
let browser: Browser
let page: Page
let url: string
const strayed: string[] = []

beforeAll(async () => {
  hub = await startTestHub()
  const { token } = await hub.user('ann')
  const path = join(hub.folder, 'rows.parquet')
  const texts = [
    ...hostile.map((text) => [text, text]),
    ['Is this flagged?', 'SECRET-INSULT'],
    ['Where does the zebra live?', 'In Africa.'],
  ]
  const rows = texts.map((pair, row) => ({
    conversation_id: `c${row}`,
    model: '<img src=x onerror="window.ran=20">',
    conversation: pair.map((content, index) => ({ content, role: index === 0 ? 'user' : 'assistant' })),
    openai_moderation: pair.map((content) => ({ categories: { hate: content === 'SECRET-INSULT' }, flagged: content === 'SECRET-INSULT' })),
  }))
  await writeParquet(path, columns, rows, { rowGroupRows: 100, codec: 'ZSTD' })
  await hub.call('POST', '/api/repos/create', { token, body: { name: 'chats', type: 'dataset' } })
  const card = `---\npretty_name: "<script>window.ran=30</script>"\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n${hostile.join('\n\n')}`
  const made = await hub.commit('ann/chats', token, { 'README.md': card, 'data/train-00000-of-00001.parquet': readFileSync(path) })
  expect(made.status).toBe(200)
  server = await startServer(hub.app, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${server.port}`
  browser = await pages.openBrowser()
  page = await pages.newPage(browser)
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) strayed.push(request.url())
  })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await hub?.close()
})

const open = (path: string) => pages.open(page, url + path)
const ran = () => page.evaluate('window.ran ?? 0')

test('hostile conversations and cards execute nothing, load nothing from elsewhere, and break no layout', async () => {
  const paths = [
    '/',
    '/datasets/ann/chats',
    '/datasets/ann/chats/viewer',
    ...hostile.map((_, row) => `/datasets/ann/chats/viewer?row=${row}`),
  ]
  for (const path of paths) {
    await open(path)
    expect(await ran(), path).toBe(0)
    expect(await page.locator('main script, main iframe, main style, main svg[onload]').count(), path).toBe(0)
    const links: string[] = await page.locator('main a').evaluateAll((found) => found.map((one) => one.getAttribute('href') ?? ''))
    expect(
      links.filter((href) => /^\s*(javascript|data|vbscript):/i.test(href)),
      path,
    ).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
  }
  expect(strayed).toEqual([])
})

test('HTML of a message is shown letter for letter, and hidden characters by their names', async () => {
  await open('/datasets/ann/chats/viewer?row=0')
  await page.locator('#message-0').getByText('<script>window.ran = 1</script>').waitFor()
  await open('/datasets/ann/chats/viewer?row=5')
  expect(await page.locator('#message-0 mark[data-kind=control]').first().textContent()).toBe('U+202E')
  expect(await page.locator('#message-0 mark[data-kind=tag]').textContent()).toBe('NAME_1')
})

test('a flagged message is covered until asked for, and the keyboard goes from conversation to conversation', async () => {
  await open('/datasets/ann/chats/viewer?row=6')
  await page.keyboard.press('ArrowRight')
  const message = page.locator('#message-1')
  await message.getByText('hate').first().waitFor()
  expect(new URL(page.url()).searchParams.get('row')).toBe('7')
  expect(await page.getByText('SECRET-INSULT').count()).toBe(0)
  await message.getByRole('button', { name: 'Show this message' }).click()
  await message.getByText('SECRET-INSULT').waitFor()
  await page.keyboard.press('Escape')
  await page.waitForURL(({ searchParams }) => !searchParams.has('row'))
})

test('a search finds the conversation and highlights its words', async () => {
  await open('/datasets/ann/chats/viewer')
  await page.getByLabel('Search and filter').fill('zebra')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByText('1 conversations found').waitFor()
  expect(await page.locator('article mark[data-kind=hit]').first().textContent()).toBe('zebra')
})

test('axe finds no violation on the pages, light and dark, wide and narrow', async () => {
  const paths = ['/', '/datasets/ann/chats', '/datasets/ann/chats/viewer', '/datasets/ann/chats/viewer?row=7', '/sign-in']
  const addresses = paths.map((path) => url + path)
  expect(await examine(browser, addresses)).toEqual([])
})
