import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { release } from '../../src/release/release.ts'
import { verifyRelease } from '../../src/release/verify.ts'
import { removeAll, writeWork } from './work-folder.ts'

const made: string[] = []
afterAll(() => removeAll(...made))

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs the command; with `until`, kills it (SIGKILL) as soon as that holds, or after it ended. */
function run(work: string, out: string, until?: () => boolean): Promise<number | null> {
  const child = spawn(process.execPath, [cli, 'release', '--work', work, '--out', out, '--jobs', '2'], { stdio: 'ignore' })
  const timer = until ? setInterval(() => until() && child.kill('SIGKILL'), 1) : undefined
  return new Promise((resolve) =>
    child.once('exit', (code) => {
      clearInterval(timer)
      resolve(code)
    }),
  )
}

function hashes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
}

test('killed at any step, no half release stands under its name, and the next run gives the same bytes', async () => {
  const work = await writeWork({ conversations: 400, order: 'shuffled', messages: 2 })
  made.push(work)
  const whole = join(work, 'whole')
  const out = join(work, 'out')
  await release({ work, out: whole, jobs: 1 })
  const building = `${out}.building`
  // Each is true for a moment only, early to late; where the moment is missed the run just ends, which must be right, too.
  const moments = [
    () => existsSync(join(building, 'scratch', 'spill-00000')),
    () => existsSync(join(building, 'scratch', 'segment-0')),
    () => existsSync(join(building, 'release', 'figures', 'models.svg')),
    () => existsSync(join(building, 'release', 'manifest.json')),
  ]
  for (const moment of moments) {
    await run(work, out, moment)
    if (existsSync(out)) expect((await verifyRelease(out)).faults).toEqual([])
  }
  expect(await run(work, out)).toBe(0)
  expect(hashes(out)).toEqual(hashes(whole))
  expect(readdirSync(work).filter((name) => name.startsWith('out'))).toEqual(['out'])
})
