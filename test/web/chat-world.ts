import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createProxy, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { hubTools } from '../../src/cli/hub-tools.ts'
import { openSite } from '../../src/cli/site.ts'
import { createToken } from '../../src/hub/accounts/tokens.ts'
import { createUser } from '../../src/hub/accounts/users.ts'
import { openHub } from '../../src/hub/hub.ts'
import { startServer } from '../../src/hub/server.ts'
import { silentLog } from '../../src/log.ts'
import { openBlobs } from '../../src/storage/blobs.open.ts'
import { openDatabase } from '../../src/storage/database.open.ts'
import { startPostgres } from '../storage/postgres.server.ts'
import { newPage, openBrowser } from './browser.ts'

/** Hub and chat site on one port, as `colloquy serve` composes them, with the demonstration models and a model that speaks slowly. */
export interface ChatWorld {
  url: string
  /** Folder of the event log. */
  events: string
  folder: string
  browser: Browser
  adminToken: string
  /** A person with a browser of their own. Requests that leave the site are noted in `strayed`. */
  person(given?: { width?: number; colorScheme?: 'light' | 'dark' }): Promise<{ page: Page; context: BrowserContext }>
  strayed: string[]
  /** Lets the slow model say as many words of its two hundred; twenty until it is called. */
  until(words: number): void
  /** The same site behind a line that can be cut: every open connection breaks, later ones work. */
  line: { url: string; cut(): void }
  close(): Promise<void>
}

/** Starts it all on free ports, on a real PostgreSQL. `more`: further models, as lines of the file of models. */
export async function openChatWorld(more: readonly string[] = []): Promise<ChatWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-chat-'))
  const postgres = await startPostgres()
  const database = await openDatabase({ url: postgres.url })
  const hub = await openHub({
    database,
    blobs: await openBlobs(join(folder, 'files')),
    log: silentLog,
    now: () => new Date(),
    tools: hubTools(),
    options: { isBehindProxy: false, cacheFolder: join(folder, 'cache') },
  })
  const slow = await startSlowModel()
  const models = join(folder, 'models.yaml')
  writeFileSync(
    models,
    `models:
  - { name: eliza-1966, provider: eliza, description: "Demonstration: ELIZA." }
  - { name: parrot, provider: echo, description: "Demonstration: says what you said." }
  - { name: snail, endpoint: "${slow.url}", model: snail, weight: 0, timeouts: { stall: 600 } }
${more.map((line) => `  - ${line}\n`).join('')}`,
  )
  const events = join(folder, 'events')
  const world = {
    stdin: (async function* () {})(),
    print: async () => undefined,
    complain: () => undefined,
    log: silentLog,
    env: {},
    now: () => new Date(),
    signal: new AbortController().signal,
  }
  const site = await openSite({ hub, settings: { data: folder, models, events, moderate: 'warn' }, world })
  const server = await startServer(site.app, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${server.port}`
  const line = await startLine(server.port)
  const browser = await openBrowser()
  const strayed: string[] = []
  const user = await createUser(hub, { user: 'boss', email: 'boss@example.org', fullname: 'The Boss', role: 'admin' }, 'test')
  const adminToken = await createToken(hub, user, { displayName: 'test', role: 'write', scopes: [] }, 'test')
  return {
    url,
    events,
    folder,
    browser,
    adminToken,
    strayed,
    until: slow.until,
    line,
    async person({ width = 1280, colorScheme = 'light' } = {}) {
      const page = await newPage(browser, { viewport: { width, height: width < 500 ? 740 : 800 }, colorScheme, bypassCSP: true })
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith(line.url) && !request.url().startsWith('data:'))
          strayed.push(request.url())
      })
      return { page, context: page.context() }
    },
    async close() {
      await browser.close()
      await line.close()
      await server.close()
      await site.close()
      await slow.close()
      await hub.indexes.close()
      await database.close()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Reads and accepts the terms, or goes on without being kept. */
export async function answerTerms(page: Page, keep: boolean): Promise<string> {
  await page.getByRole('checkbox', { name: 'at least 18' }).check()
  await page.getByRole('button', { name: keep ? 'I accept' : 'Do not keep' }).click()
  if (!keep) return ''
  const receipt = (await page.locator('main code').textContent()) ?? ''
  await page.getByRole('button', { name: 'Begin' }).click()
  return receipt
}

/** Writes a message and sends it by the keyboard. */
export async function say(page: Page, message: string): Promise<void> {
  await page.getByLabel('Write a message').fill(message)
  await page.getByLabel('Write a message').press('Enter')
}

/**
 * An endpoint in OpenAI's form that says a word every 40 ms, two hundred of them, until its caller leaves; it waits where `until` has put its limit, so
 * that a test can look at an answer in the middle however slow the machine is.
 */
async function startSlowModel(): Promise<{ url: string; until(words: number): void; close(): Promise<void> }> {
  let limit = 20
  const server = createServer((request, response) => {
    request.resume()
    if (!request.url?.endsWith('/chat/completions')) {
      response.setHeader('Content-Type', 'application/json')
      response.end('{"object":"list","data":[{"id":"snail","object":"model"}]}')
      return
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    let words = 0
    const timer = setInterval(() => {
      if (words >= limit && words < 200) return
      const isEnd = words === 200
      const delta = isEnd ? {} : { role: 'assistant', content: `word${words} ` }
      const chunk = {
        id: 'x',
        object: 'chat.completion.chunk',
        model: 'snail',
        choices: [{ index: 0, delta, finish_reason: isEnd ? 'stop' : null }],
      }
      response.write(`data: ${JSON.stringify(chunk)}\n\n`)
      words += 1
      if (!isEnd) return
      clearInterval(timer)
      response.end('data: [DONE]\n\n')
    }, 40)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = isInternet(address) ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    until: (words) => {
      limit = words
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Passes bytes to a port of this machine and back. */
async function startLine(port: number): Promise<{ url: string; cut(): void; close(): Promise<void> }> {
  const open = new Set<Socket>()
  const server = createProxy((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${isInternet(address) ? address.port : 0}`,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}

const isInternet = (address: AddressInfo | string | null): address is AddressInfo => typeof address === 'object' && address !== null
