import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { InputError } from '../errors.ts'
import { type InTurn, inTurn } from '../in-turn.ts'
import { makeFolder } from './database.make.ts'
import { openStatements, type Statements } from './database.pglite.statements.ts'
import type { Database, Queries } from './database.ts'

/** PGlite's own shared buffers, 128 MiB, are touched while it starts; files are in the machine's memory anyway. 32 MiB: 195 MiB of process, not 290. */
const START = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB']

/**
 * PostgreSQL compiled to WebAssembly, in a folder. It keeps one process per folder by a lock file beside it, since two would spoil the data.
 * @throws InputError `database-locked` when another living process has the folder open; RetryableError `database-not-made`.
 */
export async function openPglite(folder: string): Promise<Database> {
  mkdirSync(dirname(folder), { recursive: true })
  const lock = `${folder}.lock`
  takeLock(lock)
  try {
    await makeFolder(folder)
    const pglite = await PGlite.create(folder, { startParams: START })
    const statements = openStatements(pglite)
    // PGlite has one connection: a transaction keeps all other statements waiting.
    const alone = inTurn()
    const queries = queriesOf(statements, alone)
    let changes = 0
    // Counted when it is done, before its caller knows: also what failed, which may have changed something before.
    const counted = <T>(work: Promise<T>): Promise<T> =>
      work.finally(() => {
        changes += 1
      })
    return {
      select: (row, sql, values) =>
        /^\s*select\b/i.test(sql) ? queries.select(row, sql, values) : counted(queries.select(row, sql, values)),
      change: (sql, values) => counted(queries.change(sql, values)),
      script: (sql) => counted(queries.script(sql)),
      transaction: (work) => counted(alone(() => runTransaction(statements, work))),
      record: queries.change,
      changes: () => changes,
      async close() {
        await alone(() => pglite.close())
        rmSync(lock, { force: true })
      },
    }
  } catch (error) {
    rmSync(lock, { force: true })
    throw error
  }
}

function queriesOf(statements: Statements, alone: InTurn): Queries {
  return {
    select: async (row, sql, values = []) => (await alone(() => statements.run(sql, values))).rows.map((one) => row.parse(one)),
    change: async (sql, values = []) => (await alone(() => statements.run(sql, values))).affectedRows ?? 0,
    script: (sql) => alone(() => statements.script(sql)),
  }
}

async function runTransaction<T>(statements: Statements, work: (queries: Queries) => Promise<T>): Promise<T> {
  await statements.run('begin', [])
  try {
    const result = await work(queriesOf(statements, inTurn()))
    const { command } = await statements.run('commit', [])
    if (command === 'ROLLBACK') throw new Error('a statement of the transaction failed, so that nothing of it holds')
    return result
  } catch (error) {
    await statements.run('rollback', [])
    throw error
  }
}

function takeLock(lock: string): void {
  for (const attempt of [1, 2]) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      const holder = readHolder(lock)
      if (attempt === 2 || (holder !== undefined && isAlive(holder))) {
        const who = holder === undefined ? 'another process' : `process ${holder}`
        throw new InputError(
          'database-locked',
          `The database folder is in use by ${who} (${lock}). Stop it, or set DATABASE_URL to share one.`,
          {
            cause: error,
          },
        )
      }
      rmSync(lock, { force: true })
    }
  }
}

function readHolder(lock: string): number | undefined {
  try {
    const holder = Number(readFileSync(lock, 'utf8'))
    return Number.isInteger(holder) && holder > 0 ? holder : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
