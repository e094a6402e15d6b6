import fc from 'fast-check'
import bpe from 'gpt-tokenizer/bpeRanks/o200k_base'
import { countTokens, encode } from 'gpt-tokenizer/encoding/o200k_base'
import llama from 'llama-tokenizer-js'
import { expect, test } from 'vitest'
import { createLlamaCounter } from '../../../src/curate/tokens/llama.ts'
import { createO200kCounter } from '../../../src/curate/tokens/o200k.ts'
import { createTokensLabeller } from '../../../src/curate/tokens/tokens.ts'

const countLlama = createLlamaCounter(llama)
const countO200k = createO200kCounter(bpe)
const plain = { disallowedSpecial: new Set<string>() }
const referenceLlama = (text: string) => llama.encode(text, false, true).length
const referenceO200k = (text: string) => countTokens(text, plain)

const examples = [
  '',
  ' ',
  'Hello, world!',
  "I'LL say it's we've DON'T o'clock 'tis ''s",
  'snake_case camelCase HTMLParser ABCdefGHI x86_64 v1.2.3',
  '   four   spaces\t\ttabs\n\n\n  \n indented\r\n\r\n',
  '    def f(x):\n        return x ** 2 // 3\n',
  '1234567890 ١٢٣٤٥ ½ ² ⅷ 𝟘𝟙𝟚𝟛',
  '今天天气很好，我们去公园吧。東京都 한국어 문장입니다',
  'Съешь ещё этих мягких французских булок',
  'हिन्दी में एक वाक्य عربي مع تشكيل مُحَمَّد עִבְרִית ไทยไม่มีช่องว่าง',
  '👩‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️ 🫠',
  '</s><s><unk> <0x0A> <|endoftext|> <|im_start|>user',
  '▁▁word ▁ a▁b',
  '\ud800 \udc00 a\ud83d b \ude00\ud83d',
  '\ufeffusing System;\ufeff\n#\ufeff// \ufeff\ufeff',
  '\u0000\u0001\u007f\u0085\u00a0\u2028\u2029\u3000x',
  'e\u0301A\u0301\u0301B\u0302c ǅungla ʰʱ ªº',
  'https://example.org/a/b?c=d&e=%20f#/g/\n/\r\n//',
  '=====-----*****#####_____~~~~~',
]

test.each(examples)('counts %j as both reference packages do', (text) => {
  expect(countLlama(text)).toBe(referenceLlama(text))
  expect(countO200k(text)).toBe(referenceO200k(text))
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 60 }),
  fc.string({ unit: fc.integer({ min: 0xd7f0, max: 0xe010 }).map((unit) => String.fromCharCode(unit)), maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(' ', '  ', '\n', '\r', '\t', '\u00a0', '\ufeff', '\u2028', '▁', 'a', '/', '.'), maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom("'", 's', 'S', 'l', 'L', 'v', 'e', 'r', 'E', 't', 'ſ', 'K', ' ', 'A', '\u0301', 'ʰ', '文', 'ǅ'),
    maxLength: 40,
  }),
  fc.string({ unit: fc.constantFrom('1', '٣', '²', ' ', ',', '.', '𝟙', 'x'), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('的', '中', '国', '人', '一', '鬱', 'の', 'か', 'ア', '한', '국', '。'), maxLength: 60 }),
  fc
    .tuple(fc.constantFrom(' ', '\n', '=', 'a', 'A', '9', 'ha', '🙂', '的', '\u0300'), fc.integer({ min: 1, max: 400 }))
    .map(([unit, times]) => unit.repeat(times)),
  fc.constantFrom(...examples),
)
const texts = fc.array(hostile, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))

test('counts any text as the Llama-2 reference does', () => {
  fc.assert(
    fc.property(texts, (text) => countLlama(text) === referenceLlama(text)),
    { numRuns: 3000 },
  )
})

test('counts any text as the o200k reference does', () => {
  fc.assert(
    fc.property(texts, (text) => countO200k(text) === referenceO200k(text)),
    { numRuns: 3000 },
  )
})

test('counts every piece of both vocabularies as the reference does, alone and between words', () => {
  for (const [id, piece] of llama.vocabById.entries())
    if (id % 5 === 0) expect(countLlama(`a${piece}b`), piece).toBe(referenceLlama(`a${piece}b`))
  for (const [rank, token] of bpe.entries())
    if (typeof token === 'string' && rank % 10 === 0) expect(countO200k(token), token).toBe(encode(token, plain).length)
})

test('counts a word of a million letters, which the references cannot, and a million spaces', () => {
  // A line's count does not depend on the lines around it, so many lines count as many times one.
  const lines = 'Zürich\n'.repeat(100_000)
  expect(countLlama(lines)).toBe(countLlama('Zürich\n') + 99_999 * (countLlama('\nZürich\n') - countLlama('\n')))
  for (const count of [countLlama, countO200k]) {
    // Long runs merge in a regular way: the count of a run four times as long is four times as high, but for its ends.
    for (const unit of ['ab', ' ', 'abcdefghijklmnop']) {
      const quarter = count(unit.repeat(250_000 / unit.length))
      expect(Math.abs(count(unit.repeat(1_000_000 / unit.length)) - 4 * quarter)).toBeLessThan(20)
    }
  }
})

test('labels each message, and rows carry both counts', async () => {
  const labeller = await createTokensLabeller()
  const label = await labeller.label({
    id: 'c',
    model: 'm',
    messages: [
      { role: 'user', content: 'Hi, I am Mary' },
      { role: 'assistant', content: '' },
    ],
    turns: 1,
    source: { file: 'f', line: 1 },
  })
  expect(label).toEqual({ messages: [referenceLlama('Hi, I am Mary'), 0], o200k: [referenceO200k('Hi, I am Mary'), 0] })
  expect(labeller.toRow(label)).toEqual({ messages: label.messages, o200k: label.o200k })
  expect(labeller.fingerprint).toMatch(/^[0-9a-f]{16}$/)
  expect((await createTokensLabeller()).fingerprint).toBe(labeller.fingerprint)
})
