import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { main } from '../../src/cli/run.ts'
import { silentLog } from '../../src/log.ts'
import { readConversations } from '../../src/storage/conversations.ts'
import { runCli } from './world.ts'

// `colloquy serve` as an operator starts it: settings on the command line, a socket, PGlite.
const folder = mkdtempSync(join(tmpdir(), 'colloquy-serve-'))
const stopping = new AbortController()
let ended: Promise<number>
let url = ''
const said: string[] = []

beforeAll(async () => {
  writeFileSync(
    join(folder, 'limits.yaml'),
    'promptLength: 500\nturnsOfPerson: { burst: 1000, perMinute: 1000 }\nturnsOfNetwork: { burst: 1000, perMinute: 1000 }\n',
  )
  const args = ['serve', '--data', join(folder, 'data'), '--port', '0', '--admin-token-file', join(folder, 'token'), '--json']
  const chosen = ['--moderate', 'block', '--feeds', 'admin/talks,admin/missing', '--limits', join(folder, 'limits.yaml')]
  url = await new Promise<string>((resolve, reject) => {
    ended = main([...args, ...chosen], {
      stdin: process.stdin,
      async print(text) {
        resolve(`http://127.0.0.1:${z.object({ port: z.number() }).parse(JSON.parse(text)).port}`)
      },
      complain: (text) => void said.push(text),
      log: silentLog,
      env: {},
      now: () => new Date(),
      signal: stopping.signal,
    })
    void ended.then((code) => reject(new Error(`ended with ${code}: ${said.join('')}`)))
  })
}, 180_000)
afterAll(async () => {
  stopping.abort()
  expect(await ended).toBe(0)
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

let cookie = ''
async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  cookie = response.headers.get('set-cookie')?.split(';')[0] || cookie
  const text = await response.text()
  return { status: response.status, text, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined }
}

async function accept(): Promise<void> {
  const { body } = await call('GET', '/api/consent')
  const answer = { terms: body.terms.version, keep: true, isOldEnough: true }
  expect((await call('POST', '/api/consent', answer)).status).toBe(201)
}

async function talk(prompt: string) {
  const { body } = await call('POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const begun = await call('POST', `/api/chat/conversations/${body.id}/turns`, { key: crypto.randomUUID(), prompt })
  if (begun.status !== 202) return { id: body.id, status: begun.status, body: begun.body }
  const { text } = await call('GET', `/api/chat/conversations/${body.id}/turns/${begun.body.id}/stream`)
  return { id: body.id, status: 202, body: JSON.parse(/event: done\ndata: (.*)/.exec(text)?.[1] ?? '{}').turn }
}

test('--moderate block answers no flagged message, records it as it was, and leaves others alone', async () => {
  await accept()
  expect((await talk('What is the capital of Norway?')).body).toMatchObject({ notice: null, answers: [{ status: 'done' }] })
  const flagged = 'I will kill you, you worthless piece of filth, and your whole family'
  const { id, body } = await talk(flagged)
  expect(body).toMatchObject({ notice: { code: 'moderation-blocked' }, answers: [{ status: 'blocked', text: '' }] })
  const events = join(folder, 'data', 'events')
  const lines = readdirSync(events, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('-conv.json'))
    .flatMap((name) => readFileSync(join(events, name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line))
  const line = lines.find(({ state }) => state.conv_id === id)
  expect(line).toMatchObject({ finish_reason: 'blocked', moderation: { action: 'blocked' } })
  expect(line.moderation.categories.length).toBeGreaterThan(0)
  expect(line.state.messages[0]).toEqual(['USER', flagged])
})

test('--limits are those of the file', async () => {
  await accept()
  expect(await talk('x'.repeat(501))).toMatchObject({ status: 400, body: { code: 'prompt-too-long' } })
})

test('--feeds: a withdrawal opens a request for deletion on each dataset that there is', async () => {
  const admin = { authorization: `Bearer ${readFileSync(join(folder, 'token'), 'utf8').trim()}` }
  const person = cookie
  cookie = ''
  expect((await call('POST', '/api/repos/create', { name: 'talks', type: 'dataset' }, admin)).status).toBe(200)
  cookie = person
  const withdrawn = await call('POST', '/api/withdrawals', {})
  expect(withdrawn).toMatchObject({ status: 202, body: { conversations: expect.any(Number) } })
  cookie = ''
  const { body } = await call('GET', '/api/datasets/admin/talks/deletion-requests', undefined, admin)
  expect(body).toMatchObject([{ kind: 'person', status: 'open', proof: 'session', requestedBy: 'chat site' }])
})

test('a build from the live log while turns arrive has every turn from before it, whole, and the next build the rest', async () => {
  cookie = ''
  await accept()
  const events = join(folder, 'data', 'events')
  const build = async (name: string) => {
    const work = join(folder, `${name}.work`)
    const { code, err } = await runCli(['build', events, '--out', join(folder, name), '--work', work, '--jobs', '1', '--json'])
    expect(err).toBe('')
    expect(code).toBe(0)
    expect((await runCli(['verify', join(folder, name)])).code).toBe(0)
    const texts = new Map<string, string[]>()
    for (const file of readdirSync(join(work, 'conversations')).filter((file) => file.endsWith('.parquet'))) {
      for await (const group of readConversations(join(work, 'conversations', file)))
        for (const { id, messages } of group)
          texts.set(
            id,
            messages.map(({ content }) => content),
          )
    }
    return texts
  }
  const said = new Map<string, string>()
  const say = async () => {
    const prompt = `Number ${said.size} of what was said while a release was made of it.`
    const { id, status } = await talk(prompt)
    expect(status).toBe(202)
    said.set(id, prompt)
  }
  for (let number = 0; number < 20; number++) await say()
  const before = new Map(said)
  let isBuilt = false
  const arriving = (async () => {
    while (!isBuilt) await say()
  })()
  const first = await build('first')
  isBuilt = true
  await arriving
  expect(said.size).toBeGreaterThan(before.size)
  for (const [id, prompt] of before) expect(first.get(id)).toEqual([prompt, prompt])
  for (const [id, messages] of first) if (said.has(id)) expect(messages).toEqual([said.get(id), said.get(id)])
  const second = await build('second')
  for (const [id, prompt] of said) expect(second.get(id)).toEqual([prompt, prompt])
}, 300_000)

test('what a setting cannot be is refused by its name before anything is opened', async () => {
  const { code, err } = await runCli(['serve', '--data', join(folder, 'other'), '--port', '0', '--moderate', 'maybe'])
  expect(code).not.toBe(0)
  expect(err).toContain("--moderate is 'maybe'. It takes off, warn or block.")
  expect(existsSync(join(folder, 'other'))).toBe(false)
})
