import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { makeSetupKey, writeAdminToken } from '../../src/hub/accounts/first-admin.ts'
import { createUser } from '../../src/hub/accounts/users.ts'
import { createApp } from '../../src/hub/app.ts'
import { openHub } from '../../src/hub/hub.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

const Any = z.record(z.string(), z.unknown())
let hub: TestHub
const password = 'correct horse battery'
beforeAll(async () => {
  hub = await startTestHub()
})
afterAll(() => hub.close())

const own = { 'Sec-Fetch-Site': 'same-origin' }
const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
const login = (user: string, secret: string) => hub.call('POST', '/api/login', { body: { user, password: secret } })

test('the first administrator is made by the printed link, once', async () => {
  const key = await makeSetupKey(hub.hub)
  const body = { key, user: 'root', email: 'root@example.org', password }
  expect((await hub.call('POST', '/api/setup', { body: { ...body, key: 'x' } })).status).toBe(403)
  expect((await hub.call('POST', '/api/setup', { body })).status).toBe(201)
  expect((await hub.call('POST', '/api/setup', { body: { ...body, user: 'second', email: 's@example.org' } })).status).toBe(403)
  expect(await makeSetupKey(hub.hub)).toBeUndefined()
})

describe('a session', () => {
  test('begins by password, is held in a guarded cookie, and ends', async () => {
    const response = await login('ROOT@example.org', password)
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-colloquy=[\w.%-]{60,}; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    const Cookie = cookieOf(response)
    expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toMatchObject({ user: 'root', role: 'admin' })
    await hub.call('POST', '/api/logout', { headers: { Cookie, ...own } })
    expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toBeNull()
  })

  test('gets a new secret when it is a day old, and the old one is void', async () => {
    const Cookie = cookieOf(await login('root', password))
    hub.clock.now = new Date(hub.clock.now.getTime() + 86_400_000)
    const renewed = cookieOf(await hub.call('GET', '/api/session', { headers: { Cookie } }))
    expect(renewed).not.toBe(Cookie)
    expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toBeNull()
    expect((await hub.json('GET', '/api/session', { headers: { Cookie: renewed } })).body).toMatchObject({ user: 'root' })
  })

  test('changes nothing for a page of another site', async () => {
    const Cookie = cookieOf(await login('root', password))
    const make = (headers: Record<string, string>) =>
      hub.call('POST', '/api/settings/tokens', { body: { displayName: 'x' }, headers: { Cookie, ...headers } })
    expect((await make({})).status).toBe(403)
    expect((await make({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await make({ Origin: 'https://evil.test' })).status).toBe(403)
    expect((await make(own)).status).toBe(201)
    expect((await make({ Origin: 'https://hub.test' })).status).toBe(201)
  })

  test('of every place ends with a new password', async () => {
    const Cookie = cookieOf(await login('root', password))
    const change = await hub.call('PUT', '/api/settings/password', {
      body: { old: password, new: 'another long one' },
      headers: { Cookie, ...own },
    })
    expect(change.status).toBe(200)
    expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toBeNull()
    expect((await login('root', password)).status).toBe(401)
    expect((await login('root', 'another long one')).status).toBe(200)
  })
})

test('nobody signs up under a name that the ledger has for no account, or as the administrator', async () => {
  for (const user of ['hub', 'Anonymous', 'admin']) {
    const { status } = await hub.call('POST', '/api/signup', { body: { user, email: `${user}@example.org`, password } })
    expect([user, status]).toEqual([user, 409])
  }
  hub.clock.now = new Date(hub.clock.now.getTime() + 600_000)
})

test('servers that start together on one database get one administrator; a reader of that name gets no token of it', async () => {
  const whose = async (file: string) =>
    (await hub.json('GET', '/api/whoami-v2', { token: readFileSync(file, 'utf8').trim() })).body as { name: string; role: string }
  await createUser(hub.hub, { user: 'admin', email: 'reader@example.org', fullname: '', role: 'reader' }, 'root')
  const first = join(hub.folder, 'first')
  expect(await writeAdminToken(hub.hub, first)).toBe(true)
  expect(await whose(first)).toMatchObject({ name: expect.stringMatching(/^admin-/), role: 'admin' })
  await hub.hub.database.change("update users set name = 'reader' where name = 'admin'")
  await hub.hub.database.change("delete from namespaces where name = 'admin'")
  const files = ['second', 'third'].map((name) => join(hub.folder, name))
  await Promise.all(files.map((file) => writeAdminToken(hub.hub, file)))
  for (const file of files) expect(await whose(file)).toMatchObject({ name: 'admin', role: 'admin' })
})

test('pages of other sites log nobody in, which would be as somebody else', async () => {
  const send = (headers: Record<string, string>) => hub.call('POST', '/api/login', { body: { user: 'root', password: 'x' }, headers })
  expect((await send({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await send({ Origin: 'https://evil.test' })).status).toBe(403)
  expect((await send({ Origin: 'https://hub.test' })).status).toBe(401)
  expect((await send({})).status).toBe(401)
})

test('a wrong password and an unknown name are told in the same words, and only ten times', async () => {
  await hub.call('POST', '/api/signup', { body: { user: 'sue', email: 'sue@example.org', password } })
  hub.clock.now = new Date(hub.clock.now.getTime() + 600_000)
  const known = await login('sue', 'wrong password')
  const unknown = await login('nobody', 'wrong password')
  expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()])
  for (let attempt = 0; attempt < 10; attempt += 1) await login('sue', 'wrong password')
  const late = await login('sue', password)
  expect([late.status, Number(late.headers.get('retry-after')) > 0]).toEqual([429, true])
})

test('attempts count together whichever server they come to, and leave no name or address in the database', async () => {
  hub.clock.now = new Date(hub.clock.now.getTime() + 600_000)
  const { database, blobs, log, now, tools, options } = hub.hub
  const second = await openHub({ database, blobs, log, now, tools, options })
  const apps = [hub.app, createApp(second)]
  const attempt = (number: number) =>
    apps[number % 2]?.request('https://hub.test/api/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: 'mallory', password: 'wrong password' }),
    })
  const statuses = []
  for (let number = 0; number < 12; number += 1) statuses.push((await attempt(number))?.status)
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
  const stored = await database.select(Any, 'select * from attempts')
  expect(stored.length).toBe(2)
  expect(JSON.stringify(stored)).not.toMatch(/mallory|local/)
  hub.clock.now = new Date(hub.clock.now.getTime() + 300_000)
  expect((await attempt(0))?.status).toBe(401)
  await second.indexes.close()
})

test('who signs up may not take a name that is there, and is not told whether the address is known', async () => {
  hub.clock.now = new Date(hub.clock.now.getTime() + 600_000)
  const again = await hub.json('POST', '/api/signup', { body: { user: 'SUE', email: 'other@example.org', password } })
  const address = await hub.json('POST', '/api/signup', { body: { user: 'susan', email: 'SUE@example.org', password } })
  const fresh = await hub.json('POST', '/api/signup', { body: { user: 'nora', email: 'nora@example.org', password } })
  expect([again.status, address.status, address.body]).toEqual([409, 201, { ...(fresh.body as object), user: 'susan' }])
})

test('an address opens the account that has proven it, else the first that was made with it, never by another’s password', async () => {
  hub.clock.now = new Date(hub.clock.now.getTime() + 600_000)
  const other = 'a password of another'
  await hub.call('POST', '/api/signup', { body: { user: 'guest', email: 'owner@example.org', password: other } })
  hub.clock.now = new Date(hub.clock.now.getTime() + 1000)
  await hub.call('POST', '/api/signup', { body: { user: 'guest2', email: 'owner@example.org', password } })
  expect((await hub.json('POST', '/api/login', { body: { user: 'OWNER@example.org', password: other } })).body).toEqual({ user: 'guest' })
  await createUser(hub.hub, { user: 'owner', email: 'owner@example.org', fullname: '', role: 'reader', password }, 'root')
  expect((await hub.json('POST', '/api/login', { body: { user: 'owner@example.org', password } })).body).toEqual({ user: 'owner' })
  const known = await login('owner@example.org', other)
  const unknown = await login('nobody@example.org', other)
  expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()])
})

test('sessions are listed without their secrets and ended one by one', async () => {
  hub.clock.now = new Date(hub.clock.now.getTime() + 600_000)
  await hub.user('lou')
  const { token } = await hub.user('lea')
  const sign = async (agent: string) => {
    const body = { user: 'liz', password }
    return cookieOf(await hub.call('POST', '/api/login', { body, headers: { 'User-Agent': agent } }))
  }
  await hub.call('POST', '/api/signup', { body: { user: 'liz', email: 'liz@example.org', password } })
  const [first, second] = [await sign('one'), await sign('two')]
  const list = async (Cookie: string) =>
    (await hub.json('GET', '/api/settings/sessions', { headers: { Cookie } })).body as {
      id: string
      userAgent: string
      isCurrent: boolean
    }[]
  const sessions = await list(first)
  expect(sessions.filter(({ isCurrent }) => isCurrent).map(({ userAgent }) => userAgent)).toEqual(['one'])
  const other = sessions.find(({ userAgent }) => userAgent === 'two')?.id ?? ''
  expect((await hub.call('DELETE', `/api/settings/sessions/${other}`, { token })).status).toBe(404)
  expect((await hub.call('DELETE', `/api/settings/sessions/${other}`, { headers: { Cookie: first, ...own } })).status).toBe(200)
  expect((await hub.json('GET', '/api/session', { headers: { Cookie: second } })).body).toBeNull()
  const stored = JSON.stringify(await hub.hub.database.select(Any, 'select * from sessions'))
  expect(stored).not.toContain(decodeURIComponent(first).split('=')[1]?.split('.')[0])
})

test('administrators change roles and close accounts, owners name stewards of their namespace', async () => {
  const { token: admin } = await hub.user('boss', 'admin')
  const { token: reader } = await hub.user('rita')
  const change = (user: string, body: unknown, token = admin) => hub.call('PUT', `/api/admin/users/${user}`, { token, body })
  expect((await change('rita', { role: 'admin' }, reader)).status).toBe(403)
  expect((await change('boss', { role: 'reader' })).status).toBe(400)
  expect((await change('rita', { role: 'steward' })).status).toBe(200)
  expect((await hub.json('GET', '/api/whoami-v2', { token: reader })).body).toMatchObject({ role: 'steward' })
  const Cookie = cookieOf(await login('liz', password))
  expect((await change('liz', { isDisabled: true })).status).toBe(200)
  expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toBeNull()
  expect((await login('liz', password)).status).toBe(403)
  expect((await login('liz', 'not the password')).status).toBe(401)
  await change('liz', { isDisabled: false })
  expect((await login('liz', password)).status).toBe(200)
  const member = (token: string, role: string | null) =>
    hub.call('PUT', '/api/namespaces/boss/members', { token, body: { user: 'lou', role } })
  expect((await member(reader, 'owner')).status).toBe(403)
  expect((await member(admin, 'steward')).status).toBe(200)
  expect((await hub.json('GET', '/api/namespaces/boss/members', { token: admin })).body).toEqual([
    { user: 'lou', fullname: 'lou Person', role: 'steward' },
  ])
  expect((await member(admin, null)).status).toBe(200)
})

test('answers carry strict headers, and every route is described', async () => {
  const response = await hub.call('GET', '/api/openapi.json')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('strict-transport-security')).toContain('max-age')
  const { paths } = (await response.json()) as { paths: Record<string, object> }
  expect(Object.keys(paths)).toContain('/api/datasets/{namespace}/{name}/tree/{rest}')
  expect((await hub.json('GET', '/api/health')).body).toEqual({ status: 'ok' })
  expect(await (await hub.call('GET', '/api/metrics')).text()).toContain('colloquy_request_seconds_count{route="/api/health"')
})
