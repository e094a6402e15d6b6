import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { afterAll, expect, test } from 'vitest'
import { openSql } from '../../src/engine/sql.ts'
import { lmsysColumns } from '../../src/release/columns.ts'
import type { DataLayout } from '../../src/release/data.ts'
import { release } from '../../src/release/release.ts'
import { readParquet, toSchema } from '../../src/storage/parquet.ts'
import { removeAll, type WorkPlan, writeWork } from './work-folder.ts'

const made: string[] = []
afterAll(() => removeAll(...made))

const small: DataLayout = { fileBytes: 60_000, rowGroupRows: 100, segmentRows: 100 }

async function prepare(plan: WorkPlan): Promise<{ work: string; out: string }> {
  const work = await writeWork(plan)
  made.push(work)
  return { work, out: join(work, 'out') }
}

/** Every file of a folder with its sha256. */
function hashes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const named = files.map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    named.map((path) => [path.slice(folder.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')]).sort(),
  )
}

async function readRows(out: string) {
  const files = readdirSync(join(out, 'data')).sort()
  const rows = []
  for (const file of files) for await (const group of readParquet(join(out, 'data', file))) rows.push(...group)
  return { files, rows }
}

test('a release has every file that its manifest names, and the rows in the order of their positions', async () => {
  const { work, out } = await prepare({ conversations: 1000, shards: 3 })
  const report = await release({ work, out, jobs: 1, layout: small })
  const { files, rows } = await readRows(out)
  expect(report.rows).toBe(900)
  expect(rows.length).toBe(900)
  expect(files.length).toBeGreaterThan(2)
  expect(files[0]).toBe(`train-00000-of-${String(files.length).padStart(5, '0')}.parquet`)
  expect(readdirSync(out).sort()).toEqual(['LICENSE.md', 'README.md', 'croissant.json', 'data', 'figures', 'manifest.json', 'stats.json'])
  expect(readdirSync(join(out, 'figures')).sort()).toEqual(['days.svg', 'languages.svg', 'models.svg', 'tokens.svg', 'turns.svg'])
  const expected = []
  for (let index = 0; index < 1000; index++) if (index % 10 !== 9) expected.push((index * 2_654_435_761).toString(16).padStart(32, '0'))
  expect(rows.map((row) => row.conversation_id)).toEqual(expected)
  expect(existsSync(`${out}.building`)).toBe(false)
})

test("the columns are LMSYS-Chat-1M's, with its moderation fields, and the published model names", async () => {
  const { work, out } = await prepare({ conversations: 60, messages: 3 })
  await release({ work, out, jobs: 1 })
  const file = await asyncBufferFromFile(join(out, 'data', 'train-00000-of-00001.parquet'))
  const metadata = await parquetMetadataAsync(file)
  expect(metadata.schema.map(({ name, type }) => [name, type])).toEqual(toSchema(lmsysColumns).map(({ name, type }) => [name, type]))
  const rows = await parquetReadObjects({ file, compressors })
  const [first] = rows
  expect(Object.keys(first ?? {})).toEqual([
    'conversation_id',
    'model',
    'conversation',
    'turn',
    'language',
    'openai_moderation',
    'redacted',
  ])
  expect(Object.keys(first?.conversation[0])).toEqual(['content', 'role'])
  expect(Object.keys(first?.openai_moderation[0])).toEqual(['categories', 'category_scores', 'flagged'])
  expect(first?.turn).toBe(1n)
  expect(new Set(rows.map((row) => row.model))).toEqual(new Set(['vicuna-13b', 'gpt-4']))
})

test('every column chunk has a page index, and a row group at most 5,000 rows', async () => {
  const { work, out } = await prepare({ conversations: 2100, characters: 300, dropEvery: 0, messages: 2 })
  await release({ work, out, jobs: 1 })
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(out, 'data', 'train-00000-of-00001.parquet')))
  expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([2000n, 100n])
  const chunks = metadata.row_groups.flatMap(({ columns }) => columns)
  expect(chunks.filter((chunk) => !chunk.offset_index_offset || !chunk.offset_index_length)).toEqual([])
  expect(new Set(chunks.map((chunk) => chunk.meta_data?.codec))).toEqual(new Set(['ZSTD']))
})

test('redaction replaces its spans and says so', async () => {
  const { work, out } = await prepare({
    conversations: 16,
    dropEvery: 0,
    change: (conversation) => conversation.messages.splice(0, 1, { role: 'user', content: 'Bob asks' }),
  })
  await release({ work, out, jobs: 1 })
  const { rows } = await readRows(out)
  const first = rows.map((row) => [(row.conversation as { content: string }[])[0]?.content, row.redacted])
  expect(first[0]).toEqual(['NAME_1 asks', true])
  expect(first[1]).toEqual(['Bob asks', false])
})

test('a message whose moderation failed is null in every value, neither flagged nor clean', async () => {
  const { work, out } = await prepare({ conversations: 14, dropEvery: 0 })
  await release({ work, out, jobs: 1 })
  const { rows } = await readRows(out)
  const moderation = rows.map((row) => row.openai_moderation as { flagged: boolean | null; categories: Record<string, boolean | null> }[])
  const failed = moderation[13]?.[0]
  expect(failed?.flagged).toBeNull()
  expect(new Set(Object.values(failed?.categories ?? {}))).toEqual(new Set([null]))
  expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).moderationFailures).toBe(2)
})

test('without redaction and moderation labels the columns stay, and manifest and card say that none ran', async () => {
  const { work, out } = await prepare({ conversations: 20, labels: ['language', 'tokens'] })
  await release({ work, out, jobs: 1 })
  const { rows } = await readRows(out)
  expect(rows.map((row) => row.openai_moderation)).toEqual(rows.map(() => []))
  expect(rows.map((row) => row.redacted)).toEqual(rows.map(() => false))
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
  expect(Object.keys(manifest.absent)).toEqual(['redaction', 'moderation'])
  const card = readFileSync(join(out, 'README.md'), 'utf8')
  expect(card).toContain('No redaction ran')
  expect(card).toContain('No moderation ran')
  expect(card).toContain('An invented row')
})

test('extra columns come after the seven, in the order of the recipe', async () => {
  const columns = ['tokens', 'language_code', 'started_at', 'user', 'outcome', 'redactions', 'quality']
  const { work, out } = await prepare({
    conversations: 20,
    labels: ['language', 'tokens', 'redaction', 'moderation', 'quality'],
    recipe: { columns },
    change: (conversation) => Object.assign(conversation, { outcome: { vote: 'upvote', reason: 'my own words' } }),
  })
  await release({ work, out, jobs: 1 })
  const { rows } = await readRows(out)
  expect(Object.keys(rows[1] ?? {}).slice(7)).toEqual(columns)
  expect(rows[1]).toMatchObject({
    tokens: [30, 30, 30, 30],
    language_code: 'en',
    outcome: { vote: 'upvote', flagged: null, shared: null },
    quality: { score: 0.1, reasons: ['invented'] },
  })
  expect(rows[1]?.started_at).toEqual(new Date('2023-04-24T01:00:00.000Z'))
  expect(rows[0]?.redactions).toEqual([{ message: 0, kind: 'PERSON', replacement: 'NAME_1' }])
  expect(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : value))).not.toContain('my own words')
})

test('the same work folder gives the same bytes, whatever the number of threads and the place', async () => {
  const { work, out } = await prepare({ conversations: 400, shards: 3, recipe: { columns: ['tokens', 'started_at'] } })
  await release({ work, out, jobs: 1, layout: small })
  const other = join(work, 'elsewhere', 'deeper')
  await release({ work, out: other, jobs: 3, layout: small })
  expect(hashes(other)).toEqual(hashes(out))
  await release({ work, out, jobs: 2, layout: small })
  expect(hashes(out)).toEqual(hashes(other))
})

test('a shuffled release has its rows by position, and the same bytes whatever the number of threads', async () => {
  const { work, out } = await prepare({ conversations: 400, shards: 3, order: 'shuffled' })
  await release({ work, out, jobs: 1, layout: small })
  const { rows } = await readRows(out)
  const ids = []
  for (let index = 0, at = 0; index < 400; index++)
    if (index % 10 !== 9) ids[(at++ * 7919) % 360] = (index * 2_654_435_761).toString(16).padStart(32, '0')
  expect(rows.map((row) => row.conversation_id)).toEqual(ids)
  const other = join(work, 'other')
  await release({ work, out: other, jobs: 3, layout: small })
  expect(hashes(other)).toEqual(hashes(out))
})

test('an order makes no difference to the statistics', async () => {
  const [a, b] = await Promise.all([prepare({ conversations: 200 }), prepare({ conversations: 200, order: 'shuffled' })])
  const [first, second] = [await release({ ...a, jobs: 1, layout: small }), await release({ ...b, jobs: 1, layout: small })]
  expect(second.stats).toEqual(first.stats)
})

test('DuckDB counts the same as stats.json', async () => {
  const { work, out } = await prepare({ conversations: 600, shards: 2 })
  const { stats } = await release({ work, out, jobs: 1, layout: small })
  const sql = await openSql({ jobs: 1, memoryMiB: 256, temp: work })
  const [row] = await sql.rows(
    `SELECT count(*)::INT AS conversations, count(DISTINCT model)::INT AS models, avg(turn) AS turns, count_if(redacted)::INT AS redacted,
      count_if(len(list_filter(openai_moderation, m -> m.categories['sexual'])) > 0)::INT AS sexual FROM '${join(out, 'data')}/*.parquet'`,
  )
  sql.close()
  expect(row).toEqual({
    conversations: stats.conversations,
    models: stats.models,
    turns: stats.averageTurnsPerSample,
    redacted: stats.redaction?.conversations,
    sexual: stats.moderation?.categories.sexual,
  })
  expect(stats.redaction?.conversations).toBeGreaterThan(50)
  expect(stats.moderation?.categories.sexual).toBeGreaterThan(50)
})

test('no file names a place, a machine or a moment of building', async () => {
  const { work, out } = await prepare({
    conversations: 50,
    recipe: { blockedWords: '/home/someone/words.json', settings: { moderation: { apiKey: 'secret-1' } } },
  })
  await release({ work, out, jobs: 1 })
  const texts = ['README.md', 'LICENSE.md', 'stats.json', 'croissant.json', 'manifest.json'].map((file) =>
    readFileSync(join(out, file), 'utf8'),
  )
  const today = new Date().toISOString().slice(0, 10)
  for (const text of texts) for (const secret of [work, '/home/someone', 'secret-1', today]) expect(text).not.toContain(secret)
})

test('a folder that is not a release is refused and left alone', async () => {
  const { work, out } = await prepare({ conversations: 20 })
  mkdirSync(out)
  writeFileSync(join(out, 'thesis.txt'), 'mine')
  await expect(release({ work, out, jobs: 1 })).rejects.toMatchObject({ code: 'out-not-ours' })
  expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('mine')
  const other = join(work, 'other')
  await release({ work, out: other, jobs: 1 })
  writeFileSync(join(other, 'notes.txt'), 'mine, too')
  await expect(release({ work, out: other, jobs: 1 })).rejects.toMatchObject({ code: 'out-not-ours' })
  expect(readFileSync(join(other, 'notes.txt'), 'utf8')).toBe('mine, too')
})

test('a work folder that is not finished or does not fit together is refused with the way out', async () => {
  const { work, out } = await prepare({ conversations: 20 })
  await expect(release({ work: join(work, 'nowhere'), out })).rejects.toMatchObject({ code: 'work-incomplete' })
  const curate = JSON.parse(readFileSync(join(work, 'curate.json'), 'utf8'))
  const rewrite = (change: object) => writeFileSync(join(work, 'curate.json'), JSON.stringify({ ...curate, ...change }))
  rewrite({ recipe: { ...curate.recipe, columns: ['nonsense'] } })
  await expect(release({ work, out })).rejects.toMatchObject({ code: 'column-unknown', message: expect.stringContaining('language_code') })
  rewrite({ recipe: { ...curate.recipe, consent: 'required' } })
  await expect(release({ work, out, jobs: 1 })).rejects.toMatchObject({ code: 'consent-missing' })
  rewrite({ selected: 17 })
  await expect(release({ work, out })).rejects.toMatchObject({ code: 'work-unreadable' })
  rewrite({
    selected: 17,
    shards: [
      { shard: '00000', rows: 10, selected: 9 },
      { shard: '00001', rows: 10, selected: 8 },
    ],
  })
  await expect(release({ work, out, jobs: 1 })).rejects.toMatchObject({ code: 'labels-misaligned' })
  rewrite({ selected: 0, shards: [] })
  await expect(release({ work, out, jobs: 1 })).rejects.toMatchObject({ code: 'release-empty' })
  rewrite({ labels: 'all' })
  await expect(release({ work, out })).rejects.toMatchObject({ code: 'work-unreadable' })
  expect(existsSync(out)).toBe(false)
})
