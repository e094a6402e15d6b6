import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Conversation } from '../../src/conversation.ts'
import { type CurateReport, curate } from '../../src/curate/curate.ts'
import { type LoadedRecipe, loadRecipe, parseRecipe } from '../../src/curate/recipe.ts'
import { openPool } from '../../src/engine/pool.ts'
import { silentLog } from '../../src/log.ts'
import { hashFile } from '../../src/storage/files.ts'
import { readParquet } from '../../src/storage/parquet.ts'
import { inventConversation, inventWork } from './work.ts'

const pool = openPool(2)
afterAll(() => pool.close())

const run = (work: string, loaded: LoadedRecipe, limit?: number): Promise<CurateReport> =>
  curate({ work, loaded, pool, log: silentLog, ...(limit === undefined ? {} : { limit }) })

const recipeOf = (rules: string, more = ''): LoadedRecipe => ({
  recipe: parseRecipe(`name: test\nconsent: assumed\nlabels: [format]\nrules: ${rules}\n${more}`, 'test'),
  blockedWords: [],
})

const answer = (text: string): Partial<Conversation> => ({
  messages: [
    { role: 'user', content: 'A question that is long enough.' },
    { role: 'assistant', content: text },
  ],
})

const dropsOf = ({ rules }: CurateReport) =>
  Object.fromEntries(rules.filter(({ dropped }) => dropped > 0).map(({ rule, dropped }) => [rule, dropped]))

async function positions(work: string): Promise<(number | null)[]> {
  const all: (number | null)[] = []
  for (const file of readdirSync(join(work, 'selection')).sort()) {
    for await (const rows of readParquet(join(work, 'selection', file))) {
      for (const { position } of rows) all.push(typeof position === 'bigint' ? Number(position) : null)
    }
  }
  return all
}

test('every default rule drops the conversation that breaks it, and counts it once', async () => {
  const faults: Record<string, Partial<Conversation>> = {
    'bad-format': { messages: [], turns: 0 },
    'bad-order': { messages: [{ role: 'assistant', content: 'I speak first, at some length.' }] },
    'empty-turn': answer('  \n'),
    unanswered: { messages: [{ role: 'user', content: 'Is anybody there at all?' }] },
    'network-error': answer('**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**'),
    'error-text': answer('**API REQUEST ERROR** Reason: unknown'),
    'moderation-stub': answer('$MODERATION$ YOUR INPUT VIOLATES OUR CONTENT MODERATION GUIDELINES.'),
    cursor: answer('The tides are▌'),
    anonymized: answer('Dear <anonymized>, hello <redacted>'),
    redacted: answer('Dear <REDACTED>'),
    'identity-leak': { ...answer('As Vicuna I cannot say.'), battle: 'secret' },
    'too-short': {
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'Hello! How can I help?' },
      ],
    },
  }
  const kept = [inventConversation('kept'), inventConversation('named', { ...answer('As Vicuna I cannot say.'), battle: 'open' })]
  const work = await inventWork(
    [Object.entries(faults).map(([id, change]) => inventConversation(id, change)), kept],
    [
      { id: 'secret', anonymous: true },
      { id: 'open', anonymous: false },
    ],
  )
  const loaded = loadRecipe('default')
  const report = await run(work, { ...loaded, recipe: { ...loaded.recipe, labels: ['format'] } })
  expect(dropsOf(report)).toEqual(Object.fromEntries(Object.keys(faults).map((rule) => [rule, 1])))
  expect(report.selected).toBe(2)
  expect(report.input).toBe(report.selected + Object.keys(faults).length)
  const dropped = readFileSync(join(work, 'dropped', '00000.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(dropped.map(({ id, reason }) => [id, reason])).toEqual(Object.keys(faults).map((rule) => [rule, rule]))
  expect(dropped[8].messages[1].content).toBe('Dear <anonymized>, hello <redacted>')
})

test('blocked words meet traditional characters in lower-cased text, and an entry in capitals never matches, as in 2023', async () => {
  const work = await inventWork([
    [inventConversation('a', answer('臺灣的龍')), inventConversation('b', answer('FORBIDDEN')), inventConversation('c', answer('Shout'))],
  ])
  const report = await run(work, { ...recipeOf('[blocked-word]'), blockedWords: ['龙', 'forbidden', 'SHOUT'] })
  expect(dropsOf(report)).toEqual({ 'blocked-word': 2 })
})

test('of repeated prompts the earliest stay', async () => {
  const at = (day: number) => ({ startedAt: new Date(Date.UTC(2023, 5, day)).toISOString() })
  const same = (id: string, day: number, text: string) =>
    inventConversation(id, {
      ...at(day),
      messages: [
        { role: 'user', content: text },
        { role: 'assistant', content: id },
      ],
    })
  const work = await inventWork([
    [same('late', 9, 'Write about X'), same('early', 1, 'write  about x')],
    [same('middle', 5, 'Write about X '), same('other', 9, 'Write about Y')],
  ])
  const report = await run(work, recipeOf('[{ rule: templated, keep: 2 }]'))
  expect(dropsOf(report)).toEqual({ templated: 1 })
  expect(report.rules[0]?.samples).toEqual(['late'])
  expect(await positions(work)).toEqual([null, 0, 1, 2])
})

test('required consent drops conversations without it', async () => {
  const consent = { terms: 'v1', acceptedAt: '2023-06-01T00:00:00Z' }
  const work = await inventWork([[inventConversation('a', { consent }), inventConversation('b')]])
  const recipe = parseRecipe('name: test\nconsent: required\nlabels: [format]', 'test')
  expect(dropsOf(await run(work, { recipe, blockedWords: [] }))).toEqual({ 'consent-missing': 1 })
})

test('the sample is the one that Python draws from the conversations in order of time', async () => {
  const many = Array.from({ length: 20 }, (_, index) =>
    inventConversation(`c${index}`, { startedAt: new Date(Date.UTC(2023, 4, 1 + index)).toISOString() }),
  )
  const work = await inventWork([many.slice(0, 7), many.slice(7)])
  const report = await run(work, recipeOf('[]', 'sampling: { seed: 42, size: 5 }'))
  expect(report).toMatchObject({ order: 'shuffled', selected: 5, notSampled: 15 })
  const drawn = [19, 5, 14, 4, 9]
  expect(await positions(work)).toEqual(many.map((_, index) => (drawn.includes(index) ? drawn.indexOf(index) : null)))
})

test('a limit keeps the first conversations in the order of shards', async () => {
  const work = await inventWork([[inventConversation('a'), inventConversation('b')], [inventConversation('c')]])
  expect(await run(work, recipeOf('[]'), 2)).toMatchObject({ selected: 2, notSampled: 1 })
  expect(await positions(work)).toEqual([0, 1, null])
})

test('labels that exist for the same conversations are not made again; another recipe makes only its own', async () => {
  const work = await inventWork([[inventConversation('a')], [inventConversation('b')]])
  const first = await run(work, recipeOf('[]'))
  const folder = join(work, first.labels.format?.folder ?? '')
  const madeAt = statSync(join(folder, '00000.parquet')).mtimeMs
  await run(work, recipeOf('[too-short]'))
  expect(statSync(join(folder, '00000.parquet')).mtimeMs).toBe(madeAt)
  const second = await run(work, { ...recipeOf('[]'), blockedWords: ['word'] })
  expect(second.labels.format?.folder).not.toBe(first.labels.format?.folder)
})

test('labels of other conversations under the same shard name are made anew', async () => {
  const work = await inventWork([[inventConversation('a')]])
  const { labels } = await run(work, recipeOf('[]'))
  const other = await inventWork([[inventConversation('a', answer('Another text'))]])
  const sidecar = `${labels.format?.folder}/00000.parquet`
  const fresh = await run(other, recipeOf('[]'))
  const expected = await hashFile(join(other, sidecar))
  // The old sidecar comes to lie in the other work folder, as after an ingest of changed logs.
  copyFileSync(join(work, sidecar), join(other, sidecar))
  await run(other, recipeOf('[]'))
  expect(await hashFile(join(other, `${fresh.labels.format?.folder}/00000.parquet`))).toBe(expected)
})

test('names what is wrong with a recipe', () => {
  expect(() => parseRecipe('name: x\nconsent: maybe', 'mine.yaml')).toThrow(/mine\.yaml: consent/)
  expect(() => parseRecipe('name: x\nconsent: assumed\nrules: [no-such]', 'mine.yaml')).toThrow(
    /There is no rule 'no-such'. Rules: anonymized/,
  )
  expect(() => parseRecipe('name: [', 'mine.yaml')).toThrow(/is not YAML/)
  expect(() => loadRecipe('nowhere')).toThrow(/default, lmsys-2023/)
})

test('a work folder without ingest.json is named with the way out', async () => {
  await expect(run('/nowhere', recipeOf('[]'))).rejects.toThrow(/Run 'colloquy ingest/)
})

test('figures of labels count the selected conversations alone', async () => {
  const work = await inventWork([
    [
      inventConversation('a', answer('One.')),
      inventConversation('b', answer('Two.')),
      inventConversation('c', answer('**API REQUEST ERROR**')),
    ],
    [inventConversation('d')],
  ])
  const recipe = parseRecipe('name: test\nconsent: assumed\nlabels: [format, signatures, duplicates]\nrules: [error-text]', 'test')
  const { figures } = await run(work, { recipe, blockedWords: [] })
  expect(figures.find(({ figure }) => figure.includes('first prompt came more'))).toMatchObject({ label: 'duplicates', value: 2 })
  expect(figures.find(({ figure }) => figure === 'distinct first prompts')?.value).toBe(2)
})
