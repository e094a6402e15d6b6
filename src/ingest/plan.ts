import type { FormName } from './entry.ts'
import type { InputFile } from './inputs.ts'
import type { Scan } from './scan.ts'
import { bucketCount } from './spill.ts'
import type { UnitInput } from './unit.ts'

/** A file with what the scan told of it. */
export interface ScannedFile extends InputFile {
  scan: Scan
}

/** One unit of the first pass, without what only the run knows (paths, secret). */
export type PlannedUnit = Pick<UnitInput, 'path' | 'label' | 'packing' | 'container' | 'form' | 'range' | 'rows'> & {
  /** Place of its file among the labels. */
  file: number
}

/** Spilled bytes that a shard holds at most, but for one bucket being larger: conversations of about this size are in memory at a time. */
const shardBytes = 32 * 1024 * 1024

/** The files' units, in order: ranges of big plain files of lines, runs of row groups of Parquet, other files whole. */
export function planUnits(files: readonly ScannedFile[]): PlannedUnit[] {
  return files.flatMap(({ path, label, scan }, file): PlannedUnit[] => {
    const { packing, container, form, cuts, ranges, sizeBytes } = scan
    const common: PlannedUnit = { path, label, packing, container, form, file }
    if (container === 'parquet' && ranges.length > 0) return ranges.map((rows) => ({ ...common, rows }))
    if (container !== 'lines' || packing !== 'plain') return [common]
    return cuts.map(({ offset, line }, index) => ({
      ...common,
      range: { start: offset, end: cuts[index + 1]?.offset ?? sizeBytes, line },
    }))
  })
}

/** Runs of buckets, one a shard: a power of two many, by the bytes spilled alone. */
export function planShards(spilledBytes: number): { start: number; end: number }[] {
  let count = 1
  while (count < bucketCount && spilledBytes / count > shardBytes) count *= 2
  const size = bucketCount / count
  return Array.from({ length: count }, (_, index) => ({ start: index * size, end: (index + 1) * size }))
}

/** What makes two runs the same work: the files' names and contents, the form that was asked for, which line wins, the secret. */
export function identity(
  files: readonly ScannedFile[],
  { format, supersede, salt }: { format?: FormName | undefined; supersede: string; salt: string },
): unknown {
  return { format: format ?? null, supersede, salt, files: files.map(({ label, scan }) => [label, scan.sizeBytes, scan.sha256]) }
}

/** Five digits: the name of a unit or a shard. */
export function nameOf(index: number): string {
  return String(index).padStart(5, '0')
}
