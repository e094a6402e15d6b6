import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WordTable } from '../../src/hub/index/words.table.ts'
import { foldOnce, tokenize } from '../../src/hub/index/words.ts'

const unspaced = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}\\p{sc=Tibetan}]\\p{M}*'
const other = '[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_]*|[^\\s\\p{L}\\p{N}\\p{M}\\p{C}_]'

/** What tokens are, in two expressions: too slow for an index, short enough to be believed. */
function byExpressions(text: string): string[] {
  return [...text.matchAll(new RegExp(`${unspaced}|${other}`, 'gu'))].flatMap(([match]) =>
    match.split(new RegExp(`(${unspaced})`, 'u')).filter((part) => part !== ''),
  )
}

const pieces = ['a', 'Z', '9', '_', ' ', '\n', '+', 'é', 'e\u0301', '\u0301', '模', '々', '⺀', 'ก', '\u0e31', '་', '\u0f39', 'ा', 'क', 'ж']
const hostile = [...pieces, '\u200c', '\ud800', '\udc00', '\u{20000}', '\u{1f600}', 'ﬁ', '\u007f', '\u0000', '\ue000', '·', '\u00a0']
const text = fc.oneof(
  fc.array(fc.constantFrom(...hostile), { maxLength: 20 }).map((all) => all.join('')),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
)

test('tokens are what the two expressions say, in any script', () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(tokenize(given).map(({ start, end }) => given.slice(start, end))).toEqual(byExpressions(given))
    }),
    { numRuns: 2000 },
  )
})

test('no token is empty or has a space in it, also of characters that stand for several', () => {
  expect(tokenize('˘ ﷺ a\u00b4').map((token) => token.text)).toEqual(['˘', 'ﷺ', 'a', '´'])
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  expect(all.filter((character) => tokenize(character).some((token) => token.text === '' || /\s/.test(token.text)))).toEqual([])
})

test('forms of words have one number where they are searched alike, and else different ones, however many there are', () => {
  const words = new WordTable()
  const known = new Map<string, number>()
  const wrong: string[] = []
  const take = (given: string) => {
    for (const { start, end, text: word } of tokenize(given)) {
      const id = words.idOf(given, start, end)
      if (id !== (known.get(word) ?? known.size) || words.names[id] !== word || word !== foldOnce(given.slice(start, end))) wrong.push(word)
      known.set(word, id)
    }
  }
  fc.assert(fc.property(text, take), { numRuns: 500 })
  take(Array.from({ length: 40_000 }, (_, n) => `Word${n} word${n}`).join(' '))
  expect(wrong).toEqual([])
  expect(words.names).toHaveLength(known.size)
})
