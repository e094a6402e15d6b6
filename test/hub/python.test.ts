import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { python, runPython } from '../python/interpreter.ts'

const folder = mkdtempSync(join(tmpdir(), 'colloquy-python-'))
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Results {
  owner: Record<string, unknown>
  granted: Record<string, unknown>
  ungranted: Record<string, unknown>
  stranger: Record<string, unknown>
}

describe.skipIf(!python)('the Python clients', () => {
  test('push, list, load, stream and ask, each with the rights they have', { timeout: 600_000 }, async () => {
    const tokenFile = join(folder, 'token')
    const data = join(folder, 'data')
    const server = spawn(process.execPath, [main, 'serve', '--data', data, '--port', '0', '--admin-token-file', tokenFile], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const url = await addressOf(server)
      const admin = readFileSync(tokenFile, 'utf8').trim()
      expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
      const post = async (path: string, body: unknown) => {
        const response = await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${admin}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        })
        return (await response.json()) as { token: string }
      }
      const tokens: string[] = []
      for (const [user, role] of [
        ['ann', 'write'],
        ['granted', 'read'],
        ['ungranted', 'read'],
        ['asker', 'read'],
      ]) {
        await post('/api/admin/users', { user, email: `${user}@example.org`, fullname: user, password: 'correct horse battery' })
        tokens.push((await post(`/api/admin/users/${user}/tokens`, { displayName: 'test', role })).token)
      }
      const script = fileURLToPath(new URL('clients.py', import.meta.url))
      expectResults(JSON.parse(await runPython([script, url, ...tokens, folder])) as Results)
    } finally {
      server.kill('SIGTERM')
      await new Promise((resolve) => server.once('exit', resolve))
    }
    const { stdout } = await promisify(execFile)(process.execPath, [main, 'ledger', 'verify', '--data', data, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ entries: expect.any(Number) })
  })
})

function expectResults({ owner, granted, ungranted, stranger }: Results): void {
  const data = 'data/train-00000-of-00001.parquet'
  const files = ['.gitattributes', 'README.md', data, 'extra/sub/large.bin', 'extra/ünïcode name.txt']
  expect(owner.make).toEqual([
    'Delete one.txt with huggingface_hub',
    'Upload one.txt with huggingface_hub',
    'Upload folder using huggingface_hub',
    'Upload dataset',
    'initial commit',
  ])
  expect(owner.requests).toEqual(['granted'])
  expect(owner.decide).toEqual([['asker'], ['asker']])
  for (const other of [granted, ungranted, stranger])
    for (const name of ['upload', 'upload_folder', 'push']) expect(other[name], name).toHaveProperty('error')
  for (const anyone of [owner, granted, ungranted, stranger]) expect(anyone).toMatchObject({ exists: true, refs: ['v1'] })
  for (const reader of [owner, granted]) expect(reader).toMatchObject({ auth: null, file_exists: true })
  for (const other of [ungranted, stranger]) expect(other.auth).toMatchObject({ error: 'GatedRepoError' })
  for (const reader of [owner, granted]) {
    expect(reader).toMatchObject({
      info: ['ann/py', 'manual'],
      files,
      tagged: 'one',
      download: 'hey',
      missing: { error: expect.stringMatching(/EntryNotFoundError$/) },
      load: { conversation_id: 'c299', conversation: [{ content: 'text 299', role: 'user' }] },
      stream: { conversation_id: 'c0' },
      snapshot: ['.gitattributes', 'README.md', 'data', 'extra'],
      duckdb: [188, 'c2'],
    })
  }
  expect(granted.whoami).toBe('granted')
  for (const [refused, words] of [
    [ungranted, 'is restricted and you are not in the authorized list'],
    [stranger, 'is restricted. You must have access to it and be authenticated'],
  ] as const) {
    expect(refused).toMatchObject({
      info: ['ann/py', 'manual'],
      files,
      download: { error: 'GatedRepoError', message: expect.stringContaining(words) },
      load: { error: 'DatasetNotFoundError' },
      stream: { error: 'DatasetNotFoundError' },
      snapshot: { error: 'GatedRepoError' },
    })
    for (const name of ['tagged', 'download', 'missing', 'load', 'stream', 'snapshot', 'duckdb', 'requests']) {
      expect(refused[name], name).toHaveProperty('error')
    }
  }
}

/** The address that a hub prints once it answers. */
function addressOf(server: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk
      const address = /answers on (http:\S+)\n/.exec(said)?.[1]
      if (address) resolve(address)
    })
    server.once('exit', (code) => reject(new Error(`the hub ended with ${code}: ${said}`)))
  })
}
