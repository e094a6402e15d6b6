import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { createSiteApp } from '../../src/collect/app.ts'
import { defaultTerms } from '../../src/collect/consent/terms.default.ts'
import { termsOf } from '../../src/collect/consent/terms.ts'
import { checkModels } from '../../src/collect/models/config.ts'
import { openModels } from '../../src/collect/models/models.ts'
import { closeSite, openSite } from '../../src/collect/open-site.ts'
import type { Site, SiteParts } from '../../src/collect/site.ts'
import { silentLog } from '../../src/log.ts'
import { openDatabase } from '../../src/storage/database.open.ts'
import type { Database } from '../../src/storage/database.ts'
import { startPostgres } from '../storage/postgres.server.ts'

/** A site on a real PostgreSQL, with short ways to talk to it. */
export interface TestSite {
  site: Site
  database: Database
  folder: string
  clock: { now: Date }
  /** A browser: remembers its cookie. */
  browser(given?: { address?: string }): Browser
  /** Text of the metrics. */
  metrics(headers: Record<string, string>): Promise<string>
  /** All lines of the event log, in order of time. */
  events(): Event[]
  close(): Promise<void>
}

export interface Browser {
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: unknown }>
  /** The same, with the body as the schema says; fails where it is not. */
  read<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T>
  accept(keep?: boolean): Promise<void>
  /** Text of an event stream until it ends. */
  stream(path: string, headers?: Record<string, string>): Promise<StreamEvent[]>
  cookie(): string
}

export interface StreamEvent {
  id: string
  event: string
  data: Record<string, unknown>
}

export const Event = z.looseObject({
  type: z.string(),
  tstamp: z.number(),
  user: z.string().optional(),
  finish_reason: z.string().optional(),
  error: z.string().optional(),
  state: z.looseObject({ conv_id: z.string(), messages: z.array(z.tuple([z.string(), z.string()])) }).optional(),
})
export type Event = z.infer<typeof Event>

export const Answer = z.object({
  text: z.string(),
  status: z.string(),
  finish: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  timing: z.unknown(),
  verdict: z.string().nullable(),
  isFlagged: z.boolean(),
  categories: z.array(z.string()),
})
export const Turn = z.object({
  id: z.string(),
  parent: z.string().nullable(),
  prompt: z.string(),
  status: z.string(),
  notice: z.object({ code: z.string(), message: z.string() }).nullable(),
  answers: z.array(Answer),
})
export const Conversation = z.object({
  id: z.string(),
  kind: z.string(),
  models: z.array(z.string()),
  keep: z.boolean(),
  title: z.string(),
  head: z.string().nullable(),
  turns: z.array(Turn),
  vote: z.object({ winner: z.string(), counts: z.boolean(), exclusion: z.string().nullable() }).nullable(),
  share: z.object({ id: z.string(), path: z.string() }).nullable(),
})
export const Consent = z.object({
  terms: z.object({ version: z.string() }),
  answer: z.object({ terms: z.string(), acceptedAt: z.string() }).nullable(),
  isCurrent: z.boolean(),
  isKnown: z.boolean(),
  receipt: z.string().nullable(),
})

/** Limits for `Object.assign(it.site.limits, manyTurns)`, where turns are not what is tested. */
export const manyTurns = { turnsOfPerson: { burst: 1000, perMinute: 1000 }, turnsOfNetwork: { burst: 1000, perMinute: 1000 } }
export const testTerms = termsOf(defaultTerms, 'test')
const demos = [
  { name: 'eliza-1966', provider: 'eliza' },
  { name: 'echo', provider: 'echo' },
  { name: 'guide', provider: 'retrieval' },
]

/** Starts a site; `database` shares one that another test site opened. */
export async function startTestSite(
  given: { models?: readonly unknown[]; parts?: Partial<SiteParts>; folder?: string; database?: Database } = {},
): Promise<TestSite> {
  const folder = given.folder ?? mkdtempSync(join(tmpdir(), 'colloquy-site-'))
  const server = given.database ? undefined : await startPostgres()
  const database = given.database ?? (await openDatabase({ url: server?.url ?? '' }))
  const clock = { now: new Date('2026-03-01T12:00:00.000Z') }
  const models = await openModels(checkModels({ models: given.models ?? demos }, 'test'), {
    env: { TEST_KEY: 'secret-key' },
    log: silentLog,
  })
  const site = await openSite({
    database,
    models,
    terms: testTerms,
    log: silentLog,
    now: () => new Date(clock.now),
    logFolder: join(folder, 'events'),
    options: { proxyHops: 0, moderation: 'block' },
    ...given.parts,
  })
  const app = createSiteApp(site)

  const browser = ({ address = '203.0.113.7' }: { address?: string } = {}): Browser => {
    let cookie = ''
    const fetchPath = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const request = new Request(`http://site.test${path}`, {
        method,
        headers: { ...(cookie ? { cookie } : {}), 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const response = await app.fetch(request, { incoming: { socket: { remoteAddress: address } } })
      const set = response.headers.get('set-cookie')
      if (set) cookie = set.split(';')[0] ?? ''
      return response
    }
    const call: Browser['call'] = async (method, path, body, headers) => {
      const response = await fetchPath(method, path, body, headers)
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
    }
    return {
      call,
      async read(schema, method, path, body) {
        const { status, body: value } = await call(method, path, body)
        if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(value)}`)
        return schema.parse(value)
      },
      async accept(keep = true) {
        const { status } = await call('POST', '/api/consent', { terms: site.terms.version, keep, isOldEnough: true })
        if (status !== 201) throw new Error(`consent: ${status}`)
      },
      async stream(path, headers = {}) {
        return parseEvents(await (await fetchPath('GET', path, undefined, headers)).text())
      },
      cookie: () => cookie,
    }
  }

  return {
    site,
    database,
    folder,
    clock,
    browser,
    async metrics(headers) {
      const response = await app.fetch(new Request('http://site.test/api/operator/metrics', { headers }))
      if (!response.headers.get('content-type')?.startsWith('text/plain; version=0.0.4')) throw new Error('not metrics')
      return response.text()
    },
    events: () => readEvents(join(folder, 'events')),
    async close() {
      await closeSite(site)
      if (given.database) return
      await database.close()
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The events of a log folder, by time. */
export function readEvents(folder: string): Event[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('-conv.json'))
  return files
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => Event.parse(JSON.parse(line)))
}

/** Server-sent events of a text; comments are left out. */
export function parseEvents(text: string): StreamEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      return { id: field('id'), event: field('event'), data: z.record(z.string(), z.unknown()).parse(JSON.parse(field('data'))) }
    })
}

/** Sends one message and waits for its end; the finished turn. */
export async function chatTurn(
  browser: Browser,
  conversation: string,
  prompt: string,
  key: string = crypto.randomUUID(),
): Promise<z.infer<typeof Turn>> {
  const path = `/api/chat/conversations/${conversation}/turns`
  const turn = await browser.read(Turn, 'POST', path, { key, prompt })
  const events = await browser.stream(`${path}/${turn.id}/stream`)
  return Turn.parse(events.find(({ event }) => event === 'done')?.data.turn)
}
