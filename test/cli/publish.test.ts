import { appendFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { carryOutDeletions } from '../../src/hub/promises/carry-out.ts'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { release } from '../../src/release/release.ts'
import { startTestHub, type TestHub } from '../hub/test-hub.ts'
import { removeAll, writeWork } from '../release/work-folder.ts'
import { runCli } from './world.ts'

let hub: TestHub
let server: RunningServer
let other: RunningServer
let token: string
let folder: string
const made: string[] = []
const idOf = (index: number) => (index * 2_654_435_761).toString(16).padStart(32, '0')

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token } = await hub.user('ann'))
  server = await startServer(hub.app, { host: '127.0.0.1', port: 0 })
  // A hub of other people's: the protocol, and none of the routes that are only ours.
  const foreign = new Hono<{ Variables: { requestId: string } }>()
  foreign.all('*', (context) =>
    context.req.path.endsWith('/tombstones') ? context.text('Not Found', 404) : hub.app.fetch(context.req.raw, context.env),
  )
  other = await startServer(foreign, { host: '127.0.0.1', port: 0 })
  const work = await writeWork({ conversations: 40, shards: 1, dropEvery: 0, messages: 2 })
  made.push(work)
  folder = join(work, 'out')
  await release({ work, out: folder, jobs: 1 })
})
afterAll(async () => {
  await Promise.all([server.close(), other.close()])
  await hub.close()
  removeAll(...made)
})

const send = async (dataset: string, given: { from?: string; to?: RunningServer; token?: string } = {}) => {
  const url = `http://127.0.0.1:${(given.to ?? server).port}`
  hub.hub.options.publicUrl = url
  return runCli(['publish', given.from ?? folder, '--to', url, '--dataset', dataset, '--json'], '', { HF_TOKEN: given.token ?? token })
}
const publish = async (dataset: string, to?: RunningServer) => {
  const { out, err } = await send(dataset, to ? { to } : {})
  expect(err).toBe('')
  return Published.parse(JSON.parse(out))
}
const Published = z.object({ dataset: z.string(), revision: z.string(), files: z.number() })
const versions = async (dataset: string) =>
  z
    .array(z.object({ version: z.string(), rows: z.number() }))
    .parse((await hub.json('GET', `/api/datasets/${dataset}/versions`, { token })).body)
    .map(({ version, rows }) => [version, rows])

test.each([
  ['a Colloquy hub', () => server],
  ['another hub that speaks the protocol', () => other],
])('a release goes whole to %s, by one commit', async (_, to) => {
  const name = `ann/${to() === server ? 'ours' : 'theirs'}`
  const { revision, files } = await publish(name, to())
  const tree = (await hub.json('GET', `/api/datasets/${name}/tree/${revision}?recursive=true`)).body as { type: string }[]
  expect(tree.filter(({ type }) => type === 'file').length).toBe(files + 1)
  expect(await versions(name)).toEqual([['1.0.0', 40]])
})

test('a folder that does not agree with its manifest is refused before anything is sent', async () => {
  const broken = `${folder}-broken`
  made.push(broken)
  cpSync(folder, broken, { recursive: true })
  appendFileSync(join(broken, 'README.md'), 'One word more.')
  const { code, out, err } = await send('ann/broken', { from: broken })
  expect([code, out + err]).toEqual([2, expect.stringContaining('publish-invalid')])
  expect((await hub.call('GET', '/api/datasets/ann/broken', { token })).status).toBe(404)
})

test('a token that may not write is told', async () => {
  const reading = await hub.token('ann', { role: 'read' })
  const { code, out, err } = await send('ann/ours', { token: reading })
  expect([code, out + err]).toEqual([2, expect.stringContaining('publish-refused')])
})

test('what was deleted on request is taken out of a release that still holds it', async () => {
  const opened = await hub.json('POST', '/api/datasets/ann/ours/deletion-requests', { token, body: { subject: idOf(3) } })
  const { id } = opened.body as { id: string }
  await hub.call('POST', `/api/datasets/ann/ours/deletion-requests/${id}`, { token, body: { status: 'accepted' } })
  await carryOutDeletions(hub.hub)
  expect((await versions('ann/ours'))[0]).toEqual(['1.0.1', 39])
  await publish('ann/ours')
  expect((await versions('ann/ours'))[0]?.[1]).toBe(39)
  const where = encodeURIComponent(`"conversation_id" in ('${idOf(3)}', '${idOf(4)}')`)
  const found = await hub.json('GET', `/api/viewer/filter?dataset=ann/ours&config=default&split=train&where=${where}`, { token })
  expect(found.body).toMatchObject({ num_rows_total: 1 })
})
