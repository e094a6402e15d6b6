import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChatEvent } from '../src/collect/event.ts'
import { openEventLog } from '../src/collect/event-log.ts'
import { startPostgres } from '../test/storage/postgres.server.ts'
import type { Trial } from './main.ts'

const STREAMS = Number(process.env.COLLOQUY_BENCH_STREAMS ?? 1000)
const PER_SECOND = Number(process.env.COLLOQUY_BENCH_TOKENS ?? 5)
const SECONDS = 10
const FIRST_MS = 50
const databases = ['PGlite', 'PostgreSQL'] as const
const agent = new Agent({ keepAlive: true, maxSockets: 5000 })

/** The collection site, as a process of its own, before a test upstream that streams at a known rate. */
export const trials: Trial[] = [
  {
    name: 'event log: turns of 2 KB, 64 at once, each synced before it is acknowledged',
    async run() {
      const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-log-'))
      const log = await openEventLog(folder)
      const turns = 20_000
      const started = performance.now()
      let next = 0
      const lane = async () => {
        while (next < turns) await log.append(turnOf(next++))
      }
      await Promise.all(Array.from({ length: 64 }, lane))
      const seconds = (performance.now() - started) / 1000
      await log.close()
      rmSync(folder, { recursive: true, force: true })
      return { turns, 'turns/s': Math.round(turns / seconds) }
    },
  },
  ...databases.map(
    (database): Trial => ({
      name: `time to first token that the site adds, one after the other (upstream: ${FIRST_MS} ms), database: ${database}`,
      run: () => withSite(database, [`rate-2-100-${FIRST_MS}`], addedTimes),
    }),
  ),
  ...databases.map(
    (database): Trial => ({
      name: `${STREAMS} streams at once, ${PER_SECOND} tokens/s each for ${SECONDS} s, the site on one core, database: ${database}`,
      run: () => withSite(database, [`rate-${PER_SECOND * SECONDS}-${PER_SECOND}-${FIRST_MS}`], manyStreams),
    }),
  ),
]

async function addedTimes({ upstream, site, headers, key, model, measure }: Around) {
  const messages = [{ role: 'user', content: 'Hi' }]
  const plain: number[] = []
  const chat: number[] = []
  const gateway: number[] = []
  const { id } = JSON.parse(await ask(`${site}/api/chat/conversations`, { body: { model, keep: true }, headers }))
  for (let round = 0; round < 320; round++) {
    // The three ways take turns, so that what else the machine does falls on all of them. The first twenty warm up.
    if (round === 20) await measure()
    const given = round < 20 ? [[], [], []] : [plain, chat, gateway]
    given[0]?.push(await firstToken(`${upstream}/chat/completions`, { body: { model, messages, stream: true } }))
    const started = performance.now()
    const path = `${site}/api/chat/conversations/${id}/turns`
    const turn = JSON.parse(await ask(path, { body: { key: `bench-${round}-key`, prompt: 'Hi', parent: null }, headers }))
    given[1]?.push(await firstToken(`${path}/${turn.id}/stream`, { headers }, started))
    const auth = { authorization: `Bearer ${key}`, 'x-colloquy-consent': 'granted' }
    given[2]?.push(await firstToken(`${site}/v1/chat/completions`, { body: { model, messages, stream: true }, headers: auth }))
  }
  const { cpuSeconds } = await measure()
  const added = (times: number[], share: number) => round2(percentile(times, share) - percentile(plain, share))
  return {
    turns: plain.length,
    'upstream alone p50 ms': round2(percentile(plain, 0.5)),
    'upstream alone p99 ms': round2(percentile(plain, 0.99)),
    'chat adds p50 ms': added(chat, 0.5),
    'chat adds p99 ms': added(chat, 0.99),
    'gateway adds p50 ms': added(gateway, 0.5),
    'gateway adds p99 ms': added(gateway, 0.99),
    'site processor ms a turn': round2((cpuSeconds * 1000) / (chat.length + gateway.length)),
  }
}

async function manyStreams({ site, headers, model, measure }: Around) {
  await measure()
  const one = async (number: number) => {
    const { id } = JSON.parse(await ask(`${site}/api/chat/conversations`, { body: { model, keep: true }, headers }))
    const path = `${site}/api/chat/conversations/${id}/turns`
    const turn = JSON.parse(await ask(path, { body: { key: `bench-${number}-key`, prompt: 'Hi' }, headers }))
    return piecesOf(`${path}/${turn.id}/stream`, headers)
  }
  const started = performance.now()
  const results = await Promise.all(Array.from({ length: STREAMS }, (_, number) => one(number)))
  const seconds = (performance.now() - started) / 1000
  const { peakMB, cpuSeconds, loopP99Ms, loopWorstMs } = await measure()
  const allBegan = Math.max(...results.map(({ times }) => times[0] ?? Number.POSITIVE_INFINITY))
  const gaps = results.map(({ times }) => longestPause(times))
  const later = results.map(({ times }) => longestPause(times.filter((time) => time >= allBegan)))
  return {
    streams: results.length,
    'ended whole': results.filter(({ isWhole }) => isWhole).length,
    'longest pause p50 ms': Math.round(percentile(gaps, 0.5)),
    'longest pause worst ms': Math.round(Math.max(...gaps)),
    'longest pause once all had begun p50 ms': Math.round(percentile(later, 0.5)),
    'longest pause once all had begun worst ms': Math.round(Math.max(...later)),
    'site event loop p99 ms': round2(loopP99Ms),
    'site event loop worst ms': round2(loopWorstMs),
    'site peak MB': peakMB,
    'site processor ms a stream': round2((cpuSeconds * 1000) / results.length),
    seconds: round2(seconds),
  }
}

interface Around {
  upstream: string
  site: string
  headers: Record<string, string>
  key: string
  model: string
  /** What the site took since the last time. */
  measure(): Promise<{ peakMB: number; cpuSeconds: number; loopP99Ms: number; loopWorstMs: number }>
}

async function withSite<T>(
  database: (typeof databases)[number],
  models: readonly string[],
  work: (around: Around) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-collect-'))
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
  const children: ChildProcess[] = []
  const start = async (command: readonly string[]) => {
    const [program = '', ...rest] = command
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const [line] = await once(child.stdout, 'data')
    return { child, url: `http://127.0.0.1:${String(line).trim()}` }
  }
  const postgres = database === 'PostgreSQL' ? await startPostgres() : undefined
  try {
    const upstream = await start([process.execPath, here('./collect.upstream.mjs')])
    const pinned = process.platform === 'linux' ? ['taskset', '-c', '0'] : []
    const place = postgres?.url ?? join(folder, 'database')
    const startServer = () =>
      start([
        ...pinned,
        process.execPath,

        here('./collect.server.mjs'),
        `${upstream.url}/v1`,
        place,
        join(folder, 'events'),
        ...models,
      ])
    const { child, url } = await startServer()
    const { terms } = JSON.parse(await ask(`${url}/api/consent`, { method: 'GET' }))
    const cookie = await cookieOf(`${url}/api/consent`, { terms: terms.version, keep: true, isOldEnough: true })
    const made = { application: 'bench', consentStatement: 'What this application says of consent.' }
    const { key } = JSON.parse(await ask(`${url}/api/admin/gateway-keys`, { body: made, headers: { authorization: 'Bearer admin' } }))
    const measure = async () => {
      const printed = once(child.stdout ?? process.stdin, 'data')
      child.kill('SIGUSR2')
      return JSON.parse(String((await printed)[0]))
    }
    return await work({ upstream: `${upstream.url}/v1`, site: url, headers: { cookie }, key, model: models[0] ?? '', measure })
  } finally {
    for (const child of children) child.kill('SIGTERM')
    await postgres?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Asked {
  method?: string
  body?: object
  headers?: Record<string, string>
}

function open(url: string, { method, body, headers = {} }: Asked) {
  const sent = request(url, {
    agent,
    method: method ?? (body ? 'POST' : 'GET'),
    headers: { 'content-type': 'application/json', ...headers },
  })
  sent.end(body ? JSON.stringify(body) : undefined)
  return once(sent, 'response').then(([response]) => response)
}

async function ask(url: string, asked: Asked): Promise<string> {
  let text = ''
  for await (const chunk of await open(url, asked)) text += chunk
  return text
}

async function cookieOf(url: string, body: object): Promise<string> {
  const response = await open(url, { body })
  response.resume()
  return String(response.headers['set-cookie']?.[0]).split(';')[0] ?? ''
}

/** Milliseconds until the first token of a stream; the rest is read, too. */
async function firstToken(url: string, asked: Asked, started = performance.now()): Promise<number> {
  let first: number | undefined
  for await (const chunk of await open(url, asked))
    if (first === undefined && String(chunk).includes('token')) first = performance.now() - started
  return first ?? Number.NaN
}

/** When the pieces of a stream came, and whether it ended as it should. */
async function piecesOf(url: string, headers: Record<string, string>): Promise<{ times: number[]; isWhole: boolean }> {
  const times: number[] = []
  let end = ''
  for await (const chunk of await open(url, { headers })) {
    times.push(performance.now())
    end = `${end}${chunk}`.slice(-4000)
  }
  return { times, isWhole: end.includes('event: done') && end.includes('"finish":"stop"') }
}

const longestPause = (times: readonly number[]): number =>
  times.reduce((most, time, index) => Math.max(most, time - (times[index - 1] ?? time)), 0)

function turnOf(number: number): ChatEvent {
  const at = Date.now() / 1000
  const state = {
    conv_id: `bench-${number}`,
    model_name: 'm',
    offset: 0,
    messages: [['USER', 'x'.repeat(600)] as const, ['ASSISTANT', 'y'.repeat(1000)] as const],
  }
  return {
    schema: 1,
    type: 'chat',
    tstamp: at,
    model: 'm',
    gen_params: { temperature: 0.7, top_p: 1, max_new_tokens: 1024 },
    start: at,
    finish: at,
    finish_reason: 'stop',
    state,
    user: '0'.repeat(64),
    consent: { terms: '0'.repeat(64), acceptedAt: new Date(0).toISOString() },
  }
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN
const round2 = (value: number) => Math.round(value * 100) / 100
