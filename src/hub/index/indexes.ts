import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { inTurn } from '../../in-turn.ts'
import type { Log } from '../../log.ts'
import { HubError } from '../errors.ts'
import { type StartBuild, startBuild } from './build-process.ts'
import { FORM } from './meta.ts'
import type { LocalFile, SplitFacts } from './parquet.ts'
import { openReaders, type Readers } from './readers.ts'

/** A split's files by content, in order; `find` brings them to this machine where they are not. */
export interface Source {
  readonly hashes: readonly string[]
  find(): Promise<LocalFile[]>
}

/** How far an index is. `rows` of `total` rows are read. A build that failed is tried again at `nextTryAt`, or only when somebody asks for it. */
export type IndexState =
  | { state: 'ready' | 'queued' | 'building'; rows: number; total: number }
  | { state: 'failed'; reason: string; nextTryAt: string | null }

/** The indexes of all splits, named by the hash of their content, so that none is ever stale. */
export interface Indexes {
  /** Threads for indexes. */
  readonly readers: Readers
  /** A thread for files of strangers, which may end it. */
  readonly strangers: Readers
  /** A thread for comparing versions, which may take minutes. */
  readonly comparers: Readers
  /** Facts from the footers of a split's files. */
  facts(source: Source): Promise<SplitFacts>
  /** The folder of a split's index where it is ready. */
  ready(source: Source): string | undefined
  /** Begins to build an index where there is none; tells how far it is. */
  want(source: Source): IndexState
  /** Begins anew where a build failed, whenever it would be tried again; tells how far the index is. */
  retry(source: Source): IndexState
  /** The folder of a split's index; waits for a small one. @throws HubError 500 `ResponseNotReady`, telling how far it is. */
  folder(source: Source): Promise<string>
  /** Removes the index of a split whose bytes were withdrawn: it holds their words. A build of it is ended. */
  remove(source: Source): Promise<void>
  close(): Promise<void>
}

/** A question waits for as long; an index of 20,000 rows is made meanwhile. */
const PATIENCE_MS = 15_000
const KEPT = 500

/** Waits before a failed build is tried again: what failed may have been memory, the disk or the store. Files that are damaged are not tried again. */
const RETRY_MS = [60_000, 5 * 60_000, 30 * 60_000, 3 * 3_600_000]

/** What indexes are made with; `build` and `retryMs` are as they are but in tests. */
export interface IndexParts {
  cacheFolder: string
  log: Log
  build?: StartBuild
  retryMs?: readonly number[]
}

/** Opens the indexes in a folder for what can be made again. One index is built at a time, in a process of its own. */
export function openIndexes({ cacheFolder, log, build: begin = startBuild, retryMs = RETRY_MS }: IndexParts): Indexes {
  const readers = openReaders(Math.max(1, Math.min(4, availableParallelism())))
  const strangers = openReaders(1)
  const comparers = openReaders(1, 10 * 60_000)
  const states = new Map<string, IndexState>()
  const done = new Map<string, Promise<void>>()
  const facts = new Map<string, SplitFacts>()
  const stops = new Map<string, () => void>()
  const retries = new Map<string, NodeJS.Timeout>()
  const oneAtATime = inTurn()
  const removed = new Set<string>()
  let isClosed = false

  const home = join(cacheFolder, 'search')
  const current = `form-${FORM}`
  const folderOf = (source: Source) => join(home, current, keyOf(source))
  // Indexes of another form would never be read again, nor be found when what they hold is deleted.
  if (existsSync(home))
    for (const name of readdirSync(home)) if (name !== current) rmSync(join(home, name), { recursive: true, force: true })

  const readFacts = async (source: Source) => {
    const key = keyOf(source)
    const known = facts.get(key)
    if (known) return known
    const found = await strangers.ask('facts', { files: await source.find() })
    if (facts.size >= KEPT) for (const first of facts.keys()) if (facts.delete(first)) break
    facts.set(key, found)
    return found
  }

  const build = async (source: Source) => {
    const key = keyOf(source)
    const started = Date.now()
    const { rows: total } = await readFacts(source)
    const files = await source.find()
    states.set(key, { state: 'building', rows: 0, total })
    mkdirSync(dirname(folderOf(source)), { recursive: true })
    const building = begin({ folder: folderOf(source), paths: files.map(({ path }) => path), total }, (rows) =>
      states.set(key, { state: 'building', rows, total }),
    )
    stops.set(key, building.stop)
    await building.done
    states.set(key, { state: 'ready', rows: total, total })
    log.info('search.indexed', { rows: total, ms: Date.now() - started })
  }

  const fail = (source: Source, tries: number, error: unknown) => {
    if (isClosed) return
    const key = keyOf(source)
    const reason = error instanceof Error ? error.message : 'unknown'
    const isDamaged = error instanceof HubError && error.code === 'DamagedFile'
    const waitMs = isDamaged || removed.has(key) ? undefined : retryMs[tries - 1]
    const nextTryAt = waitMs === undefined ? null : new Date(Date.now() + waitMs).toISOString()
    states.set(key, { state: 'failed', reason, nextTryAt })
    log.error('search.index-failed', { index: key.slice(0, 12), tries, isTriedAgain: nextTryAt !== null })
    if (waitMs !== undefined) retries.set(key, setTimeout(() => start(source, tries + 1), waitMs).unref())
  }

  const start = (source: Source, tries = 1) => {
    const key = keyOf(source)
    clearTimeout(retries.get(key))
    retries.delete(key)
    states.set(key, { state: 'queued', rows: 0, total: 0 })
    // The second try goes on at the last whole run; what fails twice may fail because of what the first has left.
    if (tries > 2) rmSync(`${folderOf(source)}.part`, { recursive: true, force: true })
    const work = oneAtATime(async () => (isClosed || removed.has(key) ? undefined : build(source)))
      .catch((error: unknown) => fail(source, tries, error))
      .finally(() => {
        done.delete(key)
        stops.delete(key)
      })
    done.set(key, work)
  }

  const want = (source: Source): IndexState => {
    const key = keyOf(source)
    const known = states.get(key)
    if (known) return known
    if (existsSync(folderOf(source))) {
      const ready = { state: 'ready' as const, rows: 0, total: 0 }
      states.set(key, ready)
      return ready
    }
    start(source)
    return states.get(key) ?? { state: 'queued', rows: 0, total: 0 }
  }

  return {
    readers,
    strangers,
    comparers,
    facts: readFacts,
    ready: (source) => (want(source).state === 'ready' ? folderOf(source) : undefined),
    want,
    retry(source) {
      if (want(source).state === 'failed') {
        rmSync(`${folderOf(source)}.part`, { recursive: true, force: true })
        start(source)
      }
      return want(source)
    },
    async folder(source) {
      if (want(source).state !== 'ready') await Promise.race([done.get(keyOf(source)), wait(PATIENCE_MS)])
      const state = want(source)
      if (state.state === 'ready') return folderOf(source)
      if (state.state === 'failed')
        throw new HubError(
          500,
          'TooBigContentError',
          state.nextTryAt
            ? `The index of this split could not be built. It is tried again at ${state.nextTryAt}; the files can be downloaded meanwhile.`
            : 'The files of this split could not be indexed: they are damaged or not what they say. They can still be downloaded, and an owner or steward can have it tried again.',
        )
      const share = state.total > 0 ? ` (${Math.floor((100 * state.rows) / state.total)} % of ${state.total} rows)` : ''
      throw new HubError(
        500,
        'ResponseNotReady',
        `The server is busier than usual: the index of this split is being built${share}. Please retry later.`,
        {
          'Retry-After': '5',
        },
      )
    },
    async remove(source) {
      const key = keyOf(source)
      const forget = () => Promise.all([readers.forget(folderOf(source)), comparers.forget(folderOf(source))])
      removed.add(key)
      clearTimeout(retries.get(key))
      retries.delete(key)
      stops.get(key)?.()
      await done.get(key)
      await forget()
      for (const suffix of ['', '.part']) await rm(`${folderOf(source)}${suffix}`, { recursive: true, force: true })
      // A question that came meanwhile has opened it again.
      await forget()
      states.delete(key)
      facts.delete(key)
      removed.delete(key)
    },
    async close() {
      isClosed = true
      for (const timer of retries.values()) clearTimeout(timer)
      for (const stop of stops.values()) stop()
      await Promise.all(done.values())
      await Promise.all([readers.close(), strangers.close(), comparers.close()])
    },
  }
}

const keys = new WeakMap<readonly string[], string>()

function keyOf({ hashes }: Source): string {
  const known = keys.get(hashes)
  if (known) return known
  const key = createHash('sha256').update(JSON.stringify(hashes)).digest('hex')
  keys.set(hashes, key)
  return key
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
