import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '../../src/storage/database.open.ts'
import type { Database } from '../../src/storage/database.ts'
import { type Browser, Conversation, chatTurn, startTestSite, type TestSite } from './test-site.ts'

// The site on the database that it has by default; the other tests have PostgreSQL.
const folder = mkdtempSync(join(tmpdir(), 'colloquy-site-pglite-'))
const admin = { authorization: 'Bearer admin' }
let database: Database
let it: TestSite
beforeAll(async () => {
  database = await openDatabase({ folder: join(folder, 'database') })
  it = await startTestSite({
    database,
    folder,
    parts: {
      findAccount: async (headers) => (headers.get('authorization') === admin.authorization ? { id: 'admin', isAdmin: true } : undefined),
    },
  })
}, 120_000)
afterAll(async () => {
  await it.close()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const List = z.object({ conversations: z.array(z.object({ id: z.string(), title: z.string() })), next: z.string().nullable() })
const list = (person: Browser, query = '') => person.read(List, 'GET', `/api/chat/conversations${query}`)
const titlesOf = ({ conversations }: z.infer<typeof List>) => conversations.map(({ title }) => title)

async function talk(person: Browser, prompt: string, keep = true): Promise<string> {
  it.clock.now = new Date(it.clock.now.getTime() + 1000)
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep })
  await chatTurn(person, id, prompt)
  return id
}

test('history comes in pages, latest first, is each person’s own, and outlives the process', async () => {
  const [ann, bob] = [it.browser(), it.browser({ address: '198.51.100.7' })]
  await ann.accept()
  await bob.accept()
  for (const prompt of ['one', 'two', 'three', 'four']) await talk(ann, prompt, prompt !== 'two')
  await talk(bob, 'bob’s')
  const first = await list(ann, '?limit=3')
  expect(titlesOf(first)).toEqual(['four', 'three', 'two'])
  expect(titlesOf(await list(ann, `?limit=3&before=${first.next}`))).toEqual(['one'])
  expect(titlesOf(await list(bob))).toEqual(['bob’s'])
  // Another site on the same database knows of the conversations only what is in it.
  const later = await startTestSite({ database, folder })
  const { body } = await later.browser().call('GET', '/api/chat/conversations', undefined, { cookie: ann.cookie() })
  expect(titlesOf(List.parse(body))).toEqual(['four', 'three', 'one'])
  await later.close()
})

test('a clock that jumps loses no turn: each is in the file of its day, in the history and in the figures', async () => {
  const person = it.browser({ address: '198.51.100.8' })
  await person.accept()
  const start = it.clock.now
  const id = await talk(person, 'at noon')
  const days = 24 * 3600 * 1000
  for (const [prompt, jump] of [
    ['two days back', -2 * days],
    ['a year on', 365 * days],
    ['home again', 0],
  ] as const) {
    it.clock.now = new Date(start.getTime() + jump)
    await chatTurn(person, id, prompt)
  }
  const { turns } = await person.read(Conversation, 'GET', `/api/chat/conversations/${id}`)
  expect(turns.map(({ prompt }) => prompt)).toEqual(['at noon', 'two days back', 'a year on', 'home again'])
  const events = it.events().filter(({ state }) => state?.conv_id === id)
  expect(events.map(({ state }) => state?.messages.at(-2)?.[1]).sort()).toEqual(['a year on', 'at noon', 'home again', 'two days back'])
  expect(titlesOf(await list(person))).toEqual(['at noon'])
  const { body } = await person.call('GET', '/api/operator/figures?minutes=1440', undefined, admin)
  const figures = z.looseObject({ turns: z.object({ total: z.number(), perMinute: z.array(z.number()) }) }).parse(body)
  expect(figures.turns.total).toBeGreaterThan(0)
  expect(figures.turns.perMinute.reduce((sum, count) => sum + count, 0)).toBe(figures.turns.total)
})

test('metrics are Prometheus’s text: every line a sample of a declared metric, once, with the counts of what happened', async () => {
  const person = it.browser({ address: '198.51.100.9' })
  await person.accept()
  const before = await readMetrics()
  await talk(person, 'counted')
  const { id } = await person.read(Conversation, 'POST', '/api/arena/battles', {
    kind: 'compare',
    models: ['echo', 'eliza-1966'],
    keep: true,
  })
  await chatTurn(person, id, 'both')
  await person.call('POST', `/api/arena/battles/${id}/vote`, { winner: 'tie' })
  await person.call('POST', `/api/chat/conversations/${id}/turns`, { key: 'key-metrics', prompt: ' ' })
  await person.call('POST', '/api/withdrawals', {})
  const after = await readMetrics()
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  expect(grown('colloquy_chat_turns_total')).toBe(2)
  expect(grown('colloquy_model_answers_total{model="echo"}')).toBe(2)
  expect(grown('colloquy_model_answers_total{model="eliza-1966"}')).toBe(1)
  expect(grown('colloquy_votes_total{winner="tie"}')).toBe(1)
  expect(grown('colloquy_refusals_total{code="prompt-empty"}')).toBe(1)
  expect(grown('colloquy_withdrawals_total')).toBe(1)
  expect(after.get('colloquy_chat_streams')).toBe(0)
  expect(after.get('colloquy_model_up{model="guide"}')).toBe(1)
  expect(after.get('colloquy_model_first_token_seconds{model="echo",quantile="0.99"}')).toBeGreaterThanOrEqual(0)
})

async function readMetrics(): Promise<Map<string, number>> {
  const text = await it.metrics(admin)
  expect(text.endsWith('\n')).toBe(true)
  const declared = new Set<string>()
  const samples = new Map<string, number>()
  for (const line of text.trimEnd().split('\n')) {
    const type = /^# TYPE ([a-z_]+) (?:counter|gauge)$/.exec(line)?.[1]
    if (type !== undefined) {
      expect(declared).not.toContain(type)
      declared.add(type)
      continue
    }
    const [, name = '', labels = '', value] =
      /^([a-z_]+)(\{[a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*\})? (\d+(?:\.\d+)?(?:e-\d+)?)$/.exec(line) ?? []
    expect(declared, line).toContain(name)
    expect(samples, line).not.toContain(name + labels)
    samples.set(name + labels, Number(value))
  }
  return samples
}
