import { parentPort } from 'node:worker_threads'
import { AppError, describeError } from '../errors.ts'
import type { Reply, Task } from './pool.ts'

// The thread's side of the pool: imports the task's module once, runs the named function, answers with its output or the error's words.
const port = parentPort
port?.on('message', ({ task, input }: { task: Task; input: unknown }) => {
  runTask(task, input).then((reply) => port.postMessage(reply))
})

async function runTask(task: Task, input: unknown): Promise<Reply> {
  try {
    // A module named from source stands at the same place in dist/.
    const url = task.module.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js')
    const module = (await import(url)) as Record<string, (input: unknown) => unknown>
    const run = module[task.task]
    if (typeof run !== 'function') throw new Error(`${url} has no function ${task.task}`)
    return { ok: true, output: await run(input) }
  } catch (error) {
    return { ok: false, message: describeError(error), ...(error instanceof AppError ? { code: error.code } : {}) }
  }
}
