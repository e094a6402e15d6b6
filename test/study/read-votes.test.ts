import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Battle, Conversation } from '../../src/conversation.ts'
import { battleColumns, toBattleRow } from '../../src/storage/battles.ts'
import { conversationColumns, toConversationRow } from '../../src/storage/conversations.ts'
import { writeParquet } from '../../src/storage/parquet.ts'
import { readVotes } from '../../src/study/ratings/read-votes.ts'
import { runCli } from '../cli/world.ts'

let folder: string

const side = (id: string, model: string, answer: string, battle?: string): Conversation => ({
  id,
  model,
  messages: [
    { role: 'user', content: 'How are you?' },
    { role: 'assistant', content: answer },
  ],
  turns: 1,
  source: { file: 'log.json', line: 1 },
  ...(battle ? { battle } : {}),
})
const battle = (id: string, winner: Battle['winner'], votedAt: string): Battle => ({
  id,
  modelA: 'ada',
  modelB: 'bob',
  conversationA: `${id}-a`,
  conversationB: `${id}-b`,
  winner,
  anonymous: true,
  judge: 'f'.repeat(64),
  votedAt,
  turns: 1,
  source: { file: 'log.json', line: 1 },
})

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'votes-'))
  mkdirSync(join(folder, 'conversations'))
  const battles = [battle('1', 'model_a', '2026-02-02T00:00:00.000Z'), battle('2', 'model_b', '2026-02-01T00:00:00.000Z')]
  await writeParquet(join(folder, 'battles.parquet'), battleColumns, battles.map(toBattleRow))
  const conversations = [
    side('0', 'ada', 'a chat that is no battle'),
    side('1-a', 'ada', '# Well\n- thanks', '1'),
    side('1-b', 'bob', '```\ncode\n```', '1'),
    side('2-a', 'ada', 'fine', '2'),
    side('2-b', 'bob', '**fine**', '2'),
  ]
  await writeParquet(join(folder, 'conversations', '00000.parquet'), conversationColumns, conversations.map(toConversationRow))
})

async function addLabels(): Promise<void> {
  const label = async (name: string, columns: Parameters<typeof writeParquet>[1], rows: Parameters<typeof writeParquet>[2]) => {
    mkdirSync(join(folder, 'labels', name), { recursive: true })
    await writeParquet(join(folder, 'labels', name, '00000.parquet'), columns, rows)
  }
  const languages = ['French', 'German', 'German', 'English', 'English']
  await label(
    'language',
    [{ name: 'name', type: 'string' }],
    languages.map((name) => ({ name })),
  )
  await label(
    'quality',
    [{ name: 'difficulty', type: 'int32' }],
    [10, 9, 9, 8, 8].map((difficulty) => ({ difficulty })),
  )
  await label(
    'tokens',
    [{ name: 'o200k', type: { list: 'int32' } }],
    [1, 2, 3, 4, 5].map((count) => ({ o200k: [100, count] })),
  )
  const labels = Object.fromEntries(['language', 'quality', 'tokens'].map((name) => [name, { folder: `labels/${name}` }]))
  writeFileSync(join(folder, 'curate.json'), JSON.stringify({ labels }))
}

test('votes come in the order of time with the style of their answers, counted in characters where nothing else is known', async () => {
  const { votes, lengthUnit } = await readVotes(folder)
  expect(votes.map(({ winner }) => winner)).toEqual(['model_b', 'model_a'])
  expect(votes[1]?.style?.[0]).toEqual({ length: 15, headers: 1, lists: 1, bold: 0 })
  expect(votes.map(({ isCoding, isHard, language }) => [isCoding, isHard, language])).toEqual([
    [false, undefined, undefined],
    [true, undefined, undefined],
  ])
  expect(lengthUnit).toBe('characters')
})

test('labels of curate give language, hard prompts and lengths in tokens, row for row', async () => {
  await addLabels()
  const { votes, lengthUnit } = await readVotes(folder)
  expect(votes.map(({ isHard, language, style }) => [isHard, language, style?.[0].length, style?.[1].length])).toEqual([
    [false, 'English', 4, 5],
    [true, 'German', 2, 3],
  ])
  expect(lengthUnit).toBe('tokens')
})

test('a battle is left out when curate dropped a side for a name given away, not when it dropped it as a duplicate', async () => {
  mkdirSync(join(folder, 'dropped'))
  writeFileSync(join(folder, 'dropped', '00000.jsonl'), '{"id":"1-b","reason":"identity-leak"}\n{"id":"2-a","reason":"duplicates"}\n')
  const { votes, broken } = await readVotes(folder)
  expect([votes.length, broken]).toEqual([1, 1])
})

test('colloquy study leaderboard reads the work folder beside a release, and prints a table or JSON', async () => {
  const release = `${folder}-release`
  renameSync(folder, `${release}.work`)
  const table = await runCli(['study', 'leaderboard', release, '--rounds', '10'])
  expect(table.out).toContain('2 votes in all')
  expect(table.out).toMatch(/ada +1–2 +1000\.0 /)
  const { code, out } = await runCli([
    'study',
    'leaderboard',
    release,
    '--json',
    '--style-control',
    '--anchor',
    'bob=1114',
    '--rounds',
    '10',
  ])
  const board = JSON.parse(out)
  expect([code, board.lengthUnit, board.categories[0], board.style.length]).toEqual([0, 'characters', { name: 'all', votes: 2 }, 4])
  expect(board.places.find((place: { model: string }) => place.model === 'bob').rating).toBeCloseTo(1114, 9)
})

test('what cannot be found is named with the way out', async () => {
  const run = async (...args: string[]) => runCli(['study', 'leaderboard', ...args])
  expect((await run(join(folder, 'conversations'))).err).toContain('Give the --work folder')
  expect((await run(folder, '--anchor', 'eve=1000')).err).toContain("No vote is about 'eve'. Models: ada, bob.")
  expect((await run(folder, '--anchor', 'eve')).code).toBe(2)
})
