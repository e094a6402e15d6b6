import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Conversation } from '../../../src/conversation.ts'
import { createDuplicateLabeller } from '../../../src/curate/duplicates/group.ts'
import { signShard } from '../../../src/curate/duplicates/sign.ts'
import { type Log, silentLog } from '../../../src/log.ts'
import { conversationColumns, toConversationRow } from '../../../src/storage/conversations.ts'
import { type Row, readParquet, writeParquet } from '../../../src/storage/parquet.ts'

function converse(id: string, prompts: readonly string[], change: Partial<Conversation> = {}): Conversation {
  const messages = prompts.flatMap((content): Conversation['messages'] => [
    { role: 'user', content },
    { role: 'assistant', content: `Answer ${id}` },
  ])
  return { id, model: 'm', messages, turns: prompts.length, source: { file: 'x', line: 1 }, ...change }
}

async function group(
  shards: readonly (readonly Conversation[])[],
  given: { memoryMiB: number; log: Log } = { memoryMiB: 512, log: silentLog },
): Promise<{ rows: Row[]; families: { pattern: string; users: number; conversations: number }[] }> {
  const work = mkdtempSync(join(tmpdir(), 'duplicates-'))
  const folder = (name: string) => {
    mkdirSync(join(work, name))
    return join(work, name)
  }
  const [conversations, signatures, out, temp] = [folder('c'), folder('s'), folder('d'), folder('t')]
  const names = shards.map((_, index) => String(index).padStart(5, '0'))
  for (const [index, shard] of shards.entries()) {
    const name = `${names[index]}.parquet`
    await writeParquet(join(conversations, name), conversationColumns, shard.map(toConversationRow))
    await signShard({ from: join(conversations, name), to: join(signatures, name) })
  }
  await createDuplicateLabeller().run({
    conversations,
    shards: names,
    folders: { signatures },
    out,
    temp,
    jobs: 2,
    ...given,
  })
  const rows: Row[] = []
  for (const name of names) for await (const batch of readParquet(join(out, `${name}.parquet`))) rows.push(...batch)
  return { rows, families: JSON.parse(readFileSync(join(out, 'families.json'), 'utf8')) }
}

const essay =
  'Write a detailed essay on how the printing press changed religious debate in sixteenth century Europe, with at least four named sources, and end with a paragraph on what it teaches about social media today.'

test('exact, normalised and near duplicates are grouped, ranked, and others left alone', async () => {
  const { rows } = await group([
    [
      converse('a', ['Tell me a joke about lawyers'], { startedAt: '2023-05-02T00:00:00.000Z' }),
      converse('b', ['tell me a JOKE about lawyers!'], { startedAt: '2023-05-01T00:00:00.000Z', outcome: { vote: 'downvote' } }),
      converse('c', ['How tall is the Eiffel tower?', 'And the Statue of Liberty?']),
    ],
    [
      converse('d', ['Tell me a joke about lawyers'], { startedAt: '2023-05-03T00:00:00.000Z', outcome: { vote: 'upvote' } }),
      converse('e', [essay]),
      converse('f', [essay.replace('sixteenth', '16th').replace('at least four named', 'three')]),
      converse('g', ['']),
    ],
  ])
  const by = Object.fromEntries(rows.map((row) => [String(row.id), row]))
  expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  expect(by.a?.exact_prompts).toMatchObject({ size: 2, first: 1 })
  expect(by.d?.exact_prompts).toMatchObject({ size: 2, first: 2 })
  expect(by.b?.exact_prompts).toMatchObject({ size: 1 })
  expect([by.b, by.a, by.d].map((row) => row?.normal_first_prompt)).toMatchObject([
    { size: 3, first: 1, vote: 3 },
    { size: 3, first: 2, vote: 2 },
    { size: 3, first: 3, vote: 1 },
  ])
  expect(by.a?.normal_conversation).toMatchObject({ size: 1 })
  expect(by.e?.normal_prompts).toMatchObject({ size: 1 })
  expect(by.e?.near_prompts).toMatchObject({ size: 2 })
  expect(by.f?.near_prompts).toMatchObject({ size: 2, first: 2 })
  expect(by.c?.near_prompts).toMatchObject({ size: 1, first: 1, longest: 1, vote: 1 })
  expect(by.c?.messages).toMatchObject([
    { message: 0, size: 1 },
    { message: 2, size: 1 },
  ])
  expect(by.g?.messages).toEqual([])
})

test('groups do not depend on order and shards', async () => {
  const texts = [
    essay,
    `${essay} Thank you.`,
    essay.replace('detailed', 'careful'),
    'Tell me a joke',
    'tell me a joke.',
    'Who are you',
    'Who were the Medici',
  ]
  const conversations = texts.map((text, index) => converse(`id${index}`, index % 2 ? [text] : [text, 'Go on please']))
  const view = ({ rows }: { rows: Row[] }) => rows.sort((one, two) => (String(one.id) < String(two.id) ? -1 : 1))
  const one = view(await group([conversations]))
  const two = view(await group([[...conversations].reverse().slice(0, 3), [...conversations].reverse().slice(3)]))
  expect(two).toEqual(one)
})

test('a family of prompts is found with its pattern, users and days', async () => {
  const things = 'ants bees cats dogs eels frogs goats hens ibis jays kiwis larks mice newts owls pigs quail rats seals toads'.split(' ')
  const bot = things.flatMap((thing, index) =>
    [0, 1].map((day) =>
      converse(`bot${index}-${day}`, [`Write an article about ${thing} in 500 words`], {
        user: `u${day}`,
        startedAt: `2023-05-0${day + 1}T00:00:00.000Z`,
      }),
    ),
  )
  const { rows, families } = await group([[...bot, converse('other', ['How do I boil an egg properly'])]])
  expect(families).toMatchObject([
    {
      pattern: 'write an article about … 500 words',
      conversations: 40,
      prompts: 20,
      users: 2,
      days: { '2023-05-01': 20, '2023-05-02': 20 },
    },
  ])
  expect(rows[0]).toMatchObject({ template: { size: 40 }, template_users: 2 })
  expect(rows.at(-1)?.template ?? null).toBeNull()
  expect(rows.at(-1)?.template_users ?? null).toBeNull()
})

test('thousands of copies of one text are one group, without comparing them pair by pair', async () => {
  const { rows } = await group([Array.from({ length: 5000 }, (_, index) => converse(`id${index}`, [essay]))])
  expect(rows.every(({ near_prompts }) => (near_prompts as { size: number }).size === 5000)).toBe(true)
})

test('where memory is too little it goes on with more, and ends in the same groups', async () => {
  const shards = [
    Array.from({ length: 3000 }, (_, index) => converse(`c${String(index).padStart(5, '0')}`, [`${essay} Item ${index % 700}.`])),
  ]
  const raised: unknown[] = []
  const log: Log = { ...silentLog, info: (event, fields) => void (event === 'duplicates.memory-raised' && raised.push(fields)) }
  const tight = await group(shards, { memoryMiB: 8, log })
  expect(raised.length).toBeGreaterThan(0)
  expect(tight).toEqual(await group(shards))
})
