import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runCli } from './world.ts'

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('labels conversations and plain texts, in order, one line each', async () => {
  const { code, out } = await runCli(
    ['label', '--only', 'format,tokens'],
    '{"id":"x","model":"m","messages":[{"role":"user","content":"Hi, I am Mary"}]}\n{"id":"y","text":"Hello"}\n',
  )
  expect(code).toBe(0)
  expect(lines(out)).toMatchObject([
    { id: 'x', format: { prompts: 1, characters: 13 }, tokens: { messages: [5] } },
    { id: 'y', format: { prompts: 1, characters: 5 }, tokens: { messages: [1] } },
  ])
})

test('a line that cannot be read gives an error on its line, without its text', async () => {
  const input = 'secret words\n{"id":"a"}\n{"text":"\xff"}\n\n{"id":"b","text":"ok"}'
  const { out } = await runCli(['label', '--only', 'format'], input)
  expect(lines(out).map((line) => (line.error as { code: string } | undefined)?.code ?? line.id)).toEqual([
    'line-not-json',
    'line-invalid',
    'line-not-utf8',
    'line-not-json',
    'b',
  ])
  expect(out).not.toContain('secret')
})

test('the number of workers changes nothing', async () => {
  const input = Array.from({ length: 1000 }, (_, index) => JSON.stringify({ id: `${index}`, text: `Text number ${index}` })).join('\n')
  const alone = await runCli(['label', '--only', 'format', '--jobs', '1'], input)
  const together = await runCli(['label', '--only', 'format', '--jobs', '2'], input)
  expect(together.out).toBe(alone.out)
  expect(lines(alone.out)).toHaveLength(1000)
})

test('gives as many lines as it gets, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.record({ text: fc.string({ unit: 'binary' }) }).map((value) => JSON.stringify(value)),
        ),
      ),
      async (values) => {
        const given = values.map((value) => Buffer.from(value.replaceAll('\n', ' ')).toString('latin1'))
        const { code, out } = await runCli(['label', '--only', 'format'], given.map((line) => `${line}\n`).join(''))
        expect(code).toBe(0)
        expect(out === '' ? 0 : lines(out).length).toBe(given.length)
      },
    ),
    { numRuns: 50 },
  )
})

test('an unknown label is named before a line is read', async () => {
  const { code, err } = await runCli(['label', '--only', 'mood'])
  expect(code).toBe(2)
  expect(err).toContain("There is no label 'mood'. Labels:")
})
