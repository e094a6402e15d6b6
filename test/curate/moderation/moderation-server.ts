import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { categories, perCategory } from '../../../src/curate/moderation/categories.ts'

/** What the server does to one request instead of answering it well. */
export type Fault =
  | '429'
  | '429-date'
  | '429-quota'
  | '400-billing'
  | '500'
  | 'hang'
  | 'not-json'
  | 'cut'
  | 'partial'
  | 'other-shape'
  | '400'
  | '401'

/** A server that answers like the moderation and chat APIs, with faults on demand. */
export interface ModerationServer {
  url: string
  /** Texts that were judged in requests that were answered well: what a bill would count. */
  paid: string[]
  requests: number
  keys: Set<string>
  close(): Promise<void>
}

/**
 * Starts it. A text is judged violent when it holds the word BAD. `fault` is asked before each request with its number from 0 and its texts;
 * `chat` gives a guard's answer.
 */
export async function startServer(options: {
  fault?: (request: number, texts: readonly string[]) => Fault | undefined
  chat?: (text: string, request: number) => string
}): Promise<ModerationServer> {
  const state = { paid: [] as string[], requests: 0, keys: new Set<string>() }
  const server = createServer((request, response) => {
    readBody(request).then((body) => answer(JSON.parse(body), request, response))
  })
  const answer = (
    body: { input?: string | string[]; messages?: { role: string; content: string }[] },
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    const isChat = request.url?.endsWith('/chat/completions')
    const texts = isChat ? [body.messages?.at(-1)?.content ?? ''] : [body.input ?? []].flat()
    const number = state.requests
    state.requests += 1
    state.keys.add(request.headers.authorization ?? '')
    const fault = options.fault?.(number, texts)
    const send = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof value === 'string' ? value : JSON.stringify(value))
    }
    if (fault === '429') return send(429, { error: { message: 'slow down' } }, { 'retry-after': '7' })
    if (fault === '429-date')
      return send(429, { error: { message: 'slow down' } }, { 'retry-after': new Date(Date.now() + 9000).toUTCString() })
    if (fault === '429-quota') {
      const message = 'You exceeded your current quota, please check your plan and billing details.'
      return send(429, { error: { message, type: 'insufficient_quota', param: null, code: 'insufficient_quota' } }, { 'retry-after': '7' })
    }
    if (fault === '400-billing')
      return send(400, {
        error: { message: 'Billing hard limit has been reached', type: 'invalid_request_error', code: 'billing_hard_limit_reached' },
      })
    if (fault === '500') return send(500, { error: { message: 'oops' } })
    if (fault === '400') return send(400, { error: { message: 'bad input' } })
    if (fault === '401') return send(401, { error: { message: 'no' } })
    if (fault === 'not-json') return send(200, '{"results": [{"flagged": tr')
    if (fault === 'other-shape')
      return send(200, { id: 'x', results: texts.map(() => ({ flagged: false, categories: {}, category_scores: {} })) })
    if (fault === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4000' })
      response.write('{"id": "x", "res')
      setTimeout(() => response.socket?.destroy(), 5)
      return
    }
    if (fault === 'hang') return
    if (isChat) {
      state.paid.push(...texts)
      return send(200, {
        id: 'c',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: options.chat?.(texts[0] ?? '', number) ?? '' } }],
      })
    }
    const results = texts.map((text) => {
      const bad = text.includes('BAD')
      return {
        flagged: bad,
        categories: { ...perCategory((category) => bad && category === 'violence'), illicit: false, 'illicit/violent': null },
        category_scores: {
          ...perCategory((category) => (bad && category === 'violence' ? 0.9 : text.length / 1e6)),
          illicit: 0.25,
          'illicit/violent': null,
        },
      }
    })
    if (fault === 'partial') return send(200, { id: 'x', model: 'm', results: results.slice(1) })
    state.paid.push(...texts)
    send(200, { id: 'x', model: 'm', results })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

if (categories.length !== 11) throw new Error('The moderation API answers with eleven categories.')
