import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'colloquy-eval-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

test('measures languages on a file of known ones: accuracy by language, speed', async () => {
  const file = write(
    'truth.txt',
    'de\tDas ist ein ganz gewöhnlicher deutscher Satz.\nen\tThis is quite an ordinary sentence.\r\nnb\t12345\n',
  )
  const { code, out } = await runCli(['eval', 'language', file, '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    texts: 3,
    languages: [
      { code: 'de', texts: 1, right: 1, mostTakenFor: null },
      { code: 'en', texts: 1, right: 1, mostTakenFor: null },
      { code: 'no', texts: 1, right: 0, mostTakenFor: 'und' },
    ],
  })
  expect(JSON.parse(out).accuracy).toBeCloseTo(2 / 3)
})

test('prints a table for people', async () => {
  const { out } = await runCli(['eval', 'language', write('one.txt', 'fi\tTämä on suomenkielinen lause.\n')])
  expect(out).toContain('accuracy 100.0 %')
  expect(out).toMatch(/fi\s+1\s+100\.0/)
})

test('names the line that is not code and text', async () => {
  const { code, out, err } = await runCli(['eval', 'language', write('bad.txt', 'en\tfine\nno tab here\n')])
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toContain('Line 2')
  expect(err).not.toContain('no tab here')
})

test('an unknown harness, no file, or a missing file is told with what to do', async () => {
  expect((await runCli(['eval', 'weather', 'x'])).err).toContain('language')
  expect((await runCli(['eval', 'language'])).code).toBe(2)
  expect((await runCli(['eval', 'language', join(folder, 'absent')])).code).toBe(3)
})
