import { beforeEach, expect, test } from 'vitest'
import type { Conversation, Sent, StreamListener, Turn } from '../../src/web/api.chat.shapes.ts'
import { ApiError } from '../../src/web/api.error.ts'
import { openDrafts } from '../../src/web/chat/drafts.ts'
import { openSession, type SessionParts } from '../../src/web/chat/session.ts'

const parameters = { temperature: 1, topP: 1, maxTokens: 9 }
const answerOf = (text: string, status: 'streaming' | 'done' | 'stopped'): Turn['answers'][number] => ({
  text,
  status,
  finish: status === 'done' ? 'stop' : null,
  error: null,
  timing: null,
  verdict: null,
  isFlagged: false,
  categories: [],
})
const turnOf = (id: string, parent: string | null, text = '', status: 'streaming' | 'done' = 'streaming'): Turn => ({
  id,
  parent,
  prompt: `prompt of ${id}`,
  createdAt: '',
  status,
  notice: null,
  answers: [answerOf(text, status)],
})
const empty: Conversation = {
  id: 'c1',
  kind: 'chat',
  models: ['m'],
  keep: true,
  title: '',
  createdAt: '',
  updatedAt: '',
  head: null,
  vote: null,
  share: null,
  parameters,
  turns: [],
}

let sent: Sent[]
let listened: { turn: string; listener: StreamListener; isClosed: boolean }[]
let refusal: ApiError | undefined
let onServer: Conversation
let kept: Map<string, string>
let paused: (() => void)[]

beforeEach(() => {
  sent = []
  listened = []
  refusal = undefined
  onServer = empty
  kept = new Map()
  paused = []
})

function parts(): SessionParts {
  const refuse = () => {
    if (refusal) throw refusal
  }
  return {
    api: {
      async turn(_, given) {
        sent.push(given)
        refuse()
        return turnOf(`t-${given.prompt}`, given.parent)
      },
      async regenerate(_, turn, given) {
        refuse()
        return turnOf(`again-${given.key.length}`, onServer.turns.find(({ id }) => id === turn)?.parent ?? null)
      },
      async stop(_, turn) {
        return { ...turnOf(turn, null, 'half', 'done'), answers: [answerOf('half', 'stopped')] }
      },
      async feedback(_, turn, { verdict }) {
        refuse()
        const found = turnOf(turn, null, 'x', 'done')
        return { ...found, answers: found.answers.map((one) => ({ ...one, verdict: verdict === 'flag' ? null : verdict })) }
      },
      async head() {
        refuse()
      },
      share: async () => ({ id: 's', path: '/chat/shared/s' }),
      unshare: async () => undefined,
      async vote(_, winner) {
        refuse()
        return { ...onServer, models: ['x', 'y'], vote: { winner, votedAt: '', counts: true, exclusion: null } }
      },
      async conversation() {
        refuse()
        return onServer
      },
    },
    listen(_, turn, listener) {
      const one = { turn, listener, isClosed: false }
      listened.push(one)
      return () => {
        one.isClosed = true
      }
    },
    drafts: openDrafts({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    }),
    later: (run) => run(),
    pause: (run) => void paused.push(run),
  }
}

const textOf = (conversation: Conversation, turn: string) => conversation.turns.find(({ id }) => id === turn)?.answers[0]?.text

test('a prompt is shown at once, its answer grows, and the server’s whole turn has the last word', async () => {
  const session = openSession(empty, parts())
  const told: (string | undefined)[] = []
  session.subscribe(() => told.push(session.state().sending?.prompt ?? session.state().running))
  await session.send('hi', null, parameters)
  expect(told[0]).toBe('hi')
  expect([session.state().running, session.state().conversation.head]).toEqual(['t-hi', 't-hi'])
  listened[0]?.listener.text(0, 'Hel')
  listened[0]?.listener.text(0, 'lo')
  expect(textOf(session.state().conversation, 't-hi')).toBe('Hello')
  listened[0]?.listener.done(turnOf('t-hi', null, 'Hello!', 'done'))
  expect([textOf(session.state().conversation, 't-hi'), session.state().running]).toEqual(['Hello!', undefined])
  expect(kept.size).toBe(0)
})

test('a prompt that no answer came for is kept with its key, and sent again with the same one after a reload', async () => {
  refusal = new ApiError(0, 'Unreachable', '')
  const before = openSession(empty, parts())
  await before.send('hi', null, parameters)
  expect(before.state().problem?.again).toBeDefined()
  refusal = undefined
  const after = openSession(empty, parts())
  after.state().problem?.again?.()
  await new Promise((resolve) => setTimeout(resolve))
  expect(after.state().running).toBe('t-hi')
  expect(sent.map(({ key }) => key)).toEqual([sent[0]?.key, sent[0]?.key])
  expect(kept.size).toBe(0)
})

test('a refused prompt goes back into its draft with the server’s words', async () => {
  refusal = new ApiError(429, 'rate-limited', 'Wait 20 seconds.')
  const session = openSession(empty, parts())
  await session.send('hi', null, parameters)
  expect(session.state().problem).toEqual({ error: refusal })
  expect(kept).toEqual(new Map([['colloquy.draft.c1', 'hi']]))
  session.dismiss()
  expect(session.state().problem).toBeUndefined()
})

test('after a reload a running turn is listened to from its beginning', () => {
  const session = openSession({ ...empty, head: 'r', turns: [turnOf('r', null, 'half of')] }, parts())
  expect([session.state().running, textOf(session.state().conversation, 'r')]).toEqual(['r', ''])
  listened[0]?.listener.cut()
  expect(session.state().isCut).toBe(true)
  listened[0]?.listener.text(0, 'half of it')
  expect([session.state().isCut, textOf(session.state().conversation, 'r')]).toEqual([false, 'half of it'])
  session.close()
  expect(listened[0]?.isClosed).toBe(true)
})

test('a stream that ends early is taken up again while the turn runs, and found whole when it does not', async () => {
  const running = { ...empty, head: 'r', turns: [turnOf('r', null, 'half')] }
  onServer = running
  const session = openSession(running, parts())
  listened[0]?.listener.end()
  await new Promise((resolve) => setTimeout(resolve))
  expect(paused.length).toBe(1)
  paused[0]?.()
  expect(listened.length).toBe(2)
  onServer = { ...empty, head: 'r', turns: [turnOf('r', null, 'whole', 'done')] }
  listened[1]?.listener.end()
  await new Promise((resolve) => setTimeout(resolve))
  expect([session.state().running, textOf(session.state().conversation, 'r')]).toEqual([undefined, 'whole'])
})

test('a turn that the server lost is said to be lost and offered again with another key', async () => {
  const session = openSession(empty, parts())
  await session.send('hi', null, parameters)
  onServer = empty
  listened[0]?.listener.end()
  await new Promise((resolve) => setTimeout(resolve))
  expect(session.state().problem?.error.code).toBe('turn-unknown')
  await session.send('ho', null, parameters)
  listened.at(-1)?.listener.lost({ code: 'log-unwritable', message: 'The disk is full.' })
  expect([session.state().problem?.error.code, session.state().conversation.turns.length, session.state().conversation.head]).toEqual([
    'log-unwritable',
    0,
    null,
  ])
  session.state().problem?.again?.()
  await new Promise((resolve) => setTimeout(resolve))
  expect(new Set(sent.map(({ key }) => key)).size).toBe(3)
})

test('stopping ends the stream with what there is', async () => {
  const session = openSession(empty, parts())
  await session.send('hi', null, parameters)
  await session.stop()
  expect([session.state().running, textOf(session.state().conversation, 't-hi'), listened[0]?.isClosed]).toEqual([undefined, 'half', true])
})

test('another branch is shown down to its newest turn', async () => {
  const turns = [turnOf('a', null, '', 'done'), turnOf('a2', null, '', 'done'), turnOf('b', 'a', '', 'done')]
  const session = openSession({ ...empty, head: 'a2', turns }, parts())
  await session.choose('a')
  expect(session.state().conversation.head).toBe('b')
})

test('votes reveal, feedback and shares are kept, and a refusal is shown', async () => {
  const session = openSession({ ...empty, turns: [turnOf('a', null, 'x', 'done')] }, parts())
  expect(await session.say('a', { verdict: 'up' })).toBe(true)
  expect(session.state().conversation.turns[0]?.answers[0]?.verdict).toBe('up')
  await session.share(true)
  expect(session.state().conversation.share?.path).toBe('/chat/shared/s')
  await session.share(false)
  expect(session.state().conversation.share).toBeNull()
  await session.vote('tie')
  expect(session.state().conversation).toMatchObject({ models: ['x', 'y'], vote: { winner: 'tie' } })
  refusal = new ApiError(409, 'vote-cast', 'You have voted.')
  await session.vote('left')
  expect([session.state().problem?.error.code, await session.say('a', { verdict: 'down' })]).toEqual(['vote-cast', false])
})
