import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createRepo,
  datasetInfo,
  downloadFile,
  listCommits,
  listDatasets,
  listFiles,
  pathsInfo,
  uploadFiles,
  whoAmI,
} from '@huggingface/hub'
import { asyncBufferFromUrl, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let server: RunningServer
let hubUrl: string
let owner: string
let granted: string
let ungranted: string
const folder = mkdtempSync(join(tmpdir(), 'colloquy-clients-'))
const repo = { type: 'dataset' as const, name: 'ann/chats' }
const rows = Array.from({ length: 950 }, (_, n) => ({
  id: `c${n}`,
  model: n % 2 ? 'vicuna' : 'koala',
  texts: [`question ${n}`, `answer ${n}`],
}))
const large = randomBytes(11 * 1024 * 1024)

beforeAll(async () => {
  hub = await startTestHub()
  server = await startServer(hub.app, { host: '127.0.0.1', port: 0 })
  hubUrl = `http://127.0.0.1:${server.port}`
  hub.hub.options.publicUrl = hubUrl
  ;({ token: owner } = await hub.user('ann'))
  ;({ token: granted } = await hub.user('grantee'))
  ;({ token: ungranted } = await hub.user('stranger'))
  const parquet = await conversationsParquet(folder, rows)
  await createRepo({ repo, accessToken: owner, hubUrl })
  await uploadFiles({
    repo,
    accessToken: owner,
    hubUrl,
    useXet: false,
    files: [
      { path: 'README.md', content: new Blob(['---\nlicense: mit\n---\n# Chats\n']) },
      { path: 'data/train-00000-of-00001.parquet', content: new Blob([Uint8Array.from(parquet)]) },
      { path: 'large.bin', content: new Blob([Uint8Array.from(large)]) },
      { path: 'empty.txt', content: new Blob([]) },
    ],
  })
  await hub.call('PUT', '/api/datasets/ann/chats/settings', { token: owner, body: { gated: 'manual' } })
  await hub.call('POST', '/api/datasets/ann/chats/user-access-request/grant', { token: owner, body: { user: 'grantee' } })
})
afterAll(async () => {
  await server.close()
  await hub.close()
  rmSync(folder, { recursive: true, force: true })
})

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('the JavaScript client', () => {
  test('knows who it is', async () => {
    expect(await whoAmI({ accessToken: granted, hubUrl })).toMatchObject({ type: 'user', name: 'grantee' })
  })

  test('lists datasets, files, commits and facts for strangers, too', async () => {
    expect((await collect(listDatasets({ hubUrl }))).map(({ name }) => name)).toEqual(['ann/chats'])
    const files = (await collect(listFiles({ repo, hubUrl, recursive: true })))
      .filter(({ type }) => type === 'file')
      .map(({ path }) => path)
    expect(files).toEqual(['.gitattributes', 'README.md', 'data/train-00000-of-00001.parquet', 'empty.txt', 'large.bin'])
    expect(await datasetInfo({ name: 'ann/chats', hubUrl })).toMatchObject({ name: 'ann/chats', gated: 'manual', private: false })
    expect((await collect(listCommits({ repo, hubUrl }))).length).toBe(2)
    expect(await pathsInfo({ repo, hubUrl, paths: ['large.bin'] })).toMatchObject([{ path: 'large.bin', size: large.length }])
  })

  test('downloads what it uploaded when it is granted, byte for byte', async () => {
    const blob = await downloadFile({ repo, path: 'large.bin', accessToken: granted, hubUrl })
    expect(Buffer.from((await blob?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(large)).toBe(true)
    expect(await (await downloadFile({ repo, path: 'README.md', accessToken: granted, hubUrl }))?.text()).toContain('# Chats')
    expect((await downloadFile({ repo, path: 'empty.txt', accessToken: granted, hubUrl }))?.size).toBe(0)
    expect(await downloadFile({ repo, path: 'none.txt', accessToken: granted, hubUrl })).toBeNull()
  })

  test.each([
    ['a stranger', undefined, 401],
    ['someone ungranted', () => ungranted, 403],
  ] as const)('is refused for %s', async (_who, token, statusCode) => {
    const download = downloadFile({ repo, path: 'README.md', hubUrl, ...(token ? { accessToken: token() } : {}) })
    await expect(download).rejects.toMatchObject({ statusCode })
  })

  test('may not upload without the right', async () => {
    const files = [{ path: 'x.txt', content: new Blob(['x']) }]
    await expect(uploadFiles({ repo, accessToken: granted, hubUrl, useXet: false, files })).rejects.toMatchObject({ statusCode: 403 })
  })
})

describe('hyparquet by URL', () => {
  const url = () => `${hubUrl}/datasets/ann/chats/resolve/main/data/train-00000-of-00001.parquet`

  test('reads rows in the middle by ranges alone', async () => {
    const requestInit = { headers: { Authorization: `Bearer ${granted}` } }
    const file = await asyncBufferFromUrl({ url: url(), requestInit })
    const metadata = await parquetMetadataAsync(file)
    expect(metadata.num_rows).toBe(950n)
    const found = await parquetReadObjects({
      file,
      metadata,
      compressors,
      rowStart: 640,
      rowEnd: 642,
      columns: ['conversation_id', 'conversation'],
    })
    expect(found).toMatchObject([
      { conversation_id: 'c640', conversation: [{ content: 'question 640', role: 'user' }, {}] },
      { conversation_id: 'c641' },
    ])
  })

  test('gets nothing without a grant', async () => {
    await expect(asyncBufferFromUrl({ url: url() })).rejects.toThrow('401')
  })
})

test('a download that the client breaks off leaves the server well', async () => {
  const cut = new AbortController()
  const response = await fetch(`${hubUrl}/datasets/ann/chats/resolve/main/large.bin`, {
    headers: { Authorization: `Bearer ${granted}` },
    signal: cut.signal,
  })
  await response.body?.getReader().read()
  cut.abort()
  expect((await fetch(`${hubUrl}/api/datasets/ann/chats`)).status).toBe(200)
})
