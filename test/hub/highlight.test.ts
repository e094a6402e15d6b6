import fc from 'fast-check'
import { expect, test } from 'vitest'
import { highlight } from '../../src/hub/index/highlight.ts'
import { type Query, readQuery } from '../../src/hub/index/query.ts'
import { tokenize } from '../../src/hub/index/words.ts'

/** Where terms stand, token by token: slow, and short enough to be believed. */
function byTokens(text: string, { terms }: Query): [number, number][] {
  const tokens = tokenize(text)
  const found: [number, number][] = []
  for (let at = 0; at < tokens.length && found.length < 50; at += 1) {
    for (const { tokens: wanted, isPrefix } of terms) {
      const here = tokens.slice(at, at + wanted.length).map((token) => token.text)
      const last = wanted.length - 1
      const stands = wanted.every((word, n) => here[n] === word || (isPrefix && n === last && here[n]?.startsWith(word)))
      if (stands) found.push([tokens[at]?.start ?? 0, tokens[at + last]?.end ?? 0])
    }
  }
  return found
}

const ascii = ['a', 'A', 'b', 'aa', 'ab', '1', '_', ' ', ' ', '\n', '\t', '+', '.', '...', '(1)', '\x00', '\x1f', '\x7f']
const others = [
  'é',
  'e\u0301',
  '\u0301',
  '…',
  '⑴',
  '№',
  '模',
  '型',
  'ก',
  'ก\u0e31',
  'ำ',
  'ж',
  'й',
  'и\u0306',
  'ा',
  'क',
  'Σ',
  'ς',
  'ß',
  'İ',
  'ı',
  'ſ',
  'ａ',
  'カ',
]
const hostile = [
  ...others,
  'ﾞ',
  'ガ',
  'ﾊ',
  '\u1100',
  '\u1161',
  '가',
  '\u11a8',
  '\u{1e900}',
  '\u{1e922}',
  '\ud800',
  '\udc00',
  '\u{20000}',
  'ﬁ',
  'ﷺ',
  '\u0345',
  'ᾳ',
]
const textOf = (pieces: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...pieces), { maxLength }).map((all) => all.join(''))
const query = fc.oneof(
  textOf([...ascii, ...hostile, '"', '*'], 5),
  fc
    .array(fc.constantFrom('a', 'ab', 'a*', '"a b"', '"a +', '+', '...', '…', '模型', 'ж', 'カ*', 'ก'), { maxLength: 3 })
    .map((all) => all.join(' ')),
)

test.each([
  ['of ASCII', textOf(ascii, 80)],
  ['of any script', textOf([...ascii, ...hostile], 40)],
  ['of anything', fc.string({ unit: 'binary' })],
])('words of a text %s stand where its tokens are theirs', (_kind, text) => {
  fc.assert(
    fc.property(text, query, (given, words) => {
      let read: Query
      try {
        read = readQuery(words)
      } catch {
        return
      }
      expect(highlight(given, read)).toEqual(byTokens(given, read))
    }),
    { numRuns: 5000 },
  )
})

test('every character of the first plane, alone and before a mark, stands where it is looked for', () => {
  const wrong: number[] = []
  for (let code = 1; code < 0x10000; code += 1) {
    const character = String.fromCharCode(code)
    for (const text of [`é ${character}x`, `é ${character}\u0301`, `é ${character}${character}`]) {
      const terms = tokenize(text).map((token) => ({ tokens: [token.text], isPrefix: false }))
      const read = { terms, excluded: [] }
      if (JSON.stringify(highlight(text, read)) !== JSON.stringify(byTokens(text, read))) wrong.push(code)
    }
  }
  expect(wrong).toEqual([])
})
