import { type ChildProcess, fork } from 'node:child_process'
import { z } from 'zod'
import { compiled } from '../../compiled.ts'
import type { BuildJob } from './build.ts'

/** A build that is going on in a process of its own. */
export interface Build {
  /** Resolves when the index is whole; rejects where the process says why not, dies, or says nothing for too long. */
  done: Promise<void>
  /** Ends the process. */
  stop(): void
}

/** Starts to build an index; `progress` gets the rows so far. */
export type StartBuild = (job: BuildJob, progress: (rows: number) => void) => Build

/** A process that says nothing for so long hangs. Joining the runs of a million rows is one step, of a minute or two at low priority. */
const SILENT_MS = 30 * 60_000

const Message = z.union([z.object({ rows: z.number() }), z.object({ done: z.literal(true) }), z.object({ error: z.string() })])

/** Builds in a process of its own, since files of strangers are read by native code: whatever they do to it, the hub goes on. */
export const startBuild: StartBuild = (job, progress) => {
  const child = fork(compiled(import.meta.url, './build.main'), {
    execArgv: ['--max-old-space-size=1536'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const build = watchBuild(child, progress, SILENT_MS)
  child.send(job)
  return build
}

/** Listens to a process that builds, and ends it when it says nothing for `silentMs`. */
export function watchBuild(child: ChildProcess, progress: (rows: number) => void, silentMs: number): Build {
  child.unref()
  child.channel?.unref()
  const stop = () => child.kill('SIGKILL')
  const done = new Promise<void>((resolve, reject) => {
    let outcome: Error | undefined = new Error('the process that reads the files died')
    const hang = () => {
      outcome = new Error('the process that reads the files hung and was ended')
      stop()
    }
    let watchdog = setTimeout(hang, silentMs).unref()
    child.on('message', (message) => {
      clearTimeout(watchdog)
      watchdog = setTimeout(hang, silentMs).unref()
      const told = Message.parse(message)
      if ('rows' in told) progress(told.rows)
      else outcome = 'done' in told ? undefined : new Error(told.error)
    })
    child.once('error', (error) => {
      outcome = error
    })
    child.once('exit', () => {
      clearTimeout(watchdog)
      if (outcome) reject(outcome)
      else resolve()
    })
  })
  return { done, stop }
}
