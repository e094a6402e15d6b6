import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../src/cli/commands.ts'
import { settings } from '../src/config.ts'
import { builtInRecipes } from '../src/curate/recipe.ts'
import { ruleNames } from '../src/curate/rules.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '')
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
)
const firstCells = (path: string) => [...read(path).matchAll(/^\|\s*`([^`]+)`/gm)].map((match) => match[1] ?? '')

test('every dependency stands in docs/dependencies.md with a reason, and no other', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json'))
  const used = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).sort()
  expect([...new Set(firstCells('docs/dependencies.md'))].sort()).toEqual(used)
})

test('every dependency has an exact version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'))
  expect(Object.values({ ...dependencies, ...devDependencies }).filter((version) => !/^\d+\.\d+\.\d+/.test(String(version)))).toEqual([])
})

test('every setting stands in docs/settings.md, and no other', () => {
  const flags = Object.keys(settings)
  expect(firstCells('docs/settings.md').sort()).toEqual(flags.map((flag) => `--${flag}`).sort())
})

test('every command stands in docs/cli.md', () => {
  const missing = Object.keys(commands).filter((command) => !read('docs/cli.md').includes(`## colloquy ${command}\n`))
  expect(missing).toEqual([])
})

test('every error code stands in docs/errors.md, and no other', () => {
  const codes = sources.flatMap((file) =>
    [...read(join('src', file)).matchAll(/new \w*Error\(\s*'([a-z0-9]+(?:-[a-z0-9]+)+)'/g)].map((match) => match[1] ?? ''),
  )
  const documented = firstCells('docs/errors.md')
  expect([...new Set(codes)].filter((code) => !documented.includes(code)).sort()).toEqual([])
})

test('every rule and built-in recipe stands in docs/recipes.md', () => {
  const page = read('docs/recipes.md')
  expect([...ruleNames, ...builtInRecipes()].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})

test('every exported thing has a docstring', () => {
  const bare = sources.flatMap((file) => {
    const lines = read(join('src', file)).split('\n')
    return lines.flatMap((line, index) => {
      const name = line.match(/^export (?:async )?(?:abstract )?(?:function\*?|const|interface|type|class) (\w+)/)?.[1]
      if (!name) return []
      const before = lines.slice(0, index).findLast((above) => !/^\s*(\/\/|@)/.test(above))
      return before?.trimEnd().endsWith('*/') ? [] : [`${file}: ${name}`]
    })
  })
  expect(bare).toEqual([])
})
