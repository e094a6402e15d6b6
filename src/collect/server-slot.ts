import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RetryableError } from '../errors.ts'

/** A server's folder that belongs to this process until released. */
export interface ServerSlot {
  folder: string
  release(): void
}

const maxServers = 1000

/**
 * Takes the first `server<N>` folder that no running process on this machine has. A process that was killed leaves its mark behind: its number is free again
 * when no process has that id.
 * @throws RetryableError `servers-busy` when all thousand are taken.
 */
export function claimServer(folder: string): ServerSlot {
  for (let number = 0; number < maxServers; number++) {
    const slot = join(folder, `server${number}`)
    mkdirSync(slot, { recursive: true })
    const mark = join(folder, `.server${number}.lock`)
    if (claim(mark) || (isStale(mark) && takeOver(mark))) return { folder: slot, release: () => rmSync(mark, { force: true }) }
  }
  throw new RetryableError(
    'servers-busy',
    `All ${maxServers} server folders in ${folder} are taken. Stop a process, or use another folder.`,
  )
}

function claim(mark: string): boolean {
  try {
    writeFileSync(mark, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

function isStale(mark: string): boolean {
  try {
    const pid = Number(readFileSync(mark, 'utf8'))
    if (pid === process.pid) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Removes a dead process's mark. Of two that try at once, the exclusive create lets one have it. */
function takeOver(mark: string): boolean {
  rmSync(mark, { force: true })
  return claim(mark)
}
