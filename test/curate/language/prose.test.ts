import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findProse, longestRead } from '../../../src/curate/language/prose.ts'
import { longestWord, scanWords } from '../../../src/curate/language/scan.ts'

const proseOf = (text: string) => findProse(text).map(({ start, end }) => text.slice(start, end))
const wordsOf = (text: string) => {
  const words: string[] = []
  const counts = scanWords(text, 0, text.length, {
    word: (_, units, length) => void words.push(String.fromCharCode(...units.subarray(1, length + 1))),
  })
  return { words, ...counts }
}

test('text without backticks is prose from end to end', () => {
  expect(proseOf('one two')).toEqual(['one two'])
})

test('fenced blocks and inline code are left out, a lone tick is not code', () => {
  expect(proseOf('see ```js\nlet x\n``` and `npm i` now')).toEqual(['see ', ' and ', ' now'])
  expect(proseOf("it`s fine, isn't it").join('')).toBe("its fine, isn't it")
  expect(proseOf('before ```\nnever closed')).toEqual(['before '])
})

test('of a long text as much is read from its end as from its start', () => {
  const text = 'a'.repeat(50_000) + 'z'.repeat(50_000)
  const read = proseOf(text).join('')
  expect(read.length).toBe(longestRead)
  expect([...read].filter((letter) => letter === 'a').length).toBe(longestRead / 2)
})

test('parts of prose lie in order, inside the text, and hold no fence', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('`', '```', 'word ', '\n', 'x'.repeat(300)), { maxLength: 60 }), (pieces) => {
      const text = pieces.join('')
      const parts = findProse(text)
      let last = 0
      for (const { start, end } of parts) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeLessThanOrEqual(text.length)
        expect(text.slice(start, end)).not.toContain('```')
        last = end
      }
      expect(parts.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThanOrEqual(Math.max(longestRead, text.length))
    }),
  )
})

test('words are runs of letters of one script, in lower case', () => {
  expect(wordsOf("Ça va, DON'T Москва2 Zürich-West 東京タワー").words).toEqual([
    'ça',
    'va',
    'don',
    't',
    'москва',
    'zürich',
    'west',
    '東京',
    'タワー',
  ])
})

test('addresses, paths, tags and identifiers are code, not words', () => {
  const { words, codeLetters } = wordsOf('go to https://a.example/b or me@a.example, /usr/bin, foo_bar(x), camelCase, <b>, $HOME now')
  expect(words).toEqual(['go', 'to', 'or', 'now'])
  expect(codeLetters).toBeGreaterThan(30)
})

test('a word is read to its fortieth letter', () => {
  expect(wordsOf('ä'.repeat(1000)).words).toEqual(['ä'.repeat(longestWord)])
})
