import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { snippetsOf } from '../../src/web/snippets.ts'
import { conversationsParquet, startTestHub, type TestHub } from '../hub/test-hub.ts'
import { python, runPython } from '../python/interpreter.ts'

/** The examples of a dataset's page, run as they stand, on an open and on a gated dataset. */
const card =
  '---\nlicense: mit\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n# The card\n'
const rows = Array.from({ length: 30 }, (_, n) => ({
  id: `c${n}`,
  model: n % 3 === 0 ? 'alpha' : 'beta',
  texts: [`question ${n}`, 'answer'],
}))
const curl = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'curl')))

let hub: TestHub
let server: RunningServer
let token: string

beforeAll(async () => {
  hub = await startTestHub()
  server = await startServer(hub.app, { host: '127.0.0.1', port: 0 })
  hub.hub.options.publicUrl = `http://127.0.0.1:${server.port}`
  const { token: owner } = await hub.user('ann')
  await hub.user('bob')
  token = await hub.token('bob', { role: 'read' })
  for (const name of ['open', 'gated']) {
    await hub.call('POST', '/api/repos/create', { token: owner, body: { name, type: 'dataset' } })
    const files = { 'README.md': card, 'data/train-00000-of-00001.parquet': await conversationsParquet(hub.folder, rows) }
    expect((await hub.commit(`ann/${name}`, owner, files)).status).toBe(200)
  }
  await hub.call('PUT', '/api/datasets/ann/gated/settings', { token: owner, body: { gated: 'manual' } })
  await hub.call('POST', '/api/datasets/ann/gated/user-access-request/grant', { token: owner, body: { user: 'bob' } })
})
afterAll(async () => {
  await server?.close()
  await hub?.close()
})

describe.each(['open', 'gated'])('on a dataset that is %s', (name) => {
  const isGated = name === 'gated'
  const snippet = (wanted: string) => {
    const origin = `http://127.0.0.1:${server.port}`
    const found = snippetsOf({ origin, dataset: `ann/${name}`, config: 'default', split: 'train', isGated }).find(
      (one) => one.name === wanted,
    )
    if (!found) throw new Error(`there is no example for ${wanted}`)
    return found.code
  }
  /** A folder of its own, and the environment that a reader has: the token of the gated dataset, and nothing kept from before. */
  const place = (kind: string) => {
    const folder = join(hub.folder, `${name}-${kind}`)
    mkdirSync(folder)
    const env = { PATH: process.env.PATH, HOME: folder, HF_HOME: join(folder, 'hf'), ...(isGated ? { HF_TOKEN: token } : {}) }
    return { folder, env }
  }
  const run = async (program: string, args: string[], { folder, env }: { folder: string; env: NodeJS.ProcessEnv }) =>
    (await promisify(execFile)(program, args, { cwd: folder, env })).stdout

  test.skipIf(!curl)('the shell downloads the card', async () => {
    const here = place('curl')
    await run('sh', ['-c', snippet('curl')], here)
    expect(readFileSync(join(here.folder, 'README.md'), 'utf8')).toBe(card)
  })

  test('JavaScript lists the files and reads the card', async () => {
    const here = place('javascript')
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(here.folder, 'node_modules'))
    writeFileSync(join(here.folder, 'example.mjs'), `${snippet('JavaScript')}\nconsole.log(await card.text())\n`)
    const said = await run(process.execPath, ['example.mjs'], here)
    expect(said).toContain('data/train-00000-of-00001.parquet')
    expect(said).toContain('# The card')
  })

  test('DuckDB counts conversations by model in the file that the address gives', async () => {
    const code = snippet('DuckDB')
    const [, address = ''] = /read_parquet\('([^']+)'\)/.exec(code) ?? []
    // DuckDB would download its httpfs extension to read an address. So the address is read here, in the ways that httpfs does, and DuckDB gets the file.
    const headers = isGated ? { Authorization: `Bearer ${token}` } : undefined
    const head = await fetch(address, { method: 'HEAD', ...(headers ? { headers } : {}) })
    expect([head.status, head.headers.get('accept-ranges')]).toEqual([200, 'bytes'])
    const last = Number(head.headers.get('content-length')) - 4
    const end = await fetch(address, { headers: { ...headers, Range: `bytes=${last}-${last + 3}` } })
    expect([end.status, await end.text()]).toEqual([206, 'PAR1'])
    const response = await fetch(address, headers ? { headers } : {})
    const path = join(place('duckdb').folder, '0.parquet')
    writeFileSync(path, new Uint8Array(await response.arrayBuffer()))
    const statement = code.replace(/^CREATE SECRET \(TYPE HTTP, BEARER_TOKEN 'hf_…'\);\n/, '').replace(address, path)
    expect(statement.startsWith('SELECT')).toBe(true)
    const instance = await DuckDBInstance.create()
    const connection = await instance.connect()
    expect((await connection.runAndReadAll(statement)).getRowsJson()).toEqual([
      ['beta', '20'],
      ['alpha', '10'],
    ])
    connection.closeSync()
    instance.closeSync()
    if (isGated) expect((await fetch(address)).status).toBe(401)
  })

  test.skipIf(!python)('Python loads the conversations, with the variables that the example names', async () => {
    const code = snippet('Python')
    const here = place('python')
    const named = [...code.matchAll(/export (\w+)=(\S+)/g)].map(([, variable = '', value = '']) => [
      variable,
      value === 'hf_…' ? token : value,
    ])
    expect(named.map(([variable]) => variable)).toEqual(['HF_ENDPOINT', 'HF_UPDATE_DOWNLOAD_COUNTS', ...(isGated ? ['HF_TOKEN'] : [])])
    const said = await runPython(['-c', code], { cwd: here.folder, env: { ...here.env, ...Object.fromEntries(named) } })
    expect(said).toContain("'content': 'question 0'")
  })

  test.skipIf(!python)('pandas reads the Parquet file', async () => {
    const code = `${snippet('pandas')}\nprint(len(conversations), conversations["model"].nunique())`
    const { folder, env } = place('pandas')
    const said = await runPython(['-c', code], { cwd: folder, env })
    expect(said.trim()).toBe('30 2')
  })
})
