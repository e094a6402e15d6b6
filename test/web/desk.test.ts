import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createUser, type Role } from '../../src/hub/accounts/users.ts'
import { type RunningServer, startServer } from '../../src/hub/server.ts'
import { conversationsParquet, startTestHub, type TestHub } from '../hub/test-hub.ts'
import { faultsOf, turn } from './axe.ts'
import * as pages from './browser.ts'

const password = 'long enough for all'
const card = `---
pretty_name: Gated chats
extra_gated_heading: Be kind
extra_gated_prompt: |-
  You agree **not** to name people.
extra_gated_fields:
  Affiliation: text
  Purpose:
    type: select
    options: [Research, Teaching]
  I agree: checkbox
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*
---
# Card

A table and a sum: $$x^2$$

|a|b|
|-|-|
|1|2|
`

let hub: TestHub
let server: RunningServer
let browser: Browser
let url: string
let owner: Page
let reader: Page
const failures: string[] = []

beforeAll(async () => {
  hub = await startTestHub()
  for (const [user, role] of [
    ['ann', 'reader'],
    ['bob', 'reader'],
    ['root', 'admin'],
  ] as [string, Role][])
    await createUser(hub.hub, { user, email: `${user}@example.org`, fullname: `${user} Person`, role, password }, 'test')
  const token = await hub.token('ann', { role: 'write' })
  await hub.call('POST', '/api/repos/create', { token, body: { name: 'chats', type: 'dataset' } })
  const rows = ['zebra', 'lion'].map((word, n) => ({ id: `c${n}`, model: 'm', texts: [`Where does the ${word} live?`, 'In Africa.'] }))
  const parquet = await conversationsParquet(hub.folder, rows)
  await hub.commit('ann/chats', token, { 'README.md': card, 'data/train-00000-of-00001.parquet': parquet })
  await hub.call('PUT', '/api/datasets/ann/chats/settings', { token, body: { gated: 'manual' } })
  server = await startServer(hub.app, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${server.port}`
  browser = await pages.openBrowser()
  owner = await signIn('ann')
  reader = await signIn('bob')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await hub?.close()
})

/** A page of its own, signed in. */
async function signIn(user: string, given: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const page = await pages.newPage(browser, { bypassCSP: true, ...given })
  page.on('pageerror', (error) => failures.push(`${page.url()}: ${error.message}`))
  await page.goto(`${url}/`)
  const status = await page.evaluate(
    `fetch('/api/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: ${JSON.stringify(JSON.stringify({ user, password }))} }).then(({ status }) => status)`,
  )
  expect(status).toBe(200)
  return page
}

const open = (page: Page, path: string) => pages.open(page, url + path)
const said = (page: Page, words: string) => page.getByRole('status').getByText(words).first().waitFor()

test('who may not read is led from every page of the rows to the gate, and sees what the owner shows to everyone', async () => {
  const token = await hub.token('ann', { role: 'write' })
  await hub.call('PUT', '/api/datasets/ann/chats/settings', { token, body: { sampleRows: [1] } })
  for (const page of ['viewer', 'statistics', 'compare?row=0']) {
    await pages.open(reader, `${url}/datasets/ann/chats/${page}`)
    await reader.getByText('The conversations are for people with access.').waitFor()
    expect(await reader.getByRole('link', { name: 'Ask for access' }).getAttribute('href')).toBe('/datasets/ann/chats/access')
  }
  await pages.open(reader, `${url}/datasets/ann/nothing/viewer`)
  await reader.getByRole('alert').getByText('does not exist').waitFor()
  await pages.open(reader, `${url}/datasets/ann/chats`)
  await reader.getByText('Where does the lion live?').waitFor()
  expect(await reader.getByText('Where does the zebra live?').count()).toBe(0)
})

test('a reader reads the terms, fills in the form of the card, and asks', async () => {
  await open(reader, '/datasets/ann/chats')
  await reader.getByRole('main').getByRole('link', { name: 'Ask for access' }).first().click()
  await reader.getByRole('heading', { name: 'Be kind' }).waitFor()
  await reader.locator('strong').getByText('not', { exact: true }).waitFor()
  await reader.getByLabel('Affiliation').fill('The university')
  await reader.getByLabel('Purpose').selectOption('Teaching')
  await reader.getByLabel('I agree').check()
  await reader.getByRole('button', { name: 'Agree and ask for access' }).click()
  await said(reader, 'You asked. The owner has not decided yet.')
  await open(reader, '/settings/requests')
  await reader.getByRole('cell', { name: 'waiting' }).waitFor()
})

test('a steward finds the request and accepts it with the keyboard alone', async () => {
  await open(owner, '/desk')
  await owner.getByRole('link', { name: '1 to decide' }).click()
  await owner.getByText('The university').waitFor()
  await owner.getByLabel('Find').fill('nobody')
  await owner.getByText('No request has this in it.').waitFor()
  await owner.getByLabel('Find').fill('teaching')
  await owner.getByLabel('Select bob').focus()
  await owner.keyboard.press('x')
  await owner.getByText('1 selected').waitFor()
  await owner.keyboard.press('a')
  await owner.getByText('Nobody waits').waitFor()
  await open(reader, '/datasets/ann/chats')
  await reader.getByRole('heading', { name: 'Card', exact: true }).waitFor()
  await open(reader, '/settings/agreements')
  await reader.getByText('You agreed to the terms and asked, terms 1').waitFor()
  await reader.getByText('Accepted').waitFor()
})

test('many are decided at once, with a reason that the person reads', async () => {
  const ask = async (name: string) => {
    const { token } = await hub.user(name)
    const fields = { Affiliation: 'A lab', Purpose: 'Research', 'I agree': true }
    await hub.call('POST', '/api/datasets/ann/chats/user-access-request', { token, body: { fields } })
    return token
  }
  const [token = ''] = await Promise.all(['ed', 'flo', 'gus'].map(ask))
  await open(owner, '/datasets/ann/chats/desk/requests')
  await owner.getByLabel('Select all 3').check()
  await owner.getByLabel('Reason for refusing or taking back').fill('Write from your institution.')
  await owner.getByRole('button', { name: 'Refuse', exact: true }).click()
  await owner.getByText('Nobody waits').waitFor()
  const { body } = await hub.json('GET', '/api/settings/access-requests', { token })
  expect(body).toMatchObject([{ status: 'rejected', reason: 'Write from your institution.' }])
  await open(owner, '/datasets/ann/chats/desk/requests?status=rejected')
  await expect.poll(() => owner.getByText('Write from your institution.').count()).toBe(3)
})

test('a search is saved in the account and found again on another machine', async () => {
  await open(owner, '/datasets/ann/chats/viewer?q=zebra')
  await owner.locator('summary', { hasText: 'Saved searches' }).click()
  await owner.getByText('Your account has no saved search of this dataset.').waitFor()
  await owner.getByLabel('Name of this search').fill('Zebras')
  await owner.getByRole('button', { name: 'Save', exact: true }).click()
  await owner.getByRole('link', { name: 'Zebras' }).waitFor()
  const other = await signIn('ann')
  await open(other, '/datasets/ann/chats/viewer')
  await other.locator('summary', { hasText: 'Saved searches' }).click()
  await other.getByRole('link', { name: 'Zebras' }).click()
  await other.waitForURL((address) => address.search.includes('q=zebra'))
  await other.locator('summary', { hasText: 'Saved searches' }).click()
  await other.getByRole('button', { name: 'Delete: Zebras' }).click()
  await other.getByText('Your account has no saved search of this dataset.').waitFor()
  await other.context().close()
})

test('a token is shown once, works, and is revoked', async () => {
  await open(reader, '/settings/tokens')
  await reader.getByLabel('Name', { exact: true }).fill('laptop')
  await reader.getByRole('combobox', { name: 'May' }).selectOption('fineGrained')
  await reader.getByRole('textbox', { name: 'Datasets' }).fill('ann/chats')
  await reader.getByLabel('Days until it ends').fill('7')
  await reader.getByRole('button', { name: 'Make a token' }).click()
  const token = await reader.locator('code', { hasText: /^hf_\w{34}$/ }).textContent()
  const read = () => hub.call('GET', '/datasets/ann/chats/resolve/main/README.md', { token: token ?? '' })
  expect((await read()).status).toBe(200)
  await open(reader, '/settings/tokens')
  expect(await reader.getByText(token ?? 'nothing').count()).toBe(0)
  await reader.getByText('ann/chats: read').waitFor()
  await reader.getByRole('button', { name: 'Revoke laptop' }).click()
  await reader.keyboard.press('Escape')
  expect((await read()).status).toBe(200)
  await reader.getByRole('button', { name: 'Revoke laptop' }).click()
  await reader.getByRole('button', { name: 'Revoke: sure? laptop' }).click()
  await said(reader, 'Revoked.')
  expect((await read()).status).toBe(401)
})

test('a reader adds a paper, an owner approves it, and strangers see it', async () => {
  await open(reader, '/datasets/ann/chats')
  await reader.getByText('Add a model or paper').first().click()
  await reader.getByLabel('What').selectOption('paper')
  await reader.getByLabel('Title').fill('Zebras in chats')
  await reader.getByLabel('Address').fill('https://example.org/zebras')
  await reader.getByRole('button', { name: 'Add a model or paper' }).click()
  await reader.getByText('waits for an owner').waitFor()
  await open(owner, '/datasets/ann/chats/desk/uses')
  await owner.getByRole('button', { name: 'Approve Zebras in chats' }).click()
  await said(owner, 'Decided.')
  const stranger = await pages.newPage(browser)
  await open(stranger, '/datasets/ann/chats')
  const link = stranger.getByRole('link', { name: 'Zebras in chats' })
  expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
    'https://example.org/zebras',
    'noopener noreferrer nofollow ugc',
  ])
  await stranger.context().close()
})

test('a deletion is asked for without an account, and declined with an answer that the ledger proves', async () => {
  const stranger = await pages.newPage(browser)
  await open(stranger, '/datasets/ann/chats/deletion?conversation=c1')
  await stranger.getByLabel('Why').fill('It is mine.')
  await stranger.getByRole('button', { name: 'Ask for deletion' }).click()
  await stranger.getByText('Your request has been recorded').first().waitFor()
  await stranger.context().close()
  await open(owner, '/datasets/ann/chats/desk/deletions')
  await owner.getByText('It is mine.').waitFor()
  await owner.getByLabel('Your answer').fill('Please prove it.')
  await owner.getByRole('button', { name: 'Decline' }).click()
  await owner.getByText('Please prove it.').waitFor()
  expect(await owner.getByRole('main').getByText('c1', { exact: true }).count()).toBe(0)
  await open(owner, '/datasets/ann/chats/desk/ledger')
  await owner.getByLabel('What happened').fill('deletion.')
  await owner.getByRole('button', { name: 'Filter' }).click()
  // Before it is filtered the list has this row, too.
  await expect.poll(() => owner.getByRole('row').count()).toBe(3)
  await owner.getByRole('cell', { name: 'deletion.declined' }).waitFor()
})

test('a demand goes to all who had access, and is confirmed in writing', async () => {
  await open(owner, '/datasets/ann/chats/desk/demands')
  await owner.getByLabel('What is demanded').fill('Delete all copies of version 1.')
  await owner.getByLabel('Due').fill('2027-01-31')
  await owner.getByRole('button', { name: 'Send to everyone who ever had access' }).click()
  await said(owner, 'Sent to 1 person.')
  await owner.getByRole('button', { name: 'Remind those who have not confirmed' }).click()
  await said(owner, '1 person is reminded.')
  await open(reader, '/settings/demands')
  await reader.getByLabel('What you confirm').fill('=I have deleted "all" copies.')
  await reader.getByRole('button', { name: 'Confirm in writing' }).click()
  await reader.getByText('You confirmed on').waitFor()
  await open(owner, '/datasets/ann/chats/desk/demands')
  await owner.getByText('1 of 1 have confirmed').waitFor()
  expect(await owner.getByRole('button', { name: 'Remind those' }).count()).toBe(0)
  const csv = decodeURIComponent((await owner.getByRole('link', { name: 'Export as CSV' }).getAttribute('href')) ?? '')
  // A spreadsheet would run what begins with an equals sign.
  expect(csv).toContain('"\'=I have deleted ""all"" copies."')
})

test('an owner sees what was sent, and sets the webhook and its key', async () => {
  await open(owner, '/datasets/ann/chats/desk/notices')
  await owner.getByLabel('Address').fill('https://hooks.example.org/colloquy')
  await owner.getByRole('button', { name: 'Save the address' }).click()
  await owner.getByRole('button', { name: 'Show the key' }).click()
  const token = await hub.token('ann', { role: 'write' })
  const webhook = async () =>
    z
      .object({ url: z.string().nullable(), key: z.string().nullable() })
      .parse((await hub.json('GET', '/api/datasets/ann/chats/webhook', { token })).body)
  const { url: address, key } = await webhook()
  expect(address).toBe('https://hooks.example.org/colloquy')
  await owner.getByText(key ?? 'nothing').waitFor()
  await hub.user('ida')
  const asked = { Affiliation: 'A lab', Purpose: 'Research', 'I agree': true }
  await hub.call('POST', '/api/datasets/ann/chats/user-access-request', {
    token: await hub.token('ida', { role: 'write' }),
    body: { fields: asked },
  })
  await open(owner, '/datasets/ann/chats/desk/notices')
  const notice = owner.getByRole('row').filter({ hasText: 'webhook' })
  expect(await notice.first().textContent()).toMatch(/access\.requested.*webhook.*waits/)
  await owner.getByLabel('Address').fill('')
  await owner.getByRole('button', { name: 'Save the address' }).click()
  await owner.getByRole('button', { name: 'Show the key' }).waitFor({ state: 'detached' })
  expect(await webhook()).toEqual({ url: null, key: null })
})

test('rules, settings and grants by hand hold', async () => {
  await open(owner, '/datasets/ann/chats/desk/rules')
  await owner.getByLabel('Domain').fill('Example.edu')
  await owner.getByLabel('Days of access').fill('30')
  await owner.getByRole('button', { name: 'Add the rule' }).click()
  await owner.getByRole('cell', { name: 'example.edu', exact: true }).waitFor()
  await open(owner, '/datasets/ann/chats/desk/settings')
  await owner.getByLabel('Rows that strangers may see').fill('0')
  await owner.getByLabel('Days of access').fill('365')
  await owner.getByRole('button', { name: 'Save' }).click()
  await said(owner, 'Saved.')
  const token = await hub.token('ann', { role: 'write' })
  expect((await hub.json('GET', '/api/datasets/ann/chats/settings', { token })).body).toMatchObject({
    gated: 'manual',
    settings: { grantDays: 365, sampleRows: [0] },
  })
  await owner.getByLabel('Days of access').fill('')
  await owner.getByRole('button', { name: 'Save' }).click()
  await said(owner, 'Saved.')
  const { settings } = (await hub.json('GET', '/api/datasets/ann/chats/settings', { token })).body as { settings: object }
  expect(Object.keys(settings)).not.toContain('grantDays')
  const terms = owner.getByRole('region', { name: 'Terms and form' })
  await terms.locator('textarea[name=text]').fill('For study only.')
  await terms.locator('textarea[name=fields]').fill('Name\nselect: Use | study | teaching\ncheckbox: I agree')
  await terms.getByRole('button', { name: 'Set as a new version' }).click()
  await terms.getByText('set by ann').waitFor()
  expect(((await hub.json('GET', '/api/datasets/ann/chats/terms')).body as object[])[0]).toMatchObject({
    text: 'For study only.',
    setBy: 'ann',
    fields: [
      { name: 'Name', type: 'text' },
      { name: 'Use', type: 'select', options: ['study', 'teaching'] },
      { name: 'I agree', type: 'checkbox' },
    ],
  })
  await owner.getByText('default/train: ready').waitFor()
  await hub.user('hal')
  await open(owner, '/datasets/ann/chats/desk/requests')
  await owner.getByLabel('Account’s name').fill('hal')
  await owner.getByRole('button', { name: 'Give access' }).click()
  await said(owner, 'Given.')
  await open(owner, '/datasets/ann/chats/desk/grantees')
  await owner.getByRole('cell', { name: 'hal', exact: false }).first().waitFor()
})

test('an administrator changes a role, sees how the server is, and checks the chain; others are told whose pages these are', async () => {
  const admin = await signIn('root')
  await open(admin, '/admin/users')
  await admin.getByLabel('Role: hal').selectOption('steward')
  await said(admin, 'hal changed.')
  await open(admin, '/admin/health')
  await admin.getByText('The database answers.').waitFor()
  await admin.getByText('/api/session').first().waitFor()
  await open(admin, '/admin/ledger')
  await admin.getByRole('button', { name: 'Check the whole chain' }).click()
  await said(admin, 'The chain is whole')
  await admin.context().close()
  await open(reader, '/admin/users')
  await reader.getByText('These pages are for administrators.').waitFor()
  await open(reader, '/datasets/ann/chats/desk')
  await reader.getByText('This desk is for the dataset’s owners and stewards.').waitFor()
})

test('a search over all datasets shows hits with their words marked, and leads to the conversation', async () => {
  await open(reader, '/')
  await reader.getByLabel('Search all conversations').fill('zebra')
  await reader.keyboard.press('Enter')
  await reader.getByText('1 conversation', { exact: true }).waitFor()
  expect(await reader.locator('mark[data-kind=hit]').first().textContent()).toBe('zebra')
  await reader.getByRole('link', { name: /Where does the zebra live/ }).click()
  await reader.getByText('In Africa.').first().waitFor()
  const stranger = await pages.newPage(browser)
  await open(stranger, '/search?q=zebra')
  await stranger.getByText('You may not read this dataset yet.').waitFor()
  expect(await stranger.getByText('Where does the').count()).toBe(0)
  await stranger.context().close()
})

test('the dataset’s page cites its version, and its documentation is served with the program', async () => {
  await open(reader, '/datasets/ann/chats')
  const cited = (await reader.getByRole('region', { name: 'Cite' }).locator('pre').textContent()) ?? ''
  expect(cited).toContain('title = {Gated chats}')
  expect(cited).toMatch(/url = \{http:\/\/127\.0\.0\.1:\d+\/datasets\/ann\/chats\?revision=[0-9a-f]{40}\}/)
  await reader.locator('.katex').waitFor()
  await open(reader, '/docs/hub')
  await reader.getByRole('heading', { name: 'The gate' }).waitFor()
  await reader.getByRole('main').getByRole('link', { name: 'api', exact: true }).first().click()
  await reader.waitForURL(`${url}/docs/api`)
})

test('axe finds no violation, and nothing is wider than the window, at both widths and themes', async () => {
  const root = await signIn('root')
  const places = {
    reader: ['/', '/search?q=lion', '/docs/hub', '/datasets/ann/chats', '/datasets/ann/chats/access', '/datasets/ann/chats/deletion'],
    settings: ['requests', 'agreements', 'demands', 'deletions', 'tokens', 'sessions'].map((tab) => `/settings/${tab}`),
    desk: ['requests?status=accepted', 'grantees', 'rules', 'deletions', 'demands', 'uses', 'notices', 'ledger', 'settings'].map(
      (tab) => `/datasets/ann/chats/desk/${tab}`,
    ),
    admin: ['/desk', '/admin/users', '/admin/datasets', '/admin/health', '/admin/ledger', '/nowhere'],
  }
  const faults: string[] = []
  for (const [kind, paths] of Object.entries(places)) {
    const page = kind === 'desk' ? owner : kind === 'admin' ? root : reader
    for (const path of paths) {
      await open(page, path)
      for (const width of [1280, 360]) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 800 })
          await turn(page, colorScheme)
          faults.push(...(await faultsOf(page)).map((fault) => `${path} ${width} ${colorScheme}: ${fault}`))
        }
      }
      await page.setViewportSize({ width: 1280, height: 800 })
    }
  }
  expect(faults).toEqual([])
  expect(failures).toEqual([])
}, 600_000)

test('everything is reached by keyboard: the skip link first, and a visible focus', async () => {
  await open(reader, '/')
  await reader.keyboard.press('Tab')
  expect(await reader.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
  await reader.keyboard.press('Enter')
  await reader.waitForURL(`${url}/#content`)
  await reader.keyboard.press('Tab')
  expect(await reader.evaluate('document.activeElement.closest("main") !== null')).toBe(true)
  expect(await reader.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
})
