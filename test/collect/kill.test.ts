import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { startPostgres } from '../storage/postgres.server.ts'
import { Consent, Conversation, parseEvents, Turn } from './test-site.ts'

/** How often the server is killed: a handful, or as COLLOQUY_KILLS says. */
const kills = Number(process.env.COLLOQUY_KILLS ?? 5)
const people = 6
const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const script = `
  const at = (path) => import(${JSON.stringify(dist)} + path)
  const { createServer } = await import('node:http')
  const { getRequestListener } = await import(${JSON.stringify(fileURLToPath(import.meta.resolve('@hono/node-server')))})
  const [{ openSite }, { createSiteApp }, { openModels }, { demonstrationModels }, { readTerms }, { openDatabase }, { silentLog }] = await Promise.all(
    ['collect/open-site.js', 'collect/app.js', 'collect/models/models.js', 'collect/models/config.js', 'collect/consent/terms.js', 'storage/database.open.js', 'log.js'].map(at))
  const [url, logFolder] = process.argv.slice(1)
  const limits = { turnsOfPerson: { burst: 1e6, perMinute: 1e6 }, turnsOfNetwork: { burst: 1e6, perMinute: 1e6 }, turns: 1e6 }
  const site = await openSite({
    database: await openDatabase({ url }), models: await openModels(demonstrationModels(), { env: {}, log: silentLog }), terms: readTerms(undefined),
    log: silentLog, now: () => new Date(), logFolder, options: { proxyHops: 0, moderation: 'warn', limits } })
  const app = createSiteApp(site)
  const server = createServer(getRequestListener((request) => app.fetch(request))).listen(0, '127.0.0.1', () => console.log(server.address().port))`

test(`kill -9 ${kills} times under load: no acknowledged turn is lost, and none is doubled, though every client sends again what was not acknowledged`, {
  timeout: 240_000 + kills * 15_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-kill-'))
  const postgres = await startPostgres()
  let base = ''
  let server: ChildProcess | undefined
  const start = async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, postgres.url, join(folder, 'events')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    base = `http://127.0.0.1:${String(line).trim()}`
    server = child
  }
  const acknowledged: { turn: string; conversation: string; prompt: string }[] = []
  let isOver = false

  /** One person: talks on and on, and sends again with the same key whatever broke off. */
  const talk = async (person: number) => {
    let cookie = ''
    const call = async <T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> => {
      const init = { method, headers: { cookie }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
      const response = await fetch(base + path, init)
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      const text = await response.text()
      if (!response.ok) throw new Error(`${response.status} ${text}`)
      return schema.parse(path.endsWith('/stream') ? parseEvents(text) : JSON.parse(text))
    }
    const again = async <T>(what: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await what()
        } catch (error) {
          // A conflict or a refusal would be a fault of the site: only what a dead server does is tried again.
          const words = String(error)
          if (!/fetch failed|terminated|ECONN|socket|turn-unknown|no end/.test(words)) throw error
          await new Promise((resolve) => setTimeout(resolve, 30))
        }
      }
    }
    const { terms } = await again(() => call(Consent, 'GET', '/api/consent'))
    await again(() => call(Consent, 'POST', '/api/consent', { terms: terms.version, keep: true, isOldEnough: true }))
    const { id } = await again(() => call(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true }))
    const path = `/api/chat/conversations/${id}/turns`
    for (let number = 0; !isOver; number++) {
      const prompt = `${person} says ${number}: ${'word '.repeat(20 * person)}`
      const key = `key-${person}-${number}-x`
      const turn = await again(async () => {
        const begun = await call(Turn, 'POST', path, { key, prompt, parent: null })
        const events = await call(
          z.array(z.object({ event: z.string(), data: z.record(z.string(), z.unknown()) })),
          'GET',
          `${path}/${begun.id}/stream`,
        )
        const done = events.find(({ event }) => event === 'done')
        if (!done) throw new Error('no end')
        return Turn.parse(done.data.turn)
      })
      acknowledged.push({ turn: turn.id, conversation: id, prompt })
    }
  }

  try {
    await start()
    const everyone = Promise.all(Array.from({ length: people }, (_, person) => talk(person)))
    for (let kill = 0; kill < kills; kill++) {
      const before = acknowledged.length
      // Killed at another moment of the work each time.
      await expect.poll(() => acknowledged.length, { interval: 5 }).toBeGreaterThan(before + 3 + ((kill * 7) % 11))
      const dying = server
      dying?.kill('SIGKILL')
      if (dying) await once(dying, 'exit')
      await start()
    }
    isOver = true
    await everyone
  } finally {
    isOver = true
    server?.kill('SIGKILL')
    await postgres.stop()
  }
  const counts = new Map<string, number>()
  let torn = 0
  const events = join(folder, 'events')
  for (const file of readdirSync(events, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('-conv.json'))) {
    for (const line of readFileSync(join(events, file), 'utf8').split('\n').filter(Boolean)) {
      const parsed = Line.safeParse(parseJson(line))
      if (!parsed.success) torn++
      else counts.set(parsed.data.turn.id, (counts.get(parsed.data.turn.id) ?? 0) + 1)
    }
  }
  expect(acknowledged.length).toBeGreaterThan(kills * 4)
  expect(acknowledged.filter(({ turn }) => counts.get(turn) === undefined)).toEqual([])
  expect([...counts].filter(([, count]) => count > 1)).toEqual([])
  expect(new Set(acknowledged.map(({ turn }) => turn)).size).toBe(acknowledged.length)
  expect(torn).toBeLessThanOrEqual(kills)
  console.info(`${kills} kills, ${acknowledged.length} turns acknowledged, ${counts.size} in the log, ${torn} torn lines`)
  rmSync(folder, { recursive: true, force: true })
})

const Line = z.object({ turn: z.object({ id: z.string() }) })

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
