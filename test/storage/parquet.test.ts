import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBytes, writeParquet } from '../../src/storage/parquet.ts'

const folder = mkdtempSync(join(tmpdir(), 'parquet-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('one column of strings inside lists comes alone, row by row and in order, nulls and empty lists without any', async () => {
  const path = join(folder, 'x.parquet')
  const rows = [
    {
      id: 'a',
      texts: [
        { one: 'é', two: 'no' },
        { one: 'repeated', two: 'no' },
      ],
    },
    { id: 'b', texts: [] },
    { id: 'c', texts: null },
    {
      id: 'd',
      texts: [
        { one: '', two: 'no' },
        { one: null, two: 'no' },
        { one: 'repeated', two: 'no' },
      ],
    },
    { id: 'e', texts: [{ one: 'last', two: null }] },
  ]
  await writeParquet(
    path,
    [
      { name: 'id', type: 'string' },
      { name: 'texts', type: { list: { struct: ['one', 'two'].map((name) => ({ name, type: 'string' })) } } },
    ],
    rows,
    { rowGroupRows: 3, codec: 'SNAPPY' },
  )
  const groups: string[][][] = []
  for await (const group of readBytes(path, ['texts', 'list', 'element', 'one'])) {
    groups.push(group.map((values) => values.map((value) => Buffer.from(value).toString())))
  }
  expect(groups).toEqual([
    [['é', 'repeated'], [], []],
    [['', 'repeated'], ['last']],
  ])
  const ids: string[] = []
  for await (const group of readBytes(path, ['id'])) ids.push(...group.flat().map((value) => Buffer.from(value).toString()))
  expect(ids).toEqual(['a', 'b', 'c', 'd', 'e'])
})
