import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { estimateModeration } from '../../../src/curate/moderation/estimate.ts'
import { loadGuardTemplate } from '../../../src/curate/moderation/guard.parse.ts'
import { parseModerationSettings } from '../../../src/curate/moderation/settings.ts'
import { conversationColumns, toConversationRow } from '../../../src/storage/conversations.ts'
import { writeParquet } from '../../../src/storage/parquet.ts'

test('estimates messages, requests, time and cost of a remote source from the first shard', async () => {
  const work = mkdtempSync(join(tmpdir(), 'estimate-'))
  mkdirSync(join(work, 'conversations'))
  const messages = [
    { role: 'user' as const, content: 'x'.repeat(400) },
    { role: 'assistant' as const, content: 'y'.repeat(400) },
  ]
  const rows = ['a', 'b'].map((id) => toConversationRow({ id, model: 'm', messages, turns: 1, source: { file: 'f', line: 1 } }))
  await writeParquet(join(work, 'conversations', '00000.parquet'), conversationColumns, rows)
  const shards = [
    { shard: '00000', rows: 2 },
    { shard: '00001', rows: 6398 },
  ]
  const settings = parseModerationSettings({
    source: 'guard',
    model: 'g',
    template: 'llama-guard-3',
    apiKey: 'k',
    dollarsPerMillionTokens: 2,
  })
  expect(await estimateModeration({ work, shards, settings, jobs: 2 })).toEqual({
    messages: 12_800,
    tokens: 1_280_000,
    requests: 12_800,
    minutes: 7,
    dollars: 2.56,
  })
  expect(await estimateModeration({ work, shards, settings: { source: 'classifier' }, jobs: 2 })).toBeUndefined()
  const asks = loadGuardTemplate('shieldgemma').asks.map(({ messages }) => messages[0]?.content.replace('{text}', '').length ?? 0)
  const gemma = parseModerationSettings({ source: 'guard', model: 'g', template: 'shieldgemma', apiKey: 'k' })
  expect(await estimateModeration({ work, shards, settings: gemma, jobs: 2 })).toMatchObject({
    requests: 4 * 12_800,
    tokens: Math.round(asks.reduce((sum, length) => sum + (12_800 * (length + 400)) / 4, 0)),
  })
})
