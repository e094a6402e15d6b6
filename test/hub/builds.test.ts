import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { buildIndex } from '../../src/hub/index/build.ts'
import { type StartBuild, watchBuild } from '../../src/hub/index/build-process.ts'
import { type Indexes, openIndexes, type Source } from '../../src/hub/index/indexes.ts'
import { silentLog } from '../../src/log.ts'
import { conversationsParquet } from './test-hub.ts'

let folder: string
let indexes: Indexes | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colloquy-builds-'))
})
afterEach(async () => {
  await indexes?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function sourceOf(bytes: Uint8Array): Promise<Source> {
  const path = join(folder, 'rows.parquet')
  writeFileSync(path, bytes)
  return { hashes: ['rows'], find: async () => [{ path, sizeBytes: bytes.length }] }
}
const rows = () => conversationsParquet(folder, [{ id: 'c1', model: 'm', texts: ['Hello', 'Hi'] }])

/** Builds that die, as by a kill, until the one of that number. */
const dyingUntil = (last: number): { start: StartBuild; tries: () => number } => {
  let tries = 0
  const start: StartBuild = (job, progress) => {
    tries += 1
    const done = tries < last ? Promise.reject(new Error('the process that reads the files died')) : buildIndex(job, progress)
    return { done, stop: () => {} }
  }
  return { start, tries: () => tries }
}

test('a build that dies is tried again by itself, and ends', async () => {
  const builds = dyingUntil(4)
  indexes = openIndexes({ cacheFolder: folder, log: silentLog, build: builds.start, retryMs: [1, 1, 1] })
  const source = await sourceOf(await rows())
  indexes.want(source)
  await vi.waitFor(() => expect(indexes?.want(source).state).toBe('ready'), 60_000)
  expect(builds.tries()).toBe(4)
})

test('one that keeps dying says so, and begins anew when somebody asks', async () => {
  const builds = dyingUntil(3)
  indexes = openIndexes({ cacheFolder: folder, log: silentLog, build: builds.start, retryMs: [1] })
  const source = await sourceOf(await rows())
  indexes.want(source)
  await vi.waitFor(() => expect(indexes?.want(source)).toMatchObject({ state: 'failed', nextTryAt: null }), 60_000)
  await expect(indexes.folder(source)).rejects.toMatchObject({ code: 'TooBigContentError' })
  expect(indexes.retry(source).state).toBe('queued')
  await vi.waitFor(() => expect(indexes?.want(source).state).toBe('ready'), 60_000)
})

test('until it is tried again, who asks is told when', async () => {
  indexes = openIndexes({ cacheFolder: folder, log: silentLog, build: dyingUntil(9).start, retryMs: [3_600_000] })
  const source = await sourceOf(await rows())
  indexes.want(source)
  await vi.waitFor(() => expect(indexes?.want(source)).toMatchObject({ state: 'failed', nextTryAt: expect.any(String) }), 60_000)
  await expect(indexes.folder(source)).rejects.toThrow(/tried again at 20/)
})

test('damaged files are not tried again', async () => {
  const builds = dyingUntil(1)
  indexes = openIndexes({ cacheFolder: folder, log: silentLog, build: builds.start, retryMs: [1, 1] })
  const source = await sourceOf(Buffer.from('PAR1 is all that it has of Parquet'))
  indexes.want(source)
  await vi.waitFor(() => expect(indexes?.want(source)).toMatchObject({ state: 'failed', nextTryAt: null }), 60_000)
  expect(builds.tries()).toBe(0)
})

test('a process that says nothing any more is ended, and what waits behind it goes on', async () => {
  mkdirSync(join(folder, 'program'))
  const program = join(folder, 'program', 'silent.mjs')
  writeFileSync(program, "process.on('message', () => {})")
  const child = fork(program, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  await expect(watchBuild(child, () => {}, 10).done).rejects.toThrow('hung')
  expect(child.signalCode).toBe('SIGKILL')
})
