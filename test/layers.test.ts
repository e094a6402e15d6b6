import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** What each folder of src/ may import from. Files directly in src/ are 'shared'. Stages meet in data: no stage imports another. */
const allowed: Record<string, readonly string[]> = {
  shared: ['shared'],
  storage: ['shared', 'storage'],
  engine: ['shared', 'storage', 'engine'],
  collect: ['shared', 'storage', 'engine', 'collect'],
  ingest: ['shared', 'storage', 'engine', 'ingest'],
  curate: ['shared', 'storage', 'engine', 'curate'],
  release: ['shared', 'storage', 'engine', 'release'],
  hub: ['shared', 'storage', 'engine', 'hub'],
  study: ['shared', 'storage', 'engine', 'study'],
  cli: ['shared', 'storage', 'engine', 'collect', 'ingest', 'curate', 'release', 'hub', 'study', 'cli'],
  web: ['web'],
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
const folderOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : 'shared')

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '')
  return specifiers.map((specifier) => join(file, '..', specifier))
}

test('imports follow the table: cli, then stages, then engine and storage, then shared', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !allowed[folderOf(file)]?.includes(folderOf(target)))
      .map((target) => `${file} imports ${target}`),
  )
  expect(wrong).toEqual([])
})

test('no file imports itself in a circle', () => {
  const graph = new Map(files.map((file) => [file, importsOf(file)]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (done.has(file) || path.includes(file)) return
    for (const target of graph.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  expect(circles).toEqual([])
})
