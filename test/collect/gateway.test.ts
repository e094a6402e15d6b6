import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createSiteApp } from '../../src/collect/app.ts'
import { toLogMessages } from '../../src/collect/gateway/messages.ts'
import { python, runPython } from '../python/interpreter.ts'
import { startTestSite, type TestSite } from './test-site.ts'
import { startUpstream, type Upstream } from './upstream.ts'

const Key = z.object({ id: z.string(), key: z.string(), terms: z.string() })
const admin = { authorization: 'Bearer admin' }
const statement = 'By using this bot you agree that your messages may be released for research.'
let upstream: Upstream
let it: TestSite
let site: { url: string; close(): void }
let made: z.infer<typeof Key>
let client: OpenAI

beforeAll(async () => {
  upstream = await startUpstream()
  const timeouts = { firstToken: 60, stall: 60, total: 120 }
  const behind = ['good', 'tools', 'stall', 'limited', 'refused', 'drip'].map((model) => ({
    name: model,
    model,
    endpoint: upstream.url,
    key: 'TEST_KEY',
    timeouts: model === 'stall' ? { ...timeouts, stall: 1 } : timeouts,
  }))
  it = await startTestSite({
    models: [...behind, { name: 'echo', provider: 'echo' }, { name: 'hidden', provider: 'echo', anonymousOnly: true }],
    parts: {
      findAccount: async (headers) => (headers.get('authorization') === 'Bearer admin' ? { id: 'admin', isAdmin: true } : undefined),
    },
  })
  const app = createSiteApp(it.site)
  const server = createServer(getRequestListener((request) => app.fetch(request)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  site = {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  made = Key.parse(
    (await it.browser().call('POST', '/api/admin/gateway-keys', { application: 'helpdesk', consentStatement: statement }, admin)).body,
  )
  client = new OpenAI({ baseURL: `${site.url}/v1`, apiKey: made.key, maxRetries: 0 })
})
afterAll(async () => {
  site.close()
  await it.close()
  await upstream.close()
})

const granted = { headers: { 'X-Colloquy-Consent': 'granted' } }
const kept = () => it.events().filter(({ application }) => application === 'helpdesk')

test('only an administrator makes keys, and a key opens nothing else', async () => {
  expect(made.key).toMatch(/^cq_[\w-]{43}$/)
  expect((await it.browser().call('POST', '/api/admin/gateway-keys', { application: 'x', consentStatement: statement })).status).toBe(401)
  const { body } = await it.browser().call('GET', '/api/admin/gateway-keys', undefined, admin)
  expect(JSON.stringify(body)).toContain('helpdesk')
  expect(JSON.stringify(body)).not.toContain(made.key)
  const stranger = new OpenAI({ baseURL: `${site.url}/v1`, apiKey: 'cq_wrong', maxRetries: 0 })
  await expect(stranger.models.list()).rejects.toMatchObject({ status: 401, code: 'key-unknown' })
})

test('the official SDK lists models, completes and streams unchanged; only what was granted is kept', async () => {
  const models = await client.models.list()
  expect(models.data.map(({ id }) => id)).toEqual(['good', 'tools', 'stall', 'limited', 'refused', 'drip', 'echo'])
  const ask = { model: 'good', messages: [{ role: 'user' as const, content: 'Hi' }] }
  const before = kept().length
  const plain = await client.chat.completions.create(ask)
  expect(plain.choices[0]?.message.content).toBe('Hello from upstream')
  expect(plain.usage?.total_tokens).toBe(4)
  await client.chat.completions.create(ask, { headers: { 'X-Colloquy-Consent': 'refused' } })
  expect(kept()).toHaveLength(before)
  await client.chat.completions.create({ ...ask, user: 'ann@example.org' }, granted)
  const stream = await client.chat.completions.create({ ...ask, stream: true, temperature: 0.3 }, granted)
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  expect(text).toBe('Hello from upstream')
  const events = kept().slice(before)
  expect(events).toHaveLength(2)
  for (const event of events) {
    expect(event).toMatchObject({ model: 'good', finish_reason: 'stop', consent: { terms: made.terms } })
    expect(event.state?.messages).toEqual([
      ['USER', 'Hi'],
      ['ASSISTANT', 'Hello from upstream'],
    ])
  }
  expect(events[1]).toMatchObject({ gen_params: { temperature: 0.3 } })
  expect(JSON.stringify([events, upstream.asked])).not.toContain('ann@example.org')
  expect(upstream.asked.at(-1)?.authorization).toBe('Bearer secret-key')
})

test.skipIf(python === undefined)('the official Python SDK does the same', async () => {
  const program = fileURLToPath(new URL('openai_client.py', import.meta.url))
  const before = kept().length
  expect(JSON.parse(await runPython([program, `${site.url}/v1`, made.key]))).toEqual({
    models: ['good', 'tools', 'stall', 'limited', 'refused', 'drip', 'echo'],
    whole: 'Hello from upstream',
    text: 'Hello from upstream',
    called: 'get_weather{"city":"Oslo"}',
    refused: ['NotFoundError', 'model-unknown'],
  })
  expect(kept()).toHaveLength(before + 1)
})

test('tools go through unchanged, and the log says in words what was called', async () => {
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
    },
  ]
  const messages = [{ role: 'user' as const, content: 'Weather in Oslo?' }]
  const stream = await client.chat.completions.create({ model: 'tools', stream: true, tools, messages }, granted)
  let called = ''
  let reason = ''
  for await (const { choices } of stream) {
    called += choices[0]?.delta.tool_calls?.map((call) => `${call.function?.name ?? ''}${call.function?.arguments ?? ''}`).join('') ?? ''
    reason = choices[0]?.finish_reason ?? reason
  }
  expect([called, reason]).toEqual(['get_weather{"city":"Oslo"}', 'tool_calls'])
  expect(upstream.asked.at(-1)?.body.tools).toEqual(tools)
  expect(kept().at(-1)?.state?.messages.at(-1)).toEqual(['ASSISTANT', '[tool call: get_weather({"city":"Oslo"})]'])
  await expect(client.chat.completions.create({ model: 'echo', tools, messages })).rejects.toMatchObject({
    status: 400,
    code: 'tools-unsupported',
  })
})

test('a growing conversation keeps its id; feedback finds its answer', async () => {
  const first = { role: 'user' as const, content: 'one' }
  const answer = await client.chat.completions.create({ model: 'echo', messages: [first] }, granted)
  const said = { role: 'assistant' as const, content: answer.choices[0]?.message.content ?? '' }
  const next = client.chat.completions.create({ model: 'echo', messages: [first, said, { role: 'user', content: 'two' }] }, granted)
  const { data, response } = await next.withResponse()
  expect(data.choices[0]?.message.content).toBe('two')
  const [one, two] = kept().slice(-2)
  expect(two?.state?.conv_id).toBe(one?.state?.conv_id)
  const post = (body: object) =>
    fetch(`${site.url}/v1/feedback`, { method: 'POST', headers: { authorization: `Bearer ${made.key}` }, body: JSON.stringify(body) })
  expect((await post({ id: response.headers.get('x-colloquy-turn'), verdict: 'up' })).status).toBe(201)
  expect((await post({ id: answer.id, verdict: 'flag', reason: 'other' })).status).toBe(201)
  expect(it.events().slice(-2)).toMatchObject([
    { type: 'upvote', state: { conv_id: one?.state?.conv_id } },
    { type: 'flag', reason: 'other' },
  ])
  expect((await post({ id: 'chatcmpl-nothing', verdict: 'up' })).status).toBe(404)
})

test('faults have the protocol’s form, and what had come is recorded as such', async () => {
  const ask = (model: string) => ({ model, messages: [{ role: 'user' as const, content: 'Hi' }] })
  await expect(client.chat.completions.create(ask('limited'))).rejects.toMatchObject({ status: 429, code: 'model-limited' })
  await expect(client.chat.completions.create(ask('refused'))).rejects.toMatchObject({ status: 400, code: 'model-refused' })
  await expect(client.chat.completions.create(ask('hidden'))).rejects.toMatchObject({ status: 404, code: 'model-unknown' })
  const stream = await client.chat.completions.create({ ...ask('stall'), stream: true }, granted)
  let text = ''
  await expect(async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  }).rejects.toMatchObject({ code: 'model-stalled' })
  expect(text).toBe('Hello from upstream')
  expect(kept().at(-1)).toMatchObject({ finish_reason: 'error', error: 'model-stalled' })
})

test('a client that goes away stops the model, and its part is recorded as stopped', async () => {
  const stream = await client.chat.completions.create(
    { model: 'drip', stream: true, messages: [{ role: 'user', content: 'going' }] },
    granted,
  )
  for await (const _ of stream) break
  const recorded = () => kept().find(({ state }) => state?.messages[0]?.[1] === 'going')
  await expect.poll(recorded).toMatchObject({ finish_reason: 'stopped' })
  await expect.poll(() => it.site.models.find('drip')?.active()).toBe(0)
})

test('an end user’s withdrawal is in the log, and nothing more of them is kept', async () => {
  const ask = { model: 'echo', user: 'bob', messages: [{ role: 'user' as const, content: 'mine' }] }
  await client.chat.completions.create(ask, granted)
  const user = kept().at(-1)?.user
  const reply = await fetch(`${site.url}/v1/withdrawals`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.key}` },
    body: '{"user":"bob"}',
  })
  expect(reply.status).toBe(202)
  expect(it.events().at(-1)).toMatchObject({ type: 'withdrawal', user })
  const before = kept().length
  await client.chat.completions.create(ask, granted)
  expect(kept()).toHaveLength(before)
})

test('a revoked key is over', async () => {
  expect((await it.browser().call('DELETE', `/api/admin/gateway-keys/${made.id}`, undefined, admin)).status).toBe(204)
  await expect(client.models.list()).rejects.toMatchObject({ status: 401 })
})

test('messages of every kind become person and model in turn', () => {
  const log = toLogMessages([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Look' }, { type: 'image_url' }] },
    { role: 'assistant', content: null, tool_calls: [{ function: { name: 'see', arguments: '{}' } }] },
    { role: 'tool', content: 'a cat' },
    { role: 'user', content: 'So?' },
  ])
  expect(log).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Look\n[image_url]' },
    { role: 'assistant', content: '[tool call: see({})]' },
    { role: 'user', content: '[tool result: a cat]\n\nSo?' },
  ])
})
