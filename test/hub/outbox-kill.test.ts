import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createToken } from '../../src/hub/accounts/tokens.ts'
import { createUser } from '../../src/hub/accounts/users.ts'
import { createApp } from '../../src/hub/app.ts'
import { openHub } from '../../src/hub/hub.ts'
import { silentLog } from '../../src/log.ts'
import { openBlobs } from '../../src/storage/blobs.open.ts'
import { openDatabase } from '../../src/storage/database.open.ts'
import { startPostgres } from '../storage/postgres.server.ts'
import { startMailServer } from './mail-server.ts'

const kills = 4
const askers = 6
const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
/** A hub that answers and sends its notices, by mail and to webhooks of this machine. */
const script = `
  const at = (path) => import(${JSON.stringify(dist)} + path)
  const [{ openHub }, { createApp }, { startServer }, { startBackground }, { noticeTask }, { openDatabase }, { openBlobs }, { silentLog }] = await Promise.all(
    ['hub/hub.js', 'hub/app.js', 'hub/server.js', 'hub/background.js', 'hub/notices/deliver.js', 'storage/database.open.js', 'storage/blobs.open.js', 'log.js'].map(at))
  const [url, folder, mail] = process.argv.slice(1)
  const hub = await openHub({ database: await openDatabase({ url }), blobs: await openBlobs(folder + '/files'), log: silentLog, now: () => new Date(),
    options: { isBehindProxy: false, cacheFolder: folder + '/cache', mayCallPrivate: true, publicUrl: 'https://hub.test', mail: { url: mail, from: 'desk@hub.test' } } })
  const server = await startServer(createApp(hub), { host: '127.0.0.1', port: 0 })
  startBackground(hub, [noticeTask])
  console.log(server.port)`

test(`kill -9 ${kills} times while notices go out: each of what was acknowledged is told, and a kill doubles at most the one that was under way`, {
  timeout: 600_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-outbox-'))
  const postgres = await startPostgres()
  const mail = await startMailServer()
  const calls: { id: string; user: string }[] = []
  let child: ChildProcess | undefined
  /** The call that the hub is killed at, and whether before it is answered or after. */
  let kill: { at: number; isAnswered: boolean } | undefined
  const hook = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { user } = z.object({ user: z.string() }).parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
      calls.push({ id: String(request.headers['x-colloquy-delivery']), user })
      const isNow = kill !== undefined && calls.length >= kill.at
      if (!isNow) return response.end('ok')
      if (kill?.isAnswered) response.end('ok', () => child?.kill('SIGKILL'))
      else child?.kill('SIGKILL')
    })
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  const address = hook.address()
  const hookUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
  const start = async (): Promise<string> => {
    child = spawn(process.execPath, ['--input-type=module', '-e', script, postgres.url, folder, mail.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (!child.stdout) throw new Error('no output')
    const [line] = await once(child.stdout, 'data')
    return `http://127.0.0.1:${String(line).trim()}`
  }
  const database = await openDatabase({ url: postgres.url })
  try {
    const hub = await openHub({
      database,
      blobs: await openBlobs(join(folder, 'files')),
      log: silentLog,
      now: () => new Date(),
      options: { isBehindProxy: false, cacheFolder: join(folder, 'cache') },
    })
    const app = createApp(hub)
    const person = async (name: string) => {
      const user = await createUser(hub, { user: name, email: `${name}@example.org`, fullname: name, role: 'reader' }, 'test')
      return createToken(hub, user, { displayName: 'test', role: 'write', scopes: [] }, 'test')
    }
    const owner = await person('ann')
    const given = (token: string, body: unknown) => ({
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    await app.request('/api/repos/create', { method: 'POST', ...given(owner, { name: 'chats', type: 'dataset' }) })
    await app.request('/api/datasets/ann/chats/settings', { method: 'PUT', ...given(owner, { gated: 'manual', notifyUrl: hookUrl }) })

    const acknowledged: string[] = []
    for (let round = 0; round <= kills; round += 1) {
      kill = round < kills ? { at: calls.length + 2 + round, isAnswered: round % 2 === 1 } : undefined
      const base = await start()
      const ended = child ? once(child, 'exit') : undefined
      await Promise.all(
        Array.from({ length: askers }, async (_, index) => {
          const name = `asker-${round}-${index}`
          const token = await person(name)
          try {
            const response = await fetch(`${base}/api/datasets/ann/chats/user-access-request`, { method: 'POST', ...given(token, {}) })
            if (response.ok && (await response.json())) acknowledged.push(name)
          } catch {
            // Killed before it answered: nobody was promised anything.
          }
        }),
      )
      if (kill) await ended
      // What the dead server had taken waits five minutes for the next one; here they are over.
      await database.change('update outbox set next_at = now() where sent_at is null')
    }
    const Left = z.object({ left: z.number() })
    await vi.waitFor(
      async () =>
        expect(await database.select(Left, 'select count(*)::integer as left from outbox where sent_at is null')).toEqual([{ left: 0 }]),
      { timeout: 300_000, interval: 200 },
    )
    expect(acknowledged.length).toBeGreaterThan(askers)
    const mailed = mail.mails.map(({ text }) => /Subject: (\S+) asks/.exec(text)?.[1] ?? '')
    const called = calls.map(({ user }) => user)
    expect(acknowledged.filter((name) => !called.includes(name) || !mailed.includes(name))).toEqual([])
    const distinct = (list: readonly string[]) => new Set(list).size
    expect(distinct(calls.map(({ id }) => id))).toBe(distinct(called))
    expect(called.length - distinct(called) + mailed.length - distinct(mailed)).toBeLessThanOrEqual(kills)
    // Killed before the answer, a message must come again: else it would not be sure to have been read.
    expect(called.length - distinct(called)).toBeGreaterThanOrEqual(kills / 2)
  } finally {
    child?.kill('SIGKILL')
    hook.closeAllConnections()
    hook.close()
    await mail.close()
    await database.close()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
