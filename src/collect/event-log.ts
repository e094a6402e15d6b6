import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError, RetryableError } from '../errors.ts'
import type { CollectEvent } from './event.ts'
import { claimServer } from './server-slot.ts'

/** An append-only log of events: what `append` has resolved for is on disk. */
export interface EventLog {
  /** Folder of this process's files, `<folder>/server<N>`. */
  readonly folder: string
  /**
   * Resolves when the events are on disk (written and synced): all of them, or none.
   * @throws RetryableError `log-unwritable` when the disk is full or fails: the events are not in the log, and what was there still is.
   */
  append(...events: readonly CollectEvent[]): Promise<void>
  /** False after a write that failed, until one succeeds again: whether new turns may begin. Tries the disk when it was full. */
  isWritable(): Promise<boolean>
  /** Waits for what was appended, and gives the folder free. */
  close(): Promise<void>
}

/** How files are opened: node's own way, unless a test has another. */
export type Disk = { open: typeof open }

interface Waiting {
  day: string
  line: string
  resolve(): void
  reject(error: Error): void
}

/** Events written with one sync, at most: bounds the memory of a burst, and how long its first one waits. */
const batchLines = 4096

/**
 * Opens the log: one file a day and server, `<folder>/server<N>/YYYY-MM-DD-conv.json`, the day (UTC) being that of the event's `tstamp`. Several processes may
 * share the folder: each takes the first server number that no running process has. Events that come while a sync is under way share the next one.
 */
export async function openEventLog(folder: string, disk: Disk = { open }): Promise<EventLog> {
  await mkdir(folder, { recursive: true })
  const slot = claimServer(folder)
  const files = new Map<string, LogFile>()
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let hasFailed = false

  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchLines)
      waiting = waiting.slice(batchLines)
      const days = [...new Set(batch.map(({ day }) => day))]
      for (const day of days) {
        await writeDay(
          day,
          batch.filter((item) => item.day === day),
        )
      }
    }
    writing = undefined
  }

  const writeDay = async (day: string, items: readonly Waiting[]) => {
    try {
      const file = files.get(day) ?? (await openLogFile(join(slot.folder, `${day}-conv.json`), disk))
      files.set(day, file)
      await file.append(items.map(({ line }) => line).join(''))
      hasFailed = false
      for (const { resolve } of items) resolve()
    } catch (error) {
      hasFailed = true
      const refused = new RetryableError(
        'log-unwritable',
        `The event log cannot be written (${describeError(error)}). Free the disk; what was acknowledged is kept.`,
        {
          cause: error,
        },
      )
      for (const { reject } of items) reject(refused)
    }
    // A clock may jump back over midnight, so yesterday's file stays open a while; older ones are done.
    for (const [old, file] of [...files].slice(0, -2)) {
      files.delete(old)
      await file.close()
    }
  }

  return {
    folder: slot.folder,
    append: (...events) =>
      new Promise((resolve, reject) => {
        const [first] = events
        if (!first) return resolve()
        const line = events.map((event) => `${JSON.stringify(event)}\n`).join('')
        waiting.push({ day: new Date(first.tstamp * 1000).toISOString().slice(0, 10), line, resolve, reject })
        // Started in a microtask so that events of the same tick share a sync.
        writing ??= Promise.resolve().then(writeAll)
      }),
    async isWritable() {
      if (hasFailed) hasFailed = !(await canWrite(slot.folder, disk))
      return !hasFailed
    },
    async close() {
      await writing
      for (const file of files.values()) await file.close()
      slot.release()
    },
  }
}

interface LogFile {
  append(text: string): Promise<void>
  close(): Promise<void>
}

async function openLogFile(path: string, disk: Disk): Promise<LogFile> {
  const file = await disk.open(path, 'a+')
  let size = (await file.stat()).size
  // A process that died in the middle of a write leaves half a line: ended here, so that it spoils no other and is counted as one.
  let isTorn = size > 0 && !(await endsInBreak(file, size))
  return {
    async append(text) {
      const bytes = Buffer.from(isTorn ? `\n${text}` : text)
      try {
        await file.appendFile(bytes)
        await file.datasync()
        size += bytes.length
        isTorn = false
      } catch (error) {
        // What was not acknowledged is taken back; where even that fails, a line break parts it from what comes.
        await file.truncate(size).catch(() => {
          isTorn = true
        })
        throw error
      }
    },
    close: () => file.close(),
  }
}

/** Whether a megabyte can be written and synced: enough for the turns that begin now. */
async function canWrite(folder: string, disk: Disk): Promise<boolean> {
  const path = join(folder, '.probe')
  try {
    const file = await disk.open(path, 'w')
    try {
      await file.writeFile(Buffer.alloc(1024 * 1024))
      await file.datasync()
    } finally {
      await file.close()
    }
    return true
  } catch {
    return false
  } finally {
    await rm(path, { force: true })
  }
}

async function endsInBreak(file: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === 10
}
