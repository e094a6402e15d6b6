import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, Conversation, chatTurn, manyTurns, startTestSite, type TestSite } from './test-site.ts'

// A server that answers as the documented streaming APIs of Anthropic (Messages) and Google (generateContent) do, by the model's name.
// https://docs.anthropic.com/en/api/messages-streaming, https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
const words = ['Hello', ' from', ' afar: ü']
const event = (data: { type: string }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const usage = { input_tokens: 25, output_tokens: 1 }
const opening = [
  event(
    Object.assign(
      { type: 'message_start' },
      {
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          content: [],
          model: 'm',
          stop_reason: null,
          stop_sequence: null,
          usage,
        },
      },
    ),
  ),
  event(Object.assign({ type: 'content_block_start' }, { index: 0, content_block: { type: 'text', text: '' } })),
  event({ type: 'ping' }),
  ...words.map((text) => event(Object.assign({ type: 'content_block_delta' }, { index: 0, delta: { type: 'text_delta', text } }))),
].join('')
const ending = (reason: string) =>
  [
    event(Object.assign({ type: 'content_block_stop' }, { index: 0 })),
    event(Object.assign({ type: 'message_delta' }, { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 15 } })),
    event({ type: 'message_stop' }),
  ].join('')
const candidate = (text: string, finishReason?: string) =>
  `data: ${JSON.stringify({
    candidates: [{ content: { parts: [{ text }], role: 'model' }, ...(finishReason ? { finishReason } : {}), index: 0 }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 3, totalTokenCount: 7 },
    modelVersion: 'm',
  })}\r\n\r\n`
const spoken = words.map((text) => candidate(text)).join('')

const streams: Record<string, string> = {
  'anthropic good': opening + ending('end_turn'),
  'anthropic long': opening + ending('max_tokens'),
  'anthropic no-end': opening,
  'anthropic overloaded':
    opening + event(Object.assign({ type: 'error' }, { error: { type: 'overloaded_error', message: 'Overloaded, key secret-key' } })),
  'anthropic garbage': 'event: message_start\ndata: {"type": \n\n',
  'google good': spoken + candidate('', 'STOP'),
  'google long': spoken + candidate('', 'MAX_TOKENS'),
  'google no-end': spoken,
  'google garbage': 'data: {"candidates": [\r\n\r\n',
}
const refusals: Record<string, string> = {
  anthropic: '{"type":"error","error":{"type":"rate_limit_error","message":"slow down, key secret-key"}}',
  google: '{"error":{"code":429,"message":"slow down, key secret-key","status":"RESOURCE_EXHAUSTED"}}',
}

const asked: { path: string; headers: IncomingMessage['headers']; body: Record<string, unknown> }[] = []
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const piece of request) text += piece
  const body: Record<string, unknown> = JSON.parse(text)
  const path = request.url ?? ''
  asked.push({ path, headers: request.headers, body })
  const google = /^\/google\/models\/([\w-]+):streamGenerateContent\?alt=sse$/.exec(path)?.[1]
  const [provider, kind] = google === undefined ? ['anthropic', String(body.model)] : ['google', google]
  if (google === undefined && path !== '/anthropic/messages') return void response.writeHead(404).end()
  if (kind === 'limited') return void response.writeHead(429, { 'content-type': 'application/json' }).end(refusals[provider])
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const stream = streams[`${provider} ${kind === 'cut' ? 'no-end' : kind}`] ?? ''
  if (kind === 'cut') response.write(stream, () => setTimeout(() => response.destroy(), 50))
  else response.end(stream)
}

let server: Server
let it: TestSite
let person: Browser
const kinds = ['good', 'long', 'cut', 'no-end', 'limited', 'garbage'] as const
beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const models = ['anthropic', 'google'].flatMap((provider) =>
    [...kinds, 'overloaded'].map((model) => ({
      name: `${provider} ${model}`,
      provider,
      model,
      endpoint: `${base}/${provider}`,
      key: 'TEST_KEY',
      systemPrompt: 'Be kind.',
    })),
  )
  it = await startTestSite({ models })
  Object.assign(it.site.limits, manyTurns)
  person = it.browser()
  await person.accept()
})
afterAll(async () => {
  await it.close()
  server.close()
  server.closeAllConnections()
})

async function talk(model: string) {
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', {
    model,
    keep: true,
    parameters: { temperature: 0.5, maxTokens: 77 },
  })
  const [given] = (await chatTurn(person, id, 'Hi')).answers
  return { id, given }
}

const whole = words.join('')
const outcomes: Record<(typeof kinds)[number], { text: string; finish: string; code: string | null }> = {
  good: { text: whole, finish: 'stop', code: null },
  long: { text: whole, finish: 'length', code: null },
  cut: { text: whole, finish: 'error', code: 'model-cut' },
  'no-end': { text: whole, finish: 'error', code: 'model-cut' },
  limited: { text: '', finish: 'error', code: 'model-limited' },
  garbage: { text: '', finish: 'error', code: 'model-garbled' },
}

test.each(['anthropic', 'google'].flatMap((provider) => kinds.map((kind) => [provider, kind] as const)))(
  '%s: a stream that is %s is told and recorded as such, and no word of the endpoint’s own error',
  async (provider, kind) => {
    const { id, given } = await talk(`${provider} ${kind}`)
    const { text, finish, code } = outcomes[kind]
    expect({ text: given?.text, finish: given?.finish, code: given?.error?.code ?? null }).toEqual({ text, finish, code })
    expect(JSON.stringify(given)).not.toMatch(/127\.0\.0\.1|secret-key|slow down/)
    const line = it.events().find(({ state }) => state?.conv_id === id)
    expect(line).toMatchObject({ finish_reason: finish, ...(code === null ? {} : { error: code }) })
    expect(line?.state?.messages.at(-1)).toEqual(['ASSISTANT', text])
  },
)

test('an error that Anthropic tells in the middle of its stream keeps what had come', async () => {
  const { given } = await talk('anthropic overloaded')
  expect(given).toMatchObject({ text: whole, finish: 'error', error: { code: 'model-failed' } })
  expect(JSON.stringify(given)).not.toContain('Overloaded')
})

test('each provider is asked in its own way: key, system prompt, messages and parameters', async () => {
  asked.length = 0
  await talk('anthropic good')
  await talk('google good')
  const [anthropic, google] = asked
  expect(anthropic).toMatchObject({
    path: '/anthropic/messages',
    headers: { 'x-api-key': 'secret-key', 'anthropic-version': expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    body: {
      model: 'good',
      stream: true,
      max_tokens: 77,
      temperature: 0.5,
      system: [{ type: 'text', text: 'Be kind.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    },
  })
  expect(google).toMatchObject({
    headers: { 'x-goog-api-key': 'secret-key' },
    body: {
      generationConfig: { maxOutputTokens: 77, temperature: 0.5, topP: 1 },
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    },
  })
})
