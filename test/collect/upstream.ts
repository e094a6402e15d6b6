import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that answers like an OpenAI-compatible endpoint, well or in every wrong way, by the model that it is asked for. */
export interface Upstream {
  url: string
  /** Bodies that were asked, with their Authorization header. */
  asked: { authorization: string | undefined; body: Record<string, unknown> }[]
  close(): Promise<void>
}

type Behaviour = (response: ServerResponse, body: Record<string, unknown>) => void | Promise<void>

const words = ['Hello', ' from', ' upstream']
const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-upstream', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const behaviours: Record<string, Behaviour> = {
  async good(response, body) {
    if (!body.stream) {
      const message = { role: 'assistant', content: words.join('') }
      const usage = { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          id: 'chatcmpl-whole',
          object: 'chat.completion',
          created: 1,
          model: 'm',
          choices: [{ index: 0, message, finish_reason: 'stop' }],
          usage,
        }),
      )
      return
    }
    head(response)
    response.write(chunk({ role: 'assistant', content: '' }))
    for (const content of words) response.write(chunk({ content }))
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`)
  },
  tools(response) {
    head(response)
    const call = (index: number, given: object) => chunk({ tool_calls: [{ index, ...given }] })
    response.write(call(0, { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '' } }))
    response.write(call(0, { function: { arguments: '{"city":' } }))
    response.write(call(0, { function: { arguments: '"Oslo"}' } }))
    response.end(`${chunk({}, 'tool_calls')}data: [DONE]\n\n`)
  },
  never() {},
  async stall(response) {
    head(response)
    for (const content of words) response.write(chunk({ content }))
  },
  async cut(response) {
    head(response)
    for (const content of words) response.write(chunk({ content }))
    await wait(50)
    response.destroy()
  },
  async 'no-end'(response) {
    head(response)
    for (const content of words) response.write(chunk({ content }))
    response.end()
  },
  limited: (response) =>
    void response.writeHead(429, { 'content-type': 'application/json' }).end('{"error":{"message":"slow down, key sk-secret"}}'),
  broken: (response) => void response.writeHead(500).end('<html>oops</html>'),
  refused: (response) => void response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"too long"}}'),
  garbage(response) {
    head(response)
    response.end('data: {"choices": [{"delta": {"content": \n\ndata: <<<>>>\n\n')
  },
  empty(response) {
    head(response)
    response.end(`${chunk({ role: 'assistant', content: '' })}${chunk({}, 'stop')}data: [DONE]\n\n`)
  },
  async drip(response) {
    head(response)
    for (let index = 0; index < 4000 && !response.destroyed; index++) {
      response.write(chunk({ content: '.' }))
      await wait(30)
    }
    response.end()
  },
  long(response) {
    head(response)
    response.end(`${chunk({ content: words.join('') })}${chunk({}, 'length')}data: [DONE]\n\n`)
  },
}

/** Names of what it can do. */
export const upstreamModels = Object.keys(behaviours)

/** Starts the server on a free port of this machine. */
export async function startUpstream(): Promise<Upstream> {
  const asked: Upstream['asked'] = []
  const server = createServer(async (request, response) => {
    if (request.url === '/v1/models') return response.writeHead(200).end('{"data":[]}')
    const body: Record<string, unknown> = JSON.parse(await textOf(request))
    asked.push({ authorization: request.headers.authorization, body })
    await behaviours[String(body.model)]?.(response, body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
