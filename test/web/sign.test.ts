import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSetupKey } from '../../src/hub/accounts/first-admin.ts'
import { deliverNotices } from '../../src/hub/notices/deliver.ts'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { startMailServer } from '../hub/mail-server.ts'
import { startTestHub, type TestHub } from '../hub/test-hub.ts'
import { examine } from './axe.ts'
import { newPage, open, openBrowser } from './browser.ts'

let hub: TestHub
let server: RunningServer
let mail: Awaited<ReturnType<typeof startMailServer>>
let browser: Browser
let page: Page
let url: string

beforeAll(async () => {
  hub = await startTestHub()
  server = await startServer(hub.app, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${server.port}`
  mail = await startMailServer()
  Object.assign(hub.hub.options, {
    publicUrl: url,
    mail: { url: mail.url, from: 'desk@hub.test' },
    oidc: { issuer: 'http://127.0.0.1:9', clientId: 'hub', clientSecret: 'secret', name: 'the university' },
  })
  browser = await openBrowser()
  page = await newPage(browser, { viewport: { width: 360, height: 800 } })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await mail?.close()
  await hub?.close()
})

const signedIn = (name: string) => page.getByRole('banner').getByText(name).waitFor()
const lastLink = async (kind: string) => {
  await deliverNotices(hub.hub)
  return new RegExp(`/${kind}#token=[\\w.-]+`).exec(mail.mails.at(-1)?.text ?? '')?.[0] ?? ''
}

test('the first administrator is made by the printed link', async () => {
  await open(page, `${url}/setup#key=${await makeSetupKey(hub.hub)}`)
  await page.getByLabel('Name', { exact: true }).fill('root')
  await page.getByLabel('E-mail address').fill('root@example.org')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.keyboard.press('Enter')
  await signedIn('root')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
})

test('an account is made, proven by the link in the mail, and its forgotten password set anew', async () => {
  await open(page, `${url}/sign-in`)
  await page.getByRole('button', { name: 'Make an account instead' }).click()
  await page.getByLabel('Name', { exact: true }).fill('sue')
  await page.getByLabel('E-mail address').fill('sue@example.org')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Make an account', exact: true }).click()
  await page.getByLabel('Password', { exact: true }).fill('long enough now')
  await page.getByRole('button', { name: 'Make an account', exact: true }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await open(page, url + (await lastLink('verify')))
  await page.getByText('Your address is proven').waitFor()
  await page.getByRole('link', { name: 'Go on' }).click()
  await signedIn('sue')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
  await open(page, `${url}/sign-in`)
  await page.getByRole('button', { name: 'I forgot my password' }).click()
  await page.getByLabel('E-mail address').fill('sue@example.org')
  await page.keyboard.press('Enter')
  await page.getByText('If the address has an account').waitFor()
  const link = await lastLink('reset')
  await open(page, url + link)
  await page.getByLabel('Password').fill('another long one')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your new password holds.' }).waitFor()
  await page.goto('about:blank')
  await open(page, url + link)
  await page.getByLabel('Password').fill('and one more time')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('This link has been used').waitFor()
  await open(page, `${url}/sign-in`)
  await page.getByLabel('Name or e-mail address').fill('sue@example.org')
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('Name or password is wrong.').waitFor()
  await page.getByLabel('Password', { exact: true }).fill('another long one')
  await page.keyboard.press('Enter')
  await signedIn('sue')
})

test('a demand to delete all copies is confirmed by the link in the mail, without logging in', async () => {
  const { token } = await hub.user('ann')
  await hub.user('bob')
  const path = '/api/datasets/ann/chats'
  await hub.call('POST', '/api/repos/create', { token, body: { name: 'chats', type: 'dataset' } })
  await hub.call('PUT', `${path}/settings`, { token, body: { gated: 'manual' } })
  await hub.call('POST', `${path}/user-access-request/grant`, { token, body: { user: 'bob' } })
  const dueAt = new Date(hub.clock.now.getTime() + 864e5)
  await hub.call('POST', `${path}/licence-demands`, { token, body: { text: 'Version one must go.', dueAt } })
  await deliverNotices(hub.hub)
  const link = /\/confirm#demand=\w+&key=[\w.]+/.exec(mail.mails.at(-1)?.text ?? '')?.[0] ?? ''
  await page.goto('about:blank')
  await open(page, url + link)
  await page.getByText('Version one must go.').waitFor()
  await page.getByRole('button', { name: 'Confirm in writing' }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  expect((await hub.json('GET', `${path}/licence-demands`, { token })).body).toMatchObject([
    { user: 'bob', words: 'I have deleted every copy of ann/chats, also in backups and derived sets.' },
  ])
})

test('axe finds no violation, and nothing is wider than its window', async () => {
  const paths = ['/sign-in', '/sign-in?error=x', '/setup#key=x', '/reset#token=x', '/verify#token=x', '/confirm#demand=x&key=y']
  const addresses = paths.map((path) => url + path)
  expect(await examine(browser, addresses)).toEqual([])
})
