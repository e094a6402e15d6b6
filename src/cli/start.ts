import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultJobs, openPool } from '../engine/pool.ts'
import { build } from './build.ts'
import type { CommandModule } from './command.ts'

/** `colloquy start`: the sample logs of the package become a release, with no settings. */
export const run: CommandModule['run'] = async ({ settings, world }) => {
  const logs = fileURLToPath(new URL('../../examples/logs', import.meta.url))
  const out = settings.out ?? '.colloquy/sample'
  const pool = openPool(settings.jobs ?? defaultJobs())
  try {
    const sample = { ...settings, title: settings.title ?? 'Colloquy sample conversations' }
    const { words } = await build({ inputs: [relative('.', logs) || '.'], out, settings: sample, world, pool })
    await world.print(words.join('\n\n'))
  } finally {
    await pool.close()
  }
  return 0
}
