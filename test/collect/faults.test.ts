import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkModels, readModels } from '../../src/collect/models/config.ts'
import { openModels } from '../../src/collect/models/models.ts'
import { silentLog } from '../../src/log.ts'
import { type Browser, Conversation, chatTurn, manyTurns, startTestSite, type TestSite } from './test-site.ts'
import { startUpstream, type Upstream, upstreamModels } from './upstream.ts'

let upstream: Upstream
let it: TestSite
let person: Browser
beforeAll(async () => {
  upstream = await startUpstream()
  // Only what is to time out has little time: on a slow machine the others may need more than they would be given.
  const timeouts = { firstToken: 60, stall: 60, total: 120 }
  const hurried: Record<string, object> = { never: { firstToken: 0.6 }, stall: { stall: 1 }, drip: { total: 2 } }
  const common = { endpoint: upstream.url, key: 'TEST_KEY', timeouts }
  const models = [
    ...upstreamModels.map((model) => ({ name: `m-${model}`, model, ...common, timeouts: { ...timeouts, ...hurried[model] } })),
    { name: 'endless', model: 'drip', ...common },
    { name: 'two-places', model: 'good', ...common, endpoint: ['http://127.0.0.1:9/v1', upstream.url], systemPrompt: 'Be kind.' },
    { name: 'nowhere', model: 'good', ...common, endpoint: 'http://127.0.0.1:9/v1' },
  ]
  it = await startTestSite({ models })
  Object.assign(it.site.limits, manyTurns)
  person = it.browser()
  await person.accept()
})
afterAll(async () => {
  await it.close()
  await upstream.close()
})

const whole = 'Hello from upstream'
const cases: [model: string, answer: { text: string | RegExp; status: string; finish: string; code: string | null }][] = [
  ['m-good', { text: whole, status: 'done', finish: 'stop', code: null }],
  ['m-long', { text: whole, status: 'done', finish: 'length', code: null }],
  ['m-never', { text: '', status: 'failed', finish: 'error', code: 'model-timeout' }],
  ['m-stall', { text: whole, status: 'failed', finish: 'error', code: 'model-stalled' }],
  ['m-cut', { text: whole, status: 'failed', finish: 'error', code: 'model-cut' }],
  ['m-no-end', { text: whole, status: 'failed', finish: 'error', code: 'model-cut' }],
  ['m-limited', { text: '', status: 'failed', finish: 'error', code: 'model-limited' }],
  ['m-broken', { text: '', status: 'failed', finish: 'error', code: 'model-failed' }],
  ['m-refused', { text: '', status: 'failed', finish: 'error', code: 'model-failed' }],
  ['m-garbage', { text: '', status: 'failed', finish: 'error', code: 'model-garbled' }],
  ['m-empty', { text: '', status: 'failed', finish: 'error', code: 'model-empty' }],
  ['m-drip', { text: /^\.+$/, status: 'failed', finish: 'error', code: 'model-timeout' }],
  ['two-places', { text: whole, status: 'done', finish: 'stop', code: null }],
  ['nowhere', { text: '', status: 'failed', finish: 'error', code: 'model-failed' }],
]

test.each(cases)('%s ends in clear words and a true record', async (model, { text, status, finish, code }) => {
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model, keep: true })
  const [answer] = (await chatTurn(person, id, 'Hi')).answers
  if (typeof text === 'string') expect(answer?.text).toBe(text)
  else expect(answer?.text).toMatch(text)
  expect(answer).toMatchObject({ status, finish })
  expect(answer?.error?.code ?? null).toBe(code)
  expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|sk-secret|secret-key/)
  const event = it.events().find(({ state }) => state?.conv_id === id)
  expect(event).toMatchObject({
    finish_reason: finish,
    state: {
      messages: [
        ['USER', 'Hi'],
        ['ASSISTANT', answer?.text],
      ],
    },
  })
  expect(event?.error ?? null).toBe(code)
})

test('the endpoint gets key, parameters and system prompt; the browser and the log of what people see get neither key nor address', async () => {
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', {
    model: 'two-places',
    keep: true,
    parameters: { temperature: 0.2, maxTokens: 9 },
  })
  await chatTurn(person, id, 'Hi')
  expect(upstream.asked.at(-1)).toMatchObject({
    authorization: 'Bearer secret-key',
    body: {
      model: 'good',
      temperature: 0.2,
      max_tokens: 9,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
      ],
    },
  })
  const { body } = await person.call('GET', '/api/models')
  expect(JSON.stringify([body, it.events()])).not.toMatch(/secret-key|127\.0\.0\.1|TEST_KEY/)
})

test('stopping ends the answer at once and records what had come', async () => {
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'endless', keep: true })
  const path = `/api/chat/conversations/${id}/turns`
  const { body } = await person.call('POST', path, { key: 'key-stop-001', prompt: 'Hi' })
  const turn = String(Object(body).id)
  expect(await person.call('POST', path, { key: 'key-stop-002', prompt: 'Hi' })).toMatchObject({
    status: 409,
    body: { code: 'turn-running' },
  })
  const said = async () => (await person.read(Conversation, 'GET', `/api/chat/conversations/${id}`)).turns[0]?.answers[0]?.text
  await expect.poll(said).toMatch(/^\.+$/)
  const stopped = await person.call('POST', `${path}/${turn}/stop`)
  expect(stopped).toMatchObject({
    body: { status: 'done', answers: [{ status: 'stopped', finish: 'stopped', text: expect.stringMatching(/^\.+$/) }] },
  })
  expect(it.events().at(-1)).toMatchObject({ finish_reason: 'stopped', state: { conv_id: id } })
})

test('what failed without text is left out of what the model reads next', async () => {
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'm-stall', keep: true })
  await chatTurn(person, id, 'one')
  await chatTurn(person, id, 'two')
  expect(upstream.asked.at(-1)?.body.messages).toHaveLength(3)
  const { id: other } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'm-broken', keep: true })
  await chatTurn(person, other, 'one')
  await chatTurn(person, other, 'two')
  expect(upstream.asked.at(-1)?.body.messages).toEqual([{ role: 'user', content: 'two' }])
})

test('three failures in a row put a model out of order, an answer brings it back, and more than its places are refused', async () => {
  const [config] = checkModels({ models: [{ name: 'x', model: 'broken', endpoint: upstream.url, concurrency: 1 }] }, 'test')
  if (!config) throw new Error('no model')
  const models = await openModels([config], { env: {}, log: silentLog })
  const [model] = models.all
  const ask = async () => {
    for await (const _ of model?.answer(
      { messages: [{ role: 'user', content: 'Hi' }], parameters: config.parameters },
      new AbortController().signal,
    ) ?? []);
  }
  for (let index = 0; index < 3; index++) {
    expect(model?.status()).toBe('up')
    await expect(ask()).rejects.toMatchObject({ code: 'model-failed' })
  }
  expect(model?.status()).toBe('down')
  await models.checkAll()
  expect(model?.status()).toBe('up')
  const [first, second] = await Promise.allSettled([ask(), ask()])
  expect([first, second].map((result) => (result?.status === 'rejected' ? Object(result.reason).code : 'ok'))).toEqual([
    'model-failed',
    'model-busy',
  ])
  models.close()
})

test('a file of models that does not fit is refused by name and field', () => {
  const refused = (models: unknown) => {
    try {
      checkModels({ models }, 'models.yaml')
      return ''
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }
  expect(refused([{ name: 'a' }])).toContain("model 'a', field 'endpoint'")
  expect(refused([{ name: 'a', endpoint: 'http://x/v1', model: 'm', key: 'sk-123' }])).toContain("field 'key'")
  expect(
    refused([
      { name: 'a', provider: 'echo' },
      { name: 'A', provider: 'echo' },
    ]),
  ).toContain("named 'A'")
  expect(refused([{ name: 'a', provider: 'echo', wieght: 2 }])).toContain('wieght')
  expect(refused([{ name: 'a', provider: 'llama' }])).toContain('GGUF')
  expect(refused([])).toContain('models.yaml')
  expect(() => readModels('/nowhere/models.yaml')).toThrow('cannot be read')
})
