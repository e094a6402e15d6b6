import { parentPort } from 'node:worker_threads'
import { AppError, describeError } from '../../errors.ts'
import { tasks } from './tasks.ts'

/** What a thread answers. `status` and `code` are those of an error that was foreseen. */
export type Answer = { id: number; output: unknown } | { id: number; message: string; code?: string; status?: number }

// The thread's side: runs the named task and answers with its output or the error's words. Bytes are handed over, not copied.
const port = parentPort
port?.on('message', async ({ id, task, input }: { id: number; task: keyof typeof tasks; input: never }) => {
  try {
    const output: unknown = await tasks[task](input)
    port.postMessage({ id, output } satisfies Answer, bytesIn(output))
  } catch (error) {
    const known = error instanceof AppError ? { code: error.code, status: error.status } : {}
    port.postMessage({ id, message: describeError(error), ...known } satisfies Answer)
  }
})

function bytesIn(output: unknown): ArrayBuffer[] {
  if (output instanceof Uint8Array && output.buffer instanceof ArrayBuffer) return [output.buffer]
  if (typeof output === 'object' && output !== null && 'rows' in output) return bytesIn(output.rows)
  return []
}
