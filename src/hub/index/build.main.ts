import { setPriority } from 'node:os'
import { z } from 'zod'
import { describeError } from '../../errors.ts'
import { buildIndex } from './build.ts'

// The program that builds one index and ends: a process of its own, since files of strangers are read by native code. What it says: rows so far, then
// `done`, or why not.
const Job = z.object({ folder: z.string(), paths: z.array(z.string()), total: z.number() })
const send = (message: { rows: number } | { done: true } | { error: string }) =>
  new Promise<void>((resolve) => process.send?.(message, () => resolve()))

process.once('disconnect', () => process.exit(1))
process.once('message', async (message) => {
  try {
    // Those who read come first.
    setPriority(10)
    let told = 0
    await buildIndex(Job.parse(message), (rows) => {
      if (Date.now() - told < 500) return
      told = Date.now()
      void send({ rows })
    })
    await send({ done: true })
    process.exit(0)
  } catch (error) {
    await send({ error: describeError(error) })
    process.exit(1)
  }
})
