import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { python, runPython } from './python/interpreter.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')

/** A folder with the sample logs, where the examples can be run without writing into the repository. */
function folderWithExamples(): string {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-readme-'))
  symlinkSync(join(root, 'examples'), join(folder, 'examples'))
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(join(root, 'dist/cli/main.js'), join(folder, 'node_modules', '.bin', 'colloquy'))
  return folder
}

test('the commands of the README run as written, and the Python example loads what they made', async () => {
  const folder = folderWithExamples()
  const lines = blocks('sh').flatMap((block) => block.split('\n').filter((line) => line.startsWith('npx colloquy ')))
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) {
    const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' })
    expect([line, status, status === 0 ? '' : stderr]).toEqual([line, 0, ''])
  }
  expect(existsSync(join(folder, 'release', 'README.md'))).toBe(true)
  if (!python) return
  for (const block of blocks('python')) {
    const printed = await runPython(['-c', block], { cwd: folder })
    expect(printed.trim().split('\n').length).toBeGreaterThanOrEqual(3)
  }
})

test('the two commands of the README are scripts of the package', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(readme).toContain('npm ci && npm start')
  expect(readme).toContain('npm ci && npm test')
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['prepare', 'start', 'test']))
})

test('links between pages lead somewhere', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs'))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
  ]
  const broken = pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '')
    return targets.filter((target) => !existsSync(join(root, page, '..', target))).map((target) => `${page} → ${target}`)
  })
  expect(broken).toEqual([])
})
