import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { ModelFault } from '../../src/collect/models/model.ts'
import { post } from '../../src/collect/models/post.ts'

/** A server on a free port that counts its connections. */
async function serve(answer: RequestListener) {
  let connections = 0
  const server = createServer(answer)
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    connections: () => connections,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function read(url: string, signal = new AbortController().signal, until = ''): Promise<string> {
  let text = ''
  for await (const piece of post(url, { headers: {}, body: '{"é":1}', signal })) {
    text += piece
    if (until && text.includes(until)) break
  }
  return text
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 30))

test('one connection serves turn after turn, also where what follows the last event is left unread', async () => {
  const server = await serve(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    response.write(`${body} end `)
    setTimeout(() => response.end('unread'), 5)
  })
  expect(await read(server.url)).toBe('{"é":1} end unread')
  expect(await read(server.url, undefined, 'end')).toBe('{"é":1} end ')
  await soon()
  expect(await read(server.url)).toBe('{"é":1} end unread')
  expect(server.connections()).toBe(1)
  server.close()
})

test('a kept connection that the endpoint has just closed is no failure, and a new one that breaks is', async () => {
  let mayAnswer = true
  const server = await serve((request, response) => {
    if (mayAnswer) response.end('whole')
    else request.socket.destroy()
    mayAnswer = !mayAnswer
  })
  expect(await read(server.url)).toBe('whole')
  await soon()
  expect(await read(server.url)).toBe('whole')
  expect(server.connections()).toBe(2)
  server.close()
  await expect(read(server.url)).rejects.toMatchObject({ code: 'model-failed' })
})

test('what refuses, leads elsewhere or breaks off is a fault; being stopped ends the connection', async () => {
  let isGone: Promise<void> | undefined
  const server = await serve((request, response) => {
    if (request.url === '/cut') {
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    } else if (request.url === '/slow') {
      isGone = new Promise((resolve) => response.once('close', resolve))
      response.write('half')
    } else response.writeHead(Number(request.url?.slice(1)), { location: '/200' }).end()
  })
  const faultOf = (path: string) =>
    read(server.url + path).then(
      () => 'none',
      (error) => (error instanceof ModelFault ? error.code : 'unknown'),
    )
  expect(await Promise.all(['307', '429', '500', 'cut'].map(faultOf))).toEqual([
    'model-failed',
    'model-limited',
    'model-failed',
    'model-cut',
  ])
  const stopping = new AbortController()
  const reading = read(server.url.concat('slow'), stopping.signal)
  await soon()
  stopping.abort()
  await expect(reading).rejects.not.toBeInstanceOf(ModelFault)
  await isGone
  await expect(read(`${server.url}200`, stopping.signal)).rejects.not.toBeInstanceOf(ModelFault)
  server.close()
})
