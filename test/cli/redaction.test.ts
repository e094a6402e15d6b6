import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readParquet } from '../../src/storage/parquet.ts'
import { runCli } from './world.ts'

interface Planted {
  kind: string
  value: string
}

/** Everything readable in a release folder as one text: Parquet cells as JSON, other files as they are. */
async function readRelease(folder: string): Promise<string> {
  const texts: string[] = []
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, file)
    if (!statSync(path).isFile()) continue
    if (!file.endsWith('.parquet')) texts.push(readFileSync(path, 'utf8'))
    else
      for await (const rows of readParquet(path)) {
        for (const row of rows) texts.push(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)))
      }
  }
  return texts.join('\n')
}

test('a release of logs with planted personal data holds none of the planted values that have a form, and few names', {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-planted-'))
  const at = (name: string) => join(folder, name)
  const synth = await runCli(['synth', '--conversations', '400', '--seed', '11', '--out', at('logs'), '--truth', at('truth.jsonl')])
  expect(synth.code).toBe(0)
  writeFileSync(at('recipe.yaml'), 'name: planted\nconsent: assumed\nlabels: [language, format, redaction]\n')
  const build = await runCli(['build', at('logs'), '--out', at('release'), '--recipe', at('recipe.yaml')])
  expect([build.code, build.err]).toEqual([0, ''])
  const planted: Planted[] = readFileSync(at('truth.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"type":"conversation"'))
    .flatMap((line) => JSON.parse(line).entities)
  const text = await readRelease(at('release'))
  const left = (kind: RegExp, least: number, within = text) =>
    [...new Set(planted.filter((one) => kind.test(one.kind) && one.value.length >= least).map(({ value }) => value))].filter((value) =>
      within.includes(JSON.stringify(value).slice(1, -1)),
    )
  // The same search finds planted values in the logs, so it would find one in the release.
  const logs = await readRelease(at('logs'))
  const inLogs = left(/^(?:EMAIL|IBAN|CARD|WALLET|IP|MAC|PASSPORT|ID)$/, 6, logs)
  expect(inLogs.length).toBeGreaterThan(5)
  expect(left(/^(?:EMAIL|IBAN|CARD|WALLET|IP|MAC|PASSPORT|ID)$/, 6)).toEqual([])
  // Full names are rare enough not to stand in a release by chance; docs/redaction.md gives the measured share that is missed.
  const names = new Set(planted.filter(({ kind, value }) => kind === 'PERSON' && /\S{3} \S{3}/.test(value)).map(({ value }) => value))
  expect(names.size).toBeGreaterThan(5)
  expect(left(/^PERSON$/, 7).filter((name) => names.has(name)).length / names.size).toBeLessThan(0.05)
})

test('findings are explained, sampled and graded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-review-'))
  const work = join(folder, 'work')
  await runCli(['synth', '--conversations', '60', '--seed', '3', '--out', join(folder, 'logs')])
  await runCli(['ingest', join(folder, 'logs'), '--work', work])
  const { code, out } = await runCli(['redaction', 'review', '--work', work, '--examples', '5'])
  expect(code).toBe(0)
  const [head = '', ...items] = out.trim().split('\n')
  expect(JSON.parse(head)).toHaveProperty('population')
  expect(items.length).toBeGreaterThan(0)
  const graded = join(folder, 'graded.jsonl')
  writeFileSync(graded, [head, ...items.map((item) => item.replace('"grade":null', '"grade":true'))].join('\n'))
  const grades = await runCli(['redaction', 'grade', graded, '--json'])
  expect(JSON.parse(grades.out).all.graded).toBe(items.length)
})

test("grades stand on the card and in the manifest, and the recipe's own words do not", { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-graded-'))
  const at = (name: string) => join(folder, name)
  await runCli(['synth', '--conversations', '60', '--seed', '3', '--out', at('logs')])
  const redaction = "{ deny: [{ value: Zorblatt Quux }], allow: [Vexley Thorn], patterns: [{ kind: TICKET, pattern: 'ZQX-[0-9]{4}' }] }"
  writeFileSync(at('recipe.yaml'), `name: graded\nconsent: assumed\nlabels: [format, redaction]\nsettings: { redaction: ${redaction} }\n`)
  await runCli(['ingest', at('logs'), '--work', at('work')])
  const { out } = await runCli(['redaction', 'review', '--work', at('work'), '--recipe', at('recipe.yaml'), '--examples', '8'])
  writeFileSync(at('graded.jsonl'), out.replaceAll('"grade":null', '"grade":true'))
  expect((await runCli(['redaction', 'grade', at('graded.jsonl'), '--work', at('work')])).code).toBe(0)
  for (const command of [
    ['curate', '--work', at('work'), '--recipe', at('recipe.yaml')],
    ['release', '--work', at('work'), '--out', at('release')],
  ])
    expect((await runCli(command)).code).toBe(0)
  expect(readFileSync(at('release/README.md'), 'utf8')).toMatch(/A person graded \d+ findings/)
  const manifest = JSON.parse(readFileSync(at('release/manifest.json'), 'utf8'))
  expect(manifest.redaction.graded.all.precision.share).toBe(1)
  expect(manifest.redaction.kinds.PERSON).toBeGreaterThan(0)
  expect(manifest.labels.redaction.settings).toMatchObject({ denied: 1, allowed: 1, patterns: 1 })
  expect(await readRelease(at('release'))).not.toMatch(/zorblatt|vexley|ZQX-/i)
})
