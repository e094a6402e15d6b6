/**
 * Pictures of the collection site's pages, on a site of its own with demonstration models and sixty votes, and what axe says of each.
 * usage: npm run build && npx tsx scripts/screenshots-chat.ts FOLDER
 */
import type { Page } from 'playwright-core'
import { faultsOf } from '../test/web/axe.ts'
import { open, settle } from '../test/web/browser.ts'
import { answerTerms, openChatWorld, say } from '../test/web/chat-world.ts'

const [folder = 'docs/pictures'] = process.argv.slice(2)
const world = await openChatWorld([
  '{ name: doctor, provider: eliza, description: "Demonstration: ELIZA under another name." }',
  '{ name: mynah, provider: echo, description: "Demonstration: an echo under another name." }',
])
let faults = 0

/** Votes of one person: answers that do more than repeat the words win three times in four. */
async function voteAsPerson(person: number): Promise<void> {
  const { page, context } = await world.person()
  await page.goto(`${world.url}/arena`)
  await answerTerms(page, true)
  const cast = async (number: number) => {
    const prompt = ['I am worried about my exam.', 'My sister never calls me.', 'I dream of the sea.'][number % 3] ?? ''
    const script = `(async () => {
      const call = async (path, body) => {
        const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
        if (!response.ok) throw new Error(path + ': ' + response.status + ' ' + (await response.text()))
        return response.json()
      }
      const text = ${JSON.stringify(prompt)}
      const lot = ${((person * 10 + number) * 0.618034) % 1}
      const { id } = await call('/api/arena/battles', { kind: 'battle', keep: true })
      const turn = await call('/api/chat/conversations/' + id + '/turns', { key: crypto.randomUUID(), prompt: text })
      await (await fetch('/api/chat/conversations/' + id + '/turns/' + turn.id + '/stream')).text()
      const whole = await (await fetch('/api/chat/conversations/' + id)).json()
      const [left, right] = whole.turns[0].answers.map((answer) => answer.text !== text)
      const winner = left === right ? (lot < 0.5 ? 'tie' : lot < 0.75 ? 'left' : 'right') : left === lot < 0.75 ? 'left' : 'right'
      await call('/api/arena/battles/' + id + '/vote', { winner })
    })()`
    await page.evaluate(script)
  }
  for (let number = 0; number < 10; number++) await cast(number)
  await context.close()
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${folder}/web-${name}.png` })
  for (const fault of await faultsOf(page)) {
    faults += 1
    console.log(name, fault)
  }
}

for (let person = 0; person < 6; person++) await voteAsPerson(person)

for (const [width, colorScheme] of [
  [1280, 'light'],
  [360, 'dark'],
] as const) {
  const { page, context } = await world.person({ width, colorScheme })
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`))
  const suffix = `${width}-${colorScheme}`
  await open(page, `${world.url}/chat`)
  await picture(page, `consent-${suffix}`)
  await answerTerms(page, true)
  await page.getByRole('radio', { name: 'parrot' }).check()
  await say(
    page,
    'Show me a small program.\n\n```python\nfor n in range(3):\n    print(n ** 2)\n```\n\nand its sum: $$\\sum_{n=0}^{2} n^2 = 5$$',
  )
  await page.getByRole('button', { name: 'Another answer' }).waitFor()
  await settle(page)
  await picture(page, `chat-${suffix}`)
  await open(page, `${world.url}/arena`)
  await say(page, 'I feel a little tired today, and my mother worries.')
  await page.locator('fieldset:not([disabled])').waitFor()
  await settle(page)
  await picture(page, `battle-${suffix}`)
  await page.locator('h1').click()
  await page.keyboard.press('a')
  await page.getByText(/A was/).waitFor()
  await settle(page)
  await picture(page, `reveal-${suffix}`)
  await open(page, `${world.url}/leaderboard`)
  await picture(page, `leaderboard-${suffix}`)
  await open(page, `${world.url}/withdraw`)
  await picture(page, `withdraw-${suffix}`)
  await context.setExtraHTTPHeaders({ Authorization: `Bearer ${world.adminToken}` })
  await page.goto(`${world.url}/operator`)
  await page.getByText('Turns a minute').first().waitFor()
  await settle(page)
  await picture(page, `operator-${suffix}`)
  await context.close()
}
await world.close()
console.log(`${faults} violations`)
