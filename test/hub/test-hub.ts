import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { vi } from 'vitest'
import { hubTools } from '../../src/cli/hub-tools.ts'
import { createToken, type NewToken } from '../../src/hub/accounts/tokens.ts'
import { createUser, findUser, type Role, type User } from '../../src/hub/accounts/users.ts'
import { createApp, type HubEnv } from '../../src/hub/app.ts'
import { type Hub, openHub } from '../../src/hub/hub.ts'
import { silentLog } from '../../src/log.ts'
import { openBlobs } from '../../src/storage/blobs.open.ts'
import { openDatabase } from '../../src/storage/database.open.ts'
import { writeParquet } from '../../src/storage/parquet.ts'
import { startPostgres } from '../storage/postgres.server.ts'

/** A hub on a real PostgreSQL (starts in 0.8 s, PGlite's first start takes 5) with a clock of its own, and short ways to talk to it. */
export interface TestHub {
  hub: Hub
  app: Hono<HubEnv>
  folder: string
  clock: { now: Date }
  user(name: string, role?: Role): Promise<{ user: User; token: string }>
  token(name: string, given: Partial<NewToken>): Promise<string>
  /** One request; a body that is no text is sent as JSON. Where the hub asks to come again once its index is made, it is asked again. */
  call(method: string, path: string, given?: { token?: string; body?: unknown; headers?: Record<string, string> }): Promise<Response>
  json(
    method: string,
    path: string,
    given?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<{ status: number; body: unknown }>
  /** Commits small files to a dataset's branch. */
  commit(
    dataset: string,
    token: string,
    files: Record<string, string | Uint8Array>,
    given?: { branch?: string; remove?: string[] },
  ): Promise<Response>
  close(): Promise<void>
}

export async function startTestHub(given: { database: 'PostgreSQL' | 'PGlite' } = { database: 'PostgreSQL' }): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-hub-'))
  const server = given.database === 'PostgreSQL' ? await startPostgres() : undefined
  const database = await openDatabase(server ?? { folder: join(folder, 'database') })
  // The hub's clock is the process's: libraries read it themselves. Only dates stand still; timers run.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:00.000Z') })
  const clock = {
    get now() {
      return new Date()
    },
    set now(now: Date) {
      vi.setSystemTime(now)
    },
  }
  const hub = await openHub({
    database,
    blobs: await openBlobs(join(folder, 'files')),
    log: silentLog,
    now: () => new Date(),
    tools: hubTools(),
    options: { publicUrl: 'https://hub.test', isBehindProxy: false, cacheFolder: join(folder, 'cache') },
  })
  const app = createApp(hub)
  const call: TestHub['call'] = async (method, path, { token, body, headers = {} } = {}) => {
    const isPlain = body === undefined || typeof body === 'string' || body instanceof Uint8Array
    const ask = () =>
      app.request(`https://hub.test${path}`, {
        method,
        headers: {
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(isPlain ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isPlain ? body : JSON.stringify(body) }),
      })
    let response = await ask()
    // An index is made beside answering; on a slow machine who asks early is asked to come again.
    while (response.headers.get('x-error-code') === 'ResponseNotReady') response = await ask()
    return response
  }
  const token: TestHub['token'] = async (name, given) => {
    const user = await findUser(database, name)
    if (!user) throw new Error(`no user ${name}`)
    return createToken(hub, user, { displayName: 'test', role: 'read', scopes: [], ...given }, 'test')
  }
  return {
    hub,
    app,
    folder,
    clock,
    token,
    call,
    async user(name, role = 'reader') {
      const user = await createUser(hub, { user: name, email: `${name}@example.org`, fullname: `${name} Person`, role }, 'test')
      return { user, token: await token(name, { role: 'write' }) }
    },
    async json(method, path, given) {
      const response = await call(method, path, given)
      return { status: response.status, body: await response.json() }
    },
    commit(dataset, withToken, files, { branch = 'main', remove = [] } = {}) {
      const lines = [
        { key: 'header', value: { summary: 'test', description: '' } },
        ...remove.map((path) => ({ key: 'deletedFile', value: { path } })),
        ...Object.entries(files).map(([path, content]) => ({
          key: 'file',
          value: { path, content: Buffer.from(content).toString('base64'), encoding: 'base64' },
        })),
      ]
      return call('POST', `/api/datasets/${dataset}/commit/${encodeURIComponent(branch)}`, {
        token: withToken,
        body: lines.map((line) => JSON.stringify(line)).join('\n'),
      })
    },
    async close() {
      await hub.indexes.close()
      vi.useRealTimers()
      await database.close()
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A small Parquet file of conversations, in LMSYS-Chat-1M's columns that matter here. */
export async function conversationsParquet(
  folder: string,
  rows: readonly { id: string; model: string; texts: readonly string[] }[],
): Promise<Buffer> {
  const path = join(folder, `rows-${Math.random()}.parquet`)
  await writeParquet(
    path,
    [
      { name: 'conversation_id', type: 'string' },
      { name: 'model', type: 'string' },
      {
        name: 'conversation',
        type: {
          list: {
            struct: [
              { name: 'content', type: 'string' },
              { name: 'role', type: 'string' },
            ],
          },
        },
      },
      { name: 'turn', type: 'int64' },
      { name: 'language', type: 'string' },
      { name: 'redacted', type: 'boolean' },
    ],
    rows.map(({ id, model, texts }) => ({
      conversation_id: id,
      model,
      conversation: texts.map((content, index) => ({ content, role: index % 2 === 0 ? 'user' : 'assistant' })),
      turn: BigInt(Math.floor(texts.length / 2)),
      language: 'English',
      redacted: false,
    })),
    { rowGroupRows: 100, codec: 'ZSTD' },
  )
  const bytes = readFileSync(path)
  rmSync(path)
  return bytes
}
