import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { sha256Of } from '../../src/hub/datasets/content.ts'
import { findDataset } from '../../src/hub/datasets/store.ts'
import { eraseQueued } from '../../src/hub/datasets/stored.ts'
import { FORM } from '../../src/hub/index/meta.ts'
import { SplitIndex } from '../../src/hub/index/split-index.ts'
import { readLedger, verifyLedger } from '../../src/hub/ledger.ts'
import { carryOutDeletions } from '../../src/hub/promises/carry-out.ts'
import { commitWithout } from '../../src/hub/promises/rewrite.ts'
import { fileDeletion } from '../../src/hub/promises/tickets.ts'
import { release } from '../../src/release/release.ts'
import { contentName } from '../../src/storage/blobs.ts'
import { removeAll, writeWork } from '../release/work-folder.ts'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let owner: string
let reader: string
const made: string[] = []
const path = '/api/datasets/ann/chats'
const idOf = (index: number) => (index * 2_654_435_761).toString(16).padStart(32, '0')
const userOf = (index: number) => (index % 5).toString(16).repeat(64)
const Row = z.object({ sha256: z.string() })
const data = 'data/train-00000-of-00001.parquet'

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  ;({ token: reader } = await hub.user('bob'))
  const work = await writeWork({ conversations: 100, shards: 2, dropEvery: 0, messages: 2, recipe: { columns: ['user', 'started_at'] } })
  made.push(work)
  const out = join(work, 'out')
  await release({ work, out, jobs: 1 })
  files = Object.fromEntries(
    readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
      .map((name) => [name, readFileSync(join(out, name))]),
  )
  for (const name of ['chats', 'derived']) await hub.call('POST', '/api/repos/create', { token: owner, body: { name, type: 'dataset' } })
  expect((await hub.commit('ann/chats', owner, files)).status).toBe(200)
  expect((await hub.call('PUT', `${path}/settings`, { token: owner, body: { sampleRows: [0] } })).status).toBe(200)
  expect((await hub.commit('ann/derived', owner, { 'picked.jsonl': `{"conversation_id":"${idOf(3)}"}\n` })).status).toBe(200)
})
afterAll(async () => {
  await hub.close()
  removeAll(...made)
})

/** The release as it was published first. */
let files: Record<string, Buffer>

const head = async () => ((await hub.json('GET', path)).body as { sha: string }).sha
const file = (revision: string, name: string) => hub.call('GET', `/datasets/ann/chats/resolve/${revision}/${name}`, { token: reader })
const tickets = async (dataset = 'chats') =>
  (await hub.json('GET', `/api/datasets/ann/${dataset}/deletion-requests`, { token: owner })).body as Record<string, unknown>[]
const ticket = async (id: string) => (await tickets()).find((one) => one.id === id)
const decide = (id: string, body: unknown) => hub.call('POST', `${path}/deletion-requests/${id}`, { token: owner, body })
const sample = async () => ((await hub.json('GET', `${path}/sample`)).body as { rows: { row: Record<string, unknown> }[] }).rows
const find = async (id: string) => {
  const where = encodeURIComponent(`"conversation_id" = '${id}'`)
  const { body } = await hub.json('GET', `/api/viewer/filter?dataset=ann/chats&config=default&split=train&where=${where}`, {
    token: reader,
  })
  return (body as { num_rows_total: number }).num_rows_total
}
const everyBlobWithout = async (words: string) => {
  const files = readdirSync(join(hub.folder, 'files', 'sha256'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.every((entry) => !readFileSync(join(entry.parentPath, entry.name)).includes(words))
}

test('an accepted request becomes a revision without the conversation, made and verified by the release’s machinery', async () => {
  const before = await head()
  expect(await find(idOf(3))).toBe(1)
  const wanted = Array.from({ length: 100 }, (_, n) => n)
  await hub.call('PUT', `${path}/settings`, { token: owner, body: { sampleRows: wanted } })
  const third = (await sample()).findIndex(({ row }) => row.conversation_id === idOf(3))
  await hub.call('PUT', `${path}/settings`, { token: owner, body: { sampleRows: [99, third, 0] } })
  const shown = await sample()
  expect(shown[1]?.row.conversation_id).toBe(idOf(3))
  const opened = await hub.json('POST', `${path}/deletion-requests`, { token: reader, body: { subject: idOf(3), reason: 'Mine' } })
  const { id } = opened.body as { id: string }
  await carryOutDeletions(hub.hub)
  expect(await head()).toBe(before)
  expect((await decide(id, { status: 'accepted' })).status).toBe(200)
  await carryOutDeletions(hub.hub)
  const after = await head()
  expect(after).not.toBe(before)
  expect(await tickets()).toMatchObject([{ id, status: 'done', subjects: null, revision: after, removed: 1, problem: null }])
  const manifest = (await (await file('main', 'manifest.json')).json()) as object
  expect(manifest).toMatchObject({ rows: 99, version: '1.0.1', published: '2026-03-01', deletion: { conversations: 1 } })
  expect(await find(idOf(3))).toBe(0)
  expect(await find(idOf(4))).toBe(1)
  const gone = await file(before, data)
  expect([gone.status, gone.headers.get('x-error-code')]).toEqual([410, 'EntryWithdrawn'])
  expect(gone.headers.get('x-error-message')).toContain('it held a conversation that was deleted on request')
  expect((await file('main', data)).status).toBe(200)
  expect((await file(before, 'LICENSE.md')).status).toBe(200)
  // Of the rows that the owner picked for strangers the deleted one went; the others are shown as before, whatever their numbers are now.
  expect((await sample()).map(({ row }) => row)).toEqual([shown[0]?.row, shown[2]?.row])
})

test('the ledger proves it without repeating what was asked, and the erased bytes are in no store and no index', async () => {
  const actions: string[] = []
  for await (const page of readLedger(hub.hub.database, { dataset: 'ann/chats' })) {
    expect(JSON.stringify(page)).not.toContain(idOf(3))
    for (const { action, detail } of page) {
      if (!/^deletion|withdrawn/.test(action)) continue
      actions.push(action)
      if (action === 'deletion.done') expect(detail).toMatchObject({ removed: 1, subjectHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    }
  }
  expect(actions.slice(0, 2)).toEqual(['deletion.requested', 'deletion.accepted'])
  expect(actions).toContain('file.withdrawn')
  expect(actions.at(-1)).toBe('deletion.done')
  expect((await verifyLedger(hub.hub.database)).brokenAt).toBeUndefined()
  const withdrawn = (await hub.hub.database.select(Row, 'select sha256 from withdrawals')).map(({ sha256 }) => sha256)
  expect(withdrawn.length).toBeGreaterThan(0)
  for (const sha256 of withdrawn) expect(await hub.hub.blobs.size(contentName(sha256))).toBeUndefined()
  const folder = join(hub.folder, 'cache', 'search', `form-${FORM}`)
  const indexes = readdirSync(folder).map((name) => new SplitIndex(join(folder, name)))
  expect(indexes.length).toBeGreaterThan(0)
  for (const index of indexes) {
    for (let row = 0; row < index.meta.rows; row += 1) expect(index.rows.read(row)?.includes(idOf(3))).toBe(false)
    index.close()
  }
})

test('what was deleted does not come back: neither the withdrawn bytes nor new ones that hold it are taken, and none of them stay', async () => {
  const hashes = (await hub.json('GET', `${path}/tombstones`, { token: owner })).body
  expect(hashes).toEqual([sha256Of(Buffer.from(idOf(3)))])
  expect((await hub.call('GET', `${path}/tombstones`, { token: reader })).status).toBe(403)
  const before = await head()
  const again = await hub.commit('ann/chats', owner, files)
  expect([again.status, again.headers.get('x-error-code')]).toEqual([422, 'ContentWithdrawn'])
  const withIt = await conversationsParquet(hub.folder, [{ id: idOf(3), model: 'm', texts: ['Back', 'again'] }])
  const other = await hub.commit('ann/chats', owner, { 'extra/more.parquet': withIt })
  expect([other.status, other.headers.get('x-error-code')]).toEqual([422, 'DeletedOnRequest'])
  expect(other.headers.get('x-error-message')).toContain(idOf(3))
  const line = Buffer.from(`{"conversation_id":"${idOf(4)}"}\n{"conversation_id":"${idOf(3)}"}\n`)
  const texts = { 'extra/more.jsonl': line, 'extra/more.jsonl.gz': gzipSync(line), 'extra/not.parquet': line }
  for (const [name, content] of Object.entries(texts)) {
    const refused = await hub.commit('ann/chats', owner, { [name]: content })
    expect([name, refused.status, refused.headers.get('x-error-code')]).toEqual([name, 422, 'DeletedOnRequest'])
    expect(refused.headers.get('x-error-message')).toContain(idOf(3))
  }
  expect(await head()).toBe(before)
  await eraseQueued(hub.hub)
  for (const content of [withIt, ...Object.values(texts)]) expect(await hub.hub.blobs.size(contentName(sha256Of(content)))).toBeUndefined()
  const batch = await hub.json('POST', '/datasets/ann/chats.git/info/lfs/objects/batch', {
    token: owner,
    body: { operation: 'upload', objects: [{ oid: sha256Of(files[data] ?? Buffer.from('')), size: 1 }] },
  })
  expect(batch.body).toMatchObject({ objects: [{ error: { code: 410 } }] })
  const first = ((await hub.json('GET', `${path}/versions`)).body as { revision: string }[]).at(-1)?.revision
  const diff = await hub.call('GET', `${path}/diff?base=${first}&head=main`, { token: owner })
  expect([diff.status, diff.headers.get('x-error-code')]).toEqual([410, 'EntryWithdrawn'])
})

test('sets derived from the release are followed: of the same owner at once, and told where it takes a hand', async () => {
  await carryOutDeletions(hub.hub)
  expect(await tickets('derived')).toMatchObject([
    {
      requestedBy: 'hub',
      status: 'accepted',
      reason: 'Deleted from ann/chats.',
      problem: expect.stringContaining('no release with a manifest'),
    },
  ])
})

test('all of a person’s go by their hash, once it is proven, also when the hub was killed between commit and withdrawal', async () => {
  const opened = await hub.json('POST', `${path}/deletion-requests`, { token: reader, body: { kind: 'person', subject: userOf(2) } })
  const { id } = opened.body as { id: string }
  const refused = await decide(id, { status: 'accepted' })
  expect([refused.status, refused.headers.get('x-error-code')]).toEqual([409, 'ProofMissing'])
  expect((await decide(id, { status: 'accepted', isProven: true })).status).toBe(200)
  const dataset = await findDataset(hub.hub.database, 'ann', 'chats')
  if (!dataset) throw new Error('the dataset is gone')
  await commitWithout(hub.hub, dataset, { conversations: new Set(), users: new Set([userOf(2)]) })
  expect(await ticket(id)).toMatchObject({ status: 'accepted' })
  await carryOutDeletions(hub.hub)
  expect(await ticket(id)).toMatchObject({ status: 'done', proof: 'steward', removed: 20 })
  expect(await (await file('main', 'manifest.json')).json()).toMatchObject({ rows: 79, version: '1.0.2', deletion: { conversations: 21 } })
  expect(await find(idOf(2))).toBe(0)
  expect(await everyBlobWithout(idOf(2))).toBe(true)
})

test('the server itself files for a person who is signed in, and several decisions become one revision', async () => {
  const before = await head()
  const first = await fileDeletion(hub.hub, 'ann/chats', {
    kind: 'person',
    subjects: [userOf(1)],
    reason: 'Withdrawn',
    requestedBy: 'collection site',
    proof: 'session',
  })
  const second = await fileDeletion(hub.hub, 'ann/chats', {
    kind: 'conversation',
    subjects: [idOf(5), idOf(8)],
    reason: '',
    requestedBy: 'collection site',
  })
  for (const { id } of [first, second]) expect((await decide(id, { status: 'accepted' })).status).toBe(200)
  await carryOutDeletions(hub.hub)
  expect((await tickets()).filter(({ status }) => status === 'done').map(({ removed }) => removed)).toEqual(expect.arrayContaining([20, 2]))
  const commits = (await hub.json('GET', `${path}/commits/main`)).body as { id: string; title: string }[]
  expect(commits[0]?.title).toBe('Version 1.0.3: without 22 conversations, deleted on request')
  expect(commits[1]?.id).toBe(before)
  await expect(
    fileDeletion(hub.hub, 'ann/none', { kind: 'conversation', subjects: ['x'], reason: '', requestedBy: 'x' }),
  ).rejects.toMatchObject({
    code: 'RepoNotFound',
  })
})

test('raw files that name it lose their bytes, packed or not, until they are uploaded without it', async () => {
  await hub.call('PUT', `${path}/raw-terms`, { token: owner, body: { text: 'Only for audits' } })
  const upload = (name: string, bytes: Buffer) => {
    const announced = new URLSearchParams({ sha256: sha256Of(bytes), size: String(bytes.length) })
    return hub.call('PUT', `${path}/raw/${name}?${announced}`, { token: owner, body: bytes })
  }
  const read = (name: string) => hub.call('GET', `${path}/raw/${name}`, { token: owner })
  const line = (index: number) => `{"conversation_id":"${idOf(index)}","messages":[]}\n`
  const packed = gzipSync(line(9) + line(10))
  for (const [name, bytes] of [
    ['day-1.jsonl', Buffer.from(line(9))],
    ['day-2.jsonl.gz', packed],
    ['day-3.jsonl', Buffer.from(line(10))],
  ] as const)
    expect((await upload(name, bytes)).status).toBe(200)
  const { id } = await fileDeletion(hub.hub, 'ann/chats', {
    kind: 'conversation',
    subjects: [idOf(9)],
    reason: '',
    requestedBy: 'collection site',
  })
  await decide(id, { status: 'accepted' })
  await carryOutDeletions(hub.hub)
  expect(await ticket(id)).toMatchObject({ status: 'done', removed: 1, problem: null })
  for (const name of ['day-1.jsonl', 'day-2.jsonl.gz']) {
    const gone = await read(name)
    expect([gone.status, gone.headers.get('x-error-code')]).toEqual([410, 'EntryWithdrawn'])
  }
  expect(await (await read('day-3.jsonl')).text()).toBe(line(10))
  expect(await everyBlobWithout(idOf(9))).toBe(true)
  expect(await hub.hub.blobs.size(contentName(sha256Of(packed)))).toBeUndefined()
  expect((await hub.json('GET', `${path}/protection-report`, { token: owner })).body).toMatchObject({
    rawWithdrawals: [{ path: 'day-1.jsonl' }, { path: 'day-2.jsonl.gz' }],
  })
  expect((await upload('day-1.jsonl', Buffer.from(line(11)))).status).toBe(200)
  expect(await (await read('day-1.jsonl')).text()).toBe(line(11))
  expect((await hub.call('DELETE', `${path}/raw/day-1.jsonl`, { token: owner })).status).toBe(200)
  expect((await read('day-1.jsonl')).status).toBe(404)
  await eraseQueued(hub.hub)
  expect(await everyBlobWithout(line(11))).toBe(true)
})

test('what no revision holds is told to the steward and changes nothing', async () => {
  const before = await head()
  const { body } = await hub.json('POST', `${path}/deletion-requests`, { token: reader, body: { subject: 'nowhere' } })
  const { id } = body as { id: string }
  await decide(id, { status: 'accepted' })
  await carryOutDeletions(hub.hub)
  expect(await ticket(id)).toMatchObject({ status: 'accepted', problem: expect.stringContaining('No revision holds it') })
  expect(await head()).toBe(before)
  expect((await decide(id, { status: 'declined' })).status).toBe(200)
})

test('a deleted dataset leaves no bytes and no index, but for content that another names', async () => {
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'short', type: 'dataset' } })
  const rows = await conversationsParquet(hub.folder, [{ id: 'lone-conversation', model: 'm', texts: ['x', 'y'] }])
  const words = 'Only here: a heron at the pond.'
  await hub.commit('ann/short', owner, {
    'own.txt': words,
    'picked.jsonl': `{"conversation_id":"${idOf(3)}"}\n`,
    'data/train.parquet': rows,
  })
  await hub.call('PUT', '/api/datasets/ann/short/raw-terms', { token: owner, body: { text: 'Only for audits' } })
  const raw = Buffer.from('{"text":"a raw heron"}')
  const announced = new URLSearchParams({ sha256: sha256Of(raw), size: String(raw.length) })
  await hub.call('PUT', `/api/datasets/ann/short/raw/day.jsonl?${announced}`, { token: owner, body: raw })
  const indexes = join(hub.folder, 'cache', 'search', `form-${FORM}`)
  const before = readdirSync(indexes)
  await hub.call('GET', '/api/viewer/search?dataset=ann/short&config=default&split=train&query=x', { token: owner })
  expect(readdirSync(indexes).length).toBe(before.length + 1)
  expect(await everyBlobWithout(words)).toBe(false)
  expect((await hub.call('DELETE', '/api/repos/delete', { token: owner, body: { name: 'short', type: 'dataset' } })).status).toBe(200)
  await eraseQueued(hub.hub)
  expect(readdirSync(indexes).sort()).toEqual(before.sort())
  for (const gone of [words, 'a raw heron']) expect(await everyBlobWithout(gone)).toBe(true)
  expect(await hub.hub.blobs.size(contentName(sha256Of(rows)))).toBeUndefined()
  // The first file of every dataset is the same, and still there for the others.
  expect((await hub.call('GET', '/datasets/ann/derived/resolve/main/.gitattributes')).status).toBe(200)
  expect((await hub.call('PUT', `${path}/settings`, { token: owner, body: { sampleRows: [0] } })).status).toBe(200)
  expect((await hub.commit('ann/derived', owner, { 'own.txt': words })).status).toBe(200)
})
