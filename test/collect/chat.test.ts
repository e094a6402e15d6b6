import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Consent, Conversation, chatTurn, startTestSite, type TestSite, Turn, testTerms } from './test-site.ts'

let it: TestSite
beforeAll(async () => {
  it = await startTestSite()
})
afterAll(() => it.close())

const Anything = z.record(z.string(), z.unknown())
const List = z.object({ conversations: z.array(z.object({ title: z.string() })), next: z.string().nullable() })
const newChat = { model: 'eliza-1966', keep: true }

test('nobody chats before the terms are accepted, and a kept event carries their version and time', async () => {
  const person = it.browser()
  expect(await person.call('POST', '/api/chat/conversations', newChat)).toMatchObject({ status: 403, body: { code: 'person-unknown' } })
  const before = await person.read(Consent, 'GET', '/api/consent')
  expect(before).toMatchObject({ answer: null, isCurrent: false, isKnown: false, receipt: null, terms: { version: testTerms.version } })
  const tooYoung = await person.call('POST', '/api/consent', { terms: testTerms.version, keep: true })
  expect(tooYoung).toMatchObject({ status: 400, body: { code: 'age-unconfirmed' } })
  await person.accept()
  const consent = await person.read(Consent, 'GET', '/api/consent')
  expect(consent).toMatchObject({ isCurrent: true, isKnown: true, receipt: expect.stringMatching(/^[2-9A-Z]{5}(-[2-9A-Z]{5}){3}$/) })
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', newChat)
  const turn = await chatTurn(person, id, 'I am sad')
  expect(turn.answers).toMatchObject([{ text: 'I am sorry to hear that you are sad.', status: 'done', finish: 'stop' }])
  const event = it.events().find(({ state }) => state?.conv_id === id)
  expect(event).toMatchObject({
    schema: 1,
    type: 'chat',
    model: 'eliza-1966',
    finish_reason: 'stop',
    consent: { terms: testTerms.version, acceptedAt: consent.answer?.acceptedAt },
    user: expect.stringMatching(/^[0-9a-f]{64}$/),
    state: {
      messages: [
        ['USER', 'I am sad'],
        ['ASSISTANT', 'I am sorry to hear that you are sad.'],
      ],
    },
  })
})

test('a chat that is not to be kept is nowhere on disk', async () => {
  const person = it.browser()
  await person.accept(false)
  const refused = await person.read(Conversation, 'POST', '/api/chat/conversations', newChat)
  const path = `/api/chat/conversations/${refused.id}/turns`
  expect(await person.call('POST', path, { key: 'key-00000001', prompt: 'hello' })).toMatchObject({
    status: 403,
    body: { code: 'consent-required' },
  })
  const { id, keep } = await person.read(Conversation, 'POST', '/api/chat/conversations', { ...newChat, keep: false })
  expect(keep).toBe(false)
  const secret = 'xyzzy-plugh-42'
  await chatTurn(person, id, `I need ${secret}`)
  expect((await person.read(Conversation, 'GET', `/api/chat/conversations/${id}`)).turns).toHaveLength(1)
  expect(JSON.stringify(it.events())).not.toContain(secret)
  const rows = await it.database.select(Anything, 'select * from collect_chats, collect_turns')
  expect(JSON.stringify(rows)).not.toContain(secret)
  expect(await person.call('POST', `/api/chat/conversations/${id}/share`)).toMatchObject({
    status: 409,
    body: { code: 'conversation-not-kept' },
  })
})

test('the same key gives the same turn; another prompt under it is refused', async () => {
  const person = it.browser()
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const first = await chatTurn(person, id, 'once', 'key-abcdefgh')
  const path = `/api/chat/conversations/${id}/turns`
  expect(await person.call('POST', path, { key: 'key-abcdefgh', prompt: 'once' })).toMatchObject({
    status: 200,
    body: { id: first.id, status: 'done' },
  })
  expect(await person.call('POST', path, { key: 'key-abcdefgh', prompt: 'twice' })).toMatchObject({
    status: 409,
    body: { code: 'key-reused' },
  })
  const both = await Promise.all([1, 2].map(() => person.read(Turn, 'POST', path, { key: 'key-together', prompt: 'again' })))
  expect(both[0]?.id).toBe(both[1]?.id)
  await person.stream(`${path}/${both[0]?.id}/stream`)
  expect(it.events().filter(({ state }) => state?.conv_id === id)).toHaveLength(2)
})

test('regenerate and edit make branches; the log and the history follow the path shown', async () => {
  const person = it.browser()
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const path = `/api/chat/conversations/${id}`
  const one = await chatTurn(person, id, 'one')
  const two = await chatTurn(person, id, 'two')
  const again = await person.read(Turn, 'POST', `${path}/turns/${two.id}/regenerate`, { key: 'key-again-01' })
  await person.stream(`${path}/turns/${again.id}/stream`)
  const edited = await person.read(Turn, 'POST', `${path}/turns`, { key: 'key-edit-001', prompt: 'two, in other words', parent: one.id })
  await person.stream(`${path}/turns/${edited.id}/stream`)
  const whole = await person.read(Conversation, 'GET', path)
  expect(whole.turns.map(({ parent, prompt }) => [parent, prompt])).toEqual([
    [null, 'one'],
    [one.id, 'two'],
    [one.id, 'two'],
    [one.id, 'two, in other words'],
  ])
  expect(whole.head).toBe(edited.id)
  expect(
    it
      .events()
      .at(-1)
      ?.state?.messages.map(([, text]) => text),
  ).toEqual(['one', 'one', 'two, in other words', 'two, in other words'])
  expect((await person.call('POST', `${path}/head`, { turn: two.id })).status).toBe(204)
  await chatTurn(person, id, 'three')
  expect(
    it
      .events()
      .at(-1)
      ?.state?.messages.map(([, text]) => text),
  ).toEqual(['one', 'one', 'two', 'two', 'three', 'three'])
})

test('a stream goes on from where a connection was cut: nothing twice, nothing left out', async () => {
  const person = it.browser()
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const turn = await chatTurn(person, id, 'a b c d')
  const path = `/api/chat/conversations/${id}/turns/${turn.id}/stream`
  const rest = await person.stream(`${path}?after=3.0.0`)
  expect(rest.map(({ event, data }) => [event, data.text])).toEqual([
    ['text', ' c d'],
    ['answer', undefined],
    ['done', undefined],
  ])
  const end = await person.stream(path, { 'last-event-id': rest[1]?.id ?? '' })
  expect(end.map(({ event }) => event)).toEqual(['done'])
})

test('verdicts, reasons and flags are in the log and the history; a link shows the path and no verdict, until it is revoked', async () => {
  const person = it.browser()
  const other = it.browser()
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const path = `/api/chat/conversations/${id}`
  const turn = await chatTurn(person, id, 'hello there')
  const feedback = { verdict: 'down', reason: 'wrong', comment: 'It only repeats.' }
  expect(await person.call('POST', `${path}/turns/${turn.id}/feedback`, feedback)).toMatchObject({
    status: 200,
    body: { answers: [{ verdict: 'down' }] },
  })
  await person.call('POST', `${path}/turns/${turn.id}/feedback`, { verdict: 'flag', reason: 'other' })
  const said = it.events().filter(({ type, state }) => type !== 'chat' && state?.conv_id === id)
  expect(said).toMatchObject([{ type: 'downvote', reason: 'wrong', comment: 'It only repeats.' }, { type: 'flag' }])
  const shared = await person.call('POST', `${path}/share`)
  const link = Conversation.shape.share.parse(shared.body)
  await chatTurn(person, id, 'a secret that came later')
  const seen = await other.call('GET', `/api/chat/shared/${link?.id}`)
  expect(seen).toMatchObject({
    status: 200,
    body: { models: ['echo'], turns: [{ prompt: 'hello there', answers: [{ text: 'hello there', verdict: null }] }] },
  })
  expect(JSON.stringify(seen.body)).not.toContain('later')
  expect(await other.call('GET', path)).toMatchObject({ status: 403 })
  await person.call('DELETE', `${path}/share`)
  expect(await other.call('GET', `/api/chat/shared/${link?.id}`)).toMatchObject({ status: 404, body: { code: 'share-unknown' } })
})

test('history lists what has turns, latest first, and forgets what is cleared', async () => {
  const person = it.browser()
  await person.accept()
  const ids: string[] = []
  for (const prompt of ['first talk', 'second talk', 'third talk']) {
    it.clock.now = new Date(it.clock.now.getTime() + 1000)
    const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: prompt !== 'second talk' })
    await chatTurn(person, id, prompt)
    ids.push(id)
  }
  await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const titles = async (query: string) => {
    const { body } = await person.call('GET', `/api/chat/conversations${query}`)
    return List.parse(body)
  }
  const page = await titles('?limit=2')
  expect(page.conversations.map(({ title }) => title)).toEqual(['third talk', 'second talk'])
  expect((await titles(`?before=${page.next}`)).conversations.map(({ title }) => title)).toEqual(['first talk'])
  expect((await person.call('DELETE', `/api/chat/conversations/${ids[0]}`)).status).toBe(204)
  expect(await person.call('GET', `/api/chat/conversations/${ids[0]}`)).toMatchObject({
    status: 404,
    body: { code: 'conversation-unknown' },
  })
  expect((await person.call('DELETE', '/api/chat/conversations')).status).toBe(204)
  expect((await titles('')).conversations).toEqual([])
})

test('another site cannot use a person’s cookie', async () => {
  const person = it.browser()
  await person.accept()
  const foreign = await person.call('POST', '/api/chat/conversations', newChat, {
    origin: 'https://evil.test',
    'sec-fetch-site': 'cross-site',
  })
  expect(foreign).toMatchObject({ status: 403, body: { code: 'foreign-site' } })
  expect((await person.call('POST', '/api/chat/conversations', newChat, { origin: 'http://site.test' })).status).toBe(201)
})

test('no address is anywhere on disk', async () => {
  const person = it.browser({ address: '198.51.100.23' })
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', newChat)
  await chatTurn(person, id, 'hello')
  const folder = join(it.folder, 'events')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  expect(files.map((file) => readFileSync(join(folder, file), 'utf8')).join('')).not.toContain('198.51.100')
})

test('prompts that are empty, too long or hold what cannot be stored are met', async () => {
  const person = it.browser()
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const path = `/api/chat/conversations/${id}/turns`
  expect(await person.call('POST', path, { key: 'key-empty-01', prompt: ' \n' })).toMatchObject({
    status: 400,
    body: { code: 'prompt-empty' },
  })
  const long = 'x'.repeat(it.site.limits.promptLength + 1)
  expect(await person.call('POST', path, { key: 'key-long-001', prompt: long })).toMatchObject({
    status: 400,
    body: { code: 'prompt-too-long' },
  })
  expect(await person.call('POST', path, { key: 'short', prompt: 'x' })).toMatchObject({ status: 400, body: { code: 'input-invalid' } })
  const odd = await chatTurn(person, id, 'a\0b\ud800c')
  expect(odd.prompt).toBe('ab\ufffdc')
})
