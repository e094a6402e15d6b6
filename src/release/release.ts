import { defaultJobs, openPool, type Pool } from '../engine/pool.ts'
import { InputError } from '../errors.ts'
import { type Log, silentLog } from '../log.ts'
import { chooseLayout, type DataLayout, type Progress, writeData } from './data.ts'
import { readCode, writeDocuments } from './documents.ts'
import type { ReleaseFacts } from './facts.ts'
import { openBuilding } from './folder.ts'
import { readGrades } from './grades.ts'
import type { ManifestFile } from './manifest.ts'
import { readSample } from './sample.ts'
import { resolveReleaseSettings } from './settings.ts'
import { type ReleaseStats, toStats } from './stats.ts'
import { openWork } from './work.ts'

/** What release is asked to do. */
export interface ReleaseOptions {
  /** A work folder that curate has finished. */
  work: string
  /** The release folder; it must not exist, or be a release of ours, which is replaced. */
  out: string
  /** Settings that win over the recipe's `card:` part: title, version, licensor, contact, law, … */
  settings?: Readonly<Record<string, unknown>>
  /** Threads, when no pool is given. They change nothing in the result. */
  jobs?: number
  pool?: Pool
  log?: Log
  signal?: AbortSignal
  onProgress?: Progress
  /** For tests; otherwise chosen from the data. */
  layout?: DataLayout
}

/** What was released. */
export interface ReleaseReport {
  out: string
  rows: number
  /** Every file, manifest included. */
  files: ManifestFile[]
  sizeBytes: number
  stats: ReleaseStats
  /** Remarks that a person should see: nothing stops for them. */
  warnings: string[]
}

/**
 * Writes the release folder of a curated work folder. It is written aside and renamed into place; same work folder and settings, same bytes.
 * @throws InputError `work-incomplete`, `work-unreadable`, `release-empty`, `release-setting-invalid`, `column-unknown`, `column-label-missing`,
 * `consent-missing` or `out-not-ours`; ShardError when the work folder's files do not fit together.
 */
export async function release(options: ReleaseOptions): Promise<ReleaseReport> {
  const work = openWork(options.work)
  const settings = resolveReleaseSettings(work.curate.recipe.card, options.settings ?? {})
  const layout = options.layout ?? (await chooseLayout(work))
  const building = openBuilding(options.out)
  const pool = options.pool ?? openPool(options.jobs ?? defaultJobs())
  try {
    const { tally, ...data } = await writeData({
      work,
      out: building.release,
      scratch: building.scratch,
      layout,
      pool,
      signal: options.signal,
      onProgress: options.onProgress,
    })
    if (work.curate.recipe.consent === 'required' && tally.withConsent < tally.conversations) {
      throw new InputError(
        'consent-missing',
        `The recipe requires consent, but ${tally.conversations - tally.withConsent} selected conversations carry none. Run 'colloquy curate' again with this recipe.`,
      )
    }
    const stats = toStats(tally, work.curate)
    const sample = tally.sample && (await readSample(building.release, data.files, tally.sample.position))
    const published = settings.published ?? stats.perDay.at(-1)?.day
    const grades = readGrades(work)
    const facts: ReleaseFacts = { settings, published, code: readCode(), work, data, stats, sample, ...(grades ? { grades } : {}) }
    const { files, warnings } = writeDocuments(building.release, facts)
    options.signal?.throwIfAborted()
    building.finish()
    const report = {
      out: options.out,
      rows: stats.conversations,
      files,
      sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
      stats,
      warnings,
    }
    const log = options.log ?? silentLog
    for (const warning of warnings) log.warn('release.doubted', { warning })
    log.info('release.written', { rows: report.rows, files: files.length, bytes: report.sizeBytes })
    return report
  } finally {
    if (!options.pool) await pool.close()
  }
}
