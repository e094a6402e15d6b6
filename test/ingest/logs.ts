import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import type { Battle, Conversation } from '../../src/conversation.ts'
import { openPool, type Pool } from '../../src/engine/pool.ts'
import type { FormName } from '../../src/ingest/entry.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { countRefused, type IngestReport } from '../../src/ingest/report.ts'
import { silentLog } from '../../src/log.ts'
import { readBattles } from '../../src/storage/battles.ts'
import { readConversations } from '../../src/storage/conversations.ts'

/** What an ingest of small invented logs made. */
export interface Made {
  report: IngestReport
  conversations: Conversation[]
  battles: Battle[]
  quarantine: Record<string, unknown>[]
  work: string
}

// Threads take a while to start; the tests of one file share one.
let shared: Pool | undefined
afterAll(async () => shared?.close())

/** A folder of its own, removed by the caller or with the machine. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'colloquy-ingest-'))
}

/** Writes files (text, bytes, or records as JSON lines) below a folder. */
export function writeLogs(folder: string, files: Readonly<Record<string, string | Uint8Array | readonly unknown[]>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    const isText = typeof content === 'string' || content instanceof Uint8Array
    writeFileSync(join(folder, name), isText ? content : content.map((record) => `${JSON.stringify(record)}\n`).join(''))
  }
}

/** Ingests invented files and reads back everything that was made. Every account must add up. */
export async function ingestFiles(
  files: Readonly<Record<string, string | Uint8Array | readonly unknown[]>>,
  options: { format?: FormName; stdin?: AsyncIterable<Uint8Array>; inputs?: string[] } = {},
): Promise<Made> {
  const folder = makeFolder()
  shared ??= openPool(1)
  writeLogs(join(folder, 'logs'), files)
  const work = join(folder, 'work')
  const report = await ingest({ inputs: [join(folder, 'logs')], work, pool: shared, log: silentLog, ...options })
  return { report, ...(await readWork(work)) }
}

/** Everything that lies in a work folder; fails when an account does not add up. */
export async function readWork(work: string): Promise<Omit<Made, 'report'>> {
  const report: IngestReport = JSON.parse(readFileSync(join(work, 'ingest.json'), 'utf8'))
  for (const account of [report, ...report.inputs]) {
    if (account.lines !== account.accepted + account.superseded + countRefused(account.refused))
      throw new Error('the account does not add up')
    if (account.accepted < 0 || account.superseded < 0) throw new Error('a count is negative')
  }
  const conversations: Conversation[] = []
  for (const { shard } of report.shards) {
    for await (const group of readConversations(join(work, 'conversations', `${shard}.parquet`))) conversations.push(...group)
  }
  if (conversations.length !== report.conversations) throw new Error('the number of conversations is wrong')
  const battles: Battle[] = []
  for await (const group of readBattles(join(work, 'battles.parquet'))) battles.push(...group)
  const quarantine = readdirSync(join(work, 'quarantine'))
    .sort()
    .flatMap((name) =>
      readFileSync(join(work, 'quarantine', name), 'utf8')
        .trimEnd()
        .split('\n'),
    )
    .map((line): Record<string, unknown> => JSON.parse(line))
  const quarantined = quarantine.reduce((sum, { lines }) => sum + (typeof lines === 'number' ? lines : 1), 0)
  // What people took back is counted, and written nowhere.
  if (quarantined !== countRefused(report.refused) - (report.refused.withdrawn ?? 0))
    throw new Error('refused lines are missing from the quarantine')
  return { conversations, battles, quarantine, work }
}

/** Every file below a folder, with its bytes. */
export function allFiles(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return new Map(names.filter((name) => statSync(join(folder, name)).isFile()).map((name) => [name, readFileSync(join(folder, name))]))
}

/** Removes a folder and everything in it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** A FastChat chat line: one turn for each pair of texts. */
export function chatLine(id: string, texts: readonly string[], more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    tstamp: 1_682_351_085.1234,
    type: 'chat',
    model: 'vicuna-13b',
    gen_params: { temperature: 0.7, top_p: 1, max_new_tokens: 512 },
    start: 1_682_351_080.1,
    finish: 1_682_351_085.1234,
    state: state(id, texts),
    ip: '203.0.113.7',
    ...more,
  }
}

/** A FastChat conversation state. */
export function state(id: string, texts: readonly string[], more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    template_name: 'vicuna_v1.1',
    system_message: 'A chat between a curious user and an assistant.',
    roles: ['USER', 'ASSISTANT'],
    messages: texts.map((text, index) => [index % 2 === 0 ? 'USER' : 'ASSISTANT', text]),
    offset: 0,
    conv_id: id,
    model_name: 'vicuna-13b',
    ...more,
  }
}
