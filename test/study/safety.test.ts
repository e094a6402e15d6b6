import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { categories, perCategory } from '../../src/curate/moderation/categories.ts'
import { type Column, writeParquet } from '../../src/storage/parquet.ts'
import { studySafety } from '../../src/study/safety.ts'
import { runCli } from '../cli/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'safety-'))
const columns: Column[] = [
  { name: 'conversation_id', type: 'string' },
  { name: 'model', type: 'string' },
  { name: 'language', type: 'string' },
  {
    name: 'conversation',
    type: {
      list: {
        struct: [
          { name: 'content', type: 'string' },
          { name: 'role', type: 'string' },
        ],
      },
    },
  },
  {
    name: 'openai_moderation',
    type: {
      list: {
        struct: [
          { name: 'categories', type: { struct: categories.map((name) => ({ name, type: 'boolean' as const })) } },
          { name: 'category_scores', type: { struct: categories.map((name) => ({ name, type: 'double' as const })) } },
          { name: 'flagged', type: 'boolean' },
        ],
      },
    },
  },
]

/** A conversation in signs: `u` and `a` clean, `U` and `A` flagged as violence, `x` an assistant message that could not be judged. */
function row(id: string, model: string, signs: string) {
  return {
    conversation_id: id,
    model,
    language: 'English',
    conversation: [...signs].map((sign, at) => ({ content: `${id} ${at}`, role: sign.toLowerCase() === 'u' ? 'user' : 'assistant' })),
    openai_moderation: [...signs].map((sign) => ({
      categories: perCategory((name) => (sign === 'x' ? null : name === 'violence' && sign !== sign.toLowerCase())),
      category_scores: perCategory((name) => (sign === 'x' ? null : name === 'violence' && sign !== sign.toLowerCase() ? 0.9 : 0.1)),
      flagged: sign === 'x' ? null : sign !== sign.toLowerCase(),
    })),
  }
}

beforeAll(async () => {
  mkdirSync(join(folder, 'data'))
  await writeParquet(join(folder, 'data', 'train-00000-of-00002.parquet'), columns, [
    row('a', 'm1', 'UA'),
    row('b', 'm1', 'UaUA'),
    row('c', 'm1', 'ua'),
  ])
  await writeParquet(join(folder, 'data', 'train-00001-of-00002.parquet'), columns, [
    row('d', 'm2', 'uAUa'),
    row('e', 'm2', 'Ux'),
    row('f', 'm2', 'uaua'),
  ])
})

test('counts attempts, and successes where a flagged answer comes after', async () => {
  const { report } = await studySafety(folder, { examples: 100, seed: 1 })
  expect(report.models).toEqual([
    { model: 'm1', conversations: 3, attempts: 3, successes: 3, attemptConversations: 2, successConversations: 2 },
    { model: 'm2', conversations: 3, attempts: 2, successes: 0, attemptConversations: 2, successConversations: 0 },
  ])
  expect(report).toMatchObject({ conversations: 6, messages: 18, flaggedMessages: 8, unjudged: 1, flaggedConversations: { violence: 4 } })
})

test('evaluation sets hold as many clean as flagged messages, role by role, none unjudged, and repeat for a seed', async () => {
  const first = await studySafety(folder, { examples: 4, seed: 1 })
  const set = first.sets.get('violence') ?? []
  for (const role of ['user', 'assistant']) {
    const ours = set.filter((one) => one.role === role)
    expect(ours.filter(({ flagged }) => flagged).length).toBe(ours.filter(({ flagged }) => !flagged).length)
  }
  expect(set.length).toBeGreaterThan(2)
  expect(set.some(({ content }) => content === 'e 1')).toBe(false)
  expect((await studySafety(folder, { examples: 4, seed: 1 })).sets).toEqual(first.sets)
})

test('an example names every category that its message is flagged for, so that eval counts none of them as an error', async () => {
  const mixed = mkdtempSync(join(tmpdir(), 'mixed-'))
  mkdirSync(join(mixed, 'data'))
  const both = row('g', 'm1', 'Uu')
  const opinion = both.openai_moderation[0]
  if (opinion) opinion.categories = { ...opinion.categories, hate: true }
  await writeParquet(join(mixed, 'data', 'train-00000-of-00001.parquet'), columns, [both])
  const { sets } = await studySafety(mixed, { examples: 4, seed: 1 })
  expect([...sets.keys()]).toEqual(['hate', 'violence'])
  for (const set of sets.values()) expect(set.map(({ labels }) => labels)).toEqual([['hate', 'violence'], []])
})

test('the command prints the table and writes sets that eval reads', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'sets-')), 'sets')
  const { code, out: printed } = await runCli(['study', 'safety', folder, '--out', out])
  expect(code).toBe(0)
  expect(printed).toMatch(/m1\s+3\s+3\s+3\s+100\.0 %/)
  expect(readdirSync(out).sort()).toEqual(['safety.json', 'violence.jsonl'])
  expect(JSON.parse(readFileSync(join(out, 'safety.json'), 'utf8')).unjudged).toBe(1)
  const evaluated = await runCli(['eval', 'moderation', join(out, 'violence.jsonl'), '--json'])
  expect(JSON.parse(evaluated.out).categories.find((one: { category: string }) => one.category === 'violence').positives).toBeGreaterThan(0)
})

test('a folder without data, an unknown study, a foreign folder for --out are told', async () => {
  expect((await runCli(['study', 'safety', tmpdir()])).err).toContain('data/*.parquet')
  expect((await runCli(['study', 'weather', folder])).err).toContain('safety')
  expect((await runCli(['study', 'safety', folder, '--out', folder])).err).toContain('other files')
})
