import type { FormName } from './entry.ts'
import type { InputFile } from './inputs.ts'
import type { Scan } from './scan.ts'
import { bucketCount } from './spill.ts'
import type { UnitPart } from './unit.ts'

/** A file with what the scan told of it. */
export interface ScannedFile extends InputFile {
  scan: Scan
}

/** Small files are read together up to this many bytes and files; large enough that a mark and a sync are nothing beside it. */
const bundleBytes = 16 * 1024 * 1024
const bundleFiles = 500

/** Spilled bytes that a shard holds at most, but for one bucket being larger: conversations of about this size are in memory at a time. */
const shardBytes = 32 * 1024 * 1024

/** Runs of items, in order, of at most 16 MiB and 500 items; a larger item is alone. */
export function bundle<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Item[][] {
  const bundles: Item[][] = []
  let current: Item[] = []
  let bytes = 0
  for (const item of items) {
    const size = sizeOf(item)
    if (current.length > 0 && (bytes + size > bundleBytes || current.length >= bundleFiles)) {
      bundles.push(current)
      current = []
      bytes = 0
    }
    current.push(item)
    bytes += size
  }
  return current.length > 0 ? [...bundles, current] : bundles
}

/** The units, in order of the files: small files together, ranges of big plain files of lines, runs of row groups of Parquet. */
export function planUnits(files: readonly ScannedFile[]): UnitPart[][] {
  const sized = files.flatMap(({ path, label, scan }, file) =>
    partsOf({ path, label, scan }, file).map((part) => ({ part, bytes: part.range ? part.range.end - part.range.start : scan.sizeBytes })),
  )
  return bundle(sized, ({ bytes }) => bytes).map((parts) => parts.map(({ part }) => part))
}

function partsOf({ path, label, scan }: ScannedFile, file: number): UnitPart[] {
  const { packing, container, form, cuts, ranges, sizeBytes } = scan
  const common: UnitPart = { path, label, packing, container, form, file }
  if (container === 'parquet' && ranges.length > 0) return ranges.map((rows) => ({ ...common, rows }))
  if (container !== 'lines' || packing !== 'plain') return [common]
  return cuts.map(({ offset, line }, index) => ({
    ...common,
    range: { start: offset, end: cuts[index + 1]?.offset ?? sizeBytes, line },
  }))
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
