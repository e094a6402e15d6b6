import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { startTestHub, type TestHub } from './test-hub.ts'

const Row = z.object({ email: z.string(), email_verified: z.boolean() })
let hub: TestHub
let issuer: string
let close: () => Promise<void>
const people: Record<string, Record<string, unknown>> = {
  mia: { email: 'mia@uni.example', email_verified: true, name: 'Mia Mayer', preferred_username: 'mia.mayer' },
  eve: { email: 'ann@example.org', email_verified: false, name: 'Not Ann' },
  late: { email: 'late@uni.example', email_verified: true, name: 'Late', preferred_username: 'late' },
  other: { email: 'other@uni.example', email_verified: true, name: 'Other', preferred_username: 'mia.mayer' },
}

beforeAll(async () => {
  hub = await startTestHub()
  const server = createServer((request, response) => void callback(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'hub',
        client_secret: 'a secret of some length',
        redirect_uris: ['https://hub.test/api/auth/callback/oidc'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
  })
  const callback = provider.callback()
  close = () => new Promise((resolve) => server.close(() => resolve()))
  hub.hub.options.oidc = { issuer, clientId: 'hub', clientSecret: 'a secret of some length', name: 'University' }
})
afterAll(async () => {
  await close()
  await hub.close()
})

/** A browser that only follows redirects and keeps cookies; logs in at the provider's own pages. Gives the answer of the hub's callback. */
async function signIn(person: string): Promise<Response> {
  const start = await hub.call('GET', '/api/login/openid')
  const state = start.headers.getSetCookie().map((one) => one.split(';')[0])
  const jar = new Map<string, string>()
  let url = start.headers.get('location') ?? ''
  for (let step = 0; step < 20; step += 1) {
    if (url.startsWith('https://hub.test/')) {
      return hub.call('GET', url.slice('https://hub.test'.length), { headers: { Cookie: state.join('; ') } })
    }
    const Cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    let response = await fetch(url, { redirect: 'manual', headers: { Cookie } })
    keep(response, jar)
    if (response.status === 200) {
      const page = await response.text()
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? ''
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? ''
      response = await fetch(new URL(action, url), {
        method: 'POST',
        redirect: 'manual',
        headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        body: new URLSearchParams({ prompt, login: person, password: 'any' }),
      })
      keep(response, jar)
    }
    url = new URL(response.headers.get('location') ?? '', url).href
  }
  throw new Error('the provider did not lead back')
}

function keep(response: Response, jar: Map<string, string>): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [pair = ''] = cookie.split(';')
    const at = pair.indexOf('=')
    jar.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

async function whoIs(response: Response): Promise<unknown> {
  const Cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return (await hub.json('GET', '/api/session', { headers: { Cookie } })).body
}

test('people log in by a real OpenID provider and get an account, its namespace and a proven address', async () => {
  vi.setSystemTime(new Date())
  expect((await hub.json('GET', '/api/login/options')).body).toEqual({ openid: 'University', hasMail: false })
  const first = await signIn('mia')
  expect([first.status, first.headers.get('location')]).toEqual([302, '/'])
  expect(await whoIs(first)).toMatchObject({ user: 'mia-mayer', fullname: 'Mia Mayer', role: 'reader' })
  expect(await whoIs(await signIn('mia'))).toMatchObject({ user: 'mia-mayer' })
  const [user] = await hub.hub.database.select(Row, "select email, email_verified from users where name = 'mia-mayer'")
  expect(user).toEqual({ email: 'mia@uni.example', email_verified: true })
})

test('a name that is taken gets a number', async () => {
  expect(await whoIs(await signIn('other'))).toMatchObject({ user: 'mia-mayer-2' })
})

test('an address that the provider has not proven does not open the account that has it', async () => {
  await hub.user('ann')
  const response = await signIn('eve')
  expect(await whoIs(response)).toBeNull()
  expect(response.headers.get('location')).toContain('error=')
})

test('who has typed somebody’s address into an account of their own neither gets in nor keeps them out', async () => {
  const squatter = { user: 'squatter', email: 'late@uni.example', password: 'a long password' }
  expect((await hub.call('POST', '/api/signup', { body: squatter })).status).toBe(201)
  expect(await whoIs(await signIn('late'))).toMatchObject({ user: 'late' })
})

test('an answer that was not asked for is refused', async () => {
  const response = await hub.call('GET', '/api/auth/callback/oidc?code=x&state=y')
  expect(await whoIs(response)).toBeNull()
})
