import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LedgerEntry, openLedger, parseEntry, readLedger, verifyEntries, verifyLedger } from '../../src/hub/ledger.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let owner: string
beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', owner, { 'a.txt': 'hello' })
})
afterAll(() => hub.close())

async function entries(): Promise<LedgerEntry[]> {
  const all: LedgerEntry[] = []
  for await (const page of readLedger(hub.hub.database)) all.push(...page)
  return all
}

async function* asPages(all: readonly LedgerEntry[]): AsyncIterable<LedgerEntry[]> {
  yield [...all]
}

test('every download is kept with who, what revision and how many bytes', async () => {
  await hub.call('GET', '/datasets/ann/chats/resolve/main/a.txt', { token: owner, headers: { Range: 'bytes=1-3' } })
  await hub.call('HEAD', '/datasets/ann/chats/resolve/main/a.txt', { token: owner })
  const downloads = (await entries()).filter(({ action }) => action === 'file.downloaded')
  expect(downloads).toMatchObject([
    { actor: 'ann', dataset: 'ann/chats', path: 'a.txt', bytes: 3, revision: expect.stringMatching(/^[0-9a-f]{40}$/) },
  ])
})

test('entries that come at once make one unbroken chain', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => hub.hub.ledger.append({ actor: 'test', action: 'thing.done', detail: { n, text: 'é "x"' } })),
  )
  const check = await verifyLedger(hub.hub.database)
  expect(check.brokenAt).toBeUndefined()
  expect(check.entries).toBe((await entries()).length)
})

test('two servers on one database write one chain', async () => {
  const other = openLedger(hub.hub.database, () => new Date())
  for (let round = 0; round < 5; round += 1)
    await Promise.all(
      [hub.hub.ledger, other, hub.hub.ledger, other].map((ledger, n) => ledger.append({ actor: `server ${n % 2}`, action: 'thing.done' })),
    )
  const check = await verifyLedger(hub.hub.database)
  expect(check.brokenAt).toBeUndefined()
  expect((await entries()).filter(({ actor }) => actor.startsWith('server '))).toHaveLength(20)
})

test('an event that cannot be stored fails alone', async () => {
  const before = (await entries()).length
  const all = await Promise.allSettled(
    ['a', 'b\0', 'c', 'd'].map((path) => hub.hub.ledger.append({ actor: 'test', action: 'thing.done', path })),
  )
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  const check = await verifyLedger(hub.hub.database)
  expect([check.brokenAt, check.entries]).toEqual([undefined, before + 3])
})

test('no entry can be changed, taken out or emptied away', async () => {
  for (const sql of ["update ledger set actor = 'x'", 'delete from ledger where number = 1', 'truncate ledger']) {
    await expect(hub.hub.database.change(sql)).rejects.toThrow('append-only')
  }
})

test('an export verifies by itself, and shows any change, gap or swap', async () => {
  const all = (await entries()).map((entry) => parseEntry(JSON.stringify(entry)))
  expect(await verifyEntries(asPages(all))).toMatchObject({ entries: all.length })
  const changes: ((list: LedgerEntry[]) => LedgerEntry[])[] = [
    (list) => list.map((entry) => (entry.number === 3 ? { ...entry, actor: 'someone else' } : entry)),
    (list) => list.map((entry) => (entry.number === 3 ? { ...entry, detail: { ...entry.detail, more: 1 } } : entry)),
    (list) => list.filter(({ number }) => number !== 3),
    (list) => [...list.slice(0, 2), ...list.slice(2, 4).reverse(), ...list.slice(4)],
  ]
  for (const change of changes) expect((await verifyEntries(asPages(change(all)))).brokenAt).toBe(3)
})

test('a database that someone changed behind the trigger is found out, also when the end is cut off', async () => {
  const { database } = hub.hub
  await database.script('alter table ledger disable trigger user')
  await database.change('delete from ledger where number = (select max(number) from ledger)')
  const cut = await verifyLedger(database)
  expect(cut.brokenAt).toBe(cut.entries + 1)
  await database.change("update ledger set actor = 'nobody' where number = 2")
  expect((await verifyLedger(database)).brokenAt).toBe(2)
})

test('a decision and its entry stand or fall together', async () => {
  const before = (await entries()).length
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
  expect((await entries()).length).toBe(before)
})
