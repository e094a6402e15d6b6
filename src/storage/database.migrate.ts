import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Database, isUniqueViolation } from './database.ts'

/**
 * Brings the database up to date: runs the folder's `NNN.sql` files that have not run yet, in order, each in one transaction that first inserts
 * its own number, so that two servers that start together cannot both run it. Resolves to the numbers that ran now.
 */
export async function migrate(database: Database, folder: URL): Promise<number[]> {
  await database.script('create table if not exists migrations (number integer primary key, ran_at timestamptz not null default now())')
  const done = new Set(
    (await database.select(z.object({ number: z.number() }), 'select number from migrations')).map(({ number }) => number),
  )
  const files = readdirSync(folder)
    .filter((file) => /^\d{3}\.sql$/.test(file))
    .sort()
  const ran: number[] = []
  for (const file of files) {
    const number = Number(file.slice(0, 3))
    if (done.has(number)) continue
    if (await runOnce(database, number, readFileSync(new URL(file, folder), 'utf8'))) ran.push(number)
  }
  return ran
}

async function runOnce(database: Database, number: number, sql: string): Promise<boolean> {
  try {
    await database.transaction(async (queries) => {
      await queries.change('insert into migrations (number) values ($1)', [number])
      await queries.script(sql)
    })
    return true
  } catch (error) {
    // Another server inserted the number first and has run the file; a violation inside the file itself leaves no number behind.
    const [row] = await database.select(z.object({ number: z.number() }), 'select number from migrations where number = $1', [number])
    if (isUniqueViolation(error) && row) return false
    throw error
  }
}
