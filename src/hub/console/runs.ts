import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { compiled } from '../../compiled.ts'
import { HubError } from '../errors.ts'
import { type Order, Told } from './messages.ts'

/** Statements at once on this server, and waiting; each is a process of its own. */
const MAX_RUNNING = 2
const MAX_WAITING = 20
const MAX_OF_ONE = 3
const LIMIT_MS = 30_000
/** How long a cancellation is remembered that came before its statement, and how many of them. */
const REMEMBERED_MS = 60_000
const MAX_REMEMBERED = 1000
/** What a statement may take and give. */
const LIMITS = { rows: 10_000, bytes: 8 * 1024 * 1024, memoryMiB: 512 }

/** A statement's views: names and paths of their Parquet files. */
export type Views = { name: string; paths: string[] }[]

interface Run {
  id: string
  owner: string
  child?: ChildProcess
  cancel(): void
}

const runs = new Set<Run>()
/** Cancellations of statements that are not here yet, oldest first: by owner and id, when they came. */
const early = new Map<string, number>()
const turns: (() => void)[] = []
let running = 0

/**
 * What to run: a statement of `owner`'s, for as long as `signal` is not aborted. `find` gives the views of the tables that it names, or throws where one may
 * not be read.
 */
export interface Statement {
  owner: string
  id?: string
  sql: string
  rows?: number
  out?: { path: string; format: 'csv' | 'jsonl' | 'parquet' }
  signal?: AbortSignal
  find(tables: string[]): Promise<Views>
}

/**
 * Runs a statement in a process of its own and gives its rows, or how many it wrote.
 * @throws HubError 422 `SqlInvalid`, `SqlTooLarge`; 403 `SqlNotAllowed`; 408 `SqlTimeout`; 409 `SqlCancelled`, `SqlRunning`; 429 `TooManyQueries`.
 */
export function runStatement(statement: Statement): Promise<{ id: string; told: Extract<Told, { told: 'rows' | 'written' }> }> {
  const { owner, id = randomUUID(), sql, out, find, signal, rows = LIMITS.rows } = statement
  const own = [...runs].filter((run) => run.owner === owner)
  if (own.some((run) => run.id === id)) throw new HubError(409, 'SqlRunning', `A query with the id '${id}' is running already.`)
  if (own.length >= MAX_OF_ONE || runs.size >= MAX_RUNNING + MAX_WAITING)
    throw new HubError(429, 'TooManyQueries', 'Too many queries are running. Wait for one to end, or cancel one.', { 'Retry-After': '5' })
  if (signal?.aborted || takeEarly(owner, id)) throw cancelled()
  return inTurn({ owner, id, ...(signal ? { signal } : {}) }, async (child, ask) => {
    const parsed = await ask({ step: 'parse', sql })
    if (parsed.told !== 'tables') throw unexpected()
    const views = await find(parsed.tables)
    const told = await ask({ step: 'run', views, limits: { ...LIMITS, rows: Math.min(rows, LIMITS.rows) }, ...(out ? { out } : {}) })
    child.kill('SIGKILL')
    if (told.told !== 'rows' && told.told !== 'written') throw unexpected()
    return { id, told }
  })
}

/** Writes rows of Parquet files, named by their numbers, as one Parquet file; gives how many. */
export function writeSubset(owner: string, order: Omit<Extract<Order, { step: 'subset' }>, 'step'>): Promise<number> {
  return inTurn({ owner, id: randomUUID(), limitMs: 10 * 60_000 }, async (_child, ask) => {
    const told = await ask({ step: 'subset', ...order })
    return told.told === 'written' ? told.rows : 0
  })
}

/**
 * Ends a statement of the owner's. A cancellation can be faster than its statement: one for which none runs holds for a statement of that id that comes within
 * a minute, and gives false.
 */
export function cancelStatement(owner: string, id: string): boolean {
  const found = [...runs].find((run) => run.owner === owner && run.id === id)
  if (found) found.cancel()
  else {
    early.set(`${owner} ${id}`, performance.now())
    for (const [key, at] of early) if (early.size > MAX_REMEMBERED || performance.now() - at > REMEMBERED_MS) early.delete(key)
  }
  return found !== undefined
}

/** Whether a statement was cancelled before it came; that is used up by asking. */
function takeEarly(owner: string, id: string): boolean {
  const key = `${owner} ${id}`
  const at = early.get(key)
  early.delete(key)
  return at !== undefined && performance.now() - at <= REMEMBERED_MS
}

const cancelled = () => new HubError(409, 'SqlCancelled', 'The query was cancelled.')

type Ask = (order: Order) => Promise<Told>

async function inTurn<T>(
  { owner, id, limitMs = LIMIT_MS, signal }: { owner: string; id: string; limitMs?: number; signal?: AbortSignal },
  work: (child: ChildProcess, ask: Ask) => Promise<T>,
): Promise<T> {
  let stop: (error: HubError) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = reject
  })
  stopped.catch(() => {})
  const run: Run = { id, owner, cancel: () => stop(cancelled()) }
  runs.add(run)
  signal?.addEventListener('abort', run.cancel)
  let hasTurn = false
  let timer: NodeJS.Timeout | undefined
  const turn = takeTurn()
  try {
    await Promise.race([turn.ready, stopped])
    hasTurn = true
    timer = setTimeout(
      () => stop(new HubError(408, 'SqlTimeout', `The query took longer than ${limitMs / 1000} s. Ask for less, or add a LIMIT.`)),
      limitMs,
    )
    const child = startChild()
    run.child = child
    return await Promise.race([work(child, askerOf(child)), stopped])
  } finally {
    clearTimeout(timer)
    run.child?.kill('SIGKILL')
    runs.delete(run)
    signal?.removeEventListener('abort', run.cancel)
    if (hasTurn) giveTurn()
    else turn.leave()
  }
}

function takeTurn(): { ready: Promise<void>; leave(): void } {
  let go: () => void = () => {}
  const ready = new Promise<void>((resolve) => {
    go = resolve
  })
  turns.push(go)
  next()
  return {
    ready,
    leave: () => {
      const at = turns.indexOf(go)
      if (at >= 0) turns.splice(at, 1)
      // The turn came at the moment of leaving.
      else giveTurn()
    },
  }
}

function giveTurn(): void {
  running -= 1
  next()
}

function next(): void {
  while (running < MAX_RUNNING && turns.length > 0) {
    running += 1
    turns.shift()?.()
  }
}

function startChild(): ChildProcess {
  return fork(compiled(import.meta.url, './run.main'), {
    env: {},
    execArgv: ['--max-old-space-size=256'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

function askerOf(child: ChildProcess): Ask {
  return (order) =>
    new Promise((resolve, reject) => {
      const end = () =>
        reject(new HubError(422, 'SqlTooLarge', 'The query needs more memory than it may have. Ask for fewer rows or columns.'))
      child.once('exit', end)
      child.once('message', (message) => {
        child.off('exit', end)
        const told = Told.parse(message)
        if (told.told === 'error') reject(new HubError(told.status, told.code, told.message))
        else resolve(told)
      })
      child.send(order)
    })
}

const unexpected = () => new Error('the program that runs statements answered out of turn')
