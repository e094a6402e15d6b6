import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf, refusalOf, unreadable } from '../../src/web/api.error.ts'
import { texts } from '../../src/web/texts.ts'

/** A server that answers as hubs, proxies and bad networks do. */
const server = createServer((request, response) => {
  const path = request.url ?? ''
  if (path === '/good') return response.setHeader('Content-Type', 'application/json').end('{"n":1}')
  if (path === '/hub') return response.writeHead(409, { 'X-Error-Code': 'TicketClosed' }).end('{"error":"It is closed."}')
  if (path === '/portal') return response.end('<html>Sign in to the network</html>')
  if (path === '/cut') {
    response.writeHead(200, { 'Content-Length': '100' })
    return response.write('{"n":', () => request.socket.destroy())
  }
  return response.writeHead(Number(path.slice(1))).end('<html>nginx</html>')
})
let url: string
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** What a page would show of an address that does not answer well. */
async function shown(path: string): Promise<[number, string, string]> {
  const response = await fetch(url + path)
  const refusal = response.ok ? await response.json().then(() => undefined, unreadable) : await refusalOf(response)
  if (!refusal) throw new Error('no failure')
  return [refusal.status, refusal.code, refusal.message]
}

test('every way in which an answer can fail has words of its own that say what to do', async () => {
  await expect(shown('/good')).rejects.toThrow('no failure')
  expect(await shown('/hub')).toEqual([409, 'TicketClosed', 'It is closed.'])
  expect(await shown('/502')).toEqual([502, '', texts.refused(502)])
  expect(await shown('/413')).toEqual([413, '', texts.refused(413)])
  expect(await shown('/405')).toEqual([405, '', texts.refused(405)])
  expect(await shown('/portal')).toEqual([0, 'AnswerUnreadable', texts.notJson])
  expect(await shown('/cut')).toEqual([0, 'AnswerUnreadable', texts.cut])
  expect(errorOf(new TypeError('x is undefined')).message).toBe(texts.failed)
  const words = [502, 413, 405].map(texts.refused)
  expect(new Set([...words, texts.notJson, texts.cut, texts.offline, texts.failed]).size).toBe(7)
})
