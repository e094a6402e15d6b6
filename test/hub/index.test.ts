import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countBits, END, hasBit, rowsOf } from '../../src/hub/index/bits.ts'
import { buildIndex } from '../../src/hub/index/build.ts'
import { TextValues, writeTexts } from '../../src/hub/index/columns.texts.ts'
import type { Column } from '../../src/hub/index/columns.ts'
import { messagesOf } from '../../src/hub/index/fields.ts'
import { likePattern, maskOf, maskOfLeaf } from '../../src/hub/index/mask.ts'
import { ListCursor, readHeads } from '../../src/hub/index/postings.list.ts'
import { CommonCursor, openTimes, rowsWith } from '../../src/hub/index/postings.times.ts'
import { Inverter } from '../../src/hub/index/postings.write.ts'
import { SplitIndex } from '../../src/hub/index/split-index.ts'
import { type Condition, readWhere } from '../../src/hub/index/where.ts'
import { mergeRuns, WordList, writeRun } from '../../src/hub/index/words.list.ts'
import { tokenize } from '../../src/hub/index/words.ts'
import { conversationsParquet } from './test-hub.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colloquy-index-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Documents of few words, so that words meet, each with three speakers. */
const vocabulary = ['a', 'b', 'c', 'ab', 'abc', '模', '型', '+']
const document = fc.tuple(...([0, 1, 2] as const).map(() => fc.array(fc.constantFrom(...vocabulary), { maxLength: 6 })))

function invert(documents: readonly (readonly string[][])[], first: number): Inverter {
  const inverter = new Inverter()
  for (const [offset, speakers] of documents.entries()) {
    let place = 0
    for (const [speaker, words] of speakers.entries()) {
      for (const word of words) inverter.add(word, 0, word.length, { doc: first + offset, place: place++, speaker: speaker as 0 | 1 | 2 })
      place += 1
    }
  }
  return inverter
}

describe('lists of words', () => {
  test('tell every document, times and place, whoever speaks and however many runs they were written in', () => {
    let round = 0
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 300 }), fc.nat(300), (documents, cut) => {
        const own = join(folder, `lists-${round++}`)
        const runs = [documents.slice(0, cut), documents.slice(cut)].map((part, number) => {
          const run = join(own, `run-${number}`)
          mkdirSync(run, { recursive: true })
          const first = number * Math.min(cut, documents.length)
          writeRun(run, invert(part, first), { first, lengths: part.map(() => 1), meanLength: 1 })
          return run
        })
        mergeRuns(runs, own)
        const list = new WordList(own)
        for (const word of vocabulary) {
          const entry = list.find(word)
          for (const speaker of [-1, 0, 1, 2] as const) {
            const expected = documents.flatMap((speakers, doc) => {
              const times = speakers
                .flatMap((words, one) => (speaker === -1 || speaker === one ? words : []))
                .filter((one) => one === word).length
              return times > 0 ? [[doc, times]] : []
            })
            const found: number[][] = []
            if (entry) {
              const cursor = new ListCursor(list.open(entry, 1), speaker)
              for (let doc = cursor.seek(0); doc !== END; doc = cursor.seek(doc + 1)) {
                found.push([doc, cursor.times])
                cursor.findPlaces()
                const places = cursor.placed.slice(cursor.placesFrom, cursor.placesFrom + cursor.times)
                expect([...places].every((place, at) => at === 0 || place > (places[at - 1] ?? 0))).toBe(true)
              }
            }
            expect(found).toEqual(expected)
          }
        }
        const beginning = [...list.beginning('a')].map(({ word }) => word)
        expect(beginning).toEqual(
          ['a', 'ab', 'abc'].filter((word) => documents.some((speakers) => speakers.some((words) => words.includes(word)))),
        )
        list.close()
      }),
      { numRuns: 40 },
    )
  })

  test('pass over documents without missing one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 600 }),
        fc.array(fc.nat(5000), { maxLength: 30 }),
        (docs, targets) => {
          const inverter = new Inverter()
          for (const doc of docs.sort((a, b) => a - b)) inverter.add('x', 0, 1, { doc, place: 0, speaker: 0 })
          const [list] = [...inverter.lists({ first: 0, lengths: [], meanLength: 1 })]
          if (!list) throw new Error('no list')
          const places = { size: list.places.length, read: (start: number, end: number) => list.places.slice(start, end) }
          const cursor = new ListCursor({ ...list, heads: readHeads(list.heads), places, boundScale: 1 }, -1)
          for (const target of targets.sort((a, b) => a - b))
            expect(cursor.seek(target)).toBe(docs.find((doc) => doc >= Math.max(target, 0)) ?? END)
        },
      ),
    )
  })
})

test('how often a common word stands in each row is kept exactly, however often that is', () => {
  const often = [1, 255, 256, 300, 65_535, 65_536, 70_000, 3]
  const inverter = new Inverter()
  for (const [row, times] of often.entries())
    for (let place = 0; place < times; place += 1) inverter.add('x', 0, 1, { doc: row * 2, place, speaker: place % 3 === 0 ? 0 : 1 })
  const [list] = [...inverter.lists({ first: 0, lengths: [], meanLength: 1 })]
  if (!list) throw new Error('no list')
  const open = (speaker: -1 | 0 | 1 | 2) => {
    const places = { size: list.places.length, read: (start: number, end: number) => list.places.slice(start, end) }
    return openTimes(new ListCursor({ ...list, heads: readHeads(list.heads), places, boundScale: 1 }, speaker), often.length * 2)
  }
  const every = open(-1)
  expect([...every.times]).toEqual(often.flatMap((times) => [times, 0]))
  expect([...rowsOf(rowsWith(every.times), often.length)]).toEqual([...often.keys()].map((row) => row * 2))
  expect([...open(0).times]).toEqual(often.flatMap((times) => [Math.ceil(times / 3), 0]))
  const cursor = new CommonCursor(open(1), often.length)
  expect([cursor.seek(0), cursor.times, cursor.seek(5), cursor.times, cursor.seek(15)]).toEqual([2, 170, 6, 200, END])
})

test('texts of a column are read from its file as they were written, in any order', () => {
  const file = openSync(join(folder, 'texts.bin'), 'w+')
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 40 }),
      fc.array(fc.integer({ min: -45, max: 45 })),
      (texts, places) => {
        const written: Uint8Array[] = [Buffer.alloc(8)]
        writeTexts(texts, (bytes) => written.push(bytes))
        writeSync(file, Buffer.concat(written), 0, null, 0)
        const values = new TextValues(file, 8, texts.length)
        expect(values.length).toBe(texts.length)
        expect(texts.map((_, at) => values.at(at))).toEqual(texts)
        for (const place of places) expect(values.at(place)).toBe(texts.at(place))
      },
    ),
  )
  const long = Array.from({ length: 3000 }, (_, n) => `${n} `.repeat(400))
  const written: Uint8Array[] = []
  writeTexts(long, (bytes) => written.push(bytes))
  writeSync(file, Buffer.concat(written), 0, null, 0)
  const values = new TextValues(file, 0, long.length)
  for (const at of [2999, 0, 1, 2, 1500, 3, 2998]) expect(values.at(at)).toBe(long[at])
  expect(long.every((text, at) => values.at(at) === text)).toBe(true)
  closeSync(file)
})

const rowsIn = ({ bits, count }: { bits: Uint32Array; count: number }) => rowsOf(bits, count)

test('an index finds what reading every row finds', async () => {
  const texts = [
    'Sort a list',
    'sort the LIST twice',
    '学习机器学习',
    'list, sorted',
    'C++ and c',
    'unrelated',
    'the list a sort',
    '用GPT模型学习，学 习习习',
  ]
  const rows = Array.from({ length: 700 }, (_, n) => ({
    id: `c${n}`,
    model: `m${n % 3}`,
    texts: [texts[n % texts.length] ?? '', texts[(n * 3) % texts.length] ?? ''],
  }))
  const path = join(folder, 'rows.parquet')
  writeFileSync(path, await conversationsParquet(folder, rows))
  await buildIndex({ folder: join(folder, 'whole'), paths: [path], total: rows.length }, () => {})
  const index = new SplitIndex(join(folder, 'whole'))
  const has = (n: number, phrase: string, side?: 0 | 1) => {
    const wanted = tokenize(phrase).map(({ text }) => text)
    return (rows[n]?.texts ?? []).some((text, one) => {
      if (side !== undefined && side !== one) return false
      const tokens = tokenize(text).map((token) => token.text)
      return tokens.some((_, at) => wanted.every((word, offset) => tokens[at + offset] === word))
    })
  }
  const all = rows.map((_, n) => n)
  const ask = (query: string, role: 'any' | 'user' | 'assistant' = 'any', where?: string) => [
    ...rowsIn(index.select({ query, role, ...(where ? { where } : {}) })),
  ]
  expect(ask('sort list')).toEqual(all.filter((n) => has(n, 'sort') && has(n, 'list')))
  expect(ask('"a list"')).toEqual(all.filter((n) => has(n, 'a list')))
  expect(ask('学习')).toEqual(all.filter((n) => has(n, '学习')))
  for (const phrase of ['学习机器学', '习机', '习学', '模型', 'GPT模', 'gpt模型学习', '"学习，学习"', '习习', '习习习', '型模'])
    expect([phrase, ...ask(phrase)]).toEqual([phrase, ...all.filter((n) => has(n, phrase.replaceAll('"', '')))])
  expect(ask('学习', 'assistant')).toEqual(all.filter((n) => has(n, '学习', 1)))
  expect(ask('学习机*')).toEqual(all.filter((n) => has(n, '学习机')))
  expect(ask('GPT -学习机')).toEqual(all.filter((n) => has(n, 'GPT') && !has(n, '学习机')))
  expect(ask('c++', 'user')).toEqual(all.filter((n) => has(n, 'c++', 0)))
  expect(ask('sort*')).toEqual(all.filter((n) => has(n, 'sort') || has(n, 'sorted')))
  expect(ask('list -sort')).toEqual(all.filter((n) => has(n, 'list') && !has(n, 'sort')))
  expect(ask('list', 'any', `"model" = 'm1'`)).toEqual(all.filter((n) => has(n, 'list') && n % 3 === 1))
  expect(JSON.parse(index.rows.read(699)?.toString() ?? '')).toMatchObject({ conversation_id: 'c699' })
  index.close()
})

test('the best rows are those of a ranking of all rows, however many blocks are passed over', async () => {
  // Later rows are longer, so that runs differ in their means; words are rarer the higher their number.
  let state = 7
  const next = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
  const words = (count: number) => Array.from({ length: count }, () => `w${Math.floor(30 ** (next(1000) / 1000))}`).join(' ')
  const rows = Array.from({ length: 3000 }, (_, n) => ({
    id: `c${n}`,
    model: `m${n % 3}`,
    texts: [words(1 + next(8)), words(1 + next(20) + (n >> 6))],
  }))
  const path = join(folder, 'ranked.parquet')
  writeFileSync(path, await conversationsParquet(folder, rows))
  await buildIndex({ folder: join(folder, 'ranked'), paths: [path], total: rows.length, runRows: 700 }, () => {})
  const index = new SplitIndex(join(folder, 'ranked'))
  const texts = rows.map((_, n) => messagesOf(JSON.parse(index.rows.read(n)?.toString() ?? '')))
  const tokens = texts.map((all) => all.map(({ role, content }) => ({ role, words: tokenize(content).map((token) => token.text) })))
  const lengths = tokens.map((all) => all.reduce((sum, { words }) => sum + words.length, 0))
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
  const rank = (query: string, side: 'any' | 'user') => {
    const scores = rows.map(() => 0)
    const hits = new Set(rows.keys())
    const wanted = query.split(' ').map((word) => {
      const timesIn = (all: (typeof tokens)[number]) => all.reduce((sum, { words }) => sum + words.filter((one) => one === word).length, 0)
      const docs = tokens.filter((all) => timesIn(all) > 0).length
      const times = tokens.map((all) => timesIn(all.filter(({ role }) => side === 'any' || role === side)))
      return { times, docs, weight: 2.2 * Math.log(1 + (rows.length - docs + 0.5) / (docs + 0.5)) }
    })
    for (const { times, weight } of wanted.sort((a, b) => a.docs - b.docs)) {
      for (const [n, count] of times.entries()) {
        if (count === 0) hits.delete(n)
        scores[n] = (scores[n] ?? 0) + (weight * count) / (count + 0.3 + (0.9 * (lengths[n] ?? 0)) / mean)
      }
    }
    const score = (n: number) => Math.fround(scores[n] ?? 0)
    return [...hits].sort((a, b) => score(b) - score(a) || a - b)
  }
  for (const query of ['w1', 'w2', 'w9', 'w29', 'w1 w2', 'w1 w29', 'w3 w4 w5', 'w17 w23']) {
    for (const role of ['any', 'user'] as const) {
      const expected = rank(query, role)
      const first = index.page({ query, role }, undefined, 0, 20)
      expect([query, role, first.total, ...first.rows]).toEqual([query, role, expected.length, ...expected.slice(0, 20)])
      expect([...index.page({ query, role }, undefined, 150, 30).rows]).toEqual(expected.slice(150, 180))
    }
  }
  index.close()
})

test('a condition holds where SQL says it does, also where values are missing', () => {
  const values = fc.array(fc.option(fc.nat(5)), { minLength: 1, maxLength: 100 })
  const leaf = fc.record({ column: fc.constantFrom('a', 'b'), operator: fc.constantFrom('=', '<>', '<', '>='), value: fc.nat(5) })
  const where = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      leaf.map(({ column, operator, value }) => `"${column}" ${operator} ${value}`),
      leaf.map(({ column }) => `"${column}" is null`),
      tie('any').map((one) => `not (${one})`),
      fc.tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any')).map(([one, by, other]) => `(${one} ${by} ${other})`),
    ),
  })).any
  type Truth = boolean | null
  const holds = (condition: Condition, row: Record<string, number | null>): Truth => {
    if (condition.kind === 'not') {
      const said = holds(condition.part, row)
      return said === null ? null : !said
    }
    if ('parts' in condition) {
      const said = condition.parts.map((part) => holds(part, row))
      const decides = condition.kind === 'or'
      return said.includes(decides) ? decides : said.includes(null) ? null : !decides
    }
    const value = row[condition.column] ?? null
    if (condition.kind === 'null') return (value === null) !== condition.isNegated
    if (condition.kind !== 'compare' || value === null) return null
    const other = Number(condition.value)
    return {
      '=': value === other,
      '<>': value !== other,
      '<': value < other,
      '<=': value <= other,
      '>': value > other,
      '>=': value >= other,
    }[condition.operator]
  }
  fc.assert(
    fc.property(values, values, where, (a, b, text) => {
      const condition = readWhere(text)
      const column = (name: string, of: (number | null)[]): Column => {
        const distinct = [...new Set(of.filter((value) => value !== null))].sort((one, other) => one - other)
        const codes = Uint8Array.from(a, (_, row) => distinct.indexOf(of[row] ?? Number.NaN) + 1)
        return { name, kind: 'number', isDates: false, codes, values: Float64Array.from(distinct) }
      }
      const columns = new Map([
        ['a', column('a', a)],
        ['b', column('b', b)],
      ])
      const { yes, no } = maskOf(condition, (one) => {
        const found = columns.get(one.column)
        if (!found) throw new Error('no column')
        return maskOfLeaf(one, found)
      })
      const truths = a.map((value, row) => holds(condition, { a: value, b: b[row] ?? null }))
      expect(a.map((_, row) => (hasBit(yes, row) ? true : hasBit(no, row) ? false : null))).toEqual(truths)
      const found = truths.flatMap((truth, row) => (truth === true ? [row] : []))
      expect(countBits(yes)).toBe(found.length)
      expect([...rowsOf(yes, found.length)]).toEqual(found)
      expect([...rowsOf(yes, found.length, 3, 5)]).toEqual(found.slice(3, 8))
    }),
  )
})

test('a build that was ended goes on and gives the same bytes', async () => {
  const rows = Array.from({ length: 250 }, (_, n) => ({ id: `c${n}`, model: `m${n % 4}`, texts: [`question ${n}`, `answer ${n % 7}`] }))
  const path = join(folder, 'resumed.parquet')
  writeFileSync(path, await conversationsParquet(folder, rows))
  const job = (name: string) => ({ folder: join(folder, name), paths: [path], total: rows.length, runRows: 60 })
  await buildIndex(job('once'), () => {})
  let told = 0
  const ended = buildIndex(job('twice'), () => {
    told += 1
    throw new Error('ended')
  })
  await expect(ended).rejects.toThrow('ended')
  expect(told).toBe(1)
  await buildIndex(job('twice'), () => {})
  for (const file of [
    'rows.bin',
    'columns.bin',
    'words.bin',
    'lists.heads.bin',
    'lists.documents.bin',
    'lists.places.bin',
    'groups.bin',
    'places.bin',
    'meta.json',
  ])
    expect([file, readFileSync(join(folder, 'twice', file)).equals(readFileSync(join(folder, 'once', file)))]).toEqual([file, true])
})

test('like is what SQL says it is, and takes no time to speak of on any pattern', () => {
  const letter = fc.constantFrom('a', 'b', '%', '_', 'A')
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 8 }), fc.array(fc.constantFrom('a', 'b', 'A'), { maxLength: 8 }), (pattern, text) => {
      const expression = new RegExp(`^${pattern.map((one) => (one === '%' ? '.*' : one === '_' ? '.' : one)).join('')}$`)
      expect(likePattern(pattern.join(''), false)(text.join(''))).toBe(expression.test(text.join('')))
    }),
  )
  expect(likePattern('%a'.repeat(200), false)('a'.repeat(199))).toBe(false)
})
