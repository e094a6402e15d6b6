import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Dataset } from '../../src/web/api.shapes.ts'
import { citationOf } from '../../src/web/cite.ts'
import { quantile, readMetrics } from '../../src/web/metrics.ts'
import { fillPeriods } from '../../src/web/pages/dataset/periods.ts'
import { toCsv } from '../../src/web/pages/desk/csv.ts'
import {
  adminHref,
  adminTabs,
  askAccessHref,
  askDeletionHref,
  conversationOf,
  type DeskPlace,
  deskHref,
  deskTabs,
  docsHref,
  readDeskPlace,
  searchHref,
  settingsHref,
  settingsTabs,
} from '../../src/web/route.desk.ts'

const metrics = `# TYPE colloquy_request_seconds histogram
colloquy_request_seconds_bucket{method="GET",route="/api/x",status="2xx",le="0.1"} 6
colloquy_request_seconds_bucket{method="GET",route="/api/x",status="2xx",le="1"} 8
colloquy_request_seconds_bucket{method="GET",route="/api/x",status="2xx",le="+Inf"} 8
colloquy_request_seconds_sum{method="GET",route="/api/x",status="2xx"} 1.5
colloquy_request_seconds_count{method="GET",route="/api/x",status="2xx"} 8
colloquy_request_seconds_bucket{method="PUT",route="/a\\"b\\\\",status="5xx",le="0.1"} 0
colloquy_request_seconds_bucket{method="PUT",route="/a\\"b\\\\",status="5xx",le="1"} 1
colloquy_request_seconds_bucket{method="PUT",route="/a\\"b\\\\",status="5xx",le="+Inf"} 2
colloquy_request_seconds_sum{method="PUT",route="/a\\"b\\\\",status="5xx"} 9
colloquy_request_seconds_count{method="PUT",route="/a\\"b\\\\",status="5xx"} 2
colloquy_request_seconds_count{method="GET",route="/api/x",status="4xx"} 1
process_resident_memory_bytes 1048576
another_metric 7
`

test('the server’s counts are read by route, with failures, refusals, memory and answers by their time', () => {
  const read = readMetrics(metrics)
  expect(read).toMatchObject({ requests: 11, failed: 2, refused: 1, memoryBytes: 1_048_576 })
  expect(read.routes).toEqual([
    { route: 'GET /api/x', count: 9, seconds: 1.5, failed: 0 },
    { route: 'PUT /a"b\\', count: 2, seconds: 9, failed: 2 },
  ])
  expect(read.buckets).toEqual([
    { le: 0.1, count: 6 },
    { le: 1, count: 3 },
    { le: Number.POSITIVE_INFINITY, count: 1 },
  ])
  expect([0.5, 0.8, 0.99].map((share) => quantile({ ...read, requests: 10 }, share))).toEqual([0.1, 1, Number.POSITIVE_INFINITY])
  expect(quantile(readMetrics(''), 0.5)).toBeUndefined()
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readMetrics(text).requests === 0))
})

const dataset = (given: Partial<Dataset>): Dataset => ({
  createdAt: '2026-03-01T12:00:00.000Z',
  tags: [],
  id: 'lab/my chats',
  sha: '0123456789abcdef0123456789abcdef01234567',
  version: null,
  sinceVersion: null,
  description: '',
  lastModified: '2026-03-01T12:00:00.000Z',
  private: false,
  gated: false,
  downloads: 0,
  cardData: {},
  ...given,
})

test('a revision without a number is cited by what its card says, else by its content’s address', () => {
  const given = { card: '', origin: 'https://hub.test' }
  expect(citationOf(dataset({}), given)).toBe(
    [
      '@misc{my-chats-0123456,',
      '  title = {lab/my chats},',
      '  author = {{lab}},',
      '  year = {2026},',
      '  version = {0123456},',
      '  url = {https://hub.test/datasets/lab/my chats?revision=0123456789abcdef0123456789abcdef01234567}',
      '}',
    ].join('\n'),
  )
  expect(citationOf(dataset({}), { ...given, card: '# Card\n\n```bibtex\n@misc{own, title = {Own}}\n```\n' })).toBe(
    '@misc{own, title = {Own}}',
  )
})

test('no title breaks out of its field', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (description) => {
      const [, title = ''] = citationOf(dataset({ description }), { card: '', origin: 'https://hub.test' }).split('\n')
      const inside = title.replace(/^ {2}title = \{/, '').replace(/\},$/, '')
      // Every brace and backslash of the title is one that TeX shows.
      return !/[{}\\]/.test(inside.replace(/\\(?:textbackslash |[{}#$%&_])/g, ''))
    }),
  )
})

test('days and months without a download stand between those with one, and what is not told stays untold', () => {
  const days = fillPeriods(
    [
      { period: '2026-02-26', downloads: 3 },
      { period: '2026-03-02', downloads: null },
    ],
    'day',
  )
  expect(days).toHaveLength(12)
  expect(days.slice(-5)).toEqual([
    { period: '2026-02-26', downloads: 3 },
    { period: '2026-02-27', downloads: 0 },
    { period: '2026-02-28', downloads: 0 },
    { period: '2026-03-01', downloads: 0 },
    { period: '2026-03-02', downloads: null },
  ])
  const months = fillPeriods([{ period: '2026-01', downloads: 1 }], 'month').map(({ period }) => period)
  expect([months[0], months.at(-1)]).toEqual(['2025-02', '2026-01'])
  const long = [
    { period: '2020-01-01', downloads: 1 },
    { period: '2026-01-01', downloads: 1 },
  ]
  expect(fillPeriods(long, 'day')).toHaveLength(60)
  expect(fillPeriods([], 'day')).toEqual([])
})

test('rows become CSV that reads back as it was, and no cell is a formula', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['plain', 'with, comma'],
        ['"quoted"', 'two\nlines'],
        ['=1+1', '-2'],
      ],
    ),
  ).toBe('a,b\r\nplain,"with, comma"\r\n"""quoted""","two\nlines"\r\n\'=1+1,\'-2\r\n')
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()), { minLength: 1 }), (rows) => {
      const read = readCsv(toCsv(['x', 'y'], rows)).slice(1)
      expect(read).toEqual(rows.map((row) => row.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))))
    }),
  )
})

/** Reads RFC 4180, by its grammar. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '') break
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') rows.push([])
  }
  return rows.filter((row) => row.length > 0)
}

/** Reads an address as the site does: path and query apart. */
function read(href: string): DeskPlace | undefined {
  const url = new URL(href, 'https://hub.test')
  return readDeskPlace(url.pathname, url.searchParams)
}

test('the address of each page for people, stewards and administrators reads back as what was asked', () => {
  const text = fc.string({ unit: 'grapheme' })
  const level = fc.constantFrom('release' as const, 'raw' as const)
  const status = fc.constantFrom('pending' as const, 'accepted' as const, 'rejected' as const, 'revoked' as const)
  fc.assert(
    fc.property(text, level, status, fc.constantFrom(...deskTabs), (find, ofLevel, ofStatus, tab) => {
      expect(read(searchHref(find))).toEqual({ page: 'search', query: find })
      expect(read(askAccessHref('a/b.c', ofLevel))).toEqual({ page: 'ask-access', dataset: 'a/b.c', level: ofLevel })
      expect(read(askDeletionHref('a/b', find))).toEqual({ page: 'ask-deletion', dataset: 'a/b', conversation: find.slice(0, 200) })
      expect(read(deskHref('a/b', tab, { level: ofLevel, status: ofStatus, find }))).toEqual({
        ...{ page: 'dataset-desk', dataset: 'a/b', tab },
        ...{ level: ofLevel, status: ofStatus, find },
      })
      expect(read(adminHref('users', find))).toEqual({ page: 'admin', tab: 'users', find })
    }),
  )
  for (const tab of settingsTabs) expect(read(settingsHref(tab))).toEqual({ page: 'settings', tab })
  for (const tab of adminTabs) expect(read(adminHref(tab))).toEqual({ page: 'admin', tab, find: '' })
  expect([read(docsHref()), read(docsHref('hub')), read('/desk')]).toEqual([
    { page: 'docs', name: '' },
    { page: 'docs', name: 'hub' },
    { page: 'desk' },
  ])
})

test('what is no tab is the first one, and what is no page is none', () => {
  expect(read('/settings/nothing')).toEqual({ page: 'settings', tab: 'requests' })
  expect(read('/datasets/a/b/desk/nothing?status=odd&level=odd')).toMatchObject({ tab: 'requests', status: 'pending', level: 'release' })
  expect(['/desk/x', '/search/x', '/datasets/a/b', '/datasets/.a/b/desk', '/datasets/a/b/c/desk', '/other'].map(read)).toEqual(
    Array(6).fill(undefined),
  )
})

test('a person may point at a conversation by its id or by a link to it', () => {
  expect(conversationOf('  abc ')).toBe('abc')
  expect(conversationOf('https://hub.test/datasets/a/b/deletion?conversation=abc')).toBe('abc')
  expect(conversationOf('https://hub.test/datasets/a/b')).toBe('https://hub.test/datasets/a/b')
})
