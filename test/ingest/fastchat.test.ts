import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chatLine, ingestFiles, state } from './logs.ts'

const vote = (type: string, id: string, more = {}) => ({
  tstamp: 1_682_351_090.5,
  type,
  model: 'vicuna-13b',
  state: state(id, ['Hi', 'Hello']),
  ip: '203.0.113.7',
  ...more,
})
const battle = (type: string, more = {}) => ({
  tstamp: 1_682_351_099,
  type,
  models: ['', ''],
  states: [state('left', ['Which?', 'This.'], { model_name: 'koala-13b' }), state('right', ['Which?', 'That.'], { model_name: 'gpt-4' })],
  ip: '198.51.100.4',
  ...more,
})

test('a chat line becomes a conversation with time, keyed user and place', async () => {
  const { conversations, work } = await ingestFiles({ 'server0/2023-04-24-conv.json': [chatLine('c1', ['Hi', 'Hello'])] })
  const secret = readFileSync(join(work, 'salt'), 'utf8').trim()
  expect(conversations).toEqual([
    {
      id: 'c1',
      model: 'vicuna-13b',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
      ],
      turns: 1,
      startedAt: '2023-04-24T15:44:45.123Z',
      user: createHmac('sha256', secret).update('203.0.113.7').digest('hex'),
      source: { file: 'server0/2023-04-24-conv.json', line: 1 },
    },
  ])
})

test('the latest line of a conversation wins, whatever the server and the order', async () => {
  const early = chatLine('c1', ['Hi', 'Hello'], { tstamp: 100 })
  const late = chatLine('c1', ['Hi', 'Hello', 'More', 'Much more'], { tstamp: 200 })
  for (const [first, second] of [
    [early, late],
    [late, early],
  ]) {
    const { conversations, report } = await ingestFiles({ 'server0/a.json': [first, first], 'server1/a.json': [second] })
    expect(conversations.map(({ messages }) => messages.length)).toEqual([4])
    expect(report).toMatchObject({ lines: 3, accepted: 1, superseded: 2 })
  }
})

test('of lines at the same time the one with more messages wins, then the later place', async () => {
  const { conversations } = await ingestFiles({
    'a.json': [chatLine('c1', ['Hi', 'Hello', 'More', 'Yes']), chatLine('c2', ['a', 'first'])],
    'b.json': [chatLine('c1', ['Hi', 'Hello']), chatLine('c2', ['a', 'second'])],
  })
  expect(conversations.map(({ id, messages }) => [id, messages.length, messages[1]?.content])).toEqual([
    ['c1', 4, 'Hello'],
    ['c2', 2, 'second'],
  ])
})

test('what lies before the offset is left out and roles go by place', async () => {
  const line = chatLine('c1', [], { state: state('c1', ['Example?', 'Example.', 'Hi', 'Hello'], { offset: 2 }) })
  const { conversations } = await ingestFiles({ 'a.json': [line] })
  expect(conversations[0]?.messages.map(({ role, content }) => `${role}: ${content}`)).toEqual(['user: Hi', 'assistant: Hello'])
})

test("the remote logger's strings of JSON are read like the values", async () => {
  const { type, tstamp, model, ip, ...nested } = chatLine('c1', ['Hi', 'Hello'])
  const strings = Object.fromEntries(Object.entries(nested).map(([key, value]) => [key, JSON.stringify(value)]))
  const { models, states, ...rest } = battle('leftvote')
  const remoteBattle = { ...rest, models: JSON.stringify(models), states: JSON.stringify(states) }
  const { conversations, battles } = await ingestFiles({ 'a.json': [{ type, tstamp, model, ip, ...strings }, remoteBattle] })
  expect(conversations.map(({ id }) => id)).toEqual(['c1', 'left', 'right'])
  expect(battles.map(({ winner }) => winner)).toEqual(['model_a'])
})

test("a vision user's text is taken without the images", async () => {
  const line = chatLine('c1', [], {
    state: state('c1', [], {
      messages: [
        ['USER', ['What is this?', ['0123456789abcdef']]],
        ['ASSISTANT', 'A cat.'],
      ],
    }),
  })
  const { conversations } = await ingestFiles({ 'a.json': [line] })
  expect(conversations[0]?.messages[0]?.content).toBe('What is this?')
})

test('votes and flags attach to their conversation, even before it and from another file; the last vote counts', async () => {
  const { conversations, report } = await ingestFiles({
    'a.json': [vote('flag', 'c1'), vote('upvote', 'c1', { tstamp: 20 }), vote('downvote', 'c1', { tstamp: 10 })],
    'b.json': [chatLine('c1', ['Hi', 'Hello'])],
  })
  expect(conversations[0]?.outcome).toEqual({ vote: 'upvote', flagged: true })
  expect(report).toMatchObject({ lines: 4, accepted: 4 })
})

test('a vote whose conversation is nowhere is refused by name', async () => {
  const { report, quarantine } = await ingestFiles({ 'a.json': [chatLine('c1', ['Hi', 'Hello']), vote('upvote', 'gone')] })
  expect(report.refused).toEqual({ 'vote-without-conversation': 1 })
  expect(quarantine).toMatchObject([{ file: 'a.json', line: 2, reason: 'vote-without-conversation' }])
})

test('a blind battle becomes a record with the true names, its sides conversations tied by its id', async () => {
  const { battles, conversations } = await ingestFiles({
    'a.json': [chatLine('left', ['Which?', 'This, really.'], { model: 'koala-13b' }), battle('rightvote')],
  })
  expect(battles).toMatchObject([
    { modelA: 'koala-13b', modelB: 'gpt-4', conversationA: 'left', conversationB: 'right', winner: 'model_b', anonymous: true, turns: 1 },
  ])
  expect(battles[0]?.judge).toMatch(/^[0-9a-f]{64}$/)
  expect(conversations.map(({ id, messages, battle }) => [id, messages[1]?.content, battle])).toEqual([
    ['left', 'This, really.', battles[0]?.id],
    ['right', 'That.', battles[0]?.id],
  ])
})

test('a vote after the reveal does not take the place of the blind one', async () => {
  const revealed = battle('rightvote', { tstamp: 1_682_351_200, models: ['### Model A: koala-13b', '### Model B: gpt-4'] })
  const { battles, report } = await ingestFiles({ 'a.json': [revealed, battle('leftvote')] })
  expect(battles).toMatchObject([{ winner: 'model_a', anonymous: true }])
  expect(report).toMatchObject({ accepted: 1, superseded: 1 })
})

test('a battle with one name shown, or other names than the true ones, is refused', async () => {
  const { report } = await ingestFiles({
    'a.json': [battle('leftvote', { models: ['', 'gpt-4'] }), battle('leftvote', { models: ['vicuna-13b', 'gpt-4'] })],
  })
  expect(report.refused).toEqual({ 'battle-invalid': 2 })
})

test('an answer that never came is left out of the side that stands in, and refused in a chat line', async () => {
  const open = [
    ['USER', 'Which?'],
    ['ASSISTANT', 'This.'],
    ['USER', 'Why?'],
    ['ASSISTANT', null],
  ]
  const { conversations, report } = await ingestFiles({
    'a.json': [
      battle('tievote', { states: [state('left', [], { messages: open }), state('right', [], { messages: open })], models: ['', ''] }),
      chatLine('c1', [], { state: state('c1', [], { messages: open }) }),
    ],
  })
  expect(conversations.map(({ messages }) => messages.length)).toEqual([3, 3])
  expect(report.refused).toEqual({ 'content-not-text': 1 })
})

test('lines with fields that are not as they must be are refused by name', async () => {
  const { report } = await ingestFiles({
    'a.json': [
      chatLine('good', ['Hi', 'Hello']),
      chatLine('c1', ['Hi', 'Hello'], { model: null }),
      chatLine('c2', ['Hi', 'Hello'], { tstamp: 'yesterday' }),
      chatLine('c3', []),
      chatLine('c4', ['Hi', 'Hello'], { state: null }),
      chatLine('c5', ['Hi', 'Hello'], { type: 'clear' }),
      chatLine('c6', [], { state: state('c6', [], { messages: [['USER', 7]] }) }),
      chatLine('c7', ['Hi', 'Hello'], { state: state('c7', ['Hi', 'Hello'], { conv_id: null }) }),
      chatLine('c8', ['Hi', 'half \ud83d']),
      chatLine('c9', ['Hi', 'nul \0']),
      chatLine('c10', ['Hi', 'Hello'], { state: state('c10', ['Hi', 'Hello'], { has_csam_image: true }) }),
    ],
  })
  expect(report.refused).toEqual({
    'content-not-text': 1,
    'csam-image': 1,
    'id-invalid': 1,
    'lone-surrogate': 1,
    'messages-missing': 2,
    'model-missing': 1,
    'nul-character': 1,
    'time-invalid': 1,
    'type-unknown': 1,
  })
})

test('our own event log carries consent and its keyed user', async () => {
  const user = 'ab'.repeat(32)
  const { ip: _, ...line } = chatLine('c1', ['Hi', 'Hello'], {
    schema: 1,
    user,
    consent: { terms: 'f00d', acceptedAt: '2026-01-02T03:04:05.000Z' },
  })
  const { conversations, report } = await ingestFiles({ 'a.json': [line] })
  expect(report.inputs[0]?.form).toBe('events')
  expect(conversations[0]).toMatchObject({ user, consent: { terms: 'f00d', acceptedAt: '2026-01-02T03:04:05.000Z' } })
})

test("our own lines among FastChat's keep their consent and user", async () => {
  const { ip: _, ...own } = chatLine('own', ['Hi', 'Hello'], {
    schema: 1,
    user: 'cd'.repeat(32),
    consent: { terms: 'f00d', acceptedAt: '2026-01-02T03:04:05Z' },
  })
  const { conversations, report } = await ingestFiles({ 'a.json': [chatLine('c1', ['Hi', 'Hello']), chatLine('c2', ['Hi', 'Hello']), own] })
  expect(report.inputs[0]?.form).toBe('fastchat')
  expect(conversations[2]).toMatchObject({ id: 'own', user: 'cd'.repeat(32), consent: { terms: 'f00d' } })
})
