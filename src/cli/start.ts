import { fileURLToPath } from 'node:url'
import { defaultJobs, openPool } from '../engine/pool.ts'
import { build } from './build.ts'
import type { CommandModule } from './command.ts'

/** `colloquy start`: the sample logs of the package become a release, with no settings. */
export const run: CommandModule['run'] = async ({ settings, world }) => {
  const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
  const out = settings.out ?? '.colloquy/sample'
  const pool = openPool(settings.jobs ?? defaultJobs())
  try {
    const sample = { ...settings, recipe: `${examples}recipe.yaml` }
    const { words } = await build({ inputs: [`${examples}logs`], out, settings: sample, world, pool })
    await world.print(words.join('\n\n'))
  } finally {
    await pool.close()
  }
  return 0
}
