import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readParquet } from '../../src/storage/parquet.ts'
import { runCli } from '../cli/world.ts'
import { faultsOf } from './axe.ts'
import * as browser from './browser.ts'
import { answerTerms, type ChatWorld, openChatWorld, say } from './chat-world.ts'

let world: ChatWorld
/** Ids of conversations by what should become of them. */
const kept: string[] = []
const gone: string[] = []

beforeAll(async () => {
  world = await openChatWorld()
}, 240_000)
afterAll(async () => {
  await world?.close()
}, 60_000)

const idOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''
const open = (page: Page, path: string) => page.goto(world.url + path, { waitUntil: 'domcontentloaded' })
const answers = (page: Page) => page.getByRole('article').filter({ has: page.getByRole('button', { name: 'Flag' }) })

/** Consent, a chat with all that can be done to it, a battle with its vote, and what the leaderboard says of it. */
async function visit(width: number): Promise<void> {
  const { page, context } = await world.person({ width })
  await open(page, '/chat')
  expect(await page.getByLabel('Write a message').count()).toBe(0)
  await answerTerms(page, true)

  // A chat; what was typed survives a reload.
  await page.getByRole('radio', { name: 'parrot' }).check()
  await page.getByLabel('Write a message').fill('half a draft')
  await page.reload()
  await page.getByRole('radio', { name: 'parrot' }).check()
  expect(await page.getByLabel('Write a message').inputValue()).toBe('half a draft')
  await say(page, `first words at ${width}`)
  await page.waitForURL(/\/chat\/\w+$/)
  kept.push(idOf(page))
  await answers(page).first().getByText(`first words at ${width}`).waitFor()

  // Another answer is another version, and so is an edited message.
  await page.getByRole('button', { name: 'Another answer' }).click()
  await page.getByText('Version 2 of 2').waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Edit your message').fill('edited words')
  await page.getByRole('button', { name: 'Send as a new branch' }).click()
  await page.getByText('Version 3 of 3').waitFor({ state: 'attached' })
  await answers(page).first().getByText('edited words').waitFor()
  await page.getByRole('button', { name: 'Version before' }).click()
  await answers(page).first().getByText(`first words at ${width}`).waitFor()

  // Feedback with a reason, and a link that others can read until it is taken back.
  await page.getByRole('button', { name: 'Bad' }).click()
  await page.getByRole('combobox', { name: 'What is wrong with this answer?' }).selectOption('Not true')
  await page.getByRole('form', { name: 'What is wrong' }).getByRole('button', { name: 'Send' }).click()
  await page.getByText('Thank you, noted.').waitFor()
  await page.getByRole('button', { name: 'Bad', pressed: true }).waitFor()
  await page.getByText('Share', { exact: true }).click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue()
  const reader = await world.person({ width })
  await reader.page.goto(link)
  await reader.page.getByRole('article').getByText(`first words at ${width}`).first().waitFor()
  await browser.settle(reader.page)
  expect(await faultsOf(reader.page)).toEqual([])
  expect(await reader.page.getByLabel('Write a message').count()).toBe(0)
  await page.getByRole('button', { name: 'Take the link back' }).click()
  await page.getByRole('button', { name: 'Make a link' }).waitFor()
  await reader.page.reload()
  await reader.page.getByText('This chat is not shared (any more).').waitFor()
  await reader.context.close()
  await page.getByText('Share', { exact: true }).click()

  // A slow answer is stopped: what had come stays. A reload in the middle goes on where it was.
  await open(page, '/chat')
  await page.getByRole('radio', { name: 'snail' }).check()
  await say(page, 'be slow')
  await page.waitForURL(/\/chat\/\w+$/)
  kept.push(idOf(page))
  await page.getByText('word2').first().waitFor()
  await page.reload()
  await page.getByText('word4').first().waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('You stopped this answer.').waitFor()
  expect(await page.getByText('word199').count()).toBe(0)
  await page.reload()
  await page.getByText('You stopped this answer.').waitFor()
  expect(await page.getByText('word4').count()).toBeGreaterThan(0)

  // A battle: no names and no vote before both have answered; the names after it.
  await open(page, '/arena')
  await say(page, 'I am a little tired today.')
  await page.waitForURL(/\/arena\/\w+$/)
  kept.push(idOf(page))
  await page.getByRole('button', { name: 'A is better' }).waitFor()
  expect(
    await page
      .getByRole('article')
      .getByText(/parrot|eliza/)
      .count(),
  ).toBe(0)
  await page.locator('fieldset[disabled]').waitFor({ state: 'detached' })
  await page.locator('h1').click()
  await page.keyboard.press('a')
  await page.getByText(/A was (parrot|eliza-1966), B was (parrot|eliza-1966)/).waitFor()
  await page.getByText('It counts in the leaderboard.').waitFor()
  await browser.settle(page)
  expect(await faultsOf(page)).toEqual([])
  await context.close()
}

test('consent, chat, branches, feedback, share link, stop, battle, vote and reveal, on a wide window', async () => {
  await visit(1280)
}, 300_000)

test('the same on a window of 360 pixels', async () => {
  await visit(360)
}, 300_000)

test('what is not to be kept is answered and not recorded', async () => {
  const { page, context } = await world.person()
  await open(page, '/chat')
  await answerTerms(page, false)
  await page.getByRole('radio', { name: 'parrot' }).check()
  await say(page, 'not for the record')
  await page.waitForURL(/\/chat\/\w+$/)
  gone.push(idOf(page))
  await answers(page).first().getByText('not for the record').waitFor()
  await page.getByText('Not kept').first().waitFor()
  await context.close()
}, 120_000)

test('a flagged answer is covered until the person asks for it, and again after a reload', async () => {
  const { page, context } = await world.person({ width: 360 })
  await open(page, '/chat')
  await answerTerms(page, true)
  await page.getByRole('radio', { name: 'parrot' }).check()
  const threat = 'I will kill you, you worthless piece of filth, and your whole family'
  await say(page, threat)
  await page.waitForURL(/\/chat\/\w+$/)
  kept.push(idOf(page))
  const answer = answers(page).first()
  await answer.getByText('This message was flagged:').waitFor()
  expect(await answer.getByText(threat).count()).toBe(0)
  expect(await answer.getByRole('button', { name: 'Copy' }).count()).toBe(0)
  expect(await faultsOf(page)).toEqual([])
  await answer.getByRole('button', { name: 'Show this message' }).click()
  await answer.getByText(threat).waitFor()
  await page.reload()
  await answer.getByText('This message was flagged:').waitFor()
  expect(await answer.getByText(threat).count()).toBe(0)
  await context.close()
}, 120_000)

test('an answer whose connection is cut goes on where it was, and no word is lost or doubled', async () => {
  const { page, context } = await world.person()
  await page.goto(`${world.line.url}/chat`)
  await answerTerms(page, false)
  await page.getByRole('radio', { name: 'snail' }).check()
  await say(page, 'count')
  await page.getByText('word19').first().waitFor()
  world.line.cut()
  await page.getByText('Taking up the answer again').waitFor()
  world.until(160)
  await page.getByText('word159').first().waitFor()
  const read = async () => (await page.getByRole('article', { name: 'snail' }).textContent())?.match(/word\d+/g)
  // While it still streams, since the whole turn replaces the words at its end.
  const words = (await read()) ?? []
  expect(words).toEqual(Array.from({ length: 160 }, (_, index) => `word${index}`))
  world.until(200)
  await page.getByRole('button', { name: 'Another answer' }).waitFor()
  expect(await read()).toEqual(Array.from({ length: 200 }, (_, index) => `word${index}`))
  await context.close()
}, 120_000)

test('hostile answers execute nothing and load nothing', async () => {
  const hostile = [
    '<script>window.ran = 1</script><img src=x onerror="window.ran = 2"><svg onload="window.ran = 3"></svg>',
    '[click](javascript:window.ran=4) ![p](https://tracker.example/p.png) <iframe srcdoc="<script>parent.ran=5</script>"></iframe>',
    '```html" onload="window.ran=6\n<script>window.ran=7</script>\n```',
    `$$\\href{javascript:window.ran=8}{x}$$ \u202egnp ${'w'.repeat(3000)}`,
  ].join('\n\n')
  const { page, context } = await world.person({ width: 360 })
  await open(page, '/chat')
  await answerTerms(page, true)
  await page.getByRole('radio', { name: 'parrot' }).check()
  await say(page, hostile)
  await page.waitForURL(/\/chat\/\w+$/)
  kept.push(idOf(page))
  await page.getByRole('button', { name: 'Another answer' }).waitFor()
  await answers(page).getByText('<script>window.ran = 1</script>').waitFor()
  expect(await page.evaluate('window.ran ?? 0')).toBe(0)
  expect(await page.locator('main script, main iframe, main img, main svg[onload]').count()).toBe(0)
  const hrefs = await page.locator('main a').evaluateAll((found) => found.map((one) => one.getAttribute('href') ?? ''))
  expect(hrefs.filter((href) => /^\s*(javascript|data):/i.test(href))).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(world.strayed).toEqual([])
  await context.close()
}, 120_000)

test('the leaderboard counts both votes, and its views are drawn', async () => {
  const { page, context } = await world.person()
  await open(page, '/leaderboard')
  await page.getByText('Votes counted: 2').waitFor()
  await page.getByRole('link', { name: 'Method' }).click()
  await page.getByText('Bradley–Terry').waitFor()
  await page.getByRole('link', { name: 'Votes over time' }).click()
  await page.getByText('Votes by day (UTC)').first().waitFor()
  await page.getByRole('checkbox', { name: 'Style control' }).check()
  await page.waitForURL(/style=true/)
  await page.getByText('Votes counted: 2').waitFor()
  await context.close()
}, 120_000)

test('who withdraws by receipt is gone, and the operator sees what happened', async () => {
  const { page, context } = await world.person()
  await open(page, '/chat')
  const receipt = await answerTerms(page, true)
  await page.getByRole('radio', { name: 'parrot' }).check()
  await say(page, 'to be withdrawn')
  await page.waitForURL(/\/chat\/\w+$/)
  gone.push(idOf(page))
  await page.getByRole('button', { name: 'Another answer' }).waitFor()
  await open(page, '/withdraw')
  expect(await page.getByLabel('Receipt code').first().inputValue()).toBe(receipt)
  await page.getByRole('button', { name: 'Withdraw all my chats' }).click()
  await page.getByRole('button', { name: 'Yes, withdraw them' }).click()
  await page.getByText('1 conversation is withdrawn.').waitFor()
  await page.getByLabel('Receipt code').last().fill(receipt)
  await page.getByRole('button', { name: 'Look it up' }).click()
  await page.getByText(/Withdrawn \d{4}-/).waitFor()
  await open(page, '/chat')
  await page.getByRole('button', { name: 'I accept' }).waitFor()
  await context.close()

  const admin = await world.person()
  await open(admin.page, '/operator')
  await admin.page.getByText('Only an administrator').waitFor()
  await admin.context.setExtraHTTPHeaders({ Authorization: `Bearer ${world.adminToken}` })
  await admin.page.reload()
  await admin.page.getByText('Turns a minute').first().waitFor()
  await admin.page.getByRole('rowheader', { name: 'snail' }).waitFor()
  await browser.settle(admin.page)
  expect(await faultsOf(admin.page)).toEqual([])
  await admin.context.close()
}, 180_000)

test('axe finds nothing on any page, light and dark, wide and narrow', async () => {
  for (const [width, colorScheme] of [
    [1280, 'dark'],
    [360, 'light'],
  ] as const) {
    const { page, context } = await world.person({ width, colorScheme })
    await open(page, '/chat')
    await page.getByRole('button', { name: 'I accept' }).waitFor()
    await browser.settle(page)
    expect(await faultsOf(page), 'consent').toEqual([])
    await answerTerms(page, true)
    for (const path of ['/chat', '/arena', '/arena?named=true', '/leaderboard', '/leaderboard?view=method', '/withdraw', '/operator']) {
      await browser.open(page, world.url + path)
      expect(await faultsOf(page), `${path} ${width} ${colorScheme}`).toEqual([])
    }
    await context.close()
  }
}, 300_000)

test('a release of the live log holds exactly the conversations that were to be kept', async () => {
  const recipe = join(world.folder, 'plain.yaml')
  writeFileSync(recipe, 'name: plain\nconsent: required\nlabels: [format]\nrules: []\ncolumns: [battle]\n')
  const out = join(world.folder, 'release')
  const built = await runCli(['build', world.events, '--out', out, '--recipe', recipe, '--jobs', '1'])
  expect(built, built.err).toMatchObject({ code: 0 })
  const rows: { conversation_id: string; conversation: { content: string }[] }[] = []
  for (const file of readdirSync(join(out, 'data')).sort()) {
    for await (const group of readParquet(join(out, 'data', file), ['conversation_id', 'conversation'])) {
      rows.push(
        ...z.array(z.object({ conversation_id: z.string(), conversation: z.array(z.object({ content: z.string() })) })).parse(group),
      )
    }
  }
  const ids = rows.map((row) => row.conversation_id)
  expect(kept.filter((id) => !ids.includes(id))).toEqual([])
  expect(gone.filter((id) => ids.includes(id))).toEqual([])
  // Every battle has a second side under an id of its own.
  expect(ids.length).toBe(kept.length + 2)
  const words = rows.flatMap(({ conversation }) => conversation.map(({ content }) => content))
  // Of versions the last that was answered is recorded: two people edited their words, and each edit has its echo.
  expect(words.filter((text) => text === 'edited words').length).toBe(4)
  expect(words.filter((text) => /not for the record|to be withdrawn/.test(text))).toEqual([])
}, 300_000)
