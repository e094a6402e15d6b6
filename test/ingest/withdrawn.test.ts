import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ingestFiles } from './logs.ts'

const ann = 'a'.repeat(64)
const bob = 'b'.repeat(64)

const state = (id: string, model: string, words: string[]) => ({
  conv_id: id,
  model_name: model,
  messages: words.map((word, index) => [index % 2 === 0 ? 'USER' : 'ASSISTANT', word]),
  offset: 0,
})
const chat = (id: string, user: string, words: string[], tstamp = 1000) => ({
  schema: 1,
  type: 'chat',
  tstamp,
  model: 'echo',
  state: state(id, 'echo', words),
  user,
})
const vote = (id: string, user: string) => ({
  schema: 1,
  type: 'upvote',
  tstamp: 2000,
  model: 'echo',
  state: state(id, 'echo', ['Hi', 'Hi']),
  user,
})
const battle = (ids: [string, string], user: string) => ({
  schema: 1,
  type: 'leftvote',
  tstamp: 2000,
  models: ['', ''],
  states: [state(ids[0], 'left', ['Hi', 'Yes']), state(ids[1], 'right', ['Hi', 'No'])],
  user,
})
const withdrawal = (user: string, conversations?: string[]) => ({
  schema: 1,
  type: 'withdrawal',
  tstamp: 3000,
  user,
  ...(conversations ? { conversations } : {}),
})

test('what a person took back is nowhere, whichever file it is in, and every line is accounted for', async () => {
  const secret = 'plugh-xyzzy'
  const { report, conversations, battles, work } = await ingestFiles({
    'server0/2026-03-01-conv.json': [
      chat('ann-1', ann, ['Hi', 'Hi'], 900),
      chat('ann-1', ann, ['Hi', 'Hi', secret, secret]),
      chat('bob-1', bob, ['Hello', 'Hello']),
      vote('ann-1', ann),
      vote('bob-1', bob),
      battle(['ann-l', 'ann-r'], ann),
      battle(['bob-l', 'bob-r'], bob),
    ],
    'server1/2026-03-02-conv.json': [withdrawal(ann), chat('ann-2', ann, [secret, 'Late'], 5000)],
  })
  expect(conversations.map(({ id }) => id).sort()).toEqual(['bob-1', 'bob-l', 'bob-r'])
  expect(battles.map(({ judge }) => judge)).toEqual([bob])
  expect(report).toMatchObject({ lines: 9, superseded: 1, refused: { withdrawn: 4 }, accepted: 4, users: 1 })
  const files = readdirSync(work, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(secret))).toEqual([])
})

test('a single conversation can be taken back, with the battle that it is a side of', async () => {
  const { report, conversations, battles } = await ingestFiles({
    'a.json': [chat('bob-1', bob, ['Hello', 'Hello']), battle(['bob-l', 'bob-r'], bob), withdrawal(bob, ['bob-l', 'bob-r'])],
  })
  expect(conversations.map(({ id }) => id)).toEqual(['bob-1'])
  expect(battles).toEqual([])
  expect(report).toMatchObject({ lines: 3, refused: { withdrawn: 1 }, accepted: 2 })
})

test('a withdrawal of nobody is refused', async () => {
  const { report } = await ingestFiles({ 'a.json': [chat('bob-1', bob, ['Hello', 'Hello']), withdrawal('10.0.0.1')] })
  expect(report.refused).toEqual({ 'id-invalid': 1 })
})
