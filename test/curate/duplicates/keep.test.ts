import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Conversation } from '../../../src/conversation.ts'
import { type CurateReport, curate } from '../../../src/curate/curate.ts'
import { parseRecipe } from '../../../src/curate/recipe.ts'
import { openPool } from '../../../src/engine/pool.ts'
import { silentLog } from '../../../src/log.ts'
import { inventWork } from '../work.ts'

const pool = openPool(2)
afterAll(() => pool.close())

function converse(id: string, prompt: string, day: number, change: Partial<Conversation> = {}): Conversation {
  const messages: Conversation['messages'] = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: `The answer, said by ${id}, is long enough.` },
  ]
  return { id, model: 'm', messages, turns: 1, source: { file: 'x', line: 1 }, startedAt: `2023-05-0${day}T00:00:00.000Z`, ...change }
}

const conversations = [
  converse('a', 'How do I fix a dripping kitchen tap?', 1, {
    messages: [
      { role: 'user', content: 'How do I fix a dripping kitchen tap?' },
      { role: 'assistant', content: '**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**' },
    ],
  }),
  converse('b', 'how do I fix a dripping kitchen tap', 2),
  converse('c', 'How do I fix a dripping kitchen tap??', 3, { outcome: { vote: 'upvote' } }),
  converse('d', 'Which wood is best for a kitchen table?', 4),
]

async function run(rules: string, labels = '[format, signatures, duplicates]'): Promise<{ report: CurateReport; dropped: string[] }> {
  const work = await inventWork([conversations.slice(0, 2), conversations.slice(2)])
  const recipe = parseRecipe(`name: test\nconsent: assumed\nlabels: ${labels}\nrules: ${rules}\n`, 'test')
  const report = await curate({ work, loaded: { recipe, blockedWords: [] }, pool, log: silentLog })
  const lines = readFileSync(join(work, 'dropped', 'duplicates.jsonl'), 'utf8')
    .trim()
    .split('\n')
  return { report, dropped: lines.map((line) => String((JSON.parse(line) as { id: string }).id)) }
}

test('of a group the earliest that no other rule dropped is kept, and drops are counted', async () => {
  const { report, dropped } = await run('[network-error, { rule: duplicates, by: normal_prompts }]')
  expect(dropped).toEqual(['c'])
  expect(report.rules.map(({ rule, dropped: count }) => [rule, count])).toEqual([
    ['network-error', 1],
    ['duplicates', 1],
  ])
  expect(report.selected).toBe(2)
})

test('two rules of this name count their own drops', async () => {
  const { report, dropped } = await run('[{ rule: duplicates, by: near_prompts, keep: 2 }, { rule: duplicates, by: normal_prompts }]')
  expect(report.rules.map(({ dropped: count, samples }) => [count, samples])).toEqual([
    [1, ['c']],
    [1, ['b']],
  ])
  expect(dropped).toEqual(['b', 'c'])
  expect(report.selected).toBe(report.input - 2)
})

test('the preference and the number to keep are the recipe’s', async () => {
  expect((await run('[{ rule: duplicates, by: near_prompts, prefer: vote }]')).dropped).toEqual(['a', 'b'])
  expect((await run('[{ rule: duplicates, by: near_prompts, keep: 2 }]')).dropped).toEqual(['c'])
})

test('a rule that cannot work is named', async () => {
  await expect(run('[{ rule: duplicates, by: prompts }]')).rejects.toMatchObject({
    code: 'recipe-invalid',
    message: expect.stringContaining('near_prompts'),
  })
  await expect(run('[{ rule: duplicates, by: near_prompts }]', '[format]')).rejects.toThrow(
    "needs the labels 'signatures' and 'duplicates'",
  )
})

test('a recipe with a key in it is refused', () => {
  expect(() => parseRecipe('name: test\nconsent: assumed\nsettings: { contamination: { apiKey: secret } }\n', 'test')).toThrow(
    expect.objectContaining({ code: 'recipe-invalid', message: expect.not.stringContaining('secret') }),
  )
})
