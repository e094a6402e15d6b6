import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

const Target = z.object({ target: z.string() })

// How many statements a question costs, and that what is kept in memory is never staler than the last change, by whichever server.
let hub: TestHub
let owner: string
let reader: string
const split = 'dataset=ann/chats&config=default&split=train'
const paths = {
  rows: `/api/viewer/rows?${split}&length=1`,
  search: `/api/viewer/search?${split}&query=word1`,
  filter: `/api/viewer/filter?${split}&where=%22model%22%3D%27m%27`,
  facets: `/api/viewer/facets?${split}`,
  resolve: '/datasets/ann/chats/resolve/main/data/train-0.parquet',
}
const status = async (path: string, token = reader) => (await hub.call('GET', path, { token })).status

describe.each(['PostgreSQL', 'PGlite'] as const)('with %s', (database) => {
  beforeAll(async () => {
    hub = await startTestHub({ database })
    ;({ token: owner } = await hub.user('ann'))
    ;({ token: reader } = await hub.user('rae'))
    await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
    const rows = Array.from({ length: 3 }, (_, n) => ({ id: `c${n}`, model: 'm', texts: [`word${n}`, 'answer'] }))
    await hub.commit('ann/chats', owner, { 'data/train-0.parquet': await conversationsParquet(hub.folder, rows) })
    await hub.call('PUT', '/api/datasets/ann/chats/settings', { token: owner, body: { gated: 'auto' } })
    await hub.call('POST', '/api/datasets/ann/chats/user-access-request', { token: reader, body: { fields: {} } })
  })
  afterAll(() => hub.close())

  test.each(Object.entries(paths))(
    '%s costs one statement for the gate, where others may change it, and one for the ledger',
    async (name, path) => {
      expect(await status(path)).toBe(200)
      // Behind the count of a download, which is a change.
      await hub.hub.database.select(z.object({}), 'select 1')
      expect(await status(paths.rows)).toBe(200)
      const spies = (['select', 'change', 'record', 'transaction'] as const).map((name) => vi.spyOn(hub.hub.database, name))
      try {
        expect(await status(path)).toBe(200)
        const words = spies.flatMap(({ mock }) => mock.calls.map((call) => call.find((one) => typeof one === 'string')))
        // A download is also counted, behind the answer and together with others.
        const counted = words.filter((sql) => sql?.includes('set downloads'))
        expect(words.length - counted.length).toBe(database === 'PostgreSQL' ? 2 : 1)
        expect(counted.length).toBe(name === 'resolve' ? 1 : 0)
      } finally {
        for (const spy of spies) spy.mockRestore()
      }
    },
  )

  test('who loses access, by whichever server, is refused by the next request', async () => {
    const closed = [
      ["update requests set status = 'revoked'", "update requests set status = 'accepted'"],
      ["update requests set expires_at = '2026-02-01'", 'update requests set expires_at = null'],
      ["update datasets set visibility = 'private'", "update datasets set visibility = 'public'"],
      [
        "update tokens set revoked_at = now() where user_id = (select id from users where name = 'rae')",
        'update tokens set revoked_at = null',
      ],
      ["update users set disabled_at = now() where name = 'rae'", 'update users set disabled_at = null'],
    ] as const
    for (const [close, open] of closed) {
      for (const path of Object.values(paths)) expect(await status(path)).toBe(200)
      await hub.hub.database.change(close)
      for (const path of Object.values(paths)) expect([close, await status(path)]).not.toEqual([close, 200])
      await hub.hub.database.change(open)
    }
  })

  test('what ends by itself ends on its moment: a token, a grant, terms agreed to', async () => {
    const { clock } = hub
    const now = clock.now
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
    const lasting = [
      ['update tokens set expires_at = $1', 'update tokens set expires_at = null'],
      ['update requests set expires_at = $1', 'update requests set expires_at = null'],
      [
        `insert into terms (dataset_id, level, version, heading, text, fields, created_at, reconsent_by)
         select id, 'release', 7, '', '', '[]', now(), $1 from datasets`,
        'delete from terms',
      ],
    ] as const
    try {
      for (const [sql, undo] of lasting) {
        await hub.hub.database.change(sql, [later(60)])
        clock.now = later(59)
        expect([sql, await status(paths.rows)]).toEqual([sql, 200])
        clock.now = later(60)
        expect([sql, await status(paths.rows)]).not.toEqual([sql, 200])
        clock.now = now
        expect([sql, await status(paths.rows)]).toEqual([sql, 200])
        await hub.hub.database.change(undo)
      }
    } finally {
      clock.now = now
    }
  })

  test('a withdrawal and a moved branch, by whichever server, hold for the next request', async () => {
    const { database: changed } = hub.hub
    for (const path of Object.values(paths)) expect(await status(path)).toBe(200)
    await changed.change(
      `insert into withdrawals (dataset_id, sha256, reason, withdrawn_at)
       select dataset_id, sha256, 'asked for', now() from contents`,
    )
    for (const path of Object.values(paths)) expect([path, await status(path)]).toEqual([path, 410])
    await changed.change('delete from withdrawals')
    for (const path of Object.values(paths)) expect(await status(path)).toBe(200)
    const [first] = await hub.hub.database.select(Target, "select target from refs where name = 'main'")
    await hub.commit('ann/chats', owner, {}, { remove: ['data/train-0.parquet'] })
    expect(await status(paths.resolve)).toBe(404)
    await changed.change("update refs set target = $1 where name = 'main'", [first?.target ?? ''])
    expect(await status(paths.resolve)).toBe(200)
    await changed.change("delete from refs where name = 'main'")
    expect(await status(paths.resolve)).toBe(404)
  })
})
