import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { namesModel } from '../../src/collect/arena/leak.ts'
import { needOf, samplePair } from '../../src/collect/arena/sample.ts'
import { readVotes } from '../../src/collect/arena/votes.ts'
import { Conversation, chatTurn, startTestSite, type TestSite } from './test-site.ts'

const names = ['alpha-model-7b', 'beta-model-7b', 'gamma-model-7b']
let it: TestSite
beforeAll(async () => {
  it = await startTestSite({
    models: names.map((name, index) => ({ name, provider: index === 2 ? 'eliza' : 'echo', weight: 1, anonymousOnly: index === 0 })),
  })
})
afterAll(() => it.close())

const newBattle = { kind: 'battle', keep: true }

test('a battle tells its models only after the vote, in no reply, header or event before', async () => {
  const person = it.browser()
  await person.accept()
  const replies: unknown[] = []
  const keep = async (method: string, path: string, body?: unknown) => {
    const { status, headers, body: value } = await person.call(method, path, body)
    replies.push([status, [...headers], value])
    return value
  }
  const { id } = Conversation.parse(await keep('POST', '/api/arena/battles', newBattle))
  const turn = await chatTurn(person, id, 'What is a good word for rain?')
  expect(turn.answers).toHaveLength(2)
  expect(turn.answers.map(({ timing }) => timing)).toEqual([null, null])
  replies.push(turn, await person.stream(`/api/chat/conversations/${id}/turns/${turn.id}/stream`))
  await keep('GET', `/api/chat/conversations/${id}`)
  await keep('GET', '/api/chat/conversations')
  await keep('POST', `/api/chat/conversations/${id}/share`)
  await keep('POST', `/api/chat/conversations/${id}/turns/${turn.id}/feedback`, { verdict: 'up' })
  for (const name of names) expect(JSON.stringify(replies)).not.toContain(name)
  const voted = await person.read(Conversation, 'POST', `/api/arena/battles/${id}/vote`, { winner: 'left' })
  expect(voted).toMatchObject({ vote: { winner: 'left', counts: true, exclusion: null } })
  expect(voted.models).toHaveLength(2)
  expect(new Set([...voted.models, ...names]).size).toBe(3)
  const line = it.events().find(({ type }) => type === 'leftvote')
  expect(line).toMatchObject({ models: ['', ''], states: voted.models.map((model) => ({ model_name: model })) })
  const second = await person.call('POST', `/api/arena/battles/${id}/vote`, { winner: 'right' })
  expect(second).toMatchObject({ status: 409, body: { code: 'vote-cast' } })
  // The conversation may go on, now with names and pace.
  const next = await chatTurn(person, id, 'And for snow?')
  expect(next.answers.every(({ timing }) => timing !== null)).toBe(true)
  expect(it.events().filter(({ type, state }) => type === 'chat' && state?.messages.length === 4)).toHaveLength(2)
})

test('votes that do not count say why: names given away, named models, too many from one person, not kept', async () => {
  const person = it.browser({ address: '203.0.113.99' })
  await person.accept()
  const vote = async (given: object, prompt: string) => {
    const { id } = await person.read(Conversation, 'POST', '/api/arena/battles', given)
    await chatTurn(person, id, prompt)
    return (await person.read(Conversation, 'POST', `/api/arena/battles/${id}/vote`, { winner: 'tie' })).vote
  }
  expect(await vote({ kind: 'battle', keep: true }, 'As ChatGPT, I need a holiday')).toMatchObject({
    counts: false,
    exclusion: 'identity-leak',
  })
  const compared = { kind: 'compare', models: ['beta-model-7b', 'gamma-model-7b'], keep: true }
  expect(await vote(compared, 'hello')).toMatchObject({ counts: false, exclusion: 'named' })
  expect(await vote({ ...newBattle, keep: false }, 'hello')).toMatchObject({ counts: false, exclusion: 'not-kept' })
  it.site.limits.votesPerPerson = 1
  expect(await vote(newBattle, 'hello')).toMatchObject({ counts: true })
  expect(await vote(newBattle, 'hello')).toMatchObject({ counts: false, exclusion: 'vote-cap' })
  const votes = await readVotes(it.database, 0)
  expect(votes.map(({ exclusion }) => exclusion)).toEqual([null, 'identity-leak', 'named', null, 'vote-cap'])
  expect(await readVotes(it.database, votes.at(-2)?.number ?? 0)).toHaveLength(1)
  expect(
    it
      .events()
      .filter(({ type }) => type === 'tievote')
      .map((event) => event.excluded),
  ).toEqual(['identity-leak', 'named', undefined, 'vote-cap'])
})

test('a vote needs both answers, and one person’s battle is nobody else’s', async () => {
  const person = it.browser()
  const other = it.browser()
  await person.accept()
  await other.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/arena/battles', newBattle)
  expect(await person.call('POST', `/api/arena/battles/${id}/vote`, { winner: 'left' })).toMatchObject({
    status: 409,
    body: { code: 'vote-too-early' },
  })
  expect(await other.call('POST', `/api/arena/battles/${id}/vote`, { winner: 'left' })).toMatchObject({ status: 404 })
  const hidden = { kind: 'compare', models: ['alpha-model-7b', 'beta-model-7b'], keep: true }
  expect(await person.call('POST', '/api/arena/battles', hidden)).toMatchObject({ status: 404, body: { code: 'model-unknown' } })
  const list = await person.call('GET', '/api/models')
  expect(Models.parse(list.body).models.map(({ name }) => name)).toEqual(['beta-model-7b', 'gamma-model-7b'])
})

const Models = z.object({ models: z.array(z.object({ name: z.string() })) })

test('pairs come by weight and by how open their order is', async () => {
  expect(needOf(undefined)).toBeCloseTo(0.55, 5)
  expect(needOf({ votes: 100, wins: 50 })).toBeGreaterThan(needOf({ votes: 100, wins: 60 }))
  expect(needOf({ votes: 100, wins: 90 })).toBeCloseTo(0.05, 3)
  expect(needOf({ votes: 10, wins: 7 })).toBeCloseTo(needOf({ votes: 10, wins: 3 }), 9)
  for (let index = 0; index < 200; index++) {
    await it.database.change(
      `insert into collect_votes (battle, model_a, model_b, winner, is_anonymous, judge, address, voted_at) values ($1, $2, $3, 'model_a', true, 'j', 'a', now())`,
      [`made-${index}`, 'alpha-model-7b', 'beta-model-7b'],
    )
  }
  let seed = 7
  const random = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  const drawn = new Map<string, number>()
  for (let index = 0; index < 600; index++) {
    const pair = (await samplePair(it.site, random)).sort().join(' ')
    drawn.set(pair, (drawn.get(pair) ?? 0) + 1)
  }
  const settled = drawn.get('alpha-model-7b beta-model-7b') ?? 0
  expect(settled).toBeGreaterThan(0)
  expect(settled).toBeLessThan(100)
  expect(drawn.get('alpha-model-7b gamma-model-7b')).toBeGreaterThan(200)
})

test('a name is noticed in any case, whole words only', () => {
  expect(namesModel('I am ChatGPT, made by OpenAI.', [])).toBe(true)
  expect(namesModel('The embarked sailors palmed a coin', [])).toBe(false)
  expect(namesModel('They call me Alpha-Model-7B', ['alpha-model-7b', 'x'])).toBe(true)
  expect(namesModel('A plain answer', ['alpha-model-7b', 'beta'])).toBe(false)
  // Parts of names are plain words, unless the answer speaks of itself.
  expect(namesModel('Use a large command; the guide of Colloquy says so.', ['some-large', 'command-r', 'colloquy-guide'])).toBe(false)
  expect(namesModel('I am a large language model.', ['some-large'])).toBe(false)
  expect(namesModel('I am Command R, at your service.', ['command-r'])).toBe(true)
  expect(namesModel('Hello! My name is Zephyrine.', ['zephyrine-7b-chat'])).toBe(true)
})

test('of votes cast in one instant one counts for its pair, and no more for a person than may', async () => {
  const person = it.browser({ address: '198.51.100.7' })
  await person.accept()
  const battle = async () => {
    const { id } = await person.read(Conversation, 'POST', '/api/arena/battles', newBattle)
    await chatTurn(person, id, 'hello')
    return id
  }
  const cast = (id: string) => person.call('POST', `/api/arena/battles/${id}/vote`, { winner: 'left' })
  const before = it.events().filter(({ type }) => type === 'leftvote').length
  const one = await battle()
  const answers = await Promise.all([cast(one), cast(one), cast(one)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  expect(it.events().filter(({ type }) => type === 'leftvote')).toHaveLength(before + 1)
  it.site.limits.votesPerPerson = 2
  const more = [await battle(), await battle(), await battle()]
  const votes = (await Promise.all(more.map(cast))).map(({ body }) => Conversation.parse(body).vote?.counts)
  expect(votes.filter(Boolean)).toHaveLength(1)
})
