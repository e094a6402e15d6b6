import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium as driver, type Page, type Request } from 'playwright-core'

/** How long whatever a test waits for may take: a slow machine that does other work too must not fail a correct test. */
export const PATIENCE_MS = 120_000

/** A headless Chromium out of an npm package: nothing is downloaded, no browser of the machine is used. */
export async function openBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false
  return driver.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((one) => one !== '--single-process'),
    headless: true,
    timeout: PATIENCE_MS,
  })
}

/** A page in a context of its own, which waits as long as a slow machine needs. */
export async function newPage(browser: Browser, given: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...given })
  context.setDefaultTimeout(PATIENCE_MS)
  return context.newPage()
}

/** Opens an address and waits until the page shows all that it will: see `settle`. */
export async function open(page: Page, address: string): Promise<void> {
  watch(page)
  await page.goto(address)
  await settle(page)
}

/** Loads the page anew and waits until it shows all that it will. */
export async function reload(page: Page): Promise<void> {
  watch(page)
  await page.reload()
  await settle(page)
}

/**
 * Waits until nothing is on its way: no request, no part of the page that says it is loading, and nothing for the page's own thread to do. Unlike half a
 * second without requests it holds on a machine on which a page needs longer than that between two of them, and it is over as soon as it is true.
 * @throws what is on its way after two minutes
 */
export async function settle(page: Page): Promise<void> {
  const ends = performance.now() + PATIENCE_MS
  let isQuiet = false
  let state = ''
  while (performance.now() < ends) {
    const requests = watch(page)
    const begun = requests.begun
    // A navigation in the middle takes the page's context away; the next one is asked then.
    state = await page.evaluate<string>(restOfPage).catch((error: Error) => error.message)
    const isStill = state === '' && requests.open.size === 0 && requests.begun === begun
    // Twice, since a request is told of by another way than what the page says.
    if (isStill && isQuiet) return
    isQuiet = isStill
  }
  const urls = [...watch(page).open].map((request) => request.url())
  throw new Error(`${page.url()} does not come to rest: ${[state, ...urls].join(' ')}`)
}

/** Resolves, once the page's thread has nothing more to do, to what is still loading: nothing, or words of it. */
const restOfPage = `new Promise((resolve) => {
  const idle = (then) => requestIdleCallback(then, { timeout: 10_000 })
  idle(() => requestAnimationFrame(() => idle(() => {
    const loading = document.querySelector('[data-loading]')
    resolve(loading ? loading.textContent || 'loading' : document.querySelector('main') ? '' : 'no page')
  })))
})`

interface Requests {
  open: Set<Request>
  begun: number
}
const watched = new WeakMap<Page, Requests>()

/** The requests of a page that have no end yet, and how many there were. */
function watch(page: Page): Requests {
  const known = watched.get(page)
  if (known) return known
  const requests: Requests = { open: new Set(), begun: 0 }
  watched.set(page, requests)
  page.on('request', (request) => {
    requests.begun += 1
    requests.open.add(request)
  })
  const end = (request: Request) => requests.open.delete(request)
  page.on('requestfinished', end)
  page.on('requestfailed', end)
  return requests
}
