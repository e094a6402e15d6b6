import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allSiteRoutes } from '../../src/collect/routes.all.ts'

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const src = new URL('../../src/collect/', import.meta.url)

test('docs/collect.md lists every route of the site with who may call it, and no other', () => {
  const listed = [...page('collect.md').matchAll(/^\| `((?:GET|POST|DELETE) [^`]+)` \| ([^|]+) \|/gm)].map(
    (match) => `${match[1]} for ${match[2]}`,
  )
  expect(listed.sort()).toEqual(allSiteRoutes.map(({ method, path, access }) => `${method} ${path} for ${access}`).sort())
})

test('every code of the site’s errors stands in docs/collect.md or docs/gateway.md', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const codes = files.flatMap((file) =>
    [...readFileSync(new URL(file, src), 'utf8').matchAll(/new SiteError\(\s*[\w.]+(?: \? \d+ : \d+)?,\s*'([a-z-]+)'/g)].map(
      (match) => match[1] ?? '',
    ),
  )
  expect(codes.length).toBeGreaterThan(30)
  const documented = page('collect.md') + page('gateway.md')
  expect([...new Set(codes)].filter((code) => !documented.includes(`\`${code}\``))).toEqual([])
})
