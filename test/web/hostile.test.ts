import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardOf, type Site, startSite, type Talk, talksParquet } from './site.ts'

const run = 'window.ran=(window.ran||0)+1'
const elsewhere = 'https://tracker.example/x'

/** What runs or loads where a page takes text for HTML, a link, a style or a formula. */
const attack = fc.constantFrom(
  `<script>${run}</script>`,
  `<script src="${elsewhere}.js"></script>`,
  `<img src=x onerror="${run}">`,
  `<svg onload="${run}"><animate onbegin="${run}" attributeName=x dur=1s></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x><script>${run}</script></svg>#x"></svg>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<object data="javascript:${run}"></object><embed src="javascript:${run}">`,
  `<details open ontoggle="${run}"><summary>x</summary></details>`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${run}">`,
  `<a href="javascript:${run}">x</a>`,
  `<form action="${elsewhere}"><button autofocus onfocus="${run}">x</button></form>`,
  `<base href="${elsewhere}"><meta http-equiv="refresh" content="0;url=${elsewhere}"><link rel=stylesheet href="${elsewhere}.css">`,
  `[x](javascript:${run})`,
  `[x](JaVa\tScRiPt:${run})`,
  `[x](data:text/html,<script>${run}</script>)`,
  `[x](vbscript:msgbox(1)) <javascript:${run}>`,
  `![x](${elsewhere}.png) ![y](//tracker.example/y.png "t")`,
  `[r]: javascript:${run}\n[x][r]`,
  `<style>body,main,header{display:none!important}*{background:url(${elsewhere}.png)}</style>`,
  `<div style="position:fixed;inset:0;z-index:99999;background:red">covered</div>`,
  `<p class="skip" id="content" style="background:url(${elsewhere})">x</p>`,
  `$$\\href{javascript:${run}}{x}$$`,
  '$$\\htmlClass{skip}{x}\\htmlId{root}{y}\\htmlStyle{position:fixed;inset:0}{z}$$',
  `$$\\includegraphics{${elsewhere}.png}$$`,
  '$$\\rule{99999em}{99999em}$$ \\(\\def\\x{\\x\\x}\\x\\)',
  `\`\`\`html" onload="${run}\n<script>${run}</script>\n\`\`\``,
  `<!--><script>${run}</script>-->`,
  `&lt;script&gt;${run}&lt;/script&gt; &#60;img src=x onerror=${run}&#62;`,
  `{{constructor.constructor('${run}')()}} \${${run}} <%= ${run} %>`,
  `"><img src=x onerror=${run}>`,
  `'-${run}-'`,
)

/** What breaks the page's lines, columns and directions. */
const nuisance = fc.constantFrom(
  'w'.repeat(3000),
  '‮evil⁦ txt⁧ .exe',
  '\u200b\u200e\u200f\ufeff\u061c',
  `${'א'.repeat(200)} ${'a'.repeat(200)}`,
  `Z̸${'̴'.repeat(300)}algo`,
  `${'> '.repeat(60)}deep`,
  `${'- '.repeat(60)}deep`,
  `|${'a|'.repeat(80)}\n|${'-|'.repeat(80)}\n|${'x|'.repeat(80)}`,
  `# ${'#'.repeat(400)}`,
  '\n'.repeat(200),
  '﷽'.repeat(60),
  '👨‍👩‍👧‍👦'.repeat(120),
  '\u0000\u0007\u001b[31mred',
  `\`\`\`\n${'long '.repeat(2000)}\n\`\`\``,
  '{}$'.repeat(50),
)

const message = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: attack },
      { weight: 2, arbitrary: nuisance },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .chain((parts) => fc.constantFrom(' ', '\n', '\n\n', '').map((glue) => parts.join(glue)))
const talk = fc.tuple(message, message, attack)

/** A new seed for each run of the tests; a failure tells it. */
const seed = Date.now() % 2 ** 31
const samples = fc.sample(talk, { numRuns: 24, seed })
const talks: Talk[] = samples.map(([prompt, answer, model], index) => ({
  id: `talk-${index}`,
  // A handful of models, so that the column has bars and facets.
  model: samples[index % 5]?.[2] ?? model,
  language: 'English',
  texts: [`zebra ${prompt}`, answer],
}))

let site: Site

beforeAll(async () => {
  site = await startSite()
  const { token } = await site.hub.user('ann')
  await site.hub.call('POST', '/api/repos/create', { token, body: { name: 'hostile', type: 'dataset' } })
  const files = async (list: readonly Talk[]) => ({ 'data/train-00000-of-00001.parquet': await talksParquet(site.hub.folder, list) })
  const first = talks.map(({ texts, ...rest }) => ({ ...rest, texts: [texts[0] ?? '', 'before'] }))
  await site.hub.commit('ann/hostile', token, { 'README.md': cardOf('Hostile'), ...(await files(first)) })
  const made = await site.hub.commit(
    'ann/hostile',
    token,
    await files([...talks, { id: 'twin', model: 'plain', language: 'English', texts: talks[0]?.texts ?? [] }]),
  )
  expect(made.status).toBe(200)
})
afterAll(() => site?.close())

const forbidden =
  'main script, main iframe, main object, main embed, main style, main link, main base, main meta, main form[action^="http"]'

/** What is wrong with the page as it stands, in words. */
async function wrongs(): Promise<string[]> {
  const { page } = site
  const found: string[] = []
  if ((await page.evaluate('window.ran ?? 0')) !== 0) found.push('something ran')
  const elements = await page.locator(forbidden).count()
  if (elements > 0) found.push(`${elements} forbidden elements`)
  const hrefs: string[] = await page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
  if (hrefs.some((href) => !/^(https?:\/\/|mailto:|\/|#|$)/i.test(href))) found.push(`links ${hrefs.join(' ').slice(0, 300)}`)
  const events: string[] = await page.evaluate(
    `[...document.querySelectorAll('main *')].flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on')))`,
  )
  if (events.length > 0) found.push(`event attributes ${events.join(' ')}`)
  if (Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) > 0) found.push('wider than the window')
  // The header is still on top and visible: nothing lies over the page, no style of a message reached it.
  const seen = await page.evaluate(`document.elementFromPoint(40, 20)?.closest('header') !== null && scrollY === 0`)
  if (seen !== true) found.push('something lies over the header')
  return found
}

test(`generated hostile conversations run nothing, load nothing from elsewhere, and break no layout (seed ${seed})`, async () => {
  const base = '/datasets/ann/hostile'
  const paths = [
    `${base}/viewer`,
    `${base}/viewer?q=zebra`,
    `${base}/statistics`,
    `${base}/compare?row=0`,
    `${base}/diff`,
    ...talks.slice(0, 4).map(({ id }) => `${base}/diff?id=${id}`),
    ...talks.map((_, row) => `${base}/viewer?row=${row}`),
  ]
  for (const path of paths) {
    await site.open(path)
    const row = new URL(path, site.url).searchParams.get('row')
    if (row !== null && path.includes('viewer')) await site.page.locator('#message-1').waitFor()
    expect(await wrongs(), `${path} ${row === null ? '' : JSON.stringify(talks[Number(row)]).slice(0, 2000)}`).toEqual([])
  }
  await site.page.setViewportSize({ width: 360, height: 740 })
  for (const path of paths.slice(0, 12)) {
    await site.open(path)
    expect(await wrongs(), `${path} at 360`).toEqual([])
  }
  expect(site.strayed).toEqual([])
  expect(site.faults).toEqual([])
}, 300_000)
