import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let owner: string
let reader: string
let stranger: string
const path = '/api/datasets/ann/chats'
const paper = { kind: 'paper', title: 'What people ask', url: 'https://example.org/paper', note: 'Table 2' }

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  ;({ token: reader } = await hub.user('bob'))
  ;({ token: stranger } = await hub.user('eve'))
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', owner, {
    'README.md': '---\nextra_gated_prompt: Be kind.\nextra_gated_fields:\n  Why: text\n---\n',
    'data.txt': 'x'.repeat(10),
  })
  await hub.call('PUT', `${path}/settings`, { token: owner, body: { gated: 'manual' } })
  await hub.call('POST', `${path}/user-access-request`, { token: reader, body: { fields: { Why: 'work' } } })
  await hub.call('POST', `${path}/user-access-request/handle`, { token: owner, body: { user: 'bob', status: 'accepted' } })
})
afterAll(() => hub.close())

const titles = async (token?: string) =>
  ((await hub.json('GET', `${path}/uses`, token ? { token } : {})).body as { title: string; status: string }[]).map(
    ({ title, status }) => `${title}: ${status}`,
  )

test('a grantee adds a paper, which strangers see only once an owner has approved it', async () => {
  expect((await hub.call('POST', `${path}/uses`, { body: paper })).status).toBe(401)
  expect((await hub.call('POST', `${path}/uses`, { token: stranger, body: paper })).status).toBe(403)
  const { status, body } = await hub.json('POST', `${path}/uses`, { token: reader, body: paper })
  expect([status, body]).toEqual([201, { id: expect.any(String), status: 'pending' }])
  const { id } = body as { id: string }
  expect(await titles()).toEqual([])
  expect(await titles(stranger)).toEqual([])
  expect(await titles(reader)).toEqual(['What people ask: pending'])
  expect(await titles(owner)).toEqual(['What people ask: pending'])
  expect((await hub.call('POST', `${path}/uses/${id}`, { token: reader, body: { status: 'approved' } })).status).toBe(403)
  expect((await hub.call('POST', `${path}/uses/${id}`, { token: owner, body: { status: 'approved' } })).status).toBe(200)
  expect(await titles()).toEqual(['What people ask: approved'])
  expect((await hub.json('POST', `${path}/uses`, { token: reader, body: paper })).status).toBe(409)
})

test('searches are saved in the account under a name, for their owner alone, and lead nowhere but to the dataset', async () => {
  const searches = '/api/settings/searches'
  const list = async (token: string) => (await hub.json('GET', searches, { token })).body
  const search = { dataset: 'ann/chats', name: 'zebras', href: '/datasets/ann/chats/viewer?q=zebra' }
  const save = async (change: object, token = reader) => (await hub.call('PUT', searches, { token, body: { ...search, ...change } })).status
  expect((await hub.call('GET', searches)).status).toBe(401)
  expect(await save({}, await hub.token('bob', { role: 'read' }))).toBe(403)
  expect([await save({}), await save({ name: 'lions' })]).toEqual([200, 200])
  expect(await save({ href: '/datasets/ann/chats/viewer?q=%22zebra%22' })).toBe(200)
  expect(await list(stranger)).toEqual([])
  expect(await list(reader)).toMatchObject([{ name: 'lions' }, { name: 'zebras', href: '/datasets/ann/chats/viewer?q=%22zebra%22' }])
  for (const href of [
    'https://evil.test/',
    '//evil.test/datasets/ann/chats/',
    '/datasets/ann/other/viewer',
    '/datasets/ann/chats/\\evil',
    '',
  ])
    expect([href, await save({ href })]).toEqual([href, 400])
  expect(await save({ name: ' ' })).toBe(400)
  const remove = async (token: string) => (await hub.call('DELETE', `${searches}?dataset=ann/chats&name=lions`, { token })).status
  expect([await remove(stranger), await remove(reader), await remove(reader)]).toEqual([404, 200, 404])
  await hub.hub.database.change(
    `insert into saved_searches select user_id, dataset, 'search ' || n, href, saved_at from saved_searches, generate_series(1, 499) n`,
  )
  expect([await save({ name: 'one more' }), await save({})]).toEqual([409, 200])
})

test('an owner’s own entry is shown at once; who added one, or an owner, takes it away; each step is in the ledger', async () => {
  const model = { kind: 'model', title: 'A chat model', url: 'https://example.org/model' }
  const { body } = await hub.json('POST', `${path}/uses`, { token: owner, body: model })
  expect(body).toMatchObject({ status: 'approved' })
  const { id } = body as { id: string }
  expect((await hub.call('DELETE', `${path}/uses/${id}`, { token: reader })).status).toBe(404)
  expect((await hub.call('DELETE', `${path}/uses/${id}`, { token: owner })).status).toBe(200)
  const text = await (await hub.call('GET', `${path}/ledger`, { token: owner })).text()
  for (const action of ['use.added', 'use.approved', 'use.removed']) expect(text).toContain(`"action":"${action}"`)
  expect(text).not.toContain('example.org/model')
})

test.each(['javascript:alert(1)', 'data:text/html,x', 'http://127.0.0.1/', 'no address'])('the address %s is refused', async (url) => {
  expect((await hub.json('POST', `${path}/uses`, { token: reader, body: { ...paper, url } })).status).toBe(400)
})

test('downloads over time hide small counts from strangers, and count the ranges of one file as one download', async () => {
  const read = (range?: string) =>
    hub.call('GET', '/datasets/ann/chats/resolve/main/data.txt', { token: reader, ...(range ? { headers: { Range: range } } : {}) })
  for (const range of ['bytes=0-4', 'bytes=5-9']) await (await read(range)).text()
  const day = hub.clock.now.toISOString().slice(0, 10)
  const own = await hub.json('GET', `${path}/downloads`, { token: owner })
  expect(own.body).toEqual({ by: 'day', floor: 0, periods: [{ period: day, downloads: 1, bytes: 10, people: 1 }] })
  const seen = await hub.json('GET', `${path}/downloads?by=month`)
  expect(seen.body).toEqual({ by: 'month', floor: 5, periods: [{ period: day.slice(0, 7), downloads: null, bytes: null, people: null }] })
  const start = hub.clock.now
  for (let person = 0; person < 5; person += 1) {
    const { token } = await hub.user(`reader${person}`)
    await hub.call('POST', `${path}/user-access-request/grant`, { token: owner, body: { user: `reader${person}` } })
    await (await hub.call('GET', '/datasets/ann/chats/resolve/main/data.txt', { token })).text()
  }
  expect((await hub.json('GET', `${path}/downloads`)).body).toMatchObject({ periods: [{ downloads: 6, people: null }] })
  hub.clock.now = start
})

test('everyone reads their own requests, agreements, demands and deletion requests, and nobody else’s', async () => {
  const own = async (what: string, token: string) => (await hub.json('GET', `/api/settings/${what}`, { token })).body
  expect(await own('access-requests', reader)).toMatchObject([
    { dataset: 'ann/chats', level: 'release', status: 'accepted', termsVersion: 1 },
  ])
  expect(await own('access-requests', stranger)).toEqual([])
  await hub.commit('ann/chats', owner, { 'README.md': '---\nextra_gated_prompt: Be kinder.\nextra_gated_fields:\n  Why: text\n---\n' })
  await hub.call('POST', `${path}/reconsent`, { token: owner, body: { by: '2026-04-01T00:00:00Z' } })
  expect(await own('access-requests', reader)).toMatchObject([
    { termsVersion: 1, currentTermsVersion: 2, reconsentBy: '2026-04-01T00:00:00.000Z' },
  ])
  const agreed = await own('agreements', reader)
  expect(agreed).toMatchObject([{ action: 'access.accepted' }, { action: 'access.requested', detail: { terms: 1 } }])
  await hub.call('POST', `${path}/licence-demands`, { token: owner, body: { text: 'Delete all copies.', dueAt: '2026-05-01T00:00:00Z' } })
  expect(await own('licence-demands', reader)).toMatchObject([{ dataset: 'ann/chats', text: 'Delete all copies.', confirmedAt: null }])
  expect(await own('licence-demands', stranger)).toEqual([])
  await hub.call('POST', `${path}/deletion-requests`, { token: stranger, body: { subject: 'c1', reason: 'It is mine.' } })
  expect(await own('deletion-requests', stranger)).toMatchObject([{ dataset: 'ann/chats', status: 'open', reason: 'It is mine.' }])
  expect(await own('deletion-requests', reader)).toEqual([])
})

test('the desk tells owners and stewards what waits for them', async () => {
  await hub.call('POST', `${path}/user-access-request`, { token: stranger, body: { fields: { Why: 'curious' } } })
  const desk = async (token: string) => (await hub.json('GET', '/api/settings/desk', { token })).body
  expect(await desk(owner)).toMatchObject([{ dataset: 'ann/chats', role: 'owner', pending: 1, raw: 0, deletions: 1, uses: 0, overdue: 0 }])
  expect(await desk(stranger)).toEqual([])
  const { token } = await hub.user('stew', 'steward')
  expect(await desk(token)).toMatchObject([{ dataset: 'ann/chats', role: 'steward' }])
})

test('the ledger is read a page at a time, newest first, and the documentation is served with the program', async () => {
  const page = async (query: string, token = owner) => (await hub.json('GET', `${path}/ledger/page?${query}`, { token })).body
  const first = (await page('limit=2')) as { entries: { number: number }[]; next: number }
  expect(first.entries.length).toBe(2)
  expect(first.entries[0]?.number).toBeGreaterThan(first.entries[1]?.number ?? 0)
  const rest = (await page(`before=${first.next}&limit=500`)) as { entries: { number: number }[]; next: null }
  expect(rest.entries[0]?.number).toBeLessThan(first.next)
  expect(rest.next).toBeNull()
  expect(await page('action=use.')).toMatchObject({ entries: [{ action: 'use.removed' }, {}, {}, {}] })
  expect((await hub.call('GET', `${path}/ledger/page`, { token: reader })).status).toBe(403)
  const { body } = await hub.json('GET', '/api/docs/hub')
  expect(body).toMatchObject({ name: 'hub', title: 'The hub', text: expect.stringContaining('## The gate') })
  for (const name of ['..%2FREADME', 'pictures', '%2Fetc%2Fpasswd']) expect((await hub.call('GET', `/api/docs/${name}`)).status).toBe(404)
  expect((await hub.call('GET', '/api/docs/pictures/overview.svg')).headers.get('content-type')).toBe('image/svg+xml')
  expect((await hub.call('GET', '/api/docs/pictures/..%2Fhub.md')).status).toBe(404)
})

test('an administrator changes roles and disables accounts, but not their own; people end their sessions', async () => {
  const { token: admin } = await hub.user('root', 'admin')
  const change = (user: string, body: unknown, token = admin) => hub.call('PUT', `/api/admin/users/${user}`, { token, body })
  expect((await change('eve', { role: 'steward' }, reader)).status).toBe(403)
  expect((await change('eve', { role: 'steward' })).status).toBe(200)
  expect((await change('root', { role: 'reader' })).status).toBe(400)
  expect((await change('eve', { isDisabled: true })).status).toBe(200)
  expect((await hub.call('GET', '/api/whoami-v2', { token: stranger })).status).toBe(401)
  expect((await change('eve', { isDisabled: false })).status).toBe(200)
  expect((await hub.json('GET', '/api/whoami-v2', { token: stranger })).body).toMatchObject({ role: 'steward' })
  const signed = await hub.call('POST', '/api/signup', { body: { user: 'sam', email: 'sam@example.org', password: 'long enough' } })
  const cookie = (signed.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const sessions = () => hub.json('GET', '/api/settings/sessions', { headers: { cookie } })
  const [session] = (await sessions()).body as { id: string; isCurrent: boolean }[]
  expect(session?.isCurrent).toBe(true)
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  expect((await hub.call('DELETE', `/api/settings/sessions/${session?.id}`, { headers })).status).toBe(200)
  expect((await sessions()).status).toBe(401)
})
