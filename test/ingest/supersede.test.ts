import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openPool } from '../../src/engine/pool.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import type { Supersede } from '../../src/ingest/unit.ts'
import { silentLog } from '../../src/log.ts'
import { readConversations } from '../../src/storage/conversations.ts'
import { chatLine, writeLogs } from './logs.ts'

const pool = openPool(1)
afterAll(() => pool.close())

const error = '**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**'

async function lastMessages(supersede: Supersede): Promise<(string | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-supersede-'))
  writeLogs(folder, {
    'logs/a.json': [
      chatLine('mixed', ['Hi', 'Hello'], { tstamp: 100 }),
      chatLine('mixed', ['Hi', 'Hello', 'More', error], { tstamp: 200 }),
      chatLine('only-errors', ['Hi', error], { tstamp: 100 }),
      chatLine('clean', ['Hi', 'Hello'], { tstamp: 100 }),
      chatLine('clean', ['Hi', 'Hello', 'More', 'Yes'], { tstamp: 200 }),
    ],
  })
  const work = join(folder, 'work')
  const report = await ingest({ inputs: [join(folder, 'logs')], work, pool, log: silentLog, supersede })
  expect(report).toMatchObject({ lines: 5, accepted: 3, superseded: 2 })
  const last: Record<string, string | undefined> = {}
  for (const { shard } of report.shards) {
    for await (const group of readConversations(join(work, 'conversations', `${shard}.parquet`))) {
      for (const { id, messages } of group) last[id] = messages.at(-1)?.content
    }
  }
  return [last.mixed, last['only-errors'], last.clean]
}

test('the latest line wins, error or not', async () => {
  expect(await lastMessages('latest')).toEqual([error, error, 'Yes'])
})

test('as in 2023, a line with the network error gives way to an older one without it', async () => {
  expect(await lastMessages('latest-without-network-error')).toEqual(['Hello', error, 'Yes'])
})
