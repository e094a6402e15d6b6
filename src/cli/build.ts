import type { Settings } from '../config.ts'
import { curate } from '../curate/curate.ts'
import { loadRecipe } from '../curate/recipe.ts'
import { defaultJobs, openPool, type Pool } from '../engine/pool.ts'
import { InputError } from '../errors.ts'
import { ingest } from '../ingest/ingest.ts'
import type { IngestReport } from '../ingest/report.ts'
import { type ReleaseReport, release } from '../release/release.ts'
import { labellerAccess } from './access.ts'
import type { CommandModule, World } from './command.ts'
import { showCuration } from './curate.ts'
import { formNamed, showIngest } from './ingest.ts'
import { openProgress } from './progress.ts'
import { releaseSettings, showRelease } from './release.ts'

/** `colloquy build`: raw logs in, a release folder out; ingest, curate and release on one work folder. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const { out, jobs, engine, json } = settings
  if (!out) throw new InputError('flag-missing', 'colloquy build needs --out DIR: where the release will stand.')
  if (operands.length === 0) throw new InputError('operand-missing', "Name log files, folders, patterns, or '-' for standard input.")
  if (engine && engine !== 'local') {
    throw new InputError('engine-unknown', `There is no engine '${engine}' in this version. Engines: local (threads of this machine).`)
  }
  const pool = openPool(jobs ?? defaultJobs())
  try {
    const { words, report } = await build({ inputs: operands, out, settings, world, pool })
    await world.print(json ? JSON.stringify(report) : words.join('\n\n'))
  } finally {
    await pool.close()
  }
  return 0
}

/** The three stages in turn, with their progress; `words` are their tables for people. */
export async function build(call: {
  inputs: readonly string[]
  out: string
  settings: Settings
  world: World
  pool: Pool
}): Promise<{ words: string[]; report: ReleaseReport }> {
  const { inputs, out, settings, world, pool } = call
  const { work = `${out}.work`, recipe = 'default', limit, format } = settings
  const loaded = loadRecipe(recipe)
  const shared = { work, pool, log: world.log, signal: world.signal }
  const read = await withProgress(world, 'ingest', 'steps', (at) =>
    ingest({
      ...shared,
      inputs,
      supersede: loaded.recipe.supersede,
      stdin: world.stdin,
      onProgress: ({ done, of }) => at(done, of),
      ...(format ? { format: formNamed(format) } : {}),
      ...(settings['salt-file'] ? { saltFile: settings['salt-file'] } : {}),
    }),
  )
  if (read.conversations === 0) throw nothingRead(read, work)
  const curated = await withProgress(world, 'curate', 'conversations', (at) =>
    curate({ ...shared, loaded, access: labellerAccess(settings, work), onRows: at, ...(limit === undefined ? {} : { limit }) }),
  )
  const report = await withProgress(world, 'release', 'conversations', (at) =>
    release({ ...shared, out, settings: releaseSettings(settings), onProgress: at }),
  )
  return { words: [showIngest(read), showCuration(curated), showRelease(report)], report }
}

function nothingRead({ lines, refused }: IngestReport, work: string): InputError {
  const reasons = Object.entries(refused).map(([reason, count]) => `${reason} ${count}`)
  return new InputError(
    'nothing-read',
    lines === 0
      ? 'The logs hold no lines. Name files that do.'
      : `None of the ${lines} lines could be read as a conversation${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}. ` +
          `The refused ones are listed in ${work}/quarantine; if the form was not recognised, name it with --format.`,
  )
}

async function withProgress<T>(
  world: World,
  step: string,
  unit: string,
  run: (at: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const progress = openProgress(world, step, unit)
  try {
    return await run(progress.at)
  } finally {
    progress.end()
  }
}
