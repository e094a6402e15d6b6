import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HubError } from '../../src/hub/errors.ts'
import { readQuery } from '../../src/hub/index/query.ts'
import { readWhere } from '../../src/hub/index/where.ts'
import { tokenize } from '../../src/hub/index/words.ts'
import { readLedger } from '../../src/hub/ledger.ts'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let token: string
const sayings = [
  ['How do I sort a list?', 'Use sorted(list) in Python 3.11.'],
  ['我想学习机器学习，请推荐书籍', '推荐《深度学习》一书。'],
  ['Привет, как дела?', 'Всё хорошо, спасибо!'],
  ['ما هي عاصمة فرنسا؟', 'عاصمة فرنسا هي باريس.'],
  ['भारत की राजधानी क्या है?', 'भारत की राजधानी नई दिल्ली है।'],
  ['กรุงเทพอยู่ที่ไหน', 'กรุงเทพอยู่ในประเทศไทย'],
  ['Explain x += 1; in C++', 'It adds one: x = x + 1'],
  ['What is Zürich known for?', 'Banks. How about a café?'],
]
const rows = Array.from({ length: 450 }, (_, n) => ({
  id: `c${n}`,
  model: n % 3 === 0 ? 'vicuna-13b' : 'koala-13b',
  texts: [
    ...(sayings[n] ?? [n === 448 ? 'Filler  QUESTION 20' : `filler question ${n}`, `filler answer ${n}`]),
    ...(n % 2 ? ['more', 'and more'] : []),
  ],
}))

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token } = await hub.user('ann'))
  await hub.call('POST', '/api/repos/create', { token, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', token, {
    'README.md': '---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n',
    'data/train-00000-of-00002.parquet': await conversationsParquet(hub.folder, rows.slice(0, 300)),
    'data/train-00001-of-00002.parquet': await conversationsParquet(hub.folder, rows.slice(300)),
  })
})
afterAll(() => hub.close())

interface Page {
  rows: { row_idx: number; row: { conversation_id: string }; matches?: unknown }[]
  num_rows_total: number
}
const ask = async (path: string, query: Record<string, string | number> = {}) => {
  const search = new URLSearchParams({ dataset: 'ann/chats', config: 'default', split: 'train' })
  for (const [key, value] of Object.entries(query)) search.set(key, String(value))
  return hub.json('GET', `/api/viewer/${path}?${search}`)
}
const page = async (path: string, query: Record<string, string | number>) => (await ask(path, query)).body as Page
const ids = ({ rows }: Page) => rows.map(({ row }) => row.conversation_id)

test('a dataset without a description of its own has one made of its files, with their true hashes', async () => {
  const { body } = await hub.json('GET', '/api/datasets/ann/chats/croissant')
  const [file] = Object.values(
    ((await hub.json('GET', '/api/datasets/ann/chats/parquet')).body as { default: { train: string[] } }).default.train,
  )
  const bytes = Buffer.from(await (await hub.call('GET', new URL(file ?? '').pathname)).arrayBuffer())
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(body).toMatchObject({
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    name: 'ann/chats',
    url: 'https://hub.test/datasets/ann/chats',
    distribution: [
      { '@id': 'data/train-00000-of-00002.parquet', sha256, contentSize: `${bytes.length} B` },
      { '@id': 'data/train-00001-of-00002.parquet' },
      { '@type': 'cr:FileSet', '@id': 'train-files', includes: ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'] },
    ],
    recordSet: [
      {
        '@id': 'train',
        description: '450 rows.',
        field: [
          { '@id': 'train/conversation_id', dataType: 'sc:Text', source: { extract: { column: 'conversation_id' } } },
          { name: 'model' },
          {
            name: 'conversation',
            isArray: true,
            arrayShape: '-1',
            subField: [
              { name: 'content', source: { transform: { jsonPath: "$['content']" } } },
              { name: 'role', dataType: 'sc:Text' },
            ],
          },
          { name: 'turn', dataType: 'cr:Int64' },
          { name: 'language' },
          { name: 'redacted', dataType: 'sc:Boolean' },
        ],
      },
    ],
  })
  // The reference reader, mlcroissant, refuses identifiers with spaces.
  expect(JSON.stringify(body).match(/"@id":"[^"]*\s[^"]*"/g)).toBeNull()
  expect((await hub.json('GET', '/api/viewer/croissant?dataset=ann/chats')).body).toEqual(body)
  await hub.call('POST', '/api/repos/create', { token, body: { name: 'bare', type: 'dataset' } })
  expect((await hub.call('GET', '/api/datasets/ann/bare/croissant')).status).toBe(404)
})

describe('rows', () => {
  test('come from any offset, across files', async () => {
    const found = await page('rows', { offset: 298, length: 4 })
    expect(ids(found)).toEqual(['c298', 'c299', 'c300', 'c301'])
    expect(found.num_rows_total).toBe(450)
    expect(found.rows[0]).toMatchObject({ row_idx: 298, row: { turn: 1, conversation: [{ role: 'user' }, { role: 'assistant' }] } })
    expect((await page('rows', { offset: 1000 })).rows).toEqual([])
  })

  test.each([
    [{ length: 101 }, 'InvalidParameter', "Parameter 'length' must not be greater than 100"],
    [{ offset: -1 }, 'InvalidParameter', "Parameter 'offset' must be positive"],
    [{ offset: 'x' }, 'InvalidParameter', "Parameter 'offset' must be integer"],
  ])('refuse %j', async (query, code, words) => {
    const response = await hub.call(
      'GET',
      `/api/viewer/rows?${new URLSearchParams({ dataset: 'ann/chats', config: 'default', split: 'train', ...Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)])) })}`,
    )
    expect([response.status, response.headers.get('x-error-code'), ((await response.json()) as { error: string }).error]).toEqual([
      422,
      code,
      words,
    ])
  })

  test('are also asked on the host name of the dataset viewer', async () => {
    const response = await hub.app.request('https://datasets-server.hub.test/splits?dataset=ann%2Fchats')
    expect(await response.json()).toEqual({
      splits: [{ dataset: 'ann/chats', config: 'default', split: 'train' }],
      pending: [],
      failed: [],
    })
    expect(response.headers.get('x-revision')).toMatch(/^[0-9a-f]{40}$/)
  })
})

test('features, sizes and Parquet addresses are told in the API’s form', async () => {
  const info = (await ask('info')).body
  expect(info).toMatchObject({
    dataset_info: {
      config_name: 'default',
      features: {
        conversation_id: { _type: 'Value', dtype: 'string' },
        conversation: {
          _type: 'List',
          feature: { content: { _type: 'Value', dtype: 'string' }, role: { _type: 'Value', dtype: 'string' } },
        },
        turn: { _type: 'Value', dtype: 'int64' },
        redacted: { _type: 'Value', dtype: 'bool' },
      },
      splits: { train: { num_examples: 450 } },
    },
    partial: false,
  })
  expect((await ask('size')).body).toMatchObject({ size: { dataset: { num_rows: 450 }, splits: [{ num_columns: 6 }] } })
  const { parquet_files } = (await ask('parquet')).body as { parquet_files: { url: string }[] }
  expect(parquet_files).toHaveLength(2)
  expect((await hub.call('HEAD', parquet_files[0]?.url.replace('https://hub.test', '') ?? '')).status).toBe(200)
  await ask('facets')
  expect((await ask('status')).body).toMatchObject({ splits: [{ config: 'default', split: 'train', state: 'ready' }] })
  expect((await ask('is-valid')).body).toEqual({ preview: true, viewer: true, search: true, filter: true, statistics: true })
})

describe('search', () => {
  test.each([
    ['sort', ['c0']],
    ['机器学习', ['c1']],
    ['学习', ['c1']],
    ['как дела', ['c2']],
    ['فرنسا', ['c3']],
    ['राजधानी', ['c4']],
    ['กรุงเทพ', ['c5']],
    ['C++', ['c6']],
    ['"x += 1"', ['c6']],
    ['3.11', ['c0']],
    ['zurich', ['c7']],
    ['CAFÉ', ['c7']],
    ['pyth*', ['c0']],
    ['推荐 -书籍', []],
    ['"list a sort"', []],
    ['answer 12', ['c12']],
  ])('finds %s', async (query, expected) => {
    expect(ids(await page('search', { query }))).toEqual(expected)
  })

  test('tells the message, its turn and where the words stand', async () => {
    const { rows } = await page('search', { query: '学习' })
    expect(rows[0]?.matches).toEqual([
      {
        column: 'conversation',
        message: 0,
        turn: 0,
        role: 'user',
        spans: [
          [2, 4],
          [6, 8],
        ],
      },
      { column: 'conversation', message: 1, turn: 0, role: 'assistant', spans: [[5, 7]] },
    ])
  })

  test('is held to the turns of one side', async () => {
    expect(ids(await page('search', { query: 'sorted', role: 'assistant' }))).toEqual(['c0'])
    expect(ids(await page('search', { query: 'sorted', role: 'user' }))).toEqual([])
  })

  test('pages through many hits and counts them all', async () => {
    const first = await page('search', { query: 'filler', length: 5 })
    const second = await page('search', { query: 'filler', length: 5, offset: 5 })
    expect(first.num_rows_total).toBe(442)
    expect(new Set([...ids(first), ...ids(second)]).size).toBe(10)
  })

  test('takes any words without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          for (const { tokens } of readQuery(text).terms) expect(tokens.every((token) => token !== '' && !/\s/.test(token))).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(HubError)
        }
      }),
    )
  })

  test('knows where every token stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const { start, end } of tokenize(text)) expect(text.slice(start, end).length).toBeGreaterThan(0)
      }),
    )
  })
})

describe('filter', () => {
  test.each([
    [`"model" = 'vicuna-13b' and "turn" = 2`, 75],
    [`"conversation.length" > 2`, 225],
    [`"conversation"."length" > 2 or "conversation_id" = 'c0'`, 226],
    [`not ("model" like 'vicuna%')`, 300],
    [`"conversation_id" in ('c1', 'c2')`, 2],
    [`"redacted" = false`, 450],
    [`"language" is null`, 0],
  ])('keeps the rows where %s', async (where, total) => {
    expect((await page('filter', { where })).num_rows_total).toBe(total)
  })

  test('sorts', async () => {
    expect(ids(await page('filter', { where: '"turn" = 1', orderby: '"conversation_id" desc', length: 2 }))).toEqual(['c98', 'c96'])
  })

  test.each([
    `1=1; drop table facets`,
    `"nope" = 1`,
    `"turn" = 1 --`,
    `"turn" = (select 1)`,
    `'a' = 'a'`,
    `"turn" = 1 or`,
    '((((',
    `"model" = 'a`,
  ])('refuses %s', async (where) => {
    expect((await ask('filter', { where })).status).toBe(422)
  })

  test('reads any text as a condition, or refuses it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, text) => {
        const where = `"a" = '${text.replaceAll("'", "''")}' or "a" ${name}`
        try {
          expect(readWhere(where)).toMatchObject({ kind: 'or' })
        } catch (error) {
          expect(error).toBeInstanceOf(HubError)
        }
      }),
    )
  })
})

describe('choosing', () => {
  test('search and filter go together', async () => {
    const found = await page('search', { query: 'filler', where: `"model" = 'vicuna-13b'` })
    expect(found.num_rows_total).toBe(147)
    const sorted = await page('filter', { query: 'filler', where: '"turn" = 2', orderby: '"conversation_id" desc', length: 2 })
    expect([sorted.num_rows_total, ids(sorted)]).toEqual([221, ['c99', 'c97']])
  })

  test('facets count values, ranges and flags under what is chosen', async () => {
    const { body } = await ask('facets', { where: '"turn" = 2' })
    expect(body).toMatchObject({
      facets: expect.arrayContaining([
        {
          column: 'model',
          label: 'model',
          kind: 'value',
          values: [
            { value: 'koala-13b', count: 150, where: `"model" = 'koala-13b'` },
            { value: 'vicuna-13b', count: 75, where: `"model" = 'vicuna-13b'` },
          ],
        },
        expect.objectContaining({ column: 'turn', kind: 'range', values: [expect.objectContaining({ value: 2, to: 2, count: 225 })] }),
        expect.objectContaining({ column: 'redacted', kind: 'flag', values: [expect.objectContaining({ value: false, count: 225 })] }),
      ]),
      total: 225,
    })
  })

  test('a condition that a facet names keeps as many rows as it counts', async () => {
    const { facets } = (await ask('facets', { query: 'filler' })).body as { facets: { values: { where: string; count: number }[] }[] }
    for (const { where, count } of facets.flatMap(({ values }) => values))
      expect([where, (await page('filter', { query: 'filler', where })).num_rows_total]).toEqual([where, count])
  })

  test('rows at random are the same for the same seed, and others for another', async () => {
    const draw = async (seed: number) => ids(await page('sample', { n: 20, seed }))
    expect(await draw(7)).toEqual(await draw(7))
    expect(await draw(7)).not.toEqual(await draw(8))
    expect(new Set(await draw(7)).size).toBe(20)
    expect((await ask('sample', { n: 101 })).status).toBe(422)
  })

  test('rows with the same first prompt are found, whatever its case and spaces', async () => {
    expect(ids(await page('same-prompt', { row: 20 }))).toEqual(['c20', 'c448'])
    expect(ids(await page('same-prompt', { row: 1 }))).toEqual(['c1'])
    expect((await ask('same-prompt', { row: 9999 })).status).toBe(422)
  })
})

test('statistics count labels, lengths and numbers', async () => {
  const { body } = await ask('statistics')
  expect(body).toMatchObject({
    num_examples: 450,
    statistics: expect.arrayContaining([
      expect.objectContaining({
        column_name: 'model',
        column_type: 'string_label',
        column_statistics: expect.objectContaining({ frequencies: { 'koala-13b': 300, 'vicuna-13b': 150 } }),
      }),
      expect.objectContaining({
        column_name: 'turn',
        column_type: 'int',
        column_statistics: expect.objectContaining({
          min: 1,
          max: 2,
          mean: 1.5,
          median: 1.5,
          histogram: { hist: [225, 225], bin_edges: [1, 2, 2] },
        }),
      }),
      expect.objectContaining({
        column_name: 'conversation',
        column_type: 'list',
        column_statistics: expect.objectContaining({ min: 2, max: 4 }),
      }),
      expect.objectContaining({
        column_name: 'redacted',
        column_type: 'bool',
        column_statistics: expect.objectContaining({ frequencies: { False: 450 } }),
      }),
      expect.objectContaining({ column_name: 'conversation_id', column_type: 'string_text' }),
    ]),
  })
})

test('a part of the release is exported, and the ledger tells how much', async () => {
  const given = { where: `"model" = 'vicuna-13b'`, query: 'filler' }
  const fetchPart = async (format: string) => {
    const query = new URLSearchParams({ dataset: 'ann/chats', config: 'default', split: 'train', ...given, format })
    return Buffer.from(await (await hub.call('GET', `/api/viewer/export?${query}`)).arrayBuffer())
  }
  const lines = (await fetchPart('jsonl')).toString().trimEnd().split('\n')
  expect(lines).toHaveLength(147)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ conversation_id: 'c9', model: 'vicuna-13b' })
  const parquet = await fetchPart('parquet')
  const rows = await parquetReadObjects({
    file: parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length),
    compressors,
  })
  expect(rows.map(({ conversation_id }) => conversation_id)).toEqual(
    lines.map((line) => (JSON.parse(line) as { conversation_id: string }).conversation_id),
  )
  expect(Object.keys(rows[0] ?? {})).toEqual(['conversation_id', 'model', 'conversation', 'turn', 'language', 'redacted'])
  const entries = []
  for await (const page of readLedger(hub.hub.database, { dataset: 'ann/chats' })) entries.push(...page)
  const exported = entries.filter(({ action }) => action.startsWith('viewer.export'))
  expect(exported.map(({ action, detail }) => [action, detail.rows])).toEqual([
    ['viewer.exported', 147],
    ['viewer.export-sent', undefined],
    ['viewer.exported', 147],
  ])
  expect(exported[1]?.bytes).toBe(lines.join('\n').length + 1)
  expect((await ask('export', { format: 'xlsx' })).status).toBe(422)
})

test('two versions differ by the conversations added, removed and changed', async () => {
  const before = ((await hub.json('GET', '/api/datasets/ann/chats')).body as { sha: string }).sha
  const changed = rows.slice(300).flatMap((row, n) => (n === 0 ? [] : [n === 1 ? { ...row, model: 'other' } : row]))
  const more = [...changed, { id: 'new', model: 'm', texts: ['a', 'b'] }]
  await hub.commit('ann/chats', token, { 'data/train-00001-of-00002.parquet': await conversationsParquet(hub.folder, more) })
  const { body } = await hub.json('GET', `/api/datasets/ann/chats/diff?base=${before}`)
  expect(body).toMatchObject({
    counts: { added: 1, removed: 1, changed: 1 },
    rows: [
      { id: 'c300', kind: 'removed' },
      { id: 'c301', kind: 'changed', columns: ['model'] },
      { id: 'new', kind: 'added' },
    ],
  })
  const page = (await hub.json('GET', `/api/datasets/ann/chats/diff?base=${before}&kind=removed`)).body
  expect(page).toMatchObject({ total: 1, rows: [{ id: 'c300' }] })
  expect((await hub.call('GET', '/api/datasets/ann/chats/diff?base=nope')).status).toBe(404)
})

test('strangers see the rows that the owner picked, and no other', async () => {
  await hub.call('PUT', '/api/datasets/ann/chats/settings', { token, body: { gated: 'auto', sampleRows: [3] } })
  expect((await ask('rows')).status).toBe(401)
  expect((await hub.json('GET', '/api/datasets/ann/chats/sample')).body).toMatchObject({
    rows: [{ row_idx: 3, row: { conversation_id: 'c3' } }],
  })
})
