import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildIndex } from '../../src/hub/index/build.ts'
import { likePattern } from '../../src/hub/index/mask.ts'
import { END, ListCursor } from '../../src/hub/index/postings.read.ts'
import { Inverter } from '../../src/hub/index/postings.write.ts'
import { SplitIndex } from '../../src/hub/index/split-index.ts'
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
          writeRun(run, invert(part, number * Math.min(cut, documents.length)))
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
              const cursor = new ListCursor(list.readList(entry), entry.docs, speaker)
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
          const [list] = [...inverter.lists()].map(({ docs, bytes }) => ({ docs, bytes: bytes.slice() }))
          const cursor = new ListCursor(list?.bytes ?? new Uint8Array(), list?.docs ?? 0, -1)
          for (const target of targets.sort((a, b) => a - b))
            expect(cursor.seek(target)).toBe(docs.find((doc) => doc >= Math.max(target, 0)) ?? END)
        },
      ),
    )
  })
})

test('an index finds what reading every row finds', async () => {
  const texts = ['Sort a list', 'sort the LIST twice', '学习机器学习', 'list, sorted', 'C++ and c', 'unrelated', 'the list a sort']
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
    ...(index.select({ query, role, ...(where ? { where } : {}) }).found?.rows ?? []),
  ]
  expect(ask('sort list')).toEqual(all.filter((n) => has(n, 'sort') && has(n, 'list')))
  expect(ask('"a list"')).toEqual(all.filter((n) => has(n, 'a list')))
  expect(ask('学习')).toEqual(all.filter((n) => has(n, '学习')))
  expect(ask('c++', 'user')).toEqual(all.filter((n) => has(n, 'c++', 0)))
  expect(ask('sort*')).toEqual(all.filter((n) => has(n, 'sort') || has(n, 'sorted')))
  expect(ask('list -sort')).toEqual(all.filter((n) => has(n, 'list') && !has(n, 'sort')))
  expect(ask('list', 'any', `"model" = 'm1'`)).toEqual(all.filter((n) => has(n, 'list') && n % 3 === 1))
  expect(JSON.parse(index.rows.read(699)?.toString() ?? '')).toMatchObject({ conversation_id: 'c699' })
  index.close()
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
  for (const file of ['rows.bin', 'columns.bin', 'words.bin', 'lists.bin', 'groups.bin', 'places.bin', 'meta.json'])
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
