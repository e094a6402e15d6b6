import { createHash } from 'node:crypto'
import { constants, copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { append } from '../append.ts'
import { AppError, InputError } from '../errors.ts'
import { hashFile } from '../storage/files.ts'
import type { Column, Row } from '../storage/parquet.ts'
import { createAssembly, openRowGroupEncoder } from '../storage/row-groups.ts'
import { extraColumns, fromSchema, lmsysColumns } from './columns.ts'
import type { DataFile } from './data.ts'
import { readCode, writeDocuments } from './documents.ts'
import type { ReleaseFacts } from './facts.ts'
import { toFeaturesMetadata } from './features.ts'
import { openBuilding } from './folder.ts'
import { readFormer } from './former.ts'
import type { ManifestFile } from './manifest.ts'
import { openReading, type Reading } from './reading.ts'
import { readSample } from './sample.ts'
import { verifyRelease } from './verify.ts'

/** Which conversations a release is to be made without: by their ids, or all of some people's, by the hashes of its `user` column. */
export interface WithoutInput {
  /** A whole release folder. */
  from: string
  /** The new one; it must not exist. */
  out: string
  conversations: readonly string[]
  users: readonly string[]
  /** SHA-256 of ids and users' hashes: what is not to be named again. */
  hashes?: readonly string[]
  /** Day that the new version is published, `YYYY-MM-DD`. */
  published: string
}

/** What came of it. */
export interface WithoutReport {
  /** The conversations that were taken out, with their person's hash where the release has that column. */
  removed: { id: string; user: string | null }[]
  rows: number
  version: string
  files: ManifestFile[]
}

/** For Pool.run. */
export const withoutTask = { module: import.meta.url, task: 'releaseWithout' }

/**
 * Makes a release again without some conversations. Data files that hold them are written anew by release's own encoder, the others keep their
 * bytes; statistics, figures, card, croissant.json and manifest are made again from the rows, and the result is verified. The version's last number
 * rises by one. Memory: a row group. Nothing is written when no conversation is found.
 * @throws InputError `release-former`, `release-empty`, `out-not-ours`.
 */
export async function releaseWithout(input: WithoutInput): Promise<WithoutReport> {
  const { from, out, published } = input
  const former = readFormer(from)
  const ids = new Set(input.conversations)
  const users = new Set(input.users)
  const hashes = new Set(input.hashes)
  const isHashed = (value: string) => hashes.size > 0 && hashes.has(createHash('sha256').update(value).digest('hex'))
  const isWanted = ({ conversation_id, user }: Row) =>
    ids.has(String(conversation_id)) ||
    isHashed(String(conversation_id)) ||
    (typeof user === 'string' && (users.has(user) || isHashed(user)))
  const removed: WithoutReport['removed'] = []
  const affected = new Set<string>()
  for (const path of former.dataFiles) {
    const found = await findRows(join(from, path), isWanted)
    append(removed, found)
    if (found.length > 0) affected.add(path)
  }
  const version = former.settings.version.replace(/\d+$/, (last) => String(Number(last) + 1))
  const rows = former.stats.conversations - removed.length
  if (removed.length === 0) return { removed, rows, version: former.settings.version, files: [] }
  if (rows <= 0)
    throw new InputError('release-empty', 'No conversation would be left in the release. Delete the dataset, or its files, instead.')
  const building = openBuilding(out)
  const reading = await openReading(join(from, former.dataFiles[0] ?? ''), former)
  const data = await writeFiles({ from, to: building.release, affected, isWanted, reading }, former.dataFiles)
  const { stats, sample: place, carried } = reading.finish()
  const facts: ReleaseFacts = {
    settings: { ...former.settings, version },
    published,
    code: readCode(),
    work: { ...former.work, curate: { ...former.work.curate, users: stats.users ?? 0 } },
    data: { ...data, columns: reading.columns, extras: describeExtras(reading.columns) },
    stats,
    ...(former.grades ? { grades: former.grades } : {}),
    sample: place && (await readSample(building.release, data.files, place.position)),
    deletion: {
      conversations: (former.deletion?.conversations ?? 0) + removed.length,
      from: former.settings.version,
      carried: carried.length > 0 ? { figures: carried, of: former.deletion?.carried?.of ?? former.stats.conversations } : null,
    },
  }
  const { files } = writeDocuments(building.release, facts)
  const { faults } = await verifyRelease(building.release)
  if (faults.length > 0)
    throw new AppError('release-unverified', `The new version does not hold: ${faults[0]?.message ?? ''} Please report this.`)
  building.finish()
  return { removed, rows, version, files }
}

/** The rows of a file that are to go; only the columns that tell are read. */
async function findRows(path: string, isWanted: (row: Row) => boolean): Promise<WithoutReport['removed']> {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  const present = fromSchema(metadata.schema).map(({ name }) => name)
  const columns = ['conversation_id', 'user'].filter((name) => present.includes(name))
  const found: WithoutReport['removed'] = []
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, columns })
    for (const row of rows) {
      if (isWanted(row)) found.push({ id: String(row.conversation_id), user: typeof row.user === 'string' ? row.user : null })
    }
    rowStart = rowEnd
  }
  return found
}

interface Job {
  from: string
  to: string
  affected: ReadonlySet<string>
  isWanted(row: Row): boolean
  reading: Reading
}

/** Writes the data files and counts their rows. A file that would be empty is left out, and the others are numbered anew. */
async function writeFiles(job: Job, paths: readonly string[]): Promise<{ files: DataFile[]; uncompressedBytes: number }> {
  const made: Omit<DataFile, 'path'>[] = []
  let uncompressedBytes = 0
  const unnamed = (index: number) => join(job.to, 'data', `unnamed-${index}`)
  mkdirSync(join(job.to, 'data'), { recursive: true })
  for (const path of paths) {
    const written = job.affected.has(path)
      ? await rewriteFile(job, path, unnamed(made.length))
      : await copyFile(job, path, unnamed(made.length))
    if (!written) continue
    made.push(written)
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(unnamed(made.length - 1)))
    for (const group of row_groups) uncompressedBytes += Number(group.total_byte_size)
  }
  const five = (value: number) => String(value).padStart(5, '0')
  const files = made.map((facts, index): DataFile => {
    const path = `data/train-${five(index)}-of-${five(made.length)}.parquet`
    renameSync(unnamed(index), join(job.to, path))
    return { path, ...facts }
  })
  return { files, uncompressedBytes }
}

async function copyFile({ from, reading }: Job, path: string, to: string): Promise<Omit<DataFile, 'path'>> {
  let rows = 0
  for await (const group of readGroups(join(from, path))) {
    reading.add(group)
    rows += group.length
  }
  copyFileSync(join(from, path), to, constants.COPYFILE_FICLONE)
  const { byteLength } = await asyncBufferFromFile(to)
  return { rows, sizeBytes: byteLength, sha256: await hashFile(to) }
}

async function rewriteFile({ from, reading, isWanted }: Job, path: string, to: string): Promise<Omit<DataFile, 'path'> | undefined> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(from, path)))
  const rowGroupRows = Math.max(...metadata.row_groups.map(({ num_rows }) => Number(num_rows)))
  const encode = await openRowGroupEncoder(reading.columns, 'ZSTD')
  const assembly = createAssembly(to, reading.columns, { huggingface: toFeaturesMetadata(reading.columns) })
  let waiting: Row[] = []
  let rows = 0
  const flush = (group: readonly Row[]) => {
    const { bytes, footer } = encode(group)
    assembly.add(footer, bytes)
  }
  try {
    for await (const group of readGroups(join(from, path))) {
      const kept = group.filter((row) => !isWanted(row))
      reading.add(kept)
      rows += kept.length
      append(waiting, kept)
      for (; waiting.length >= rowGroupRows; waiting = waiting.slice(rowGroupRows)) flush(waiting.slice(0, rowGroupRows))
    }
    if (waiting.length > 0) flush(waiting)
  } catch (error) {
    assembly.abandon()
    throw error
  }
  const { sizeBytes, sha256 } = assembly.close()
  return rows === 0 ? undefined : { rows, sizeBytes, sha256 }
}

async function* readGroups(path: string): AsyncIterable<Row[]> {
  if (!existsSync(path)) throw new InputError('release-former', `${path} is missing from the release.`)
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    yield await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd })
    rowStart = rowEnd
  }
}

function describeExtras(columns: readonly Column[]): { name: string; description: string }[] {
  const fixed = new Set(lmsysColumns.map(({ name }) => name))
  return columns
    .filter(({ name }) => !fixed.has(name))
    .map(({ name }) => ({ name, description: extraColumns.find((extra) => extra.name === name)?.description ?? `the label \`${name}\`` }))
}
