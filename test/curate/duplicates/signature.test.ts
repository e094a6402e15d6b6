import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJoiner, createScanner, encodeId, type Scan } from '../../../src/curate/duplicates/scan.ts'
import { compareShort, leastShort, packShort, type Short } from '../../../src/curate/duplicates/short.ts'
import { createSigner, type Signature, sketchSize, wordBanding } from '../../../src/curate/duplicates/signature.ts'
import { compareSketches, decodeSketch, type Sketch } from '../../../src/curate/duplicates/similar.ts'

const scan = createScanner()
const signer = createSigner()
const sign = (text: string): Signature => signer(scan(text))
const idOf = (text: string) => {
  const { high, low } = scan(text)
  return encodeId(high, low)
}
const keysOf = (text: string) => sign(text).word_bands.match(/.{5}/g) ?? []
/** Sketches and short texts as they lie among others: behind something else. */
const sketchOf = (text: string): Sketch => {
  const values = new Uint32Array(7 + sketchSize)
  return { values, start: 7, length: decodeSketch(Buffer.from(sign(text).sketch), values, 7) }
}
const shortOf = (text: string): Short => {
  const values = Uint32Array.of(1, 2, 3, 4, 5, ...packShort(text))
  return { values, units: new Uint16Array(values.buffer), at: 5 }
}
const jaccard = (one: string, two: string) => compareSketches(sketchOf(one), sketchOf(two))
const isNearShort = (one: string, two: string) => compareShort(shortOf(sign(one).short), shortOf(sign(two).short)) >= leastShort

test('texts that differ in case, white space, punctuation and Unicode form have one id', () => {
  expect(idOf('Hello,   WORLD!!')).toBe(idOf('hello world'))
  expect(idOf('Café au lait')).toBe(idOf('cafe\u0301 au lait'))
  expect(idOf('ｆｕｌｌ width')).toBe(idOf('full width'))
  expect(idOf('zero\u200bwidth')).toBe(idOf('zerowidth'))
})

test('texts that mean other things keep their own ids', () => {
  const texts = ['5-3', '5/3', '5 3', '53', '5+3', 'a<b', 'a>b', '?', '!', '👍', '👎', 'new york', 'newyork', '你好', '你 们', '']
  expect(new Set(texts.map(idOf)).size).toBe(texts.length)
})

test('scripts without spaces are signed by their characters', () => {
  const one = '请写一篇关于气候变化对农业影响的详细文章，包括数据、案例研究和政策建议，并给出参考文献'
  const two = '请写一篇关于气候变化对农业影响的文章，包括数据、案例研究和政策建议，并给出参考文献'
  const other = '我的电脑无法启动，屏幕是黑色的，我已经检查了电源和内存条，下一步应该做什么才能修好它'
  expect(jaccard(one, two)).toBeGreaterThan(0.7)
  expect(jaccard(one, other)).toBeLessThan(0.1)
  expect(sign('สวัสดีครับ').shingles).toBeGreaterThan(5)
})

test('short prompts are near when a word has a typing error or a courtesy is added, not when the thing asked for is another', () => {
  expect(isNearShort('What is the capital of France?', 'what is the captial of france')).toBe(true)
  expect(isNearShort('write a poem about cats', 'please write a poem about cats')).toBe(true)
  expect(isNearShort('What is the capital of France?', 'What is the capital of Germany?')).toBe(false)
  expect(isNearShort('write a short poem about cats', 'write a short poem about dogs')).toBe(false)
  expect(isNearShort('what is 17 times 23', 'what is 17 times 24')).toBe(false)
  expect(isNearShort('explain the difference between stacks and queues', 'explain the diference between stack and queues')).toBe(true)
  expect(isNearShort('объясни принцип работы двигателя', 'обьясни принцип работы двигателя')).toBe(true)
  expect(isNearShort('translate the sentence into french', 'translate the paragraph into german')).toBe(false)
})

test('comparing short texts does not depend on their order', () => {
  const words = fc.array(fc.constantFrom('alpha', 'alpah', 'beta', 'gamma', 'gamme', '12', '13', 'of', '你'), {
    minLength: 1,
    maxLength: 24,
  })
  fc.assert(
    fc.property(words, words, (one, two) => {
      const first = shortOf(one.join(' '))
      const second = shortOf(two.join(' '))
      expect(compareShort(first, second) >= leastShort).toBe(compareShort(second, first) >= leastShort)
      expect(compareShort(first, first)).toBe(1)
    }),
  )
})

test('similarity is exact for sets that fit the sketch and close to exact beyond', () => {
  const words = Array.from({ length: 1200 }, (_, index) => `w${index}`)
  const truth = (one: Set<string>, two: Set<string>) => {
    const shared = [...one].filter((item) => two.has(item)).length
    return shared / (one.size + two.size - shared)
  }
  const pairs = (list: string[]) => new Set(list.slice(1).map((word, index) => `${list[index]} ${word}`))
  for (const shift of [5, 20, 40]) {
    const one = words.slice(0, 60)
    const two = words.slice(shift, 60 + shift)
    expect(jaccard(one.join(' '), two.join(' '))).toBeCloseTo(truth(pairs(one), pairs(two)), 10)
  }
  for (const shift of [100, 300, 600]) {
    const one = words.slice(0, 800)
    const two = words.slice(shift, 800 + shift)
    expect(Math.abs(jaccard(one.join(' '), two.join(' ')) - truth(pairs(one), pairs(two)))).toBeLessThan(0.13)
  }
})

test('band keys are shared as often as the S-curve says', () => {
  let shared = 0
  let expected = 0
  const rounds = 300
  for (let round = 0; round < rounds; round++) {
    const one = Array.from({ length: 41 }, (_, index) => `r${round}x${index}`)
    const two = [...one.slice(0, 31), ...Array.from({ length: 10 }, (_, index) => `r${round}y${index}`)]
    const similarity = jaccard(one.join(' '), two.join(' '))
    const bands = keysOf(two.join(' '))
    if (keysOf(one.join(' ')).some((key, band) => key === bands[band])) shared++
    expected += 1 - (1 - similarity ** wordBanding.rows) ** wordBanding.bands
  }
  expect(Math.abs(shared - expected) / rounds).toBeLessThan(0.08)
})

test('any text can be signed, however odd', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const signature = sign(text)
      expect(signature.sketch.length).toBe(Math.min(signature.shingles, sketchSize) * 4)
      expect(signature.id).toMatch(/^[-\w]{10}$/)
      expect(sign(text)).toEqual(signature)
    }),
  )
})

test('scans put together are the scan of the texts joined by line ends', () => {
  const joiner = createJoiner()
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('', '?', '!!', ' ', '5-', '3', 'Hello, WORLD', 'ΟΔΟΣ', '\u0301a', '你好', '👍', '12:30'),
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (texts) => {
      joiner.clear()
      for (const text of texts) joiner.add(scan(text))
      const words = ({ text, starts, lengths, kinds, count, high, low }: Scan) => ({
        tokens: Array.from({ length: count }, (_, index) => text.slice(starts[index], (starts[index] ?? 0) + (lengths[index] ?? 0))),
        kinds: [...kinds.subarray(0, count)],
        signature: signer(joiner.joined()),
        high,
        low,
      })
      const together = words(joiner.joined())
      expect(together).toEqual({ ...words(scan(texts.join('\n'))), signature: signer(scan(texts.join('\n'))) })
    }),
  )
})

test('a long text has the shingles that its parts have, each once', () => {
  const words = Array.from({ length: 3000 }, (_, index) => `word${index % 2900}`)
  expect(sign(words.join(' ')).shingles).toBe(2900 * 2)
  expect(sign('again and again '.repeat(5000)).shingles).toBe(4)
})
