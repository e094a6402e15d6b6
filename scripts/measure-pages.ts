/**
 * How fast the pages are for a reader, in a real Chromium on this machine: first paint, searches until their results are on screen, frames while a table is
 * scrolled and what they cost the processor. Prints one JSON line a measurement.
 * usage: npx tsx scripts/measure-pages.ts URL ns/name WORD…
 */
import { openBrowser } from '../test/web/browser.ts'

const [url = 'http://127.0.0.1:8080', dataset = 'admin/sample', ...words] = process.argv.slice(2)
const ROUNDS = 30
const SCROLL_SECONDS = 8
const browser = await openBrowser()
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true })

await measureFirstPaint('/')
await measureFirstPaint(`/datasets/${dataset}/viewer`)
await measureSearch()
await measureScroll()
await browser.close()

/** First contentful paint and the largest one, of a page opened anew with nothing in the browser's cache. */
async function measureFirstPaint(path: string): Promise<void> {
  const first: number[] = []
  for (let round = 0; round < 10; round += 1) {
    const fresh = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true })
    const page = await fresh.newPage()
    await page.goto(url + path, { waitUntil: 'load' })
    await page.waitForFunction('performance.getEntriesByName("first-contentful-paint").length > 0')
    first.push(Number(await page.evaluate('performance.getEntriesByName("first-contentful-paint")[0].startTime')))
    await fresh.close()
  }
  report('first paint', { path, ...spread(first) })
}

/** From the key Enter in the box until the found conversations are drawn, in the page's own clock. */
async function measureSearch(): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${url}/datasets/${dataset}/viewer`, { waitUntil: 'networkidle' })
  const times: number[] = []
  const asked = words.length > 0 ? words : ['write']
  for (let round = 0; round < ROUNDS; round += 1) {
    const word = asked[round % asked.length] ?? ''
    // A new number of turns each round, so that no answer is remembered by the browser.
    const text = `${word} turns<${100 + round}`
    await page.locator('#search-box').fill(text)
    await page.keyboard.press('Escape')
    const taken = await page.evaluate(`new Promise((resolve) => {
      const started = performance.now()
      const look = () => {
        const isNew = new URLSearchParams(location.search).get('q') === ${JSON.stringify(text)}
        const status = document.querySelector('[role=status]')?.textContent ?? ''
        const hit = document.querySelector('main article header, main [class*=empty]')
        if (isNew && /found/.test(status) && hit) requestAnimationFrame(() => resolve(performance.now() - started))
        else requestAnimationFrame(look)
      }
      document.querySelector('#search-box').form.requestSubmit()
      // The frame after the submit has what was found before taken away; from then on, what is seen is new.
      requestAnimationFrame(() => requestAnimationFrame(look))
    })`)
    times.push(Number(taken))
  }
  await page.close()
  report('search until drawn', { dataset, words: asked.length, ...spread(times) })
}

/** Frames while the table is scrolled steadily, then jumped through: the time between two frames, and how many took longer than 1/60 s allows for. */
async function measureScroll(): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${url}/datasets/${dataset}/viewer`, { waitUntil: 'networkidle' })
  await page.locator('[role=grid] [role=gridcell]').first().waitFor()
  const rows = Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1
  const cdp = await context.newCDPSession(page)
  // Time of the page's main thread on the processor: other programs of this machine do not count, as they do in frames a second.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busySeconds = async () =>
    (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  for (const [name, step] of [
    ['steady, 1,200 pixels a second', 20],
    ['fast, 30,000 pixels a second', 500],
  ] as const) {
    const before = await busySeconds()
    const gaps: unknown = await page.evaluate(`new Promise((resolve) => {
      const grid = document.querySelector('[role=grid]')
      grid.scrollTop = 0
      const gaps = []
      let last = performance.now()
      const end = last + ${SCROLL_SECONDS * 1000}
      const frame = (now) => {
        gaps.push(now - last)
        last = now
        grid.scrollTop += ${step}
        if (now < end) requestAnimationFrame(frame)
        else resolve(gaps.slice(1))
      }
      requestAnimationFrame(frame)
    })`)
    const list = Array.isArray(gaps) ? gaps.map(Number) : []
    const seconds = list.reduce((sum, gap) => sum + gap, 0) / 1000
    report('scroll', {
      dataset,
      rows,
      how: name,
      framesPerSecond: round(list.length / seconds),
      over25ms: list.filter((gap) => gap > 25).length,
      over50ms: list.filter((gap) => gap > 50).length,
      frames: list.length,
      longestMs: round(Math.max(...list)),
      processorMsPerFrame: round(((await busySeconds()) - before) * (1000 / list.length)),
    })
  }
  await page.close()
}

function spread(values: readonly number[]): Record<string, number> {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN)
  return { n: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), mostMs: at(1) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function report(what: string, figures: Record<string, unknown>): void {
  console.log(JSON.stringify({ what, ...figures }))
}
