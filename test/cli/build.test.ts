import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runCli } from './world.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const logs = fileURLToPath(new URL('../../examples/logs', import.meta.url))

const folderOf = () => mkdtempSync(join(tmpdir(), 'colloquy-build-'))

/** Every file of a folder with its sha256. */
function hashAll(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile())
  return Object.fromEntries(
    files.sort().map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  )
}

const salt = join(folderOf(), 'salt')
writeFileSync(salt, 'a secret that is the same in every run of this test', { mode: 0o600 })

async function buildInto(folder: string, ...more: string[]): Promise<Record<string, string>> {
  const { code, err } = await runCli(['build', logs, '--out', join(folder, 'release'), '--salt-file', salt, ...more])
  expect([code, err]).toEqual([0, ''])
  return hashAll(join(folder, 'release'))
}

// Whole builds: under a minute where nothing runs beside, several minutes on a machine that is slow and busy.
const whole = { timeout: 600_000 }

test('the sample logs become the same release, byte for byte, whatever the number of workers', whole, async () => {
  const one = await buildInto(folderOf(), '--jobs', '1')
  const three = await buildInto(folderOf(), '--jobs', '3')
  expect(three).toEqual(one)
  expect(Object.keys(one)).toEqual(expect.arrayContaining(['README.md', 'LICENSE.md', 'manifest.json', 'stats.json', 'croissant.json']))
})

test('the release of the sample logs has the bytes on record', whole, async () => {
  // After a wanted change: npx vitest run test/cli/build.test.ts -u
  const files = await buildInto(folderOf())
  await expect(`${JSON.stringify(files, null, 2)}\n`).toMatchFileSnapshot('../golden/sample-release.json')
})

test('a build that is killed again and again ends in the same bytes', whole, async () => {
  // Few labels: the kills are to hit every stage, not ten times the loading of weights.
  const recipe = join(folderOf(), 'recipe.yaml')
  writeFileSync(
    recipe,
    'name: short\nconsent: assumed\nlabels: [language, format]\nrules: [network-error, too-short]\nsampling: { seed: 42, size: 200 }\n',
  )
  const expected = await buildInto(folderOf(), '--recipe', recipe)
  const folder = folderOf()
  const args = [main, 'build', logs, '--out', join(folder, 'release'), '--salt-file', salt, '--recipe', recipe, '--jobs', '2']
  let kills = 0
  for (let round = 0; ; round++) {
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    // Growing delays, so that every stage is hit and the build ends at last.
    const timer = setTimeout(() => child.kill('SIGKILL'), 300 * 1.3 ** round)
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
    clearTimeout(timer)
    const isThere = readdirSync(folder).includes('release')
    if (isThere) expect(hashAll(join(folder, 'release'))).toEqual(expected)
    if (code === 0) break
    expect(code).toBe(null)
    kills++
  }
  expect(kills).toBeGreaterThan(2)
  expect(hashAll(join(folder, 'release'))).toEqual(expected)
})

test('verify passes a whole release, and names a flipped byte, a missing and an extra file', whole, async () => {
  const folder = folderOf()
  await buildInto(folder)
  const release = join(folder, 'release')
  expect((await runCli(['verify', release])).code).toBe(0)
  const data = readdirSync(join(release, 'data'))[0] ?? ''
  const path = join(release, 'data', data)
  const bytes = readFileSync(path)
  bytes[1000] = (bytes[1000] ?? 0) ^ 1
  writeFileSync(path, bytes)
  const flipped = await runCli(['verify', release])
  expect(flipped.code).not.toBe(0)
  expect(flipped.out + flipped.err).toContain(data)
  rmSync(join(release, 'stats.json'))
  appendFileSync(join(release, 'notes.txt'), 'extra')
  const more = await runCli(['verify', release])
  expect(more.out + more.err).toMatch(/stats\.json/)
  expect(more.out + more.err).toMatch(/notes\.txt/)
})

test('a log that breaks off in the middle still gives a release of the rest', async () => {
  const folder = folderOf()
  const log = join(folder, 'log.jsonl')
  const line = (id: number) =>
    `${JSON.stringify({
      id: `c${id}`,
      model: 'm',
      messages: [
        { role: 'user', content: `Please explain number ${id} to me.` },
        { role: 'assistant', content: 'It is a number.' },
      ],
    })}\n`
  writeFileSync(log, [1, 2, 3].map(line).join(''))
  truncateSync(log, statSync(log).size - 20)
  const { code, out } = await runCli(['build', log, '--out', join(folder, 'release'), '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out).rows).toBe(2)
})

test('logs of which no line can be read are named, with the reasons and where the lines are listed', async () => {
  const folder = folderOf()
  const log = join(folder, 'log.jsonl')
  writeFileSync(log, 'not JSON\nnor this\n')
  const { code, err } = await runCli(['build', log, '--out', join(folder, 'release')])
  expect(code).toBe(2)
  expect(err).toMatch(/None of the 2 lines could be read as a conversation \(.+ 2\)\. .*release\.work\/quarantine/)
})
