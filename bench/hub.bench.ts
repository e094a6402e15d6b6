import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createToken } from '../src/hub/accounts/tokens.ts'
import { createUser } from '../src/hub/accounts/users.ts'
import { createApp } from '../src/hub/app.ts'
import { openHub } from '../src/hub/hub.ts'
import { startServer } from '../src/hub/server.ts'
import { silentLog } from '../src/log.ts'
import { openBlobs } from '../src/storage/blobs.open.ts'
import { openDatabase } from '../src/storage/database.open.ts'
import { createParquet } from '../src/storage/parquet.ts'
import type { Trial } from './main.ts'

const ROWS = Number(process.env.COLLOQUY_BENCH_ROWS ?? 20_000)
const CLIENTS = 16
const ASKS = 64

/** The hub over HTTP: a page of rows anywhere, search, filter, a whole file beside Node's plain file server; with 16 clients. */
export const trials: Trial[] = [
  {
    name: `rows, search, filter and download of ${ROWS} conversations, ${CLIENTS} clients, PGlite, files in a folder`,
    async run() {
      const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-hub-'))
      const database = await openDatabase({ folder: join(folder, 'database') })
      const options = { isBehindProxy: false, cacheFolder: join(folder, 'cache') }
      const hub = await openHub({ database, blobs: await openBlobs(join(folder, 'files')), log: silentLog, now: () => new Date(), options })
      const server = await startServer(createApp(hub), { host: '127.0.0.1', port: 0 })
      const url = `http://127.0.0.1:${server.port}`
      try {
        const user = await createUser(hub, { user: 'ann', email: 'ann@example.org', fullname: '', role: 'reader' }, 'bench')
        const token = await createToken(hub, user, { displayName: 'bench', role: 'write', scopes: [] }, 'bench')
        const path = await writeRows(folder)
        await publish(url, token, path)
        const viewer = (what: string, query: Record<string, string>) =>
          `${url}/api/viewer/${what}?${new URLSearchParams({ dataset: 'ann/bench', config: 'default', split: 'train', ...query })}`
        const ask = async (address: string) => {
          const response = await fetch(address, { headers: { Authorization: `Bearer ${token}` } })
          if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
          return response.arrayBuffer()
        }
        const built = performance.now()
        await ask(viewer('search', { query: 'first' }))
        const buildSeconds = (performance.now() - built) / 1000
        const random = (limit: number, n: number) => String((n * 7919) % limit)
        const rows = await timings((n) => ask(viewer('rows', { offset: random(ROWS, n), length: '100' })))
        const search = await timings((n) => ask(viewer('search', { query: `word${random(5000, n)} word${random(50, n)}`, length: '20' })))
        const filter = await timings((n) => ask(viewer('filter', { where: `"model" = 'm${random(20, n)}' and "turn" = 2`, length: '20' })))
        const file = `${url}/datasets/ann/bench/resolve/main/data/train-00000-of-00001.parquet`
        const plain = await plainServer(path)
        const sizeMB = statSync(path).size / 1e6
        const ours: number[] = []
        const theirs: number[] = []
        for (let round = 0; round < 5; round += 1) {
          ours.push(await seconds(() => ask(file)))
          theirs.push(await seconds(() => ask(plain.url)))
        }
        plain.close()
        return {
          'index rows/s': Math.round(ROWS / buildSeconds),
          'rows p50 ms': rows.p50,
          'rows p95 ms': rows.p95,
          'search p50 ms': search.p50,
          'search p95 ms': search.p95,
          'filter p50 ms': filter.p50,
          'filter p95 ms': filter.p95,
          'file MB': Math.round(sizeMB * 10) / 10,
          'download MB/s': Math.round(sizeMB / Math.min(...ours)),
          'download MB/s, plain Node server': Math.round(sizeMB / Math.min(...theirs)),
          'resident MB': Math.round(process.memoryUsage().rss / 1e6),
        }
      } finally {
        await server.close()
        await database.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  },
]

async function writeRows(folder: string): Promise<string> {
  const path = join(folder, 'rows.parquet')
  const struct = [
    { name: 'content', type: 'string' as const },
    { name: 'role', type: 'string' as const },
  ]
  const columns = [
    { name: 'conversation_id', type: 'string' as const },
    { name: 'model', type: 'string' as const },
    { name: 'conversation', type: { list: { struct } } },
    { name: 'turn', type: 'int64' as const },
  ]
  const file = await createParquet(path, columns, { rowGroupRows: 1000, codec: 'ZSTD' })
  let state = 42
  const next = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
  // Half of the words are common, half rare, about 90 words a conversation.
  const words = (count: number) => Array.from({ length: count }, () => `word${next(2) ? next(50) : next(5000)}`).join(' ')
  for (let n = 0; n < ROWS; n += 1) {
    const turns = 1 + next(3)
    const conversation = Array.from({ length: turns * 2 }, (_, index) => ({
      role: index % 2 ? 'assistant' : 'user',
      content: `${n === 0 ? 'first ' : ''}${words(index % 2 ? 35 : 10)}`,
    }))
    file.write([{ conversation_id: `c${n}`, model: `m${next(20)}`, conversation, turn: BigInt(turns) }])
  }
  file.close()
  return path
}

async function publish(url: string, token: string, path: string): Promise<void> {
  const bytes = readFileSync(path)
  const oid = createHash('sha256').update(bytes).digest('hex')
  const post = async (address: string, body: string) => {
    const response = await fetch(`${url}${address}`, { method: 'POST', body, headers: { Authorization: `Bearer ${token}` } })
    if (!response.ok) throw new Error(await response.text())
    return response.json()
  }
  await post('/api/repos/create', JSON.stringify({ name: 'bench', type: 'dataset' }))
  const batch = JSON.stringify({ operation: 'upload', objects: [{ oid, size: bytes.length }] })
  const answer = (await post('/datasets/ann/bench.git/info/lfs/objects/batch', batch)) as {
    objects: [{ actions: { upload: { href: string } } }]
  }
  await fetch(answer.objects[0].actions.upload.href, { method: 'PUT', body: bytes })
  const line = { key: 'lfsFile', value: { path: 'data/train-00000-of-00001.parquet', algo: 'sha256', oid, size: bytes.length } }
  await post('/api/datasets/ann/bench/commit/main', JSON.stringify(line))
}

async function timings(ask: (n: number) => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  const took: number[] = []
  let n = 0
  const client = async () => {
    while (n < ASKS) {
      n += 1
      took.push((await seconds(() => ask(n))) * 1000)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  took.sort((a, b) => a - b)
  const at = (part: number) => Math.round((took[Math.floor(took.length * part)] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95) }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

function plainServer(path: string): Promise<{ url: string; close(): void }> {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => {
      createReadStream(path, { highWaterMark: 512 * 1024 }).pipe(response)
    }).listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, close: () => server.close() })
    })
  })
}
