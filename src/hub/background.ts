import { randomUUID } from 'node:crypto'
import type { Hub } from './hub.ts'

/** Work that the hub does beside answering: at its times, and when it is woken. It must be safe to run again after a kill. */
export interface BackgroundTask {
  name: 'deletions' | 'erasures' | 'follow' | 'notices' | 'reminders'
  everyMs: number
  run(hub: Hub): Promise<void>
}

/** Running background work. */
export interface Background {
  /** Resolves when nothing that was woken is still to be done. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Starts the tasks: each at once, then at its times. `hub.wake(name)` runs one now; woken while it runs, it runs once more. */
export function startBackground(hub: Hub, tasks: readonly BackgroundTask[]): Background {
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  let isClosed = false
  const start = (task: BackgroundTask) => {
    if (isClosed) return
    if (running.has(task.name)) return void again.add(task.name)
    const done = task
      .run(hub)
      .catch((error: unknown) =>
        hub.log.error('background.failed', { task: task.name, error: error instanceof Error ? error.name : 'unknown' }),
      )
      .then(() => {
        running.delete(task.name)
        if (again.delete(task.name)) start(task)
      })
    running.set(task.name, done)
  }
  hub.wake = (name) => {
    const task = tasks.find((one) => one.name === name)
    if (task) start(task)
  }
  const timers = tasks.map((task) => setInterval(() => start(task), task.everyMs).unref())
  for (const task of tasks) start(task)
  const idle = async () => {
    while (running.size > 0) await Promise.all(running.values())
  }
  return {
    idle,
    async close() {
      isClosed = true
      hub.wake = () => {}
      for (const timer of timers) clearInterval(timer)
      await idle()
    },
  }
}

/** How long a claim holds without being renewed: longer than any step between two renewals. */
const CLAIM_MS = 10 * 60_000

/**
 * Runs work that only one server may do at a time; false where another one is at it. The claim is renewed while the work runs, and runs out by
 * itself when the server dies.
 */
export async function claimed(hub: Hub, name: string, work: () => Promise<void>): Promise<boolean> {
  const holder = randomUUID()
  const take = async () => {
    const now = Date.now()
    return hub.database.change(
      `insert into claims (name, holder, until) values ($1, $2, $3)
       on conflict (name) do update set holder = excluded.holder, until = excluded.until where claims.until <= $4 or claims.holder = $2`,
      [name, holder, new Date(now + CLAIM_MS), new Date(now)],
    )
  }
  if ((await take()) === 0) return false
  const renewal = setInterval(() => void take().catch(() => {}), CLAIM_MS / 4).unref()
  try {
    await work()
  } finally {
    clearInterval(renewal)
    await hub.database.change('delete from claims where name = $1 and holder = $2', [name, holder])
  }
  return true
}
