import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLedger } from '../../src/hub/ledger.ts'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { nginxLocations, nginxProgram, startNginx } from './nginx.server.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

const bytes = randomBytes(300_000)
let site: TestHub
let server: RunningServer
let owner: string

beforeAll(async () => {
  site = await startTestHub()
  site.hub.options.filesLocation = '/_files'
  owner = (await site.user('olga', 'owner')).token
  await site.user('rita')
  await site.call('POST', '/api/repos/create', { token: owner, body: { name: 'notes', type: 'dataset' } })
  await site.call('PUT', '/api/datasets/olga/notes/settings', { token: owner, body: { gated: 'manual' } })
  await site.commit('olga/notes', owner, { 'data.bin': bytes, 'empty.txt': '' })
  server = await startServer(site.app, { host: '127.0.0.1', port: 0 })
}, 60_000)

afterAll(async () => {
  await server.close()
  await site.close()
})

const file = '/datasets/olga/notes/resolve/main/data.bin'
const downloads = async () => {
  const found: (number | null)[] = []
  for await (const page of readLedger(site.hub.database))
    for (const one of page) if (one.action === 'file.downloaded') found.push(one.bytes)
  return found
}

test('where nginx sends files, the hub names them to it only after the gate and the ledger', async () => {
  const refused = await site.call('GET', file)
  expect(refused.status).toBe(401)
  expect(refused.headers.has('x-accel-redirect')).toBe(false)
  const before = (await downloads()).length
  const part = await site.call('GET', file, { token: owner, headers: { range: 'bytes=10-19' } })
  expect(part.headers.get('x-accel-redirect')).toMatch(/^\/_files\/sha256\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/)
  expect(await part.text()).toBe('')
  expect((await downloads()).slice(before)).toEqual([10])
  const head = await site.call('HEAD', file, { token: owner })
  expect(head.headers.has('x-accel-redirect')).toBe(false)
  expect(head.headers.get('content-length')).toBe('300000')
})

if (!nginxProgram) console.warn('nginx is not installed: files sent by it are not tested')

describe.skipIf(!nginxProgram)('behind a real nginx, as docs/operations.md sets it up', () => {
  let nginx: { url: string; stop(): Promise<void> }

  beforeAll(async () => {
    const locations = nginxLocations({ hub: `http://127.0.0.1:${server.port}`, files: join(site.folder, 'files') })
    nginx = await startNginx(site.folder, locations)
  })

  afterAll(() => nginx.stop())

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${nginx.url}${path}`, { headers })
  const authorization = () => ({ authorization: `Bearer ${owner}` })

  test('a granted reader gets the file with the hub’s headers; everyone else nothing', async () => {
    const whole = await get(file, authorization())
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
    const direct = await site.call('HEAD', file, { token: owner })
    for (const name of [
      'etag',
      'x-repo-commit',
      'content-length',
      'content-type',
      'content-disposition',
      'content-security-policy',
      'cache-control',
      'accept-ranges',
      'x-content-type-options',
      'referrer-policy',
    ])
      expect([name, whole.headers.get(name)]).toEqual([name, direct.headers.get(name)])
    expect(whole.headers.has('x-request-id')).toBe(true)
    expect(whole.headers.has('x-accel-redirect')).toBe(false)
    expect((await get(file)).status).toBe(401)
    const location = (await site.call('GET', file, { token: owner })).headers.get('x-accel-redirect') ?? ''
    for (const path of [location, `/_files/../_files/${location.slice(8)}`, location.replace('_files', '%5ffiles'), `/${location}`])
      expect((await get(path, authorization())).status).toBe(404)
  })

  test('ranges are single ones, and what the client has is not sent again', async () => {
    const part = await get(file, { ...authorization(), range: 'bytes=1000-1999' })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe('bytes 1000-1999/300000')
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 2000))).toBe(true)
    const last = await get(file, { ...authorization(), range: 'bytes=-7' })
    expect(Buffer.from(await last.arrayBuffer()).equals(bytes.subarray(-7))).toBe(true)
    const several = await get(file, { ...authorization(), range: 'bytes=0-1,5-6' })
    expect(several.status).toBe(200)
    expect((await several.arrayBuffer()).byteLength).toBe(300_000)
    expect((await get(file, { ...authorization(), range: 'bytes=300000-' })).status).toBe(416)
    const etag = part.headers.get('etag') ?? ''
    expect((await get(file, { ...authorization(), 'if-none-match': etag })).status).toBe(304)
    const changed = await get(file, { ...authorization(), 'if-modified-since': new Date(Date.now() + 1e9).toUTCString() })
    expect(changed.status).toBe(200)
    const empty = await get('/datasets/olga/notes/resolve/main/empty.txt', authorization())
    expect([empty.status, await empty.text()]).toEqual([200, ''])
  })
})
