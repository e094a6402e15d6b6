import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { newPage, open } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const run = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html.slice(0, 300)))`

/** What axe finds wrong with a page as it stands, and by how much it is wider than its window. The page's context must be opened with `bypassCSP`. */
export async function faultsOf(page: Page): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) !== 'object') await page.evaluate(axe)
  const found = await page.evaluate<string[]>(run)
  const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  return beyond > 0 ? [...found, `wider than the window by ${beyond}`] : found
}

/** The faults of pages at 360 and 1280 pixels in both themes, each with its page. */
export async function examine(browser: Browser, addresses: readonly string[], given: BrowserContextOptions = {}): Promise<string[]> {
  const found: string[] = []
  for (const width of [360, 1280]) {
    const page = await newPage(browser, { ...given, bypassCSP: true, viewport: { width, height: 800 } })
    for (const address of addresses) {
      // What follows a hash alone would be no new page.
      if (address.includes('#')) await page.goto('about:blank')
      await open(page, address)
      for (const theme of ['light', 'dark'] as const) {
        await turn(page, theme)
        found.push(...(await faultsOf(page)).map((fault) => `${address} ${width} ${theme}: ${fault}`))
      }
    }
    await page.context().close()
  }
  return found
}

/** Has the browser ask for a theme, and waits until the page wears it. */
export async function turn(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.locator(`html[data-theme=${theme}]`).waitFor()
}
