import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRefusal, isTruncated, measureRepetition, readSignals } from '../../../src/curate/quality/signals.ts'

const sentence = 'The harbour of the old town was built by traders who came over the hills each spring with salt and cloth to sell.'

test('an answer that declines is told from one that speaks of declining', () => {
  expect(isRefusal('I’m sorry, but I can’t assist with that request.')).toBe(true)
  expect(isRefusal('很抱歉，我无法提供这些信息。')).toBe(true)
  expect(isRefusal('Here is how to decline politely in a letter to your landlord.')).toBe(false)
  expect(isRefusal(`${sentence.repeat(4)} I'm sorry, but I can't say more.`)).toBe(false)
})

test('loops are measured, in scripts without spaces, too', () => {
  expect(measureRepetition(`${sentence} `.repeat(12))).toBeGreaterThan(0.8)
  expect(measureRepetition('我们今天去公园里散步看花'.repeat(10))).toBeGreaterThan(0.7)
  expect(
    measureRepetition(
      `${sentence} Later the railway took the trade away, and the quays fell silent until fishermen from the islands found them useful again.`,
    ),
  ).toBe(0)
  expect(measureRepetition('no no no no')).toBe(0)
})

test('an answer that breaks off is told from lists, code and whole sentences', () => {
  const long = `${sentence} `.repeat(3)
  expect(isTruncated(`${long}After that the merchants went on to the`)).toBe(true)
  expect(isTruncated(`${long}\n\`\`\`python\nprint(1)`)).toBe(true)
  expect(isTruncated(long)).toBe(false)
  expect(isTruncated(`${long}\n- bread and butter for the whole family`)).toBe(false)
  expect(isTruncated('Yes, and')).toBe(false)
})

test('signals of a conversation are counted over its messages', () => {
  const signals = readSignals([
    { role: 'user', content: 'Write it' },
    { role: 'assistant', content: '```js\nconst a = 1\n```' },
    { role: 'user', content: '  ' },
    { role: 'assistant', content: '**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**' },
  ])
  expect(signals).toMatchObject({ promptLength: 10, answers: 2, refusals: 0, errors: 1, empty: 1, truncated: false })
  expect(signals.codeShare).toBeGreaterThan(0.1)
})

test('any text has signals within their bounds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), content: fc.string({ unit: 'binary' }) })),
      (messages) => {
        const { repetition, codeShare } = readSignals(messages)
        expect(repetition).toBeGreaterThanOrEqual(0)
        expect(repetition).toBeLessThanOrEqual(1)
        expect(codeShare).toBeGreaterThanOrEqual(0)
        expect(codeShare).toBeLessThanOrEqual(1)
      },
    ),
  )
})
