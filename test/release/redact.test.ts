import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applySpans, type RedactionSpan } from '../../src/release/redact.ts'

const span = (message: number, start: number, end: number, replacement: string): RedactionSpan => ({
  message,
  start,
  end,
  kind: 'X',
  replacement,
})

test('spans are replaced in their messages, in UTF-16 units, whatever their order', () => {
  const messages = [
    { role: 'user' as const, content: '😀 Ann met Bob' },
    { role: 'assistant' as const, content: 'Who?' },
  ]
  expect(applySpans(messages, [span(0, 11, 14, 'NAME_2'), span(0, 3, 6, 'NAME_1')], 'c')).toEqual([
    { role: 'user', content: '😀 NAME_1 met NAME_2' },
    { role: 'assistant', content: 'Who?' },
  ])
})

test('overlapping spans leave nothing of either', () => {
  const [message] = applySpans([{ role: 'user', content: '0123456789' }], [span(0, 2, 6, 'A'), span(0, 4, 8, 'B'), span(0, 2, 4, 'C')], 'c')
  expect(message?.content).toBe('01A89')
})

test('a span outside its message is an error that names the conversation, never its text', () => {
  const messages = [{ role: 'user' as const, content: 'secret' }]
  for (const wrong of [span(0, 3, 9, 'A'), span(0, -1, 2, 'A'), span(0, 3, 3, 'A'), span(1, 0, 1, 'A')]) {
    expect(() => applySpans(messages, [wrong], 'c-17')).toThrowError(/c-17(?!.*secret)/)
  }
})

test('whatever the spans: no redacted character survives, every other one does, in order', () => {
  const content = 'abcdefghijklmnopqrstuvwxyz'
  const range = fc
    .tuple(fc.nat(25), fc.integer({ min: 1, max: 26 }))
    .map(([start, length]) => span(0, start, Math.min(26, start + length), '#'))
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), (spans) => {
      const [message] = applySpans([{ role: 'user', content }], spans, 'c')
      const kept = [...content].filter((_, at) => !spans.some(({ start, end }) => at >= start && at < end)).join('')
      expect(message?.content.replaceAll('#', '')).toBe(kept)
      expect(message?.content).toContain('#')
    }),
  )
})
