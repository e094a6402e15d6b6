import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'colloquy-cli-ingest-'))
const log = join(folder, 'log.jsonl')
writeFileSync(log, '{"id":"a","messages":[{"role":"user","content":"Hi"}]}\n{"id":"b","messages":[]}\n{"half')

test('colloquy ingest prints lines by form, refusals by reason, and what was made', async () => {
  const { code, out } = await runCli(['ingest', log, '--work', join(folder, 'work'), '--jobs', '1'])
  expect(code).toBe(0)
  expect(out).toMatch(/openai +1 +3 +1 +0 +2/)
  expect(out).toMatch(/half-line +1/)
  expect(out).toMatch(/messages-missing +1/)
  expect(out).toContain('1 conversations, 0 battles, 0 users')
})

test('colloquy ingest --json prints the report', async () => {
  const { out } = await runCli(['ingest', log, '--work', join(folder, 'work'), '--jobs', '1', '--json'])
  expect(JSON.parse(out)).toMatchObject({ lines: 3, accepted: 1, refused: { 'half-line': 1, 'messages-missing': 1 } })
})

test('colloquy ingest reads standard input', async () => {
  const { out } = await runCli(
    ['ingest', '-', '--work', join(folder, 'stdin'), '--jobs', '1'],
    '{"messages":[{"role":"user","content":"Hi"}]}',
  )
  expect(out).toContain('1 conversations')
})

test.each([
  [['ingest', log], 'flag-missing'],
  [['ingest', '--work', join(folder, 'none')], 'operand-missing'],
  [['ingest', log, '--work', join(folder, 'none'), '--format', 'csv'], 'format-unknown'],
  [['ingest', join(folder, 'gone'), '--work', join(folder, 'none')], 'input-missing'],
])('%j ends in %s', async (args, code) => {
  const { err } = await runCli([...args, '--json'])
  expect(JSON.parse(err)).toMatchObject({ error: { code } })
})
