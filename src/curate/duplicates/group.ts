import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { openSql, quote, type Sql } from '../../engine/sql.ts'
import { type Column, createParquet, readParquetMetadata } from '../../storage/parquet.ts'
import { fingerprintOf, type SetLabeller, type SetRun } from '../labeller.ts'
import { findNear } from './near.ts'
import { patternShapes } from './patterns.ts'
import { leastJaccard, leastShort } from './similar.ts'
import {
  createTables,
  findFamilies,
  groupings,
  labelMessages,
  labelStatement,
  leastFamilySize,
  leastFamilyTexts,
  nameNear,
  numberTexts,
  rankGroup,
  readPatterns,
  readRows,
  readTexts,
} from './statements.ts'
import { describeFamilies } from './templates.ts'

const group: Column['type'] = {
  struct: [
    { name: 'key', type: 'string' },
    { name: 'size', type: 'int32' },
    { name: 'first', type: 'int32' },
    { name: 'longest', type: 'int32' },
    { name: 'vote', type: 'int32' },
  ],
}

/**
 * Label `duplicates`: for each grouping the group's key, its size, and the conversation's rank in it by time, by length and by vote (1 is best).
 * Writes `families.json` beside the shards: the prompt families with their pattern, counts and days.
 */
export function createDuplicateLabeller(): SetLabeller {
  const version = '2'
  return {
    name: 'duplicates',
    version,
    fingerprint: fingerprintOf(version, patternShapes, leastJaccard, leastShort, leastFamilySize, leastFamilyTexts),
    columns: [
      ...groupings.map(({ name }) => ({ name, type: group })),
      { name: 'template_users', type: 'int32' },
      {
        name: 'messages',
        type: {
          list: {
            struct: [
              { name: 'message', type: 'int32' },
              { name: 'key', type: 'string' },
              { name: 'size', type: 'int32' },
            ],
          },
        },
      },
    ],
    needs: ['signatures'],
    run: groupDuplicates,
  }
}

/**
 * Groups all shards' conversations and writes the label. The engine gets half of the memory given; where that is too little, it begins again with twice
 * as much, up to half of the machine's: a million conversations once needed more than 512 MiB.
 */
async function groupDuplicates(run: SetRun): Promise<void> {
  const most = totalmem() / 2 ** 21
  for (let memoryMiB = Math.floor(run.memoryMiB / 2); ; memoryMiB *= 2) {
    try {
      return await groupWithin(run, memoryMiB)
    } catch (error) {
      if (memoryMiB * 2 > most || !(error instanceof Error && error.message.startsWith('Out of Memory'))) throw error
      run.log.info('duplicates.memory-raised', { memoryMiB: memoryMiB * 2 })
    }
  }
}

async function groupWithin(run: SetRun, memoryMiB: number): Promise<void> {
  const { shards, folders, out, temp, jobs, log } = run
  mkdirSync(temp, { recursive: true })
  const started = Date.now()
  const sql = await openSql({ jobs, memoryMiB, temp })
  try {
    const parts = await measureShards(shards, folders.signatures ?? '')
    for (const statement of createTables) await sql.run(statement)
    for (const { source, offset } of parts) for (const statement of readRows(source, offset)) await sql.run(statement)
    for (const statement of numberTexts) await sql.run(statement)
    for (const { source, offset, rows } of parts) await sql.run(readTexts(source, offset, rows))
    log.info('duplicates.read', { shards: shards.length, ms: Date.now() - started })
    await joinNear(sql, temp, run)
    for (const statement of labelMessages) await sql.run(statement)
    await sql.run('CREATE TABLE patterns (text VARCHAR, keys VARCHAR)')
    for (const { source } of parts) await sql.run(readPatterns(source))
    for (const statement of findFamilies()) await sql.run(statement)
    for (const grouping of groupings) for (const statement of rankGroup(grouping)) await sql.run(statement)
    log.info('duplicates.grouped', { ms: Date.now() - started })
    const families = await describeFamilies(sql, run)
    for (const { shard, offset, rows } of parts) {
      const path = join(out, `${shard}.parquet`)
      await sql.run(
        `COPY (${labelStatement(offset, rows)}) TO ${quote(`${path}.part`)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048)`,
      )
      renameSync(`${path}.part`, path)
    }
    writeFileSync(join(out, 'families.json.part'), `${JSON.stringify(families, null, 1)}\n`)
    renameSync(join(out, 'families.json.part'), join(out, 'families.json'))
    log.info('duplicates.written', { shards: shards.length, families: families.length, ms: Date.now() - started })
  } finally {
    sql.close()
    rmSync(join(temp, 'near.parquet'), { force: true })
  }
}

async function measureShards(shards: readonly string[], folder: string) {
  let offset = 0
  const parts: { shard: string; source: string; offset: number; rows: number }[] = []
  for (const shard of shards) {
    const path = join(folder, `${shard}.parquet`)
    const rows = Number((await readParquetMetadata(path)).num_rows)
    parts.push({ shard, source: `read_parquet(${quote(path)}, file_row_number = true)`, offset, rows })
    offset += rows
  }
  return parts
}

async function joinNear(sql: Sql, temp: string, { log }: SetRun): Promise<void> {
  const started = Date.now()
  const [counted] = await sql.rows('SELECT count(*)::INTEGER AS count FROM texts')
  const count = Number(counted?.count ?? 0)
  const { messages, prompts, compared, similar } = await findNear(sql, count)
  const path = join(temp, 'near.parquet')
  const file = await createParquet(
    path,
    ['number', 'message_set', 'prompt_set'].map((name) => ({ name, type: 'int32' })),
    { rowGroupRows: 100_000, codec: 'SNAPPY' },
  )
  const batch: Record<string, number>[] = []
  const inSet = new Uint8Array(count)
  for (let number = 0; number < count; number++) {
    const message = messages.find(number)
    const prompt = prompts.find(number)
    if (message !== number || prompt !== number) inSet[number] = inSet[message] = inSet[prompt] = 1
  }
  for (let number = 0; number < count; number++) {
    if (!inSet[number]) continue
    batch.push({ number, message_set: messages.find(number), prompt_set: prompts.find(number) })
    if (batch.length === 10_000) file.write(batch.splice(0))
  }
  file.write(batch)
  file.close()
  await sql.run(nameNear(`read_parquet(${quote(path)})`))
  log.info('duplicates.compared', { texts: count, compared, similar, ms: Date.now() - started })
}
