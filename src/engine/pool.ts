import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { compiled } from '../compiled.ts'
import { describeError, ShardError } from '../errors.ts'

/** A function for worker threads: an exported function of a compiled module, named by the module's URL. */
export interface Task {
  /** URL of the module, as `import.meta.url` gives it in the module itself. */
  module: string
  /** Name of the exported function `(input) => output | Promise<output>`; both must survive structured cloning. */
  task: string
}

/** Threads that run tasks. Results come back as promises, so callers decide the order of things. */
export interface Pool {
  readonly size: number
  run<Input, Output>(task: Task, shard: string, input: Input): Promise<Output>
  close(): Promise<void>
}

interface Request {
  task: Task
  shard: string
  input: unknown
  resolve(output: never): void
  reject(error: unknown): void
}

/** What a worker thread answers. */
export type Reply = { ok: true; output: unknown } | { ok: false; message: string; code?: string }

/** As many workers as the machine has processors that this process may use, at least 1. */
export function defaultJobs(): number {
  return availableParallelism()
}

/**
 * Opens a pool of worker threads (1–64), started as they are needed.
 * @throws ShardError `shard-failed` from `run` when the task throws or its thread dies (out of memory, exit).
 */
export function openPool(size: number): Pool {
  const idle: Worker[] = []
  const all = new Set<Worker>()
  const queue: Request[] = []
  let closed = false

  const start = (): Worker => {
    const worker = new Worker(compiled(import.meta.url, './worker'))
    all.add(worker)
    worker.once('exit', () => {
      all.delete(worker)
      const at = idle.indexOf(worker)
      if (at >= 0) idle.splice(at, 1)
    })
    return worker
  }

  const next = () => {
    while (!closed && queue.length > 0 && (idle.length > 0 || all.size < size)) {
      const request = queue.shift()
      if (request) send(idle.pop() ?? start(), request)
    }
  }

  const send = (worker: Worker, request: Request) => {
    const settle = (reply: Reply | undefined, died?: unknown) => {
      worker.removeAllListeners('message')
      worker.removeAllListeners('error')
      if (reply?.ok) request.resolve(reply.output as never)
      else {
        const why = reply ? reply.message : `its thread died: ${describeError(died)}`
        request.reject(
          new ShardError(
            (reply && !reply.ok && reply.code) || 'shard-failed',
            request.shard,
            `${request.task.task} failed on ${request.shard}: ${why} Finished shards are kept; run the same command again to go on.`,
            { cause: died },
          ),
        )
      }
      if (reply) idle.push(worker)
      next()
    }
    worker.once('message', (reply: Reply) => settle(reply))
    worker.once('error', (error) => settle(undefined, error))
    worker.postMessage({ task: request.task, input: request.input })
  }

  return {
    size,
    run: (task, shard, input) =>
      new Promise((resolve, reject) => {
        queue.push({ task, shard, input, resolve, reject })
        next()
      }),
    async close() {
      closed = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
