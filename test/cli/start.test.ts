import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'colloquy-start-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const Datasets = z.array(z.object({ id: z.string(), sha: z.string(), description: z.string() }))

interface Started {
  url: string
  said: () => string
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts `colloquy start` in the folder; resolves once it prints its address. */
function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [main, 'start', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let said = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const url = /answers on (http:\S+)\n/.exec(said)?.[1]
      const stop = (signal: NodeJS.Signals) => {
        child.kill(signal)
        return ended
      }
      if (url) resolve({ url, said: () => said, stop })
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    void ended.then((code) => reject(new Error(`ended with ${code} before it answered: ${said}`)))
  })
}

test('npm start builds the sample, publishes it into a hub and shows it; both signals end it cleanly, and a second start builds nothing', async () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(scripts.start).toBe('node dist/cli/main.js start')
  const first = await start('--port', '0', '--admin-token-file', 'token')
  expect(first.said()).toContain('283')
  expect(await (await fetch(first.url)).text()).toContain('<div id="root">')
  const list = async (url: string) => Datasets.parse(await (await fetch(`${url}/api/datasets`)).json())
  const [sample] = await list(first.url)
  expect(sample).toMatchObject({ id: 'colloquy/sample', description: 'Colloquy sample conversations' })
  const rows = await fetch(`${first.url}/api/viewer/rows?dataset=colloquy/sample&config=default&split=train&offset=0&length=1`)
  expect(await rows.json()).toMatchObject({ num_rows_total: 283 })
  expect(await first.stop('SIGTERM')).toBe(0)
  const built = statSync(join(folder, '.colloquy', 'sample', 'manifest.json')).mtimeMs
  const second = await start('--port', '0')
  expect(second.said()).not.toContain('release.written')
  expect(statSync(join(folder, '.colloquy', 'sample', 'manifest.json')).mtimeMs).toBe(built)
  expect(await list(second.url)).toEqual([sample])
  expect(await second.stop('SIGINT')).toBe(0)
}, 600_000)

test('a taken port is named, and another one taken; where nobody has an account the first administrator’s link is printed', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const started = await start('--port', String(port), '--data', 'other-hub')
    expect(started.said()).toContain(`Port ${port} is taken by another program`)
    expect(new URL(started.url).port).not.toBe(String(port))
    await expect.poll(started.said).toMatch(/Make the first administrator, once, at http:\/\/localhost:\d+\/setup#key=\S{20}/)
    expect(await started.stop('SIGTERM')).toBe(0)
  } finally {
    other.close()
  }
}, 600_000)
