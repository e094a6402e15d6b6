import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPool, type Pool } from '../../src/engine/pool.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { jsonLog, silentLog } from '../../src/log.ts'
import { allFiles, chatLine, makeFolder, readWork, removeFolder, state, writeLogs } from './logs.ts'

const folder = makeFolder()
const logs = join(folder, 'logs')
const salt = join(folder, 'salt')
let pool: Pool

/** Some 40 MB of logs in one big file (several units) and two small ones, with votes, battles, faults. */
function inventLogs(): void {
  const filler = 'Once upon a time there was a log. '.repeat(34)
  const big: string[] = []
  for (let index = 0; index < 14_000; index++) {
    const texts = Array.from({ length: 2 + (index % 3) * 2 }, (_, turn) => `${turn} ${filler}`)
    big.push(JSON.stringify(chatLine(`c${index % 9000}`, texts, { tstamp: 1_682_000_000 + index, ip: `203.0.113.${index % 250}` })))
    if (index % 100 === 0) big.push('{"half": ')
  }
  const votes = Array.from({ length: 500 }, (_, index) => ({
    type: index % 2 === 0 ? 'upvote' : 'flag',
    tstamp: 1_682_100_000 + index,
    model: 'vicuna-13b',
    state: state(`c${index * 20}`, ['Hi', 'Hello']),
    ip: '198.51.100.77',
  }))
  const battles = Array.from({ length: 200 }, (_, index) => ({
    type: index % 3 === 0 ? 'tievote' : 'leftvote',
    tstamp: 1_682_200_000 + index,
    models: ['', ''],
    states: [state(`c${index}`, ['Hi', 'Hello']), state(`only-voted-${index}`, ['Hi', 'Hello'])],
    ip: '198.51.100.78',
  }))
  writeLogs(logs, { 'server0/2023-04-20-conv.json': `${big.join('\n')}\n`, 'server1/votes.json': votes, 'server2/battles.json': battles })
}

beforeAll(() => {
  inventLogs()
  pool = openPool(2)
})

afterAll(async () => {
  await pool.close()
  removeFolder(folder)
})

const run = (work: string, more: object = {}) => ingest({ inputs: [logs], work, saltFile: salt, pool, log: silentLog, ...more })

/** The same files with the same bytes. */
function expectSame(work: string, expected: string): void {
  const bytes = allFiles(work)
  const expectedBytes = allFiles(expected)
  expect([...bytes.keys()]).toEqual([...expectedBytes.keys()])
  for (const [name, content] of expectedBytes) expect(bytes.get(name)?.equals(content), name).toBe(true)
}

test('the account adds up, votes and battles find their conversations in other files', async () => {
  const report = await run(join(folder, 'first'))
  expect(report).toMatchObject({ lines: 14_840, conversations: 9200, battles: 200 })
  expect(report.refused).toEqual({ 'invalid-json': 140, 'vote-without-conversation': 50 })
  // 250 in the chat lines, one in the battles' own pictures.
  expect(report.users).toBe(251)
  expect(report.inputs.map(({ file, accepted, superseded }) => [file, accepted, superseded])).toEqual([
    ['server0/2023-04-20-conv.json', 9000, 5000],
    ['server1/votes.json', 450, 0],
    ['server2/battles.json', 200, 0],
  ])
  const { conversations } = await readWork(join(folder, 'first'))
  expect(conversations.filter(({ outcome }) => outcome !== undefined)).toHaveLength(450)
  expect(conversations.filter(({ battle }) => battle !== undefined)).toHaveLength(400)
})

test('one worker or two, and inputs in any order, make the same bytes', async () => {
  const single = openPool(1)
  try {
    const inputs = ['server2', 'server0/2023-04-20-conv.json', 'server1'].map((name) => join(logs, name))
    await ingest({ inputs, work: join(folder, 'second'), saltFile: salt, pool: single, log: silentLog })
  } finally {
    await single.close()
  }
  expectSame(join(folder, 'second'), join(folder, 'first'))
})

test('no address is in the work folder, plain or as MD5', () => {
  const addresses = [...Array.from({ length: 250 }, (_, index) => `203.0.113.${index}`), '198.51.100.77', '198.51.100.78']
  const hashes = addresses.map((address) => createHash('md5').update(address).digest('hex'))
  for (const [name, bytes] of allFiles(join(folder, 'first'))) {
    expect(bytes.includes('203.0.113.'), name).toBe(false)
    expect(bytes.includes('198.51.100.'), name).toBe(false)
    for (const hash of hashes) expect(bytes.includes(hash), name).toBe(false)
  }
})

test('killed at random moments and run again, the result has the same bytes', async () => {
  const work = join(folder, 'killed')
  const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const start = () =>
    spawn(process.execPath, [cli, 'ingest', logs, '--work', work, '--salt-file', salt, '--jobs', '2'], {
      stdio: ['ignore', 'ignore', 'ignore'],
    })
  const whole = allFiles(join(folder, 'first'))
  mkdirSync(work)
  let kills = 0
  for (const delay of [150, 350, 550, 800, 1100, 1500]) {
    const child = start()
    const ended = once(child, 'exit')
    await sleep(delay)
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      kills++
    }
    await ended
    for (const [name, content] of allFiles(work)) {
      if (/^(conversations|quarantine)\/[^.]+\.(parquet|jsonl)$/.test(name))
        expect(content.equals(whole.get(name) ?? Buffer.alloc(0)), name).toBe(true)
    }
  }
  expect(kills).toBeGreaterThan(0)
  await run(work)
  expectSame(work, join(folder, 'first'))
})

test('a rerun with nothing new answers from what is there', async () => {
  const before = statSync(join(folder, 'first', 'conversations', '00000.parquet')).mtimeMs
  const passes = new Set<string>()
  const report = await run(join(folder, 'first'), { onProgress: ({ pass }: { pass: string }) => passes.add(pass) })
  expect(report.conversations).toBe(9200)
  expect([...passes]).toEqual(['scan'])
  expect(statSync(join(folder, 'first', 'conversations', '00000.parquet')).mtimeMs).toBe(before)
})

test('an interrupt stops between parts, and a later run goes on', async () => {
  const work = join(folder, 'interrupted')
  const interrupt = new AbortController()
  const onProgress = ({ pass }: { pass: string }) => {
    if (pass === 'read') interrupt.abort()
  }
  await expect(run(work, { onProgress, signal: interrupt.signal })).rejects.toMatchObject({ code: 'interrupted' })
  expect(existsSync(join(work, 'ingest.json'))).toBe(false)
  const report = await run(work)
  expect(report.conversations).toBe(9200)
})

test('other input starts the work anew and says so; labels stay', async () => {
  const own = makeFolder()
  const work = join(own, 'work')
  writeLogs(own, { 'a.json': [chatLine('c1', ['Hi', 'Hello'])], 'work/labels/x@1/00000.parquet': 'label', 'work/curate.json': '{}' })
  const events: string[] = []
  const log = jsonLog(
    (line) => events.push(JSON.parse(line).event),
    () => new Date(0),
  )
  const options = { inputs: [join(own, 'a.json')], work, pool, log }
  expect((await ingest(options)).conversations).toBe(1)
  appendFileSync(join(own, 'a.json'), `${JSON.stringify(chatLine('c2', ['Hi', 'Hello']))}\n`)
  events.length = 0
  expect((await ingest(options)).conversations).toBe(2)
  expect(events[0]).toBe('ingest.startedAnew')
  expect(existsSync(join(work, 'labels/x@1/00000.parquet'))).toBe(true)
  expect(existsSync(join(work, 'curate.json'))).toBe(false)
  removeFolder(own)
})

test('the secret is made with mode 600, is used again, and another one makes other users', async () => {
  const own = makeFolder()
  writeLogs(own, { 'logs/a.json': [chatLine('c1', ['Hi', 'Hello'])] })
  const options = { inputs: [join(own, 'logs')], pool, log: silentLog }
  const users = async (work: string, saltFile: string) => {
    await ingest({ ...options, work: join(own, work), saltFile: join(own, saltFile) })
    return (await readWork(join(own, work))).conversations.map(({ user }) => user)
  }
  const first = await users('one', 'secret')
  expect(statSync(join(own, 'secret')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(own, 'secret'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  expect(await users('two', 'secret')).toEqual(first)
  expect(await users('three', 'other')).not.toEqual(first)
  expect(await users('one', 'other')).not.toEqual(first)
  writeFileSync(join(own, 'short'), 'abc\n')
  await expect(users('four', 'short')).rejects.toMatchObject({ code: 'salt-too-short' })
  removeFolder(own)
})

test('a missing file, an empty folder and a pattern without a match say so', async () => {
  const own = makeFolder()
  writeLogs(own, { 'notes/readme.txt': 'no log' })
  const of = (name: string) => ingest({ inputs: [join(own, name)], work: join(own, 'work'), pool, log: silentLog })
  await expect(of('gone.json')).rejects.toMatchObject({ code: 'input-missing' })
  await expect(of('notes')).rejects.toMatchObject({ code: 'input-empty' })
  await expect(of('*.json')).rejects.toMatchObject({ code: 'input-empty' })
  removeFolder(own)
})

test('a shard that was lost is made again', async () => {
  const own = makeFolder()
  writeLogs(own, { 'a.json': [chatLine('c1', ['Hi', 'Hello'])] })
  const options = { inputs: [join(own, 'a.json')], work: join(own, 'work'), pool, log: silentLog }
  await ingest(options)
  const before = allFiles(join(own, 'work'))
  rmSync(join(own, 'work', 'conversations', '00000.parquet'))
  await ingest(options)
  expect(allFiles(join(own, 'work'))).toEqual(before)
  removeFolder(own)
})
