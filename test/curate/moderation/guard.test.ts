import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { memoryAnswers } from '../../../src/curate/moderation/answers.ts'
import { categories } from '../../../src/curate/moderation/categories.ts'
import { loadGuardTemplate, readGuardAnswer } from '../../../src/curate/moderation/guard.parse.ts'
import { openGuard } from '../../../src/curate/moderation/guard.ts'
import { type ModerationServer, startServer } from './moderation-server.ts'

let server: ModerationServer
afterEach(() => server?.close())

function open(url: string, template: string) {
  return openGuard({
    model: 'guard',
    concurrency: 4,
    timeoutMs: 5000,
    apiKey: 'none',
    baseUrl: url,
    answers: memoryAnswers(),
    template: loadGuardTemplate(template),
    patience: { attempts: 3, firstMs: 1, longestMs: 1, sleep: async () => {}, random: () => 0.5 },
  })
}

const on = (answer: ReturnType<typeof readGuardAnswer>) => answer && categories.filter((category) => answer.categories[category])

test('reads Llama Guard: safe, unsafe with codes, codes beyond the eleven', () => {
  const read = (text: string) => readGuardAnswer(loadGuardTemplate('llama-guard-3'), 0, text)
  expect(on(read('\n\nsafe'))).toEqual([])
  expect(on(read('unsafe\nS10,S1'))).toEqual(['hate', 'violence'])
  expect(read('unsafe\nS2')).toMatchObject({ flagged: false, extra: { S2: 1 } })
  for (const unreadable of ['', 'I cannot judge this.', 'unsafe', 'unsafe\nS99', 'safety first? unsafe S1'])
    expect(read(unreadable), unreadable).toBeUndefined()
})

test('reads lists and scores as JSON, also with words around them', () => {
  const list = (text: string) => readGuardAnswer(loadGuardTemplate('gpt-oss-safeguard'), 0, text)
  expect(on(list('Here: {"violations": ["hate", "harassment"]}'))).toEqual(['harassment', 'hate'])
  expect(list('{"violations": "hate"}')).toBeUndefined()
  expect(list('none')).toBeUndefined()
  const scores = (text: string) => readGuardAnswer(loadGuardTemplate('rubric'), 0, text)
  const all = Object.fromEntries(categories.map((category) => [category, category === 'sexual' ? 0.8 : 0.1]))
  expect(on(scores(JSON.stringify(all)))).toEqual(['sexual'])
  expect(scores(JSON.stringify({ ...all, hate: 7 }))).toBeUndefined()
  expect(scores('{"sexual": 1}')).toBeUndefined()
})

test('ShieldGemma is asked once for each policy', async () => {
  server = await startServer({ chat: (prompt) => (prompt.includes('No Hate Speech') ? 'Yes, it does.' : 'No') })
  const answer = await open(server.url, 'shieldgemma').judge('some $& text')
  expect(on(answer)).toEqual(['hate'])
  expect(server.paid).toHaveLength(4)
  expect(server.paid.every((prompt) => prompt.includes('some $& text'))).toBe(true)
})

test('a question that was answered is not paid again when a later one fails', async () => {
  server = await startServer({ fault: (request) => (request === 3 ? '500' : undefined), chat: () => 'No' })
  expect(await open(server.url, 'shieldgemma').judge('text')).toMatchObject({ flagged: false })
  expect(server.requests).toBe(5)
  expect(new Set(server.paid).size).toBe(4)
  expect(server.paid).toHaveLength(4)
})

test('an unreadable answer is asked for again, and after that the message counts as failed', async () => {
  server = await startServer({ chat: (text, request) => (text === 'odd' || request === 0 ? 'hmm' : 'safe') })
  const queue = open(server.url, 'llama-guard-3')
  expect(await queue.judge('plain')).toMatchObject({ flagged: false })
  expect((await queue.judge('plain')).failed).toBeUndefined()
  expect(await queue.judge('odd')).toMatchObject({ failed: 'unusable', flagged: false })
  expect(queue.failed()).toBe(1)
})

test('faults of the endpoint lose nothing', async () => {
  server = await startServer({
    fault: (request) => (['500', 'cut', '429', undefined] as const)[request % 4],
    chat: (text) => (text.includes('BAD') ? 'unsafe\nS1' : 'safe'),
  })
  const queue = openGuard({
    model: 'guard',
    concurrency: 1,
    timeoutMs: 5000,
    apiKey: 'none',
    baseUrl: server.url,
    answers: memoryAnswers(),
    template: loadGuardTemplate('llama-guard-3'),
    patience: { attempts: 5, firstMs: 1, longestMs: 1, sleep: async () => {}, random: () => 0.5 },
  })
  const texts = ['a', 'BAD b', 'c', 'BAD d']
  const answers = await Promise.all(texts.map(queue.judge))
  expect(answers.map(({ flagged, failed }) => failed ?? flagged)).toEqual([false, true, false, true])
  expect(server.paid).toEqual(texts)
})

test('a template of the operator is read from a file; an unknown one names the known', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'guard-')), 'mine.json')
  writeFileSync(
    path,
    JSON.stringify({
      about: 'mine',
      asks: [{ categories: ['hate'], messages: [{ role: 'user', content: 'Hate? {text}' }] }],
      maxTokens: 3,
      answer: { kind: 'yes-no', yes: '^ja', no: '^nein' },
    }),
  )
  expect(on(readGuardAnswer(loadGuardTemplate(path), 0, 'Ja.'))).toEqual(['hate'])
  expect(() => loadGuardTemplate('nope')).toThrow(/llama-guard-3/)
})
