import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { runCli } from '../../cli/world.ts'
import { type ModerationServer, startServer } from './moderation-server.ts'

const logs = fileURLToPath(new URL('../../../examples/logs', import.meta.url))

let server: ModerationServer
afterEach(() => server?.close())

test('a build moderates by the endpoint of the command, pays each text once, and writes the key nowhere', async () => {
  server = await startServer({})
  const folder = mkdtempSync(join(tmpdir(), 'moderated-'))
  const recipe = join(folder, 'recipe.yaml')
  writeFileSync(
    recipe,
    'name: remote\nconsent: assumed\nlabels: [format, moderation]\nsettings: { moderation: { source: openai } }\nrules: [network-error]\nsampling: { seed: 42, size: 40 }\n',
  )
  const out = join(folder, 'release')
  const flags = ['--recipe', recipe, '--jobs', '2', '--openai-url', server.url, '--openai-key', 'sk-test-secret']
  const { code, err } = await runCli(['build', logs, '--out', out, ...flags])
  expect([code, err]).toEqual([0, ''])
  expect(server.paid.length).toBeGreaterThan(40)
  expect([...server.keys]).toEqual(['Bearer sk-test-secret'])
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { parentPath, name } of files) expect(readFileSync(join(parentPath, name)).includes('sk-test-secret'), name).toBe(false)
})
