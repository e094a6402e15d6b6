import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HubEnv } from '../../src/hub/app.ts'
import { bodyOf } from '../../src/hub/body.ts'
import { HubError } from '../../src/hub/errors.ts'
import { markFile } from '../../src/hub/protocol/file-stream.ts'
import { type RunningServer, startServer } from '../../src/hub/server.ts'

const path = join(mkdtempSync(join(tmpdir(), 'colloquy-server-')), 'file')
const bytes = randomBytes(5_000_003)
const hash = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
const body = () => new ReadableStream<Uint8Array>()
let server: RunningServer

beforeAll(async () => {
  writeFileSync(path, bytes)
  const app = new Hono<HubEnv>()
  app.use(async (context, next) => {
    context.header('Accept-Ranges', 'bytes')
    await next()
    context.header('X-After', 'yes')
  })
  app.get('/part/:start/:end', (context) => {
    const [start, end] = [Number(context.req.param('start')), Number(context.req.param('end'))]
    context.header('Content-Length', String(end - start))
    return context.body(markFile(body(), { path, start, end }), 206)
  })
  app.get('/missing', (context) => {
    context.header('Content-Length', '10')
    return context.body(markFile(body(), { path: `${path}-not-there`, start: 0, end: 10 }))
  })
  app.get('/short', (context) => {
    context.header('Content-Length', String(bytes.length + 10))
    return context.body(markFile(body(), { path, start: 0, end: bytes.length + 10 }))
  })
  app.onError((error, context) => context.text(error instanceof HubError ? error.code : 'unforeseen', 408))
  app.post('/slow', async (context) => {
    let size = 0
    for await (const chunk of bodyOf(context, 3000)) size += chunk.length
    return context.text(String(size))
  })
  app.get('/plain', (context) => context.text('plain'))
  server = await startServer(app, { host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

const at = (route: string) => `http://127.0.0.1:${server.port}${route}`

test.each([
  [0, 5_000_003],
  [1, 2],
  [1_048_575, 3_145_729],
  [4_999_999, 5_000_003],
])('sends bytes %i to %i of a file, with the headers that were set after the answer', async (start, end) => {
  const response = await fetch(at(`/part/${start}/${end}`))
  expect(response.status).toBe(206)
  expect(response.headers.get('x-after')).toBe('yes')
  expect(hash(new Uint8Array(await response.arrayBuffer()))).toBe(hash(bytes.subarray(start, end)))
})

test('many at once get each its own bytes', async () => {
  const wanted = Array.from({ length: 24 }, (_, index) => [index * 1000, 4_000_000 + index * 1000] as const)
  const got = await Promise.all(
    wanted.map(async ([start, end]) => hash(new Uint8Array(await (await fetch(at(`/part/${start}/${end}`))).arrayBuffer()))),
  )
  expect(got).toEqual(wanted.map(([start, end]) => hash(bytes.subarray(start, end))))
})

test('a file that is gone or too short ends the connection, never a whole answer', async () => {
  for (const route of ['/missing', '/short']) await expect(fetch(at(route)).then((response) => response.arrayBuffer())).rejects.toThrow()
  expect(await (await fetch(at('/plain'))).text()).toBe('plain')
})

test('a client that goes in the middle leaves the server answering others', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET /part/0/5000003 HTTP/1.1\r\nHost: x\r\n\r\n'))
    socket.once('data', () => socket.destroy())
    socket.once('close', () => resolve())
  })
  const response = await fetch(at('/part/0/5000003'))
  expect(hash(new Uint8Array(await response.arrayBuffer()))).toBe(hash(bytes))
})

test('a body may come slowly, and is given up when nothing comes', async () => {
  const send = (pieces: number, ends: boolean) =>
    fetch(at('/slow'), {
      method: 'POST',
      duplex: 'half',
      body: new ReadableStream({
        async start(controller) {
          for (let piece = 0; piece < pieces; piece += 1) {
            controller.enqueue(new Uint8Array(10))
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
          if (ends) controller.close()
        },
      }),
    } as RequestInit)
  expect(await (await send(20, true)).text()).toBe('200')
  const given = await send(2, false)
  expect([given.status, await given.text()]).toEqual([408, 'RequestTimeout'])
})
