import type { Settings } from '../config.ts'
import { defaultJobs } from '../engine/pool.ts'
import { InputError } from '../errors.ts'
import { type ReleaseReport, release } from '../release/release.ts'
import type { CommandModule } from './command.ts'
import { openProgress } from './progress.ts'
import { toTable } from './table.ts'

/** `colloquy release`: the release folder of a work folder that curate has finished. */
export const run: CommandModule['run'] = async ({ settings, world }) => {
  const { work, out, jobs, json } = settings
  if (!work) throw new InputError('flag-missing', "colloquy release needs --work DIR: the folder that 'colloquy curate' finished.")
  if (!out) throw new InputError('flag-missing', 'colloquy release needs --out DIR: where the release will stand.')
  const progress = openProgress(world, 'release', 'conversations')
  const report = await release({
    work,
    out,
    settings: releaseSettings(settings),
    jobs: jobs ?? defaultJobs(),
    log: world.log,
    signal: world.signal,
    onProgress: progress.at,
  })
  progress.end()
  await world.print(json ? JSON.stringify(report) : showRelease(report))
  return 0
}

/** The settings of a release that flags give; they win over the recipe's `card:` part. */
export function releaseSettings({ title, licensor, contact, law, url, published, ...rest }: Settings): Record<string, unknown> {
  return { title, licensor, contact, law, url, published, version: rest['release-version'] }
}

/** The card's seven statistics, and where the release lies. */
export function showRelease({ out, rows, files, sizeBytes, stats }: ReleaseReport): string {
  const count = (value: number | null) => (value === null ? 'not recorded' : value.toLocaleString('en'))
  const average = (value: number | null) => (value === null ? 'not measured' : value.toFixed(1))
  const table = toTable(
    ['statistic', 'value'],
    [
      ['conversations', count(rows)],
      ['models', count(stats.models)],
      ['users', count(stats.users)],
      ['languages', count(stats.languages)],
      ['turns per sample', average(stats.averageTurnsPerSample)],
      ['tokens per prompt', average(stats.averageTokensPerPrompt)],
      ['tokens per response', average(stats.averageTokensPerResponse)],
    ],
  )
  return `${table}\n\nThe release lies in ${out}: ${files.length} files, ${(sizeBytes / 1e6).toFixed(1)} MB. 'colloquy verify ${out}' checks it.`
}
