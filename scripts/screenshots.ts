/**
 * Pictures of the main pages at 1280 and 360 pixels, light and dark, and what axe says of each. With a name and password, also of the pages that need
 * an account.
 * usage: npx tsx scripts/screenshots.ts URL ns/name FOLDER [NAME PASSWORD]
 */
import { faultsOf } from '../test/web/axe.ts'
import { newPage, open, openBrowser } from '../test/web/browser.ts'

const [url = 'http://127.0.0.1:8080', dataset = 'colloquy/sample', folder = 'docs/pictures', user, password] = process.argv.slice(2)
const base = `/datasets/${dataset}`
const pages: Record<string, string> = {
  home: '/',
  dataset: base,
  viewer: `${base}/viewer`,
  reader: `${base}/viewer?row=5`,
  search: '/search?q=python',
  hits: `${base}/viewer?q=explain+lang:English`,
  statistics: `${base}/statistics`,
  compare: `${base}/compare?row=8`,
  diff: `${base}/diff`,
  sql: `/sql?dataset=${dataset}`,
  docs: '/docs/hub',
  chat: '/chat',
  arena: '/arena',
  ...(user
    ? {
        access: `${base}/access`,
        requests: `${base}/desk/requests`,
        grantees: `${base}/desk/grantees`,
        notices: `${base}/desk/notices`,
        ledger: `${base}/desk/ledger`,
        tokens: '/settings/tokens',
        health: '/admin/health',
      }
    : {}),
}
const browser = await openBrowser()
let faults = 0
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    const page = await newPage(browser, { colorScheme, viewport: { width, height: width === 360 ? 740 : 800 }, bypassCSP: true })
    page.on('pageerror', (error) => console.error(`page error: ${error.message}`))
    if (user) {
      await page.goto(url)
      const body = JSON.stringify(JSON.stringify({ user, password }))
      const ok = await page.evaluate(
        `fetch('/api/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: ${body} }).then(({ ok }) => ok)`,
      )
      if (!ok) throw new Error('the name or password is wrong')
    }
    for (const [name, path] of Object.entries(pages)) {
      await open(page, url + path)
      await page.screenshot({ path: `${folder}/web-${name}-${width}-${colorScheme}.png` })
      const found = await faultsOf(page)
      faults += found.length
      for (const fault of found) console.log(name, width, colorScheme, fault)
    }
    await page.context().close()
  }
}
await browser.close()
console.log(`${faults} violations`)
