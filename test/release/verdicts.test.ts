import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet'
import { afterAll, expect, test } from 'vitest'
import { type MessageModeration, moderationCategories, moderationFields } from '../../src/release/moderation.ts'
import { failedVerdict, flaggedBit, readVerdicts, shredVerdicts, toVerdicts, type Verdicts } from '../../src/release/verdicts.ts'
import { type Column, writeParquet } from '../../src/storage/parquet.ts'
import { openRowGroupEncoder } from '../../src/storage/row-groups.ts'
import { removeAll } from './work-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'colloquy-verdicts-'))
afterAll(() => removeAll(folder))

const byCategory = <T>(value: fc.Arbitrary<T>) =>
  fc
    .tuple(...moderationCategories.map(() => value))
    .map((values) => Object.fromEntries(moderationCategories.map((name, at) => [name, values[at]])))
const verdict = fc
  .record({
    categories: byCategory(fc.boolean()),
    category_scores: byCategory(fc.double({ min: 0, max: 1, noNaN: true })),
    flagged: fc.boolean(),
  })
  .map((message) => message as unknown as MessageModeration)
const conversations = fc.array(fc.array(fc.option(verdict, { freq: 5 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 })

const asColumn: Column[] = [{ name: 'openai_moderation', type: { list: { struct: moderationFields } } }]
const allNull = {
  categories: Object.fromEntries(moderationCategories.map((name) => [name, null])),
  category_scores: Object.fromEntries(moderationCategories.map((name) => [name, null])),
  flagged: null,
}

test('the fast way to leaves gives the same bytes as lists of structs, with nulls for failed messages', async () => {
  const general = await openRowGroupEncoder(asColumn, 'ZSTD')
  const fast = await openRowGroupEncoder(asColumn, 'ZSTD', {
    openai_moderation: (rows) => shredVerdicts(rows.map((row) => row.verdicts as Verdicts)),
  })
  fc.assert(
    fc.property(conversations, (found) => {
      const slow = general(found.map((messages) => ({ openai_moderation: messages.map((message) => message ?? allNull) })))
      const quick = fast(found.map((messages) => ({ verdicts: toVerdicts(messages) })))
      expect(Buffer.from(quick.bytes).equals(Buffer.from(slow.bytes))).toBe(true)
      expect(quick.footer).toEqual(slow.footer)
    }),
    { numRuns: 60 },
  )
})

test('the fast way from a sidecar gives the same verdicts as reading it as rows', async () => {
  let number = 0
  await fc.assert(
    fc.asyncProperty(conversations, async (found) => {
      const path = join(folder, `${number++}.parquet`)
      await writeParquet(
        path,
        [{ name: 'messages', type: { list: { struct: moderationFields } } }],
        found.map((messages) => ({ messages })),
      )
      const file = await asyncBufferFromFile(path)
      const read = await readVerdicts(file, await parquetMetadataAsync(file), 0, found.length)
      expect(read).toEqual(found.map(toVerdicts))
    }),
    { numRuns: 40 },
  )
})

test('rows that are not one row group are left to the slow way', async () => {
  const path = join(folder, 'groups.parquet')
  await writeParquet(path, [{ name: 'messages', type: { list: { struct: moderationFields } } }], [{ messages: [] }, { messages: [] }], {
    rowGroupRows: 1,
    codec: 'SNAPPY',
  })
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  expect(await readVerdicts(file, metadata, 0, 2)).toBeUndefined()
  expect(await readVerdicts(file, metadata, 1, 2)).toEqual([toVerdicts([])])
})

test('bits and marks of a verdict', () => {
  const clean = Object.fromEntries(moderationCategories.map((name) => [name, false])) as MessageModeration['categories']
  const scores = Object.fromEntries(moderationCategories.map((name, at) => [name, at / 10])) as MessageModeration['category_scores']
  const { flags, scores: flat } = toVerdicts([{ categories: { ...clean, hate: true }, category_scores: scores, flagged: true }, null])
  expect([...flags]).toEqual([flaggedBit | (1 << 2), failedVerdict])
  expect([...flat.slice(0, 3)]).toEqual([0, 0.1, 0.2])
})
