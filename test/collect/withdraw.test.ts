import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Withdrawal } from '../../src/collect/site.ts'
import { openPool, type Pool } from '../../src/engine/pool.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { silentLog } from '../../src/log.ts'
import { readBattles } from '../../src/storage/battles.ts'
import { readConversations } from '../../src/storage/conversations.ts'
import { type Browser, Consent, Conversation, chatTurn, startTestSite, type TestSite } from './test-site.ts'

const told: Withdrawal[] = []
let failures = 0
let it: TestSite
let pool: Pool
let accounts: Record<string, { id: string; isAdmin: boolean }>
beforeAll(async () => {
  pool = openPool(1)
  accounts = { 'Bearer ann': { id: 'account-ann', isAdmin: false } }
  it = await startTestSite({
    parts: {
      findAccount: async (headers) => accounts[headers.get('authorization') ?? ''],
      async onWithdrawal(withdrawal) {
        if (failures-- > 0) throw new Error('the hub is not there')
        told.push(withdrawal)
      },
    },
  })
})
afterAll(async () => {
  await pool.close()
  await it.close()
})

async function talk(person: Browser, keep: boolean): Promise<string> {
  const { id } = await person.read(Conversation, 'POST', '/api/chat/conversations', { model: 'echo', keep })
  await chatTurn(person, id, `what ${id} said`)
  return id
}

async function battle(person: Browser): Promise<string> {
  const { id } = await person.read(Conversation, 'POST', '/api/arena/battles', { kind: 'battle', keep: true })
  await chatTurn(person, id, 'Which is better?')
  await person.read(Conversation, 'POST', `/api/arena/battles/${id}/vote`, { winner: 'right' })
  return id
}

async function build(name: string): Promise<{ ids: string[]; battles: number; refused: object }> {
  const work = join(it.folder, name)
  const report = await ingest({ inputs: [join(it.folder, 'events')], work, pool, log: silentLog })
  const ids: string[] = []
  for (const { shard } of report.shards) {
    for await (const group of readConversations(join(work, 'conversations', `${shard}.parquet`))) ids.push(...group.map(({ id }) => id))
  }
  const battles: unknown[] = []
  for await (const group of readBattles(join(work, 'battles.parquet'))) battles.push(...group)
  return { ids, battles: battles.length, refused: report.refused }
}

test('what is built while the site runs is exactly what was kept and not taken back', async () => {
  const [ann, bob, cid] = [it.browser(), it.browser(), it.browser()]
  for (const person of [ann, bob, cid]) await person.accept()
  const [annKept, bobKept, cidKept] = [await talk(ann, true), await talk(bob, true), await talk(cid, true)]
  await talk(ann, false)
  await talk(bob, false)
  await battle(ann)
  const bobBattle = await battle(bob)
  const before = await build('before')
  expect(before.ids).toEqual(expect.arrayContaining([annKept, bobKept, cidKept, bobBattle]))
  expect(before).toMatchObject({ battles: 2, refused: {} })
  expect(before.ids).toHaveLength(7)

  const { receipt } = await ann.read(Consent, 'GET', '/api/consent')
  const elsewhere = it.browser()
  failures = 1
  const gone = await elsewhere.call('POST', '/api/withdrawals', { receipt: receipt?.toLowerCase().replaceAll('-', ' ') })
  expect(gone).toMatchObject({ status: 202, body: { conversations: 3 } })
  expect((await cid.call('DELETE', `/api/chat/conversations/${cidKept}?withdraw=true`)).status).toBe(204)
  const after = await build('after')
  expect(after.ids.sort()).toEqual(before.ids.filter((id) => id === bobKept || id === bobBattle || isSideOf(id, bobBattle)).sort())
  expect(after).toMatchObject({ battles: 1, refused: { withdrawn: 5 } })
  expect(await it.database.select(z.object({ judge: z.string() }), 'select judge from collect_votes')).toHaveLength(1)

  // The hub was not there for the first; it hears of it at the next start.
  expect(told).toMatchObject([{ isWhole: false, conversations: [cidKept] }])
  const again = await startTestSite({
    database: it.database,
    folder: it.folder,
    parts: { onWithdrawal: async (withdrawal) => void told.push(withdrawal) },
  })
  await again.close()
  expect(told[1]).toMatchObject({ isWhole: true, conversations: expect.arrayContaining([annKept]) })

  // Ann's browser is nobody's now, and may become somebody new.
  expect(await ann.read(Consent, 'GET', '/api/consent')).toMatchObject({ answer: null, receipt: null })
  await ann.accept()
  const renewed = await ann.read(Consent, 'GET', '/api/consent')
  expect(renewed.receipt).not.toBe(receipt)
  expect(await elsewhere.call('POST', '/api/withdrawals/status', { receipt })).toMatchObject({ body: { recordedAt: expect.any(String) } })
  expect(await elsewhere.call('POST', '/api/withdrawals/status', { receipt: renewed.receipt })).toMatchObject({
    body: { recordedAt: null },
  })
  expect(await elsewhere.call('POST', '/api/withdrawals', { receipt: 'AAAAA-AAAAA-AAAAA-AAAAA' })).toMatchObject({
    status: 404,
    body: { code: 'receipt-unknown' },
  })

  function isSideOf(id: string, left: string): boolean {
    const events = it.events().filter(({ type }) => type === 'rightvote')
    const states = events.flatMap((event) => States.parse(event).states)
    const index = states.findIndex(({ conv_id }) => conv_id === left)
    return states[index + 1]?.conv_id === id
  }
})

const States = z.looseObject({ states: z.array(z.object({ conv_id: z.string() })) })

test('an account has one history on every machine, and is another person after it withdrew', async () => {
  const headers = { authorization: 'Bearer ann' }
  const [desk, phone] = [it.browser(), it.browser()]
  const post = (browser: Browser, path: string, body?: unknown) => browser.call('POST', path, body, headers)
  await post(desk, '/api/consent', { terms: it.site.terms.version, keep: true, isOldEnough: true })
  expect(desk.cookie()).toBe('')
  const { id } = Conversation.parse((await post(desk, '/api/chat/conversations', { model: 'echo', keep: true })).body)
  await post(desk, `/api/chat/conversations/${id}/turns`, { key: 'key-account', prompt: 'hello' })
  expect((await phone.call('GET', `/api/chat/conversations/${id}`, undefined, headers)).status).toBe(200)
  const first = Consent.parse((await phone.call('GET', '/api/consent', undefined, headers)).body)
  expect((await it.browser().call('POST', '/api/withdrawals', { receipt: first.receipt })).status).toBe(202)
  expect((await phone.call('GET', `/api/chat/conversations/${id}`, undefined, headers)).status).toBe(404)
  const second = Consent.parse((await post(phone, '/api/consent', { terms: it.site.terms.version, keep: true, isOldEnough: true })).body)
  expect(second.isCurrent).toBe(true)
  expect(second.receipt).not.toBe(first.receipt)
})

test('when the terms change people are asked again before anything more is kept', async () => {
  const person = it.browser()
  await person.accept()
  const id = await talk(person, true)
  const changed = { ...it.site.terms, version: 'f'.repeat(64) }
  const later = await startTestSite({ database: it.database, folder: it.folder, parts: { terms: changed } })
  const path = `/api/chat/conversations/${id}/turns`
  const visitor = later.browser()
  const cookie = { cookie: person.cookie() }
  expect(await visitor.call('GET', '/api/consent', undefined, cookie)).toMatchObject({
    body: { isCurrent: false, answer: { terms: it.site.terms.version } },
  })
  expect(await visitor.call('POST', path, { key: 'key-changed', prompt: 'more' }, cookie)).toMatchObject({
    status: 403,
    body: { code: 'consent-required' },
  })
  const stale = { terms: it.site.terms.version, keep: true, isOldEnough: true }
  expect(await visitor.call('POST', '/api/consent', stale, cookie)).toMatchObject({ status: 409, body: { code: 'terms-changed' } })
  expect((await visitor.call('POST', '/api/consent', { ...stale, terms: changed.version }, cookie)).status).toBe(201)
  expect((await visitor.call('POST', path, { key: 'key-changed', prompt: 'more' }, cookie)).status).toBe(202)
  await later.close()
})
