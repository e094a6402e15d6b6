import { type CurateReport, curate } from '../curate/curate.ts'
import { loadRecipe } from '../curate/recipe.ts'
import { defaultJobs, openPool } from '../engine/pool.ts'
import { InputError } from '../errors.ts'
import { labellerAccess } from './access.ts'
import type { CommandModule } from './command.ts'
import { openProgress } from './progress.ts'
import { toTable } from './table.ts'

/** `colloquy curate`: labels, rules and selection on a work folder. */
export const run: CommandModule['run'] = async ({ settings, world }) => {
  const { work, recipe = 'default', limit, jobs, json } = settings
  if (!work) throw new InputError('flag-missing', "colloquy curate needs --work DIR: the folder that 'colloquy ingest' filled.")
  const loaded = loadRecipe(recipe)
  const access = labellerAccess(settings, work)
  const pool = openPool(jobs ?? defaultJobs())
  const progress = openProgress(world, 'curate', 'conversations')
  try {
    const report = await curate({
      work,
      loaded,
      pool,
      log: world.log,
      access,
      onRows: progress.at,
      signal: world.signal,
      ...(limit === undefined ? {} : { limit }),
    })
    progress.end()
    await world.print(json ? JSON.stringify(report) : showCuration(report))
  } finally {
    await pool.close()
  }
  return 0
}

/** What the rules did, as a table. */
export function showCuration({ rules, input, notSampled, selected }: CurateReport): string {
  const rows = rules.filter(({ dropped }) => dropped > 0).map(({ rule, dropped }) => [rule, `-${dropped.toLocaleString('en')}`])
  if (notSampled > 0) rows.push(['not sampled', `-${notSampled.toLocaleString('en')}`])
  return toTable(['rule', 'conversations'], [['read', input.toLocaleString('en')], ...rows, ['selected', selected.toLocaleString('en')]])
}
