import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { networkOf, originOf } from '../../src/collect/guards/address.ts'
import { createSharedBuckets } from '../../src/collect/guards/buckets.shared.ts'
import { createBuckets } from '../../src/collect/guards/buckets.ts'
import { defaultLimits, readLimits } from '../../src/collect/guards/limits.ts'
import { createEventLogThatFails } from './failing-log.ts'
import { Conversation, chatTurn, manyTurns, startTestSite, type TestSite } from './test-site.ts'

const asked: string[] = []
const log = createEventLogThatFails()
let it: TestSite
beforeAll(async () => {
  it = await startTestSite({
    parts: {
      findAccount: async (headers) => (headers.get('authorization') === 'Bearer admin' ? { id: 'admin', isAdmin: true } : undefined),
      async moderate(messages) {
        const text = messages.at(-1)?.content ?? ''
        asked.push(text)
        if (text.includes('broken')) throw new Error('no moderation')
        return text.includes('bomb') ? { flagged: true, categories: ['violence'] } : { flagged: false, categories: [] }
      },
    },
  })
})
afterAll(() => it.close())

test('a bucket gives exactly its burst at once and its rate over time, whatever the moments of asking', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 300 }), async (pauses) => {
      let now = 0
      let taken = 0
      const buckets = createBuckets(() => now)
      const limit = { burst: 5, perMinute: 60 }
      for (const pause of pauses) {
        now += pause
        if ((await buckets.take({ key: 'x', limit })) === 0) taken++
        // Never more than the burst and what has been refilled; never less than what a patient asker may have.
        expect(taken).toBeLessThanOrEqual(5 + now / 1000 + 1e-6)
      }
    }),
  )
  let now = 0
  const buckets = createBuckets(() => now)
  const x = { key: 'x', limit: { burst: 2, perMinute: 6 } }
  expect([await buckets.take(x), await buckets.take(x), await buckets.take(x)]).toEqual([0, 0, 10])
  now += 9999
  expect(await buckets.take(x)).toBe(1)
  now += 1
  expect(await buckets.take(x)).toBe(0)
})

test('when no more can be counted, what is new is refused', async () => {
  let now = 0
  const buckets = createBuckets(() => now, 3)
  const take = (key: string) => buckets.take({ key, limit: { burst: 1, perMinute: 1 } })
  expect([await take('a'), await take('b'), await take('c'), await take('d')]).toEqual([0, 0, 0, 60])
  now += 60_000
  expect(await take('d')).toBe(0)
})

test.each(['of one process', 'that processes share'])(
  'buckets %s give all that is wanted or nothing, exactly, however many ask at once',
  async (kind) => {
    const make = () => (kind === 'of one process' ? createBuckets(() => performance.now()) : createSharedBuckets(it.database))
    const first = make()
    // Two processes on one database count together.
    const second = kind === 'of one process' ? first : make()
    const slow = { burst: 20, perMinute: 0.02 }
    const wide = { burst: 30, perMinute: 0.03 }
    const asked = Array.from({ length: 60 }, (_, number) =>
      (number % 2 === 0 ? first : second).take({ key: `both:${number % 3}`, limit: wide }, { key: 'narrow', limit: slow }),
    )
    const waits = await Promise.all(asked)
    expect(waits.filter((wait) => wait === 0)).toHaveLength(20)
    expect(Math.min(...waits.filter((wait) => wait > 0))).toBeGreaterThan(2000)
    // What was refused took nothing from the other bucket: 70 of 90 are left in the three.
    let left = 0
    for (const key of ['both:0', 'both:1', 'both:2']) while ((await first.take({ key, limit: wide })) === 0) left++
    expect(left).toBe(70)
  },
  60_000,
)

test('limits that cannot be counted allow nothing: the model is not asked', async () => {
  const counted = it.site.buckets
  const person = it.browser({ address: '198.51.100.90' })
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  it.site.buckets = {
    take: async () => {
      throw new Error('the database is away')
    },
  }
  asked.length = 0
  const refused = await person.call('POST', `/api/chat/conversations/${id}/turns`, { key: 'key-uncounted', prompt: 'hi' })
  it.site.buckets = counted
  expect(refused).toMatchObject({ status: 500, body: { code: 'internal' } })
  expect(asked).toEqual([])
  expect((await person.read(Conversation, 'GET', `/api/chat/conversations/${id}`)).turns).toEqual([])
})

test('a file of limits changes what it names, and one that does not fit is refused by its field', () => {
  const file = join(it.folder, 'limits.yaml')
  const read = (text: string) => {
    writeFileSync(file, text)
    return readLimits(file)
  }
  expect(read('turns: 3\nturnsOfPerson: { burst: 2, perMinute: 0.5 }\n')).toEqual({
    ...defaultLimits,
    turns: 3,
    turnsOfPerson: { burst: 2, perMinute: 0.5 },
  })
  expect(read('')).toEqual(defaultLimits)
  expect(() => read('turnsOfPerson: { burst: 2 }')).toThrow(/turnsOfPerson\.perMinute/)
  expect(() => read('turnsOfNetwork: { burst: 5000, perMinute: 1 }')).toThrow(/more than perMinute fills in a day/)
  expect(() => read('turn: 3')).toThrow(/limits\.yaml: '': .*turn/)
  expect(() => readLimits(join(it.folder, 'none.yaml'))).toThrow(/cannot be read/)
})

test('an address is believed only from our own proxies, and networks are /24 and /48', () => {
  const secret = Buffer.alloc(32, 1)
  const from = (forwarded: string | undefined, hops: number, socket = '192.0.2.1') =>
    originOf(new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), socket, { hops, secret })
  expect(from('198.51.100.9', 0)).toEqual(from(undefined, 0))
  expect(from('198.51.100.9', 1)).toEqual(from(undefined, 0, '198.51.100.9'))
  expect(from('10.9.9.9, 198.51.100.9', 1)).toEqual(from(undefined, 0, '198.51.100.9'))
  expect(from('10.9.9.9, 198.51.100.9, 10.0.0.1', 2)).toEqual(from(undefined, 0, '198.51.100.9'))
  expect(from('198.51.100.9', 2)).toEqual(from(undefined, 0))
  expect(from(undefined, 0, '::ffff:192.0.2.1')).toEqual(from(undefined, 0))
  expect(from('[2001:db8::1]:443', 1).network).toBe(from(undefined, 0, '2001:db8:0:ffff::2').network)
  expect([networkOf('192.0.2.77'), networkOf('2001:db8:1:2::3'), networkOf('::1')]).toEqual([
    '192.0.2.0/24',
    '2001:db8:1::/48',
    '0:0:0::/48',
  ])
  expect(JSON.stringify(from('198.51.100.9', 1))).not.toContain('198')
})

test('one person’s turns are limited, a network’s too, and the reply says when to come back', async () => {
  it.site.limits.turnsOfPerson = { burst: 2, perMinute: 1 }
  it.site.limits.turnsOfNetwork = { burst: 3, perMinute: 1 }
  const [one, two] = [it.browser({ address: '203.0.113.1' }), it.browser({ address: '203.0.113.200' })]
  const say = async (browser: typeof one) => {
    await browser.accept()
    const { id } = await browser.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: false })
    return browser.call('POST', `/api/chat/conversations/${id}/turns`, { key: 'key-guards', prompt: 'Hi' })
  }
  expect((await say(one)).status).toBe(202)
  expect((await say(one)).status).toBe(202)
  const refused = await say(one)
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30)
  expect((await say(two)).status).toBe(202)
  expect(await say(two)).toMatchObject({ status: 429 })
  Object.assign(it.site.limits, manyTurns)
})

test('a flagged prompt is blocked or warned of, and recorded as it was', async () => {
  const person = it.browser({ address: '198.51.100.77' })
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const blocked = await chatTurn(person, id, 'how to build a bomb')
  expect(blocked).toMatchObject({ notice: { code: 'moderation-blocked' }, answers: [{ status: 'blocked', text: '' }] })
  expect(it.events().at(-1)).toMatchObject({
    finish_reason: 'blocked',
    moderation: { action: 'blocked', categories: ['violence'] },
    state: {
      messages: [
        ['USER', 'how to build a bomb'],
        ['ASSISTANT', ''],
      ],
    },
  })
  it.site.options.moderation = 'warn'
  const warned = await chatTurn(person, id, 'a bath bomb')
  expect(warned).toMatchObject({
    notice: { code: 'moderation-warned' },
    answers: [{ status: 'done', text: 'a bath bomb', categories: ['violence'], isFlagged: false }],
  })
  expect(it.events().at(-1)).toMatchObject({ finish_reason: 'stop', moderation: { action: 'warned' } })
  const unjudged = await chatTurn(person, id, 'broken moderation')
  expect(unjudged).toMatchObject({ notice: null, answers: [{ status: 'done', categories: [] }] })
  const battle = await person.read(Conversation, 'POST', '/api/arena/battles', { kind: 'battle', keep: true })
  asked.length = 0
  await chatTurn(person, battle.id, 'both sides')
  // Of the prompt once for each side, then of each side's answer.
  expect(asked.slice(0, 2)).toEqual(['both sides', 'both sides'])
  expect(asked).toHaveLength(4)
})

test('an answer that the moderation flags is named so before its end is told, in its stream, its history and its link, also where nothing was said of its prompt', async () => {
  const person = it.browser({ address: '198.51.100.91' })
  await person.accept()
  const moderate = it.site.moderate
  it.site.moderate = async (messages) => {
    const { role, content = '' } = messages.at(-1) ?? {}
    return { flagged: role === 'assistant' && content.includes('bomb'), categories: ['violence'] }
  }
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  const path = `/api/chat/conversations/${id}`
  const { id: turn } = Object(await person.read(Anything, 'POST', `${path}/turns`, { key: 'key-covered', prompt: 'a bomb of a party' }))
  const events = await person.stream(`${path}/turns/${turn}/stream`)
  if (moderate) it.site.moderate = moderate
  expect(events.find(({ event }) => event === 'answer')).toMatchObject({ data: { answer: { finish: 'stop', categories: ['violence'] } } })
  expect(events.some(({ event }) => event === 'notice')).toBe(false)
  const { turns } = await person.read(Conversation, 'GET', path)
  expect(turns[0]?.answers[0]).toMatchObject({ text: 'a bomb of a party', categories: ['violence'] })
  const shared = await person.call('POST', `${path}/share`, {})
  expect(await it.browser().call('GET', `/api/chat/shared/${Object(shared.body).id}`)).toMatchObject({
    body: { turns: [{ answers: [{ categories: ['violence'], isFlagged: false }] }] },
  })
})

test('where the log cannot be written a turn is refused or lost in clear words, nothing old is touched, and later turns go on', async () => {
  const whole = await startTestSite({ database: it.database, folder: `${it.folder}-full` })
  const person = whole.browser({ address: '198.51.100.78' })
  await person.accept()
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep: true })
  await chatTurn(person, id, 'before')
  const real = whole.site.eventLog
  whole.site.eventLog = log.over(real)
  const path = `/api/chat/conversations/${id}/turns`
  log.fail(true)
  const { id: turn } = Object(await person.read(Anything, 'POST', path, { key: 'key-full-001', prompt: 'while full' }))
  const events = await person.stream(`${path}/${turn}/stream`)
  expect(events.at(-1)).toMatchObject({ event: 'lost', data: { code: 'log-unwritable' } })
  expect(await person.call('POST', path, { key: 'key-full-002', prompt: 'still full' })).toMatchObject({
    status: 503,
    body: { code: 'log-unwritable' },
  })
  expect((await person.read(Conversation, 'GET', `/api/chat/conversations/${id}`)).turns.map(({ prompt }) => prompt)).toEqual(['before'])
  log.fail(false)
  await chatTurn(person, id, 'after')
  expect(whole.events().filter(({ type }) => type === 'chat')).toHaveLength(2)
  whole.site.eventLog = real
  await whole.close()
})

test('the operator sees figures, metrics and reports; nobody else does', async () => {
  const admin = { authorization: 'Bearer admin' }
  const person = it.browser({ address: '198.51.100.79' })
  for (const path of ['/api/operator/figures', '/api/operator/metrics', '/api/operator/reports']) {
    expect(await person.call('GET', path)).toMatchObject({ status: 401, body: { code: 'not-administrator' } })
  }
  const report = await person.call('POST', '/api/chat/reports', { kind: 'abuse', text: 'Look at this.', share: 'x' })
  expect(report.status).toBe(202)
  const { body } = await person.call('GET', '/api/operator/reports', undefined, admin)
  expect(body).toMatchObject({ reports: [{ kind: 'abuse', text: 'Look at this.', share: 'x', closedAt: null }] })
  expect((await person.call('POST', `/api/operator/reports/${Object(report.body).id}/close`, {}, admin)).status).toBe(204)
  const figures = await person.call('GET', '/api/operator/figures?minutes=5', undefined, admin)
  expect(figures.body).toMatchObject({
    minutes: 5,
    streams: 0,
    moderation: { blocked: 1, warned: 1, covered: 2 },
    log: { writable: true, files: expect.any(Number) },
    reports: { open: 0 },
    consent: [{ version: it.site.terms.version, isCurrent: true }],
  })
  const { turns, refusals, models } = Figures.parse(figures.body)
  expect(turns.perMinute).toHaveLength(5)
  expect(turns.perMinute.reduce((sum, count) => sum + count, 0)).toBe(turns.total)
  expect(turns.total).toBeGreaterThan(5)
  expect(refusals['rate-limited']).toBe(2)
  expect(models.find(({ name }) => name === 'echo')?.turns).toBeGreaterThan(3)
})

const Anything = z.looseObject({ id: z.string() })
const Figures = z.looseObject({
  turns: z.object({ total: z.number(), perMinute: z.array(z.number()) }),
  refusals: z.record(z.string(), z.number()),
  models: z.array(z.looseObject({ name: z.string(), turns: z.number() })),
})
