import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPool } from '../../src/engine/pool.ts'
import { formNames } from '../../src/ingest/entry.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { silentLog } from '../../src/log.ts'
import { type Column, type Row, readParquet, writeParquet } from '../../src/storage/parquet.ts'
import { ingestFiles, makeFolder, readWork } from './logs.ts'
import { openAi, samples } from './samples.ts'

const said = (messages: readonly { role: string; content: string }[] | undefined) =>
  messages?.map(({ role, content }) => `${role}: ${content}`)
const hiHello = ['user: Hi', 'assistant: Hello']

test.each(Object.entries(samples))('the form %s is told from content and read', async (form, record) => {
  const { report, conversations, quarantine } = await ingestFiles({ 'log.jsonl': [record] })
  expect(quarantine).toEqual([])
  expect(report.inputs[0]?.form).toBe(form)
  expect(said(conversations[0]?.messages)).toEqual(hiHello)
})

test('every form has a sample', () => {
  expect(Object.keys(samples)).toEqual([...formNames])
})

test('forms carry their ids, models and times', async () => {
  const { conversations } = await ingestFiles(
    Object.fromEntries(Object.entries(samples).map(([form, record]) => [`${form}.jsonl`, [record]])),
  )
  const facts = new Map(conversations.map(({ id, model, startedAt, source }) => [source.file, [id, model, startedAt]]))
  expect(facts.get('wildchat.jsonl')).toEqual(['h1', 'm', '2023-04-09T00:02:53.000Z'])
  expect(facts.get('chatgpt.jsonl')).toEqual(['g1', 'gpt-4', '2023-11-14T22:13:20.250Z'])
  expect(facts.get('openwebui.jsonl')).toEqual(['w1', 'm', '2023-11-14T22:13:20.000Z'])
  expect(facts.get('langfuse.jsonl')).toEqual(['t1', 'gpt-4o', '2024-05-01T10:00:00.000Z'])
  expect(facts.get('arena-hard.jsonl')).toEqual(['a1', 'm', '2023-11-14T22:13:20.500Z'])
  expect(facts.get('mt-bench-101.jsonl')).toEqual(['GR-1', 'unknown', undefined])
})

test('pairs become battles with both sides', async () => {
  const { battles, conversations } = await ingestFiles({ 'a.jsonl': [samples['arena-pairs']], 'b.jsonl': [samples['hh-rlhf']] })
  expect(battles.map(({ winner }) => winner).sort()).toEqual(['model_a', 'tie'])
  expect(conversations).toHaveLength(4)
  expect(new Set(conversations.map(({ battle }) => battle))).toEqual(new Set(battles.map(({ id }) => id)))
})

test("Open WebUI's feedback attaches to its chat, and stands in for it when the chat is nowhere", async () => {
  const feedback = (chat: string, more = {}) => ({
    id: `feedback-${chat}`,
    user_id: 'u',
    type: 'rating',
    data: { rating: -1, model_id: 'm', reason: 'inaccurate', comment: 'no' },
    meta: { chat_id: chat, message_id: '2' },
    created_at: 1_700_000_010,
    updated_at: 1_700_000_010,
    ...more,
  })
  const { conversations, report } = await ingestFiles({
    'chats.json': JSON.stringify([samples.openwebui]),
    'feedback.json': JSON.stringify([feedback('w1'), feedback('w2', { snapshot: { chat: samples.openwebui } }), feedback('w3')]),
  })
  expect(conversations.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['w1', { vote: 'downvote', reason: 'inaccurate: no' }],
    ['w2', { vote: 'downvote', reason: 'inaccurate: no' }],
  ])
  expect(report.refused).toEqual({ 'vote-without-conversation': 1 })
})

test('a tree of messages that goes in a circle ends', async () => {
  const node = (id: string, parent: string, role: string) => ({
    id,
    parent,
    children: [],
    message: { author: { role }, content: { content_type: 'text', parts: [role] } },
  })
  const circle = { id: 'x', current_node: 'b', mapping: { a: node('a', 'b', 'user'), b: node('b', 'a', 'assistant') } }
  const { conversations } = await ingestFiles({ 'a.json': JSON.stringify([circle]) })
  expect(said(conversations[0]?.messages)).toEqual(['user: user', 'assistant: assistant'])
})

test('--format reads a file as the form that is named', async () => {
  const record = { ...samples.openai, conversations: [{ from: 'human', value: 'Other' }] }
  const { conversations, report } = await ingestFiles({ 'a.jsonl': [record] }, { format: 'openai' })
  expect(report.inputs[0]?.form).toBe('openai')
  expect(said(conversations[0]?.messages)).toEqual(hiHello)
})

test('records without an id are conversations of their own, with ids that stay the same', async () => {
  const record = { messages: openAi }
  const [first, second] = await Promise.all([ingestFiles({ 'a.jsonl': [record, record] }), ingestFiles({ 'a.jsonl': [record, record] })])
  expect(first.conversations).toHaveLength(2)
  expect(first.conversations.map(({ id }) => id)).toEqual(second.conversations.map(({ id }) => id))
})

test('a file of no known form is counted line by line and refused', async () => {
  const { report } = await ingestFiles({ 'a.jsonl': [{ some: 'thing' }, { other: 1 }], 'b.jsonl': [samples.openai] })
  expect(report.inputs.map(({ form }) => form)).toEqual(['unknown', 'openai'])
  expect(report.refused).toEqual({ 'form-unknown': 2 })
})

const categories: Column[] = ['harassment', 'violence'].map((name) => ({ name, type: 'boolean' }))
const lmsysColumns: Column[] = [
  { name: 'conversation_id', type: 'string' },
  { name: 'model', type: 'string' },
  {
    name: 'conversation',
    type: {
      list: {
        struct: [
          { name: 'content', type: 'string' },
          { name: 'role', type: 'string' },
        ],
      },
    },
  },
  { name: 'turn', type: 'int64' },
  { name: 'language', type: 'string' },
  {
    name: 'openai_moderation',
    type: {
      list: {
        struct: [
          { name: 'categories', type: { struct: categories } },
          { name: 'flagged', type: 'boolean' },
        ],
      },
    },
  },
  { name: 'redacted', type: 'boolean' },
]
const lmsysRow = (index: number): Row => ({
  conversation_id: `c${index}`,
  model: 'vicuna-13b',
  conversation: [
    { content: `Frage ${index}`, role: 'user' },
    { content: 'Antwort', role: 'assistant' },
  ],
  turn: 1n,
  language: 'German',
  openai_moderation: [
    { categories: { harassment: false, violence: index === 1 }, flagged: index === 1 },
    { categories: { harassment: false, violence: false }, flagged: false },
  ],
  redacted: index === 2,
})

test("LMSYS-Chat-1M's Parquet is read back without loss", async () => {
  const folder = makeFolder()
  mkdirSync(join(folder, 'data'))
  await writeParquet(
    join(folder, 'data', 'train-00000-of-00001.parquet'),
    lmsysColumns,
    Array.from({ length: 2500 }, (_, index) => lmsysRow(index)),
    { rowGroupRows: 1000, codec: 'ZSTD' },
  )
  const pool = openPool(1)
  try {
    const work = join(folder, 'work')
    const report = await ingest({ inputs: [join(folder, 'data')], work, pool, log: silentLog })
    expect(report).toMatchObject({ lines: 2500, accepted: 2500, refused: {} })
    const { conversations } = await readWork(work)
    const imported = new Map<unknown, unknown>()
    for (const { shard } of report.shards) {
      for await (const rows of readParquet(join(work, 'imported', `${shard}.parquet`))) {
        for (const row of rows) imported.set(row.id, JSON.parse(String(row.fields)))
      }
    }
    for (const { id, model, messages, turns, source } of conversations) {
      const row = lmsysRow(source.line - 1)
      const back = { conversation_id: id, model, conversation: messages, turn: BigInt(turns), ...(imported.get(id) as object) }
      expect(back).toEqual(row)
    }
  } finally {
    await pool.close()
  }
})

test('Parquet with a garbled footer is refused, not a crash', async () => {
  const { report } = await ingestFiles({
    'a.parquet': Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(100, 7), Buffer.from('PAR1')]),
    'b.jsonl': [samples.openai],
  })
  expect(report.refused).toEqual({ 'invalid-parquet': 1 })
})
