import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { deliverNotices } from '../../src/hub/notices/deliver.ts'
import { sendReminders } from '../../src/hub/notices/reminders.ts'
import { deliverWebhook, isPublicAddress } from '../../src/hub/notices/webhook.ts'
import { startMailServer } from './mail-server.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let mail: Awaited<ReturnType<typeof startMailServer>>
let owner: string
let reader: string
let hook: string
const calls: { url: string; headers: IncomingHttpHeaders; body: string }[] = []
const answer = { status: 200, headers: {} as Record<string, string> }
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    calls.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
    response.writeHead(answer.status, answer.headers).end('ok')
  })
})
const path = '/api/datasets/ann/chats'
const day = 86_400_000
const later = (ms: number) => {
  hub.clock.now = new Date(hub.clock.now.getTime() + ms)
}

beforeAll(async () => {
  hub = await startTestHub()
  mail = await startMailServer()
  hub.hub.options.mail = { url: mail.url, from: 'desk@hub.test' }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  hook = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook?x=1`
  ;({ token: owner } = await hub.user('ann'))
  ;({ token: reader } = await hub.user('bob'))
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', owner, { 'README.md': '---\nextra_gated_prompt: one\n---\n' })
  await hub.call('PUT', `${path}/settings`, { token: owner, body: { gated: 'manual', grantDays: 30, notifyUrl: hook } })
})
afterAll(async () => {
  server.close()
  await mail.close()
  await hub.close()
})

/** What was mailed and posted since the last time, in the order of the events. */
async function sent(): Promise<{ mails: string[]; hooks: string[] }> {
  hub.hub.options.mayCallPrivate = true
  await deliverNotices(hub.hub)
  const mails = mail.mails.splice(0).map(({ to, text }) => `${to[0]}: ${/Subject: (.*)/.exec(text)?.[1]}`)
  const hooks = calls.splice(0).map(({ body }) => z.object({ event: z.string() }).parse(JSON.parse(body)).event)
  return { mails, hooks }
}

describe('people are told', () => {
  test('that access is asked for, and how it was decided', async () => {
    await hub.call('POST', `${path}/user-access-request`, { token: reader, body: {} })
    expect(await sent()).toEqual({ mails: ['ann@example.org: bob asks for ann/chats'], hooks: ['access.requested'] })
    await hub.call('POST', `${path}/user-access-request/handle`, { token: owner, body: { user: 'bob', status: 'accepted' } })
    expect(await sent()).toEqual({ mails: ['bob@example.org: Your access to ann/chats: accepted'], hooks: ['access.decided'] })
  })

  test('once that a grant ends, two weeks before', async () => {
    await sendReminders(hub.hub)
    expect((await sent()).mails).toEqual([])
    later(17 * day)
    await sendReminders(hub.hub)
    await sendReminders(hub.hub)
    expect(await sent()).toEqual({ mails: ['bob@example.org: Your access to ann/chats ends on 2026-03-31'], hooks: ['access.expiring'] })
  })

  test('that terms have changed, and by when to agree', async () => {
    await hub.commit('ann/chats', owner, { 'README.md': '---\nextra_gated_prompt: two\n---\n' })
    await hub.call('POST', `${path}/reconsent`, { token: owner, body: { by: '2026-03-25' } })
    expect(await sent()).toEqual({
      mails: ['bob@example.org: The terms of ann/chats have changed', 'bob@example.org: The terms of ann/chats have changed'],
      hooks: ['terms.changed', 'terms.changed'],
    })
  })

  test('that a deletion is asked for and decided', async () => {
    const { body } = await hub.json('POST', `${path}/deletion-requests`, { token: reader, body: { subject: 'c-1' } })
    const { id } = z.object({ id: z.string() }).parse(body)
    await hub.call('POST', `${path}/deletion-requests/${id}`, { token: owner, body: { status: 'declined', note: 'Not yours' } })
    expect(await sent()).toEqual({
      mails: [
        'ann@example.org: A deletion is asked for in ann/chats',
        'bob@example.org: Your request for deletion from ann/chats: declined',
      ],
      hooks: ['deletion.requested', 'deletion.decided'],
    })
  })

  test('that their licence has ended, which ends access at once, and weekly until they confirm', async () => {
    const dueAt = new Date(hub.clock.now.getTime() + 10 * day)
    const made = await hub.json('POST', `${path}/licence-demands`, {
      token: owner,
      body: { text: 'You shared the data.', dueAt, isTermination: true, users: ['BOB'] },
    })
    const { id, asked } = z.object({ id: z.string(), asked: z.number() }).parse(made.body)
    expect(asked).toBe(1)
    expect((await hub.call('GET', '/datasets/ann/chats/resolve/main/README.md', { token: reader })).status).toBe(403)
    await deliverNotices(hub.hub)
    const link = /https:\/\/hub\.test\/confirm#demand=(\w+)&key=([\w.]+)/.exec(mail.mails.at(-1)?.text ?? '')
    expect([link?.[1], await sent()]).toMatchObject([id, { hooks: ['licence.demanded'] }])
    for (const [days, count] of [
      [6, 0],
      [1, 1],
      [3, 0],
      [4, 1],
    ] as const) {
      later(days * day)
      await sendReminders(hub.hub)
      expect((await sent()).hooks, `${days} days later`).toHaveLength(count)
    }
    expect((await hub.json('POST', `${path}/licence-demands/${id}/remind`, { token: owner })).body).toEqual({ reminded: 1 })
    const key = link?.[2] ?? ''
    const confirm = (given: string) =>
      hub.call('POST', `/api/licence-demands/${id}/confirm`, { body: { key: given, words: 'All copies are deleted.' } })
    expect((await confirm(`${key.slice(0, -1)}0`.replace(/.$/, 'g'))).status).toBe(403)
    expect((await hub.json('POST', `/api/licence-demands/${id}/read`, { body: { key } })).body).toMatchObject({
      user: 'bob',
      dataset: 'ann/chats',
    })
    expect((await confirm(key)).status).toBe(200)
    expect((await confirm(key)).status).toBe(404)
    await sent()
    later(30 * day)
    await sendReminders(hub.hub)
    expect((await sent()).mails).toEqual([])
  })

  test('and a data protection officer gets one document of it all, with the state of the chain', async () => {
    const { body } = await hub.json('GET', `${path}/protection-report`, { token: owner })
    expect(body).toMatchObject({
      dataset: 'ann/chats',
      ledger: { isWhole: true, head: expect.stringMatching(/^[0-9a-f]{64}$/) },
      deletions: [{ status: 'declined', subject_hash: expect.any(String) }],
      demands: [{ user: 'bob', words: 'All copies are deleted.', is_termination: true }],
      grants: [{ user: 'bob', status: 'revoked' }],
    })
    expect(JSON.stringify(body)).not.toContain('c-1')
    expect((await hub.call('GET', `${path}/protection-report`, { token: reader })).status).toBe(403)
  })
})

describe('a webhook', () => {
  const send = (url: string) => deliverWebhook(hub.hub, { id: '1', event: 'x', url, body: '{"a":1}', at: hub.clock.now })

  test('has an address that is taken away by null; what is not named stays', async () => {
    const settings = async () => (await hub.json('GET', `${path}/settings`, { token: owner })).body
    const put = (body: unknown) => hub.call('PUT', `${path}/settings`, { token: owner, body })
    await put({ sampleRows: [2] })
    expect((await put({ notifyUrl: null })).status).toBe(200)
    expect(await settings()).toMatchObject({ gated: 'manual', settings: { grantDays: 30, sampleRows: [2] } })
    expect((await hub.json('GET', `${path}/webhook`, { token: owner })).body).toEqual({ url: null, key: null })
    await put({ notifyUrl: hook })
    expect(await settings()).toMatchObject({ settings: { grantDays: 30, sampleRows: [2], notifyUrl: hook } })
  })

  test('is signed with a key that the owner can read', async () => {
    hub.hub.options.mayCallPrivate = true
    expect(await send(hook)).toBeUndefined()
    const [call] = calls.splice(0)
    const { key } = z.object({ key: z.string() }).parse((await hub.json('GET', `${path}/webhook`, { token: owner })).body)
    const stamp = call?.headers['x-colloquy-timestamp']
    expect(call?.url).toBe('/hook?x=1')
    expect(call?.headers['x-colloquy-signature']).toBe(`sha256=${createHmac('sha256', key).update(`${stamp}.${call?.body}`).digest('hex')}`)
  })

  test('follows no redirect, and waits in the outbox when it fails', async () => {
    hub.hub.options.mayCallPrivate = true
    Object.assign(answer, { status: 302, headers: { Location: 'http://127.0.0.1:1/' } })
    expect(await send(hook)).toBe('the address answered 302')
    Object.assign(answer, { status: 500, headers: {} })
    await hub.call('POST', `${path}/deletion-requests`, { token: reader, body: { subject: 'c-2' } })
    calls.length = 0
    await deliverNotices(hub.hub)
    expect(calls).toHaveLength(1)
    answer.status = 200
    await deliverNotices(hub.hub)
    expect(calls).toHaveLength(1)
    later(61_000)
    await deliverNotices(hub.hub)
    expect(calls).toHaveLength(2)
    const notices = z.array(z.record(z.string(), z.unknown())).parse((await hub.json('GET', `${path}/notices`, { token: owner })).body)
    expect(notices.find(({ kind }) => kind === 'webhook')).toMatchObject({ event: 'deletion.requested', attempts: 2, problem: null })
  })

  test.each([
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'http://[::1]:1/',
    'http://[::ffff:127.0.0.1]:1/',
    'http://0.0.0.0:1/',
    'http://2130706433:1/',
    'http://0x7f.1:1/',
    'http://10.1.2.3/',
    'http://172.20.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'http://user:password@example.org/',
  ])('never calls %s', async (url) => {
    hub.hub.options.mayCallPrivate = false
    calls.length = 0
    expect(await send(url)).toMatch(/not public|no http address|cannot be resolved/)
    expect(calls).toEqual([])
  })

  test('calls no private address of any form', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (v4, v6) => {
        if (/^(0|10|127)\./.test(v4) || /^(192\.168|169\.254)\./.test(v4)) expect(isPublicAddress(v4)).toBe(false)
        if (!/^[23]/.test(v6)) expect(isPublicAddress(v6)).toBe(false)
      }),
    )
    expect(['8.8.8.8', '1.1.1.1', '2606:4700::1111'].map(isPublicAddress)).toEqual([true, true, true])
  })
})
