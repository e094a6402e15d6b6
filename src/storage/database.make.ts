import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { compiled } from '../compiled.ts'
import { describeError, RetryableError } from '../errors.ts'

const Told = z.object({ error: z.string() })

/**
 * Makes a new PGlite folder where there is none. A process of its own makes it, since that takes 850 MiB which a process never gives back, and under
 * another name, so that whoever is killed meanwhile leaves no half folder: what they leave is removed here the next time.
 * The caller holds the folder's lock.
 * @throws RetryableError `database-not-made`.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return
  if (existsSync(folder) && readdirSync(folder).length > 0) throw notMade(folder, 'something else is in it')
  const beside = `${basename(folder)}.part-`
  const part = join(dirname(folder), beside + randomBytes(6).toString('hex'))
  try {
    for (const name of readdirSync(dirname(folder))) if (name.startsWith(beside)) rmSync(join(dirname(folder), name), removal)
    await runMaker(part)
    renameSync(part, folder)
  } catch (error) {
    rmSync(part, removal)
    throw notMade(folder, describeError(error), error)
  }
}

/** A maker whose parent was killed ends at its next pause, and may write into its folder until then: what is removed meanwhile is removed again. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }

const notMade = (folder: string, reason: string, cause?: unknown) =>
  new RetryableError('database-not-made', `The database folder ${folder} could not be made: ${reason}.`, { cause })

function runMaker(part: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(compiled(import.meta.url, './database.make.main'), {
      execArgv: [],
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    let reason = 'the process that makes it died'
    child.on('message', (message) => {
      reason = Told.parse(message).error
    })
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(reason))))
    child.send(part)
  })
}
