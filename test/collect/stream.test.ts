import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Chat } from '../../src/collect/chat/chat.ts'
import { createGrowingText } from '../../src/collect/chat/growing.ts'
import { createLive, storedAnswer } from '../../src/collect/chat/live.ts'
import { streamTurn } from '../../src/collect/chat/stream.ts'
import { parseEvents } from './test-site.ts'

const chat: Chat = {
  id: 'c',
  person: 'p',
  kind: 'chat',
  keep: false,
  title: '',
  models: ['m'],
  parameters: { temperature: 0, topP: 1, maxTokens: 1 },
  logIds: ['c'],
  head: null,
  vote: null,
  hasLeaked: false,
  isCleared: false,
  createdAt: 0,
  updatedAt: 0,
  turns: new Map(),
  live: undefined,
  share: null,
}
const tick = () => new Promise((resolve) => setImmediate(resolve))

test('who reads slowly gets in one piece what has gathered, whole and once; who goes away is heard no more', async () => {
  const live = createLive({ id: 't', parent: null, prompt: 'hi', madeAt: 0, sides: 1 })
  const [side] = live.sides
  if (!side) throw new Error('no side')
  const gone = streamTurn(chat, live, '').body?.getReader()
  await gone?.cancel()
  const reader = streamTurn(chat, live, '').body?.pipeThrough(new TextDecoderStream()).getReader()
  const pieces: string[] = []
  for (let number = 0; number < 500; number++) {
    side.text.add(`${number} `)
    live.wake()
    await tick()
  }
  const text = side.text.whole()
  side.ended = { finish: 'stop', error: null, atMs: performance.now() }
  live.done = { id: 't', parent: null, prompt: 'hi', madeAt: 0, notice: null, answers: [storedAnswer(side)] }
  live.wake()
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) pieces.push(next.value)
  expect(pieces.length).toBeLessThan(10)
  const events = parseEvents(pieces.join(''))
  expect(events.flatMap(({ event, data }) => (event === 'text' ? [data.text] : [])).join('')).toBe(text)
  expect(events.map(({ event }) => event).filter((event) => event !== 'text')).toEqual(['answer', 'done'])
})

test('a growing text is read from any place as a string is', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 30 }), fc.nat(200), (pieces, place) => {
      const growing = createGrowingText()
      for (const piece of pieces) growing.add(piece)
      const text = pieces.join('')
      expect([growing.length, growing.whole(), growing.from(place)]).toEqual([text.length, text, text.slice(place)])
    }),
  )
})
