import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { type Column, writeParquet } from '../../src/storage/parquet.ts'
import { startTestHub, type TestHub } from '../hub/test-hub.ts'
import { newPage, open, openBrowser } from './browser.ts'

/** A hub on a port with a real Chromium in front of it. `strayed` are requests that left the hub: there must be none. */
export interface Site {
  hub: TestHub
  url: string
  browser: Browser
  page: Page
  strayed: string[]
  faults: string[]
  open(path: string): Promise<void>
  close(): Promise<void>
}

export async function startSite(): Promise<Site> {
  const hub = await startTestHub()
  const server: RunningServer = await startServer(hub.app, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${server.port}`
  const browser = await openBrowser()
  const page = await newPage(browser)
  const strayed: string[] = []
  const faults: string[] = []
  page.on('request', (request) => {
    const address = request.url()
    if (!address.startsWith(url) && !address.startsWith('data:') && !address.startsWith('blob:')) strayed.push(address)
  })
  page.on('pageerror', (error) => faults.push(error.message))
  return {
    hub,
    url,
    browser,
    page,
    strayed,
    faults,
    open: (path) => open(page, url + path),
    async close() {
      await browser.close()
      await server.close()
      await hub.close()
    },
  }
}

const text = (name: string): Column => ({ name, type: 'string' })
const bool = (name: string): Column => ({ name, type: 'boolean' })
const double = (name: string): Column => ({ name, type: 'double' })

/** LMSYS's columns, with the extra ones that a release can have. */
export const talkColumns: Column[] = [
  text('conversation_id'),
  text('model'),
  { name: 'conversation', type: { list: { struct: [text('content'), text('role')] } } },
  { name: 'turn', type: 'int64' },
  text('language'),
  {
    name: 'openai_moderation',
    type: {
      list: {
        struct: [
          { name: 'categories', type: { struct: [bool('hate'), bool('sexual')] } },
          { name: 'category_scores', type: { struct: [double('hate'), double('sexual')] } },
          bool('flagged'),
        ],
      },
    },
  },
  bool('redacted'),
  { name: 'message_languages', type: { list: 'string' } },
  { name: 'tokens', type: { list: 'int32' } },
  { name: 'started_at', type: 'timestamp' },
]

/** A conversation as a test writes it. `flagged` names the category of each flagged message by its place. */
export interface Talk {
  id: string
  model: string
  language: string
  texts: readonly string[]
  flagged?: Readonly<Record<number, 'hate' | 'sexual'>>
  day?: string
}

/** A Parquet file of conversations with all columns of a release. */
export async function talksParquet(folder: string, talks: readonly Talk[]): Promise<Buffer> {
  const path = join(folder, `talks-${Math.random()}.parquet`)
  const rows = talks.map(({ id, model, language, texts, flagged = {}, day = '2023-08-01' }) => ({
    conversation_id: id,
    model,
    conversation: texts.map((content, index) => ({ content, role: index % 2 === 0 ? 'user' : 'assistant' })),
    turn: BigInt(Math.ceil(texts.length / 2)),
    language,
    openai_moderation: texts.map((_, index) => ({
      categories: { hate: flagged[index] === 'hate', sexual: flagged[index] === 'sexual' },
      category_scores: { hate: flagged[index] === 'hate' ? 0.9 : 0.01, sexual: flagged[index] === 'sexual' ? 0.8 : 0.002 },
      flagged: flagged[index] !== undefined,
    })),
    redacted: texts.some((content) => /NAME_\d/.test(content)),
    message_languages: texts.map(() => language),
    tokens: texts.map((content) => content.length),
    started_at: new Date(`${day}T12:00:00Z`),
  }))
  await writeParquet(path, talkColumns, rows, { rowGroupRows: 100, codec: 'ZSTD' })
  return readFileSync(path)
}

/** The card that makes a dataset's Parquet files its split `train`. */
export const cardOf = (title: string): string =>
  `---\npretty_name: ${JSON.stringify(title)}\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n# ${title}\n`
