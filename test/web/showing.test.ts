import fc from 'fast-check'
import { expect, test } from 'vitest'
import { excerptOf } from '../../src/web/excerpt.ts'
import { byMonth, everyDay, readReleaseStats } from '../../src/web/release-stats.ts'
import { cellsOf, cellText, isNumeric, plotValue } from '../../src/web/sql/cells.ts'
import { examplesFor } from '../../src/web/sql/examples.ts'
import { readSqlLink, sqlLink } from '../../src/web/sql/link.ts'
import { sqlName, sqlTokens } from '../../src/web/sql/tokens.ts'
import { diffTexts } from '../../src/web/text-diff.ts'

test('an excerpt shows the first hits of a text, cut outside of them', () => {
  const text = `${'a '.repeat(200)}zebra${' b'.repeat(200)}`
  const { pieces, hidden } = excerptOf(text, [[400, 405]], 60)
  expect(pieces.filter(({ isHit }) => isHit)).toEqual([{ text: 'zebra', isHit: true }])
  expect(pieces[0]?.text).toBe('… ')
  expect(pieces.at(-1)?.text).toBe(' …')
  expect(hidden).toBe(0)
  expect(excerptOf('short', [[0, 5]]).pieces).toEqual([{ text: 'short', isHit: true }])
  expect(
    excerptOf(
      text,
      [
        [400, 405],
        [700, 701],
      ],
      60,
    ).hidden,
  ).toBe(1)
})

test('an excerpt is a part of its text and never half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(400), fc.nat(20), fc.integer({ min: 8, max: 40 }), (text, from, more, length) => {
      const start = Math.min(from, text.length)
      const { pieces } = excerptOf(text, [[start, Math.min(text.length, start + more)]], length)
      const joined = pieces.map((piece) => piece.text).join('')
      return text.includes(joined.replace(/^… /, '').replace(/ …$/, '')) || joined.includes('…')
    }),
  )
})

test('two texts differ by words, and the pieces are the texts again', () => {
  expect(diffTexts('I am Mary here', 'I am NAME_1 here')).toEqual([
    { kind: 'same', text: 'I am ' },
    { kind: 'removed', text: 'Mary' },
    { kind: 'added', text: 'NAME_1' },
    { kind: 'same', text: ' here' },
  ])
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '模', '😀', 'word ') })
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = diffTexts(before, after)
      const joined = (kind: 'removed' | 'added') =>
        changes
          .filter((one) => one.kind === 'same' || one.kind === kind)
          .map((one) => one.text)
          .join('')
      expect(joined('removed')).toBe(before)
      expect(joined('added')).toBe(after)
    }),
  )
  const long = Array.from({ length: 3000 }, (_, index) => `a${index} `).join('')
  const other = Array.from({ length: 3000 }, (_, index) => `b${index} `).join('')
  expect(diffTexts(long, other).map(({ kind }) => kind)).toEqual(['removed', 'added'])
})

test('coloured SQL is the SQL again, also half written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (sql) => {
      const joined = sqlTokens(sql)
        .map(({ text }) => text)
        .join('')
      return joined === sql
    }),
  )
  expect(sqlTokens(`SELECT 'it''s', 1.5 -- end`).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'keyword SELECT',
    'plain  ',
    `text 'it''s'`,
    'plain , ',
    'number 1.5',
    'plain  ',
    'comment -- end',
  ])
  expect(sqlName('turn')).toBe('turn')
  expect(sqlName('ann/chats')).toBe('"ann/chats"')
  expect(sqlName('order')).toBe('"order"')
  expect(sqlName('a"b')).toBe('"a""b"')
})

test('a statement travels in the part of the address that no server sees', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((sql) => sql.trim() !== ''),
      (sql) => readSqlLink(sqlLink(sql)) === sql,
    ),
  )
  expect(sqlLink(' ')).toBe('')
  expect(readSqlLink('#other')).toBe('')
})

test('examples name the table and only columns that it has', () => {
  const table = { name: 'ann/chats', revision: 'c', rows: 1, columns: [{ name: 'model', type: 'VARCHAR' }] }
  const examples = examplesFor(table)
  expect(examples.length).toBeGreaterThanOrEqual(2)
  for (const { sql } of examples) {
    expect(sql).toContain('FROM "ann/chats"')
    expect(sql).not.toContain('language')
  }
})

test('cells of every type are texts, and numbers and times for a chart', () => {
  expect(cellsOf({ b: 2, a: 1 }, [{ name: 'a' }, { name: 'b' }])).toEqual([1, 2])
  expect(cellsOf([1, 2], [{ name: 'a' }, { name: 'b' }])).toEqual([1, 2])
  expect(cellText([{ a: 1 }])).toBe('[{"a":1}]')
  expect(isNumeric('DECIMAL(18,3)') && isNumeric('HUGEINT') && !isNumeric('VARCHAR')).toBe(true)
  expect(plotValue('12', 'BIGINT')).toBe(12)
  expect(plotValue('x', 'BIGINT')).toBeNull()
  expect(plotValue('2023-08-01 00:00:00', 'TIMESTAMP')).toEqual(new Date('2023-08-01T00:00:00'))
})

test('stats.json is read as far as it is understood, and any JSON is no fault', () => {
  const stats = readReleaseStats(
    JSON.stringify({
      conversations: 3,
      perDay: [
        { day: '2023-08-30', conversations: 1 },
        { day: '2023-09-02', conversations: 2 },
      ],
      promptTokens: [
        { from: 0, to: 0, count: 0 },
        { from: 1, to: 1, count: 4 },
      ],
      moderation: { checked: 6, categories: { hate: 1, sexual: 2 } },
      redaction: { kinds: { PERSON: 5 } },
    }),
  )
  expect(stats).toMatchObject({
    conversations: 3,
    promptTokens: [{ from: 1, to: 1, count: 4 }],
    flaggedMessages: [
      ['sexual', 2],
      ['hate', 1],
    ],
  })
  expect(everyDay(stats?.days ?? []).map(({ count }) => count)).toEqual([1, 0, 0, 2])
  expect(byMonth(stats?.days ?? [])).toEqual([
    { month: '2023-08', count: 1 },
    { month: '2023-09', count: 2 },
  ])
  fc.assert(fc.property(fc.jsonValue(), (value) => readReleaseStats(JSON.stringify(value)) !== undefined))
  expect(readReleaseStats('{')).toBeUndefined()
})
