import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Conversation } from '../../../src/conversation.ts'
import { createQualityLabeller, parseQualitySettings } from '../../../src/curate/quality/labeller.ts'

const hard =
  'I run a small web shop on Node and PostgreSQL. The query below takes 9 seconds with 2 million orders. Explain why, rewrite it so that it uses an index, and list exactly which indexes I must create.\n```sql\nSELECT * FROM orders WHERE lower(email) = $1 ORDER BY created_at DESC\n```'
const cache = mkdtempSync(join(tmpdir(), 'quality-'))

function converse(prompt: string, answer: string): Conversation {
  const messages: Conversation['messages'] = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ]
  return { id: 'x', model: 'm', messages, turns: 1, source: { file: '', line: 0 } }
}

test('a hard prompt scores high and a greeting 1, with the criteria that say why', async () => {
  const labeller = await createQualityLabeller({ cache })
  const label = await labeller.label(converse(hard, 'Add an index on lower(email).'))
  expect(label.difficulty).toBeGreaterThanOrEqual(7)
  expect(label.criteria).toMatchObject({ problem_solving: true, technical_accuracy: true, real_world: true })
  expect(label.judgedDifficulty).toBeNull()
  expect((await labeller.label(converse('hello there', 'Hello!'))).difficulty).toBe(1)
})

test('an answer in another language than its prompt is marked, unless another language was asked for', async () => {
  const labeller = await createQualityLabeller({ cache })
  const german = 'Die Hauptstadt von Australien ist Canberra, auch wenn viele Menschen glauben, dass es Sydney oder Melbourne sei.'
  const english = 'Which city is the capital of Australia, and why do so many people believe that it is another one?'
  const mismatch = async (prompt: string) => (await labeller.label(converse(prompt, german))).languageMismatch
  expect(await mismatch(english)).toBe(true)
  expect(await mismatch(`${english} Please answer in German.`)).toBe(false)
  expect(await mismatch('Welche Stadt ist die Hauptstadt von Australien, und warum glauben so viele Menschen etwas anderes?')).toBe(false)
})

test('a judge’s verdict stands beside the offline score and is asked for once', async () => {
  let calls = 0
  const world = {
    wait: async () => {},
    fetch: (async () => {
      calls++
      return Response.json({ choices: [{ message: { content: 'Sure: [1, 2,4,6]' } }] })
    }) as typeof fetch,
  }
  const settings = { judge: { url: 'https://judge.example/v1', model: 'm' }, cache, world }
  const labeller = await createQualityLabeller(settings)
  const { judgedDifficulty, judgedCriteria } = await labeller.label(converse(hard, 'x'))
  expect(judgedDifficulty).toBe(6)
  expect(judgedCriteria).toMatchObject({ specificity: true, domain_knowledge: true, complexity: false, technical_accuracy: true })
  await (await createQualityLabeller(settings)).label(converse(hard, 'y'))
  expect(calls).toBe(1)
})

test('settings that cannot be used are named', () => {
  expect(() => parseQualitySettings({ judge: { url: 'nowhere' } })).toThrow(expect.objectContaining({ code: 'quality-settings' }))
})
