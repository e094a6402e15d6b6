import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const web = fileURLToPath(new URL('../../src/web', import.meta.url))
const files = readdirSync(web, { recursive: true, encoding: 'utf8' })
const read = (file: string) => readFileSync(join(web, file), 'utf8')

/** The classes that a style sheet renames for itself: those of its selectors, without what stands in `:global()`. */
function ownClasses(css: string): Set<string> {
  const selectors = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/:global\([^)]*\)/g, '')
  return new Set([...selectors.replace(/\{[^{}]*\}/g, '{}').matchAll(/\.([a-z_][\w-]*)/gi)].map(([, name = '']) => name))
}

/** What a component takes of the style sheets that it imports, as `sheet.css class`. */
function taken(file: string): string[] {
  const code = read(file)
  return [...code.matchAll(/import (\w+) from '(\.[^']+\.module\.css)'/g)].flatMap(([, name = '', path = '']) =>
    [...code.matchAll(new RegExp(`(?<![./])\\b${name}\\.(\\w+)`, 'g'))].map(([, used = '']) => `${join(file, '..', path)} ${used}`),
  )
}

test('classes of a style sheet are those outside of :global(), also inside of @media', () => {
  expect([
    ...ownClasses('.a h2 :global(.quiet), .b > .c { width: 1.5rem } @media (width < 9rem) { .d { top: .1em } } /* .e {} */'),
  ]).toEqual(['a', 'b', 'c', 'd'])
})

test('every class of a style sheet is taken by a component, and every class taken is in its style sheet', () => {
  const there = files
    .filter((file) => file.endsWith('.module.css'))
    .flatMap((file) => [...ownClasses(read(file))].map((name) => `${file} ${name}`))
  const used = files.filter((file) => /\.tsx?$/.test(file)).flatMap(taken)
  expect(there.length).toBeGreaterThan(200)
  expect(there.filter((one) => !used.includes(one))).toEqual([])
  expect(used.filter((one) => !there.includes(one))).toEqual([])
})
