import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSetupKey } from '../../src/hub/accounts/first-admin.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

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
      /^__Host-colloquy=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600; Secure$/,
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

test('who signs up has not proven an address, and may not take a name that is there', async () => {
  hub.clock.now = new Date(hub.clock.now.getTime() + 600_000)
  const again = await hub.json('POST', '/api/signup', { body: { user: 'SUE', email: 'other@example.org', password } })
  const address = await hub.json('POST', '/api/signup', { body: { user: 'susan', email: 'SUE@example.org', password } })
  expect([again.status, address.status]).toEqual([409, 409])
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
