import { Worker } from 'node:worker_threads'
import { compiled } from '../../compiled.ts'
import { HubError } from '../errors.ts'
import type { tasks } from './tasks.ts'
import type { Answer } from './worker.ts'

type Tasks = typeof tasks
type Input<K extends keyof Tasks> = Parameters<Tasks[K]>[0]
type Output<K extends keyof Tasks> = Awaited<ReturnType<Tasks[K]>>

/** Threads that answer questions of indexes and files, so that none of them holds up other requests. */
export interface Readers {
  /**
   * Asks the least busy thread.
   * @throws HubError as the task throws; 500 `TooBigContentError` when it takes longer than its limit or its thread dies: files of strangers can ask for that.
   */
  ask<K extends keyof Tasks>(task: K, input: Input<K>): Promise<Output<K>>
  /** Has every thread let go of an index that is removed. */
  forget(folder: string): Promise<void>
  close(): Promise<void>
}

const LIMIT_MS = 30_000

interface Thread {
  worker: Worker
  waiting: Map<number, { resolve(output: never): void; reject(error: unknown): void }>
  timer: NodeJS.Timeout | undefined
}

/** Opens `size` threads, each when it is needed; one task may take `limitMs`. */
export function openReaders(size: number, limitMs = LIMIT_MS): Readers {
  const threads: Thread[] = []
  let count = 0

  const start = (): Thread => {
    const worker = new Worker(compiled(import.meta.url, './worker'), { resourceLimits: { maxOldGenerationSizeMb: 768 } })
    worker.unref()
    const thread: Thread = { worker, waiting: new Map(), timer: undefined }
    threads.push(thread)
    const end = () => {
      clearTimeout(thread.timer)
      const at = threads.indexOf(thread)
      if (at >= 0) threads.splice(at, 1)
      for (const { reject } of thread.waiting.values()) reject(tooBig())
      thread.waiting.clear()
    }
    worker.once('error', end)
    worker.once('exit', end)
    worker.on('message', (answer: Answer) => {
      const asked = thread.waiting.get(answer.id)
      thread.waiting.delete(answer.id)
      watch(thread)
      if ('output' in answer) asked?.resolve(answer.output as never)
      else asked?.reject(answer.code ? new HubError(answer.status ?? 500, answer.code, answer.message) : new Error(answer.message))
    })
    return thread
  }

  // A thread works on one task after the other: each answer begins the time of the next.
  const watch = (thread: Thread) => {
    clearTimeout(thread.timer)
    if (thread.waiting.size === 0) return
    thread.timer = setTimeout(() => void thread.worker.terminate(), limitMs)
    thread.timer.unref()
  }

  const send = <K extends keyof Tasks>(thread: Thread, task: K, input: Input<K>): Promise<Output<K>> =>
    new Promise((resolve, reject) => {
      const id = count++
      thread.waiting.set(id, { resolve, reject })
      if (thread.waiting.size === 1) watch(thread)
      thread.worker.postMessage({ id, task, input })
    })

  return {
    ask(task, input) {
      const least = [...threads].sort((a, b) => a.waiting.size - b.waiting.size)[0]
      return send(least && (least.waiting.size === 0 || threads.length >= size) ? least : start(), task, input)
    },
    async forget(folder) {
      await Promise.all(threads.map((thread) => send(thread, 'forget', { folder })))
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

const tooBig = () =>
  new HubError(500, 'TooBigContentError', 'These rows take too much time or memory to read. Ask for fewer, or download the file.')
