import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../../engine/pool.ts'
import { openSql, quote, quoteList, type Sql } from '../../engine/sql.ts'
import { type Column, createParquet, readParquetMetadata } from '../../storage/parquet.ts'
import { fingerprintOf, type SetLabeller, type SetRun } from '../labeller.ts'
import { findNear, type NearSets } from './near.ts'
import { patternShapes } from './patterns.ts'
import { type Part, readTexts } from './places.ts'
import { leastShort } from './short.ts'
import { leastJaccard } from './similar.ts'
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
  readRows,
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
 * Groups all shards' conversations and writes the label. The engine gets half of the memory given; a statement for which that is too little gets more, up
 * to half of the machine's: a million conversations need more than 512 MiB.
 */
async function groupDuplicates(run: SetRun): Promise<void> {
  const { shards, folders, out, temp, jobs, log } = run
  mkdirSync(temp, { recursive: true })
  const started = Date.now()
  const memoryMiB = Math.floor(run.memoryMiB / 2)
  const sql = await openSql({
    jobs,
    memoryMiB,
    temp,
    mostMiB: Math.max(memoryMiB, Math.floor(totalmem() / 2 ** 21)),
    onRaise: (memoryMiB) => log.info('duplicates.memory-raised', { memoryMiB }),
  })
  const pool = openPool(jobs)
  try {
    const parts = await measureShards(shards, folders.signatures ?? '')
    for (const statement of createTables) await sql.run(statement)
    for (const { path, offset } of parts) for (const statement of readRows(sourceOf(path), offset)) await sql.run(statement)
    await sql.run(numberTexts)
    const texts = await readTexts(sql)
    log.info('duplicates.read', { shards: shards.length, ms: Date.now() - started })
    const [near, others] = await Promise.allSettled([findNear(parts, texts, pool), groupOthers(sql, parts)])
    if (others.status === 'rejected') throw others.reason
    if (near.status === 'rejected') throw near.reason
    const { compared, similar } = near.value
    log.info('duplicates.compared', { texts: texts.places.length, compared, similar, ms: Date.now() - started })
    await nameSets(sql, temp, near.value)
    await sql.runChains([labelMessages, ...groupings.filter(({ isNear }) => isNear).map(rankGroup)])
    log.info('duplicates.grouped', { ms: Date.now() - started })
    const families = await describeFamilies(sql, run, parts)
    const labels = parts.map(({ shard, offset, rows }) => ({
      path: join(out, `${shard}.parquet`),
      statement: labelStatement(offset, rows),
    }))
    await sql.runChains(
      labels.map(({ path, statement }) => [
        `COPY (${statement}) TO ${quote(`${path}.part`)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048)`,
      ]),
    )
    for (const { path } of labels) renameSync(`${path}.part`, path)
    writeFileSync(join(out, 'families.json.part'), `${JSON.stringify(families, null, 1)}\n`)
    renameSync(join(out, 'families.json.part'), join(out, 'families.json'))
    log.info('duplicates.written', { shards: shards.length, families: families.length, ms: Date.now() - started })
  } finally {
    await pool.close()
    sql.close()
    rmSync(join(temp, 'near.parquet'), { force: true })
  }
}

const sourceOf = (path: string) => `read_parquet(${quote(path)}, file_row_number = true)`

async function measureShards(shards: readonly string[], folder: string): Promise<Part[]> {
  let offset = 0
  const parts: Part[] = []
  for (const shard of shards) {
    const path = join(folder, `${shard}.parquet`)
    const rows = Number((await readParquetMetadata(path)).num_rows)
    parts.push({ shard, path, offset, rows })
    offset += rows
  }
  return parts
}

/** All groupings that need no near duplicates. */
async function groupOthers(sql: Sql, parts: readonly Part[]): Promise<void> {
  for (const statement of findFamilies(quoteList(parts.map(({ path }) => path)))) await sql.run(statement)
  await sql.runChains(groupings.filter(({ isNear }) => !isNear).map(rankGroup))
}

/** Makes table `near` from sets that are not one text alone. */
async function nameSets(sql: Sql, temp: string, { messages, prompts }: NearSets): Promise<void> {
  const path = join(temp, 'near.parquet')
  const file = await createParquet(
    path,
    ['number', 'message_set', 'prompt_set'].map((name) => ({ name, type: 'int32' })),
    { rowGroupRows: 100_000, codec: 'SNAPPY' },
  )
  const isInSet = new Uint8Array(messages.length)
  for (const sets of [messages, prompts]) {
    for (const [number, set] of sets.entries()) if (set !== number) isInSet[number] = isInSet[set] = 1
  }
  const batch: Record<string, number | undefined>[] = []
  for (const [number, isMember] of isInSet.entries()) {
    if (isMember === 0) continue
    batch.push({ number, message_set: messages[number], prompt_set: prompts[number] })
    if (batch.length === 10_000) file.write(batch.splice(0))
  }
  file.write(batch)
  file.close()
  await sql.run(nameNear(`read_parquet(${quote(path)})`))
}
