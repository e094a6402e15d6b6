import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverNotices } from '../../src/hub/notices/deliver.ts'
import { startMailServer } from './mail-server.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let mail: Awaited<ReturnType<typeof startMailServer>>
const password = 'correct horse battery'
beforeAll(async () => {
  hub = await startTestHub()
  mail = await startMailServer()
  hub.hub.options.mail = { url: mail.url, from: 'Data desk <desk@hub.test>' }
})
afterAll(async () => {
  await mail.close()
  await hub.close()
})

const signUp = (user: string, email: string) => hub.json('POST', '/api/signup', { body: { user, email, password, fullname: 'Sue' } })
const login = (user: string, secret = password) => hub.call('POST', '/api/login', { body: { user, password: secret } })
const linkOf = (page: string) => new RegExp(`https://hub\\.test/${page}#token=([\\w.-]+)`).exec(mail.mails.at(-1)?.text ?? '')?.[1] ?? ''
const later = (ms: number) => {
  hub.clock.now = new Date(hub.clock.now.getTime() + ms)
}

test('who signs up proves the address by the link that a real mail server gets, and is logged in', async () => {
  const made = await hub.call('POST', '/api/signup', { body: { user: 'sue', email: 'Sue@Example.org', password } })
  expect([made.status, await made.json(), made.headers.get('set-cookie')]).toEqual([201, { user: 'sue', isWaiting: true }, null])
  await deliverNotices(hub.hub)
  expect(mail.mails).toMatchObject([{ from: 'desk@hub.test', to: ['sue@example.org'] }])
  const refused = await login('sue')
  expect([refused.status, refused.headers.get('x-error-code')]).toEqual([403, 'AddressUnproven'])
  expect((await hub.call('POST', '/api/verify', { body: { token: 'x' } })).status).toBe(400)
  const proven = await hub.call('POST', '/api/verify', { body: { token: linkOf('verify') } })
  expect(proven.status).toBe(200)
  const Cookie = (proven.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toMatchObject({ user: 'sue' })
  expect((await login('sue')).status).toBe(200)
})

test('an address that has an account is answered like a new one, and its owner is told', async () => {
  mail.mails.length = 0
  const fresh = await signUp('tom', 'tom@example.org')
  const taken = await signUp('tim', 'sue@example.org')
  expect([taken.status, Object.keys(Object(taken.body))]).toEqual([fresh.status, Object.keys(Object(fresh.body))])
  await deliverNotices(hub.hub)
  expect(mail.mails.map(({ to, text }) => [to[0], text.includes('You have an account already')])).toEqual(
    expect.arrayContaining([
      ['tom@example.org', false],
      ['sue@example.org', true],
    ]),
  )
  later(600_000)
  expect((await login('tim')).status).toBe(401)
})

test('a forgotten password is set anew by a link that works once, ends all sessions, and tells nobody who exists', async () => {
  later(600_000)
  const Cookie = ((await login('sue')).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const known = await hub.json('POST', '/api/password/forgot', { body: { email: 'sue@example.org' } })
  const unknown = await hub.json('POST', '/api/password/forgot', { body: { email: 'nobody@example.org' } })
  expect(known).toEqual(unknown)
  mail.mails.length = 0
  await deliverNotices(hub.hub)
  expect(mail.mails.map(({ to }) => to)).toEqual([['sue@example.org']])
  const body = { token: linkOf('reset'), password: 'a new long password' }
  const [first, second] = await Promise.all([1, 2].map(() => hub.call('POST', '/api/password/reset', { body })))
  expect([first?.status, second?.status].sort()).toEqual([200, 400])
  expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toBeNull()
  expect((await login('sue')).status).toBe(401)
  expect((await login('sue', 'a new long password')).status).toBe(200)
})

test('a link for a new password is over after an hour', async () => {
  later(600_000)
  await hub.call('POST', '/api/password/forgot', { body: { email: 'sue@example.org' } })
  await deliverNotices(hub.hub)
  const body = { token: linkOf('reset'), password: 'yet another password' }
  later(3_601_000)
  expect((await hub.call('POST', '/api/password/reset', { body })).status).toBe(400)
})

test('mail that a server does not take waits in the database and goes out later, once', async () => {
  later(600_000)
  mail.mails.length = 0
  mail.refuse.next = 2
  await hub.call('POST', '/api/password/forgot', { body: { email: 'sue@example.org' } })
  await deliverNotices(hub.hub)
  await deliverNotices(hub.hub)
  expect(mail.mails).toEqual([])
  later(61_000)
  await deliverNotices(hub.hub)
  later(121_000)
  await deliverNotices(hub.hub)
  later(86_400_000)
  await deliverNotices(hub.hub)
  expect(mail.mails).toHaveLength(1)
})

test('accounts of one address, made while the hub sent no mail: the address becomes that of one of them', async () => {
  const { mail: settings } = hub.hub.options
  delete hub.hub.options.mail
  later(600_000)
  for (const user of ['una', 'uma']) expect((await signUp(user, 'one@example.org')).status).toBe(201)
  if (settings) hub.hub.options.mail = settings
  mail.mails.length = 0
  for (const user of ['una', 'uma']) {
    later(600_000)
    const refused = await login(user)
    expect([user, refused.status, refused.headers.get('x-error-code')]).toEqual([user, 403, 'AddressUnproven'])
    await deliverNotices(hub.hub)
  }
  expect(mail.mails.map(({ to }) => to)).toEqual([['one@example.org'], ['one@example.org']])
  const [first, second] = mail.mails.map(({ text }) => /#token=([\w.-]+)/.exec(text)?.[1])
  later(600_000)
  const proven = await hub.call('POST', '/api/verify', { body: { token: second } })
  const Cookie = (proven.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  expect((await hub.json('GET', '/api/session', { headers: { Cookie } })).body).toMatchObject({ user: 'uma' })
  const other = await hub.call('POST', '/api/verify', { body: { token: first } })
  expect([other.status, other.headers.get('x-error-code'), other.headers.get('set-cookie')]).toEqual([409, 'AddressTaken', null])
  const again = await hub.call('POST', '/api/verify', { body: { token: second } })
  expect([again.status, again.headers.get('set-cookie')]).toEqual([200, null])
  later(600_000)
  expect((await login('uma')).status).toBe(200)
  expect((await login('one@example.org')).status).toBe(200)
  expect((await login('una')).status).toBe(403)
  await hub.call('POST', '/api/password/forgot', { body: { email: 'one@example.org' } })
  await deliverNotices(hub.hub)
  expect(
    (await hub.call('POST', '/api/password/reset', { body: { token: linkOf('reset'), password: 'of the one who proved it' } })).status,
  ).toBe(200)
  expect((await login('uma', 'of the one who proved it')).status).toBe(200)
})
