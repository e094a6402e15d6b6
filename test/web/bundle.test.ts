import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { webFolder } from '../../src/hub/pages.ts'

const LIMIT = 250_000

/** The built files that some built files need before they run: what they import, and what that imports. Parts on demand, `import()`, are not among them. */
function neededBy(files: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    if (!file.endsWith('.js')) return
    for (const [, inner = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g))
      visit(join(dirname(file), inner))
  }
  for (const file of files) visit(file)
  return [...found]
}

const gzipBytes = (files: readonly string[]) => files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)

function firstLoad(): string[] {
  const html = readFileSync(join(webFolder, 'index.html'), 'utf8')
  return neededBy([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path = '']) => join(webFolder, path)))
}

function chunks(name: string): string[] {
  const assets = join(webFolder, 'assets')
  const found = readdirSync(assets).filter((file) => file.startsWith(`${name}-`))
  if (found.length === 0) throw new Error(`the build has no part ${name}: ${readdirSync(assets).join(' ')}`)
  return found.map((file) => join(assets, file))
}

test('what every page loads first is at most 250 KB gzip, and none of the heavy parts', () => {
  const first = firstLoad()
  expect(first.length).toBeGreaterThan(1)
  expect(gzipBytes(first)).toBeLessThan(LIMIT)
  const heavy = /\b(katex|shiki|plot|Markdown|Chart|Viewer|Sql|Statistics)-/
  expect(first.filter((file) => heavy.test(file))).toEqual([])
})

test('each page for researchers is at most 250 KB gzip with all that it needs to be drawn; maths, colours of code and charts come on demand', () => {
  for (const page of ['Viewer', 'Statistics', 'Compare', 'Diff', 'Sql']) {
    const all = neededBy([...firstLoad(), ...chunks(page)])
    expect(gzipBytes(all), page).toBeLessThan(LIMIT)
    expect(
      all.filter((file) => /\b(katex|maths|highlight|Chart)-/.test(file)),
      page,
    ).toEqual([])
  }
})
