import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLedger } from '../../src/hub/ledger.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let owner: string
let reader: string
const path = '/api/datasets/ann/chats'
beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  ;({ token: reader } = await hub.user('bob'))
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', owner, { 'data.txt': 'with the conversation' })
  await hub.call('PUT', `${path}/settings`, { token: owner, body: { gated: 'auto' } })
  await hub.call('POST', `${path}/user-access-request`, { token: reader, body: {} })
})
afterAll(() => hub.close())

test('a deletion goes from request to decision to a revision without it, and the old bytes answer 410', async () => {
  const before = ((await hub.json('GET', path)).body as { sha: string }).sha
  const opened = await hub.json('POST', `${path}/deletion-requests`, {
    token: reader,
    body: { subject: 'conversation-77', reason: 'It is mine' },
  })
  const { id } = opened.body as { id: string }
  const decide = (body: unknown) => hub.call('POST', `${path}/deletion-requests/${id}`, { token: owner, body })
  expect((await hub.call('GET', `${path}/deletion-requests`, { token: reader })).status).toBe(403)
  expect((await hub.json('GET', `${path}/deletion-requests`, { token: owner })).body).toMatchObject([
    { subject: 'conversation-77', status: 'open' },
  ])
  expect((await decide({ status: 'done' })).status).toBe(409)
  expect((await decide({ status: 'accepted' })).status).toBe(200)
  const withdraw = () =>
    hub.call('POST', `${path}/withdrawals`, {
      token: owner,
      body: { path: 'data.txt', revision: before, reason: 'A person asked for deletion.', request: id },
    })
  expect((await withdraw()).status).toBe(409)
  await hub.commit('ann/chats', owner, { 'data.txt': 'without it' })
  expect((await withdraw()).status).toBe(200)
  expect((await decide({ status: 'done', revision: 'main' })).status).toBe(200)
  const gone = await hub.call('GET', `/datasets/ann/chats/resolve/${before}/data.txt`, { token: owner })
  expect([gone.status, gone.headers.get('x-error-code')]).toEqual([410, 'EntryWithdrawn'])
  expect(gone.headers.get('x-error-message')).toContain('A person asked for deletion.')
  expect(await (await hub.call('GET', '/datasets/ann/chats/resolve/main/data.txt', { token: reader })).text()).toBe('without it')
  expect((await hub.json('GET', `${path}/deletion-requests`, { token: owner })).body).toMatchObject([{ subject: null, status: 'done' }])
  for await (const page of readLedger(hub.hub.database)) expect(JSON.stringify(page)).not.toContain('conversation-77')
})

test('everyone who had access is asked to delete all copies, and confirms in writing', async () => {
  const { token: late } = await hub.user('eve')
  await hub.call('POST', `${path}/user-access-request`, { token: late, body: {} })
  await hub.call('POST', `${path}/user-access-request/handle`, { token: owner, body: { user: 'eve', status: 'revoked' } })
  // Whose acceptance was taken back to "pending" or turned into a rejection had access, too; who only asked had none.
  for (const [name, status] of [
    ['gil', 'pending'],
    ['hal', 'rejected'],
  ] as const) {
    const { token } = await hub.user(name)
    await hub.call('POST', `${path}/user-access-request`, { token, body: {} })
    await hub.call('POST', `${path}/user-access-request/handle`, { token: owner, body: { user: name, status } })
  }
  await hub.call('PUT', `${path}/settings`, { token: owner, body: { gated: 'manual' } })
  const { token: asking } = await hub.user('ida')
  await hub.call('POST', `${path}/user-access-request`, { token: asking, body: {} })
  await hub.call('PUT', `${path}/settings`, { token: owner, body: { gated: 'auto' } })
  const dueAt = new Date(hub.clock.now.getTime() + 86_400_000)
  const { body } = await hub.json('POST', `${path}/licence-demands`, { token: owner, body: { text: 'Delete all copies, please.', dueAt } })
  expect(body).toMatchObject({ asked: 4 })
  const { id } = body as { id: string }
  expect((await hub.json('GET', `${path}/licence-demands/mine`, { token: reader })).body).toMatchObject([
    { text: 'Delete all copies, please.', confirmedAt: null },
  ])
  const confirm = () =>
    hub.call('POST', `${path}/licence-demands/${id}/confirm`, { token: reader, body: { words: 'All copies are deleted.' } })
  expect((await confirm()).status).toBe(200)
  expect((await confirm()).status).toBe(404)
  hub.clock.now = dueAt
  expect((await hub.json('GET', `${path}/licence-demands`, { token: owner })).body).toMatchObject([
    { user: 'bob', isOverdue: false, words: 'All copies are deleted.' },
    { user: 'eve', isOverdue: true },
    { user: 'gil', isOverdue: true },
    { user: 'hal', isOverdue: true },
  ])
})

test('owners see what each person has read', async () => {
  const { body } = await hub.json('GET', `${path}/usage`, { token: owner })
  expect(body).toEqual(expect.arrayContaining([expect.objectContaining({ actor: 'bob', action: 'file.downloaded', times: 1, bytes: 10 })]))
})
