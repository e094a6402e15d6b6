import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lmsysColumns } from '../../src/release/columns.ts'
import { release } from '../../src/release/release.ts'
import { removeAll, writeWork } from './work-folder.ts'

interface Node {
  '@type': string
  '@id': string
  name: string
  [property: string]: unknown
}

let work = ''
let croissant: Record<string, unknown> & { distribution: Node[]; recordSet: (Node & { field: Node[] })[] }

beforeAll(async () => {
  work = await writeWork({
    conversations: 100,
    recipe: { columns: ['tokens', 'started_at'], card: { url: 'https://example.org/talks', licensor: 'Example Lab' } },
  })
  await release({ work, out: join(work, 'out'), jobs: 1 })
  croissant = JSON.parse(readFileSync(join(work, 'out', 'croissant.json'), 'utf8'))
})
afterAll(() => removeAll(work))

test('every property that Croissant 1.1 requires is there, and those it recommends', () => {
  for (const name of ['@context', '@type', 'conformsTo', 'description', 'license', 'name', 'url', 'creator', 'datePublished'])
    expect(croissant, name).toHaveProperty([name])
  for (const name of ['version', 'dateModified', 'inLanguage', 'publisher', 'citeAs', 'usageInfo'])
    expect(croissant, name).toHaveProperty([name])
  expect(croissant.conformsTo).toContain('http://mlcommons.org/croissant/1.1')
  expect(croissant.datePublished).toBe('2023-04-25')
})

test('every file has its true sha256 and size', () => {
  const files = croissant.distribution.filter((node) => node['@type'] === 'cr:FileObject')
  expect(files).toHaveLength(1)
  for (const { contentUrl, sha256, contentSize, encodingFormat } of files) {
    const bytes = readFileSync(join(work, 'out', String(contentUrl)))
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(contentSize).toBe(`${bytes.length} B`)
    expect(encodingFormat).toBe('application/x-parquet')
  }
})

test('every column is a field with type and source, and every id stands once', () => {
  const [records] = croissant.recordSet
  expect(records?.field.map(({ name }) => name)).toEqual([...lmsysColumns.map(({ name }) => name), 'tokens', 'started_at'])
  const ids: string[] = []
  const visit = (field: Node) => {
    ids.push(field['@id'])
    expect(field['@type']).toBe('cr:Field')
    expect(field.source).toMatchObject({ fileSet: { '@id': 'train-files' }, extract: { column: expect.any(String) } })
    expect(field.dataType ?? field.subField).toBeDefined()
    for (const inner of (field.subField ?? []) as Node[]) visit(inner)
  }
  for (const field of records?.field ?? []) visit(field)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toHaveLength(7 + 2 + 2 + 3 + 22)
})

test('responsible-AI properties say how the data came about and what did not run', () => {
  for (const name of ['rai:dataCollection', 'rai:personalSensitiveInformation', 'rai:dataLimitations', 'rai:dataUseCases'])
    expect(croissant, name).toHaveProperty([name])
  expect(croissant['rai:dataCollection']).toContain('Consent is assumed')
})
