import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allRoutes } from '../../src/hub/routes.all.ts'
import { describeAccess } from '../../src/hub/system/openapi.ts'

test('docs/api.md lists every route with its access rule, and no other', () => {
  const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
  const listed = page.split('\n').filter((line) => /^\| `(GET|POST|PUT|DELETE) /.test(line))
  expect(listed.sort()).toEqual(
    allRoutes
      .map((route) => `| \`${route.method} ${route.path.replace(/\|/g, '\\|')}\` | ${describeAccess(route)} | ${route.summary} |`)
      .sort(),
  )
})
