import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let owner: string
const card = (prompt: string) => `---
extra_gated_prompt: ${prompt}
extra_gated_fields:
  Affiliation: text
  Country: country
  I agree: checkbox
  Purpose:
    type: select
    options: [Research, {label: Education, value: teaching}]
---
# Chats
`
const form = { Affiliation: 'Uni', Country: 'Chile', 'I agree': true, Purpose: 'Research' }
const path = '/api/datasets/ann/chats'
const read = async (token: string) => (await hub.call('GET', '/datasets/ann/chats/resolve/main/README.md', { token })).status
const ask = (token: string, fields: unknown = form) => hub.json('POST', `${path}/user-access-request`, { token, body: { fields } })
const decide = (body: unknown) => hub.call('POST', `${path}/user-access-request/handle`, { token: owner, body })
const settings = (body: unknown) => hub.call('PUT', `${path}/settings`, { token: owner, body })
const decideJson = (body: unknown) => hub.json('POST', `${path}/user-access-request/handle`, { token: owner, body })
const rules = (...domains: string[]) =>
  hub.json('PUT', `${path}/access-rules`, { token: owner, body: domains.map((domain) => ({ domain, decision: 'accept' })) })

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', owner, { 'README.md': card('Terms one') })
  await settings({ gated: 'manual' })
})
afterAll(() => hub.close())

describe('asking', () => {
  test.each([
    [{ ...form, 'I agree': false }, "'I agree' must be ticked"],
    [{ ...form, Affiliation: ' ' }, "'Affiliation' must be filled in"],
    [{ ...form, Purpose: 'War' }, 'takes one of: Research, teaching'],
    [{}, 'must be'],
  ])('needs the form of the card filled in: %j', async (fields, words) => {
    const { token } = await hub.user(`form${Math.random().toString(36).slice(2)}`)
    const { status, body } = await ask(token, fields)
    expect(status).toBe(400)
    expect(JSON.stringify(body)).toContain(words)
  })

  test('waits for a person in manual mode, who accepts, rejects with a reason, or takes back', async () => {
    const { token } = await hub.user('mia')
    expect((await ask(token)).body).toMatchObject({ status: 'pending', fields: form, termsVersion: 1 })
    expect(await read(token)).toBe(403)
    const pending = await hub.json('GET', `${path}/user-access-request/pending`, { token: owner })
    expect(pending.body).toMatchObject([{ user: { user: 'mia', email: 'mia@example.org' }, status: 'pending' }])
    expect((await decide({ user: 'mia', status: 'accepted' })).status).toBe(200)
    expect((await decide({ user: 'mia', status: 'accepted' })).status).toBe(404)
    expect(await read(token)).toBe(200)
    await decide({ user: 'mia', status: 'pending' })
    expect(await read(token)).toBe(403)
    await decide({ user: 'mia', status: 'rejected', rejectionReason: 'No such university' })
    const standing = await hub.json('GET', `${path}/access`, { token })
    expect(standing.body).toMatchObject({ isAllowed: false, refusal: 'rejected', request: { reason: 'No such university' } })
    expect((await ask(token)).status).toBe(403)
  })

  test('is answered at once in auto mode', async () => {
    await settings({ gated: 'auto' })
    const { token } = await hub.user('otto')
    expect((await ask(token)).body).toMatchObject({ status: 'accepted' })
    expect(await read(token)).toBe(200)
    await settings({ gated: 'manual' })
  })

  test('of a dataset that is open is refused, as are its reviews', async () => {
    await settings({ gated: false })
    const { token } = await hub.user('open')
    expect((await ask(token)).status).toBe(400)
    expect((await hub.call('GET', `${path}/user-access-request/pending`, { token: owner })).status).toBe(400)
    await settings({ gated: 'manual' })
  })
})

describe('grants', () => {
  test('by hand need no request and are not given twice', async () => {
    const { token } = await hub.user('guest')
    const grant = () => hub.call('POST', `${path}/user-access-request/grant`, { token: owner, body: { user: 'guest' } })
    expect((await grant()).status).toBe(200)
    expect((await grant()).status).toBe(400)
    expect(await read(token)).toBe(200)
  })

  test('end on their day, and a person may then ask again', async () => {
    const { token } = await hub.user('brief')
    await settings({ grantDays: 30 })
    await ask(token)
    await decide({ user: 'brief', status: 'accepted' })
    expect(await read(token)).toBe(200)
    hub.clock.now = new Date(hub.clock.now.getTime() + 30 * 86_400_000)
    expect(await read(token)).toBe(403)
    expect((await ask(token)).body).toMatchObject({ status: 'pending' })
  })

  test('have no end any more once the days are taken away', async () => {
    const { token } = await hub.user('lasting')
    const before = await hub.json('PUT', `${path}/settings`, { token: owner, body: { grantDays: 30, notifyEmail: 'ann@example.org' } })
    expect(before.body).toMatchObject({ settings: { grantDays: 30, notifyEmail: 'ann@example.org' } })
    const after = await hub.json('PUT', `${path}/settings`, { token: owner, body: { grantDays: null, notifyEmail: null } })
    expect(Object.keys((after.body as { settings: object }).settings)).not.toEqual(expect.arrayContaining(['grantDays']))
    expect(JSON.stringify(after.body)).not.toContain('notifyEmail')
    await ask(token)
    await decide({ user: 'lasting', status: 'accepted' })
    hub.clock.now = new Date(hub.clock.now.getTime() + 400 * 86_400_000)
    expect(await read(token)).toBe(200)
  })

  test('that are revoked stop at once and cannot be asked back', async () => {
    const { token } = await hub.user('gone')
    await ask(token)
    await decide({ user: 'gone', status: 'accepted' })
    await decide({ user: 'gone', status: 'revoked', rejectionReason: 'Shared the data' })
    expect(await read(token)).toBe(403)
    expect((await ask(token)).status).toBe(403)
  })

  test('are decided many at a time, with an answer for each', async () => {
    const tokens = await Promise.all(['b1', 'b2'].map(async (name) => (await hub.user(name)).token))
    for (const token of tokens) await ask(token)
    const { body } = await hub.json('POST', `${path}/user-access-request/bulk`, {
      token: owner,
      body: { users: ['b1', 'b2', 'nobody'], status: 'accepted' },
    })
    expect(body).toMatchObject({ results: [{ isDone: true }, { isDone: true }, { user: 'nobody', isDone: false }] })
    expect(await Promise.all(tokens.map(read))).toEqual([200, 200])
  })

  test('follow rules by the domain of a proven address, the longest first', async () => {
    const rules = [
      { domain: 'example.org', decision: 'reject' },
      { domain: 'uni.example.org', decision: 'accept', days: 5 },
    ]
    expect((await hub.call('PUT', `${path}/access-rules`, { token: owner, body: rules })).status).toBe(200)
    const { user, token } = await hub.user('student')
    await hub.hub.database.change('update users set email = $2 where id = $1', [user.id, 's@cs.uni.example.org'])
    expect((await ask(token)).body).toMatchObject({ status: 'accepted' })
    const unproven = await hub.user('unproven')
    await hub.hub.database.change('update users set email = $2, email_verified = false where id = $1', [
      unproven.user.id,
      'u@uni.example.org',
    ])
    expect((await ask(unproven.token)).body).toMatchObject({ status: 'pending' })
    const { token: refused } = await hub.user('plain')
    expect((await ask(refused)).body).toMatchObject({ status: 'rejected' })
    await hub.call('PUT', `${path}/access-rules`, { token: owner, body: [] })
  })
})

test('new terms make a new version, and old grants stop at the date that is set, until people agree', async () => {
  const { token } = await hub.user('loyal')
  await settings({ grantDays: 3000 })
  await ask(token)
  await decide({ user: 'loyal', status: 'accepted' })
  await hub.commit('ann/chats', owner, { 'README.md': card('Terms two') })
  expect(
    ((await hub.json('GET', `${path}/terms`)).body as { version: number; text: string }[]).map(({ version, text }) => [version, text]),
  ).toEqual([
    [2, 'Terms two'],
    [1, 'Terms one'],
  ])
  expect(await read(token)).toBe(200)
  const by = new Date(hub.clock.now.getTime() + 86_400_000)
  await hub.call('POST', `${path}/reconsent`, { token: owner, body: { by } })
  expect(await read(token)).toBe(200)
  hub.clock.now = by
  expect(await read(token)).toBe(403)
  expect((await hub.json('GET', `${path}/access`, { token })).body).toMatchObject({ refusal: 'terms-changed', terms: { version: 2 } })
  expect((await ask(token)).body).toMatchObject({ status: 'accepted', termsVersion: 2 })
  expect(await read(token)).toBe(200)
})

test('an owner sets terms without a new card; they stand until the card says something new, and who set them is told', async () => {
  const terms = async () =>
    ((await hub.json('GET', `${path}/terms`)).body as { version: number; text: string; setBy: string | null }[]).map(
      ({ version, text, setBy }) => [version, text, setBy],
    )
  const form = { text: 'Terms of the owner', fields: [{ name: 'Use', type: 'select', options: ['study', 'teaching'] }] }
  const { token: other } = await hub.user('other')
  expect((await hub.call('PUT', `${path}/terms`, { token: other, body: form })).status).toBe(403)
  for (const _ of [1, 2]) expect((await hub.call('PUT', `${path}/terms`, { token: owner, body: form })).status).toBe(200)
  expect((await terms())[0]).toEqual([3, 'Terms of the owner', 'ann'])
  expect((await ask(other, { Use: 'sale' })).status).toBe(400)
  expect((await ask(other, { Use: 'study' })).body).toMatchObject({ status: 'pending', termsVersion: 3 })
  await hub.commit('ann/chats', owner, { 'other.md': 'nothing of the gate' })
  await hub.commit('ann/chats', owner, { 'README.md': `${card('Terms two')}\nMore text.` })
  expect(await terms()).toHaveLength(3)
  await hub.commit('ann/chats', owner, { 'README.md': card('Terms four') })
  expect((await terms())[0]).toEqual([4, 'Terms four', null])
})

test('a day that was set for re-consent is taken back for every version', async () => {
  const { token } = await hub.user('patient')
  await ask(token)
  await decide({ user: 'patient', status: 'accepted' })
  await hub.commit('ann/chats', owner, { 'README.md': card('Terms five') })
  await hub.call('POST', `${path}/reconsent`, { token: owner, body: { by: hub.clock.now } })
  await hub.commit('ann/chats', owner, { 'README.md': card('Terms six') })
  expect(await read(token)).toBe(403)
  expect((await hub.call('POST', `${path}/reconsent`, { token: owner, body: { by: null } })).status).toBe(200)
  expect(await read(token)).toBe(200)
})

test.each([
  ['a day that is none', () => ask(owner, { ...form, When: '2026-99-99' }), 'When'],
  ['two rules for one domain', () => rules('uni.org', 'Uni.org'), 'one rule for each domain'],
  ['a grant that ends before it begins', () => decideJson({ user: 'loyal', status: 'accepted', expiresAt: '2020-01-01' }), 'is over'],
  ['a grant that ends never', () => decideJson({ user: 'loyal', status: 'accepted', expiresAt: 'soon' }), 'a date such as'],
])('refuses %s, and says why', async (_, send, words) => {
  await hub.call('PUT', `${path}/terms`, { token: owner, body: { text: 'With a day', fields: [{ name: 'When', type: 'date_picker' }] } })
  const { status, body } = await send()
  expect([status, (body as { error: string }).error]).toEqual([400, expect.stringContaining(words)])
})

test('only stewards and owners decide, and read tokens change nothing', async () => {
  const { token } = await hub.user('nosy')
  expect((await hub.call('GET', `${path}/user-access-request/accepted`, { token })).status).toBe(403)
  expect((await hub.call('GET', `${path}/user-access-request/accepted`)).status).toBe(401)
  expect((await hub.call('PUT', `${path}/settings`, { token, body: { gated: false } })).status).toBe(403)
  const readOnly = await hub.token('ann', { role: 'read' })
  expect((await hub.call('PUT', `${path}/settings`, { token: readOnly, body: { gated: false } })).status).toBe(403)
  const { token: steward } = await hub.user('stella', 'steward')
  expect((await hub.call('GET', `${path}/user-access-request/accepted`, { token: steward })).status).toBe(200)
  expect((await hub.call('PUT', `${path}/settings`, { token: steward, body: { gated: false } })).status).toBe(403)
})

test('tokens end on their day and when they are revoked', async () => {
  const token = await hub.token('ann', { expiresInDays: 1 })
  expect((await hub.call('GET', '/api/whoami-v2', { token })).status).toBe(200)
  hub.clock.now = new Date(hub.clock.now.getTime() + 86_400_000)
  expect((await hub.call('GET', '/api/whoami-v2', { token })).status).toBe(401)
  const made = (await hub.json('POST', '/api/settings/tokens', { token: owner, body: { displayName: 'laptop' } })).body as { token: string }
  expect(made.token).toMatch(/^hf_[A-Za-z0-9]{34}$/)
  const list = (await hub.json('GET', '/api/settings/tokens', { token: owner })).body as { id: string; displayName: string }[]
  expect(JSON.stringify(list)).not.toContain(made.token)
  await hub.call('DELETE', `/api/settings/tokens/${list.find(({ displayName }) => displayName === 'laptop')?.id}`, { token: owner })
  expect((await hub.call('GET', '/api/whoami-v2', { token: made.token })).status).toBe(401)
})
