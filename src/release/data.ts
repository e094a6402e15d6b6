import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize } from 'node:v8'
import type { Pool } from '../engine/pool.ts'
import { InputError } from '../errors.ts'
import { type Column, readParquetMetadata } from '../storage/parquet.ts'
import { createAssembly, type ParquetAssembly } from '../storage/row-groups.ts'
import { chooseColumns, type ExtraColumn, fromSchema, lmsysColumns } from './columns.ts'
import { toFeaturesMetadata } from './features.ts'
import { knownLabels } from './labelled.ts'
import type { ShardFiles } from './read.ts'
import { type SegmentGroup, type SegmentInput, segmentTask } from './segment.ts'
import { type Spill, type SpillInput, spillTask } from './spill.ts'
import { addTally, emptyTally, type Tally } from './tally.ts'
import { labelFolder, type WorkFolder } from './work.ts'

/** How the data files are cut. */
export interface DataLayout {
  /** A file ends before the row group with which it would grow beyond this. */
  fileBytes: number
  rowGroupRows: number
  /** Rows that one task of a worker encodes: a multiple of rowGroupRows. */
  segmentRows: number
}

/** A finished Parquet file of the release. */
export interface DataFile {
  /** Path in the release folder. */
  path: string
  rows: number
  sizeBytes: number
  sha256: string
}

/** The data part of a release: files, counts, columns. */
export interface ReleaseData {
  files: DataFile[]
  columns: Column[]
  /** Extra columns with their descriptions, in order. */
  extras: { name: string; description: string }[]
  tally: Tally
  /** Size of all values before compression. */
  uncompressedBytes: number
}

/** What writeData reports while it works: rows that are encoded, of all rows. */
export type Progress = (done: number, total: number) => void

interface DataJob {
  work: WorkFolder
  /** Folder for the release's files; `data/` in it exists. */
  out: string
  /** Folder for intermediate files; exists. */
  scratch: string
  layout: DataLayout
  pool: Pool
  signal?: AbortSignal | undefined
  onProgress?: Progress | undefined
}

/** Files of about 300 MB with row groups of 2,000 rows; of 1,000 where conversations are long, so that a row group fits into memory. */
export async function chooseLayout(work: WorkFolder): Promise<DataLayout> {
  let bytes = 0
  for (const { shard } of work.curate.shards) {
    const { row_groups } = await readParquetMetadata(join(work.dir, 'conversations', `${shard}.parquet`))
    for (const group of row_groups) bytes += Number(group.total_byte_size)
  }
  const isLong = bytes / Math.max(1, work.curate.input) > 16 * 1024
  return { fileBytes: 300_000_000, rowGroupRows: isLong ? 1000 : 2000, segmentRows: isLong ? 2000 : 10_000 }
}

/**
 * Writes `data/train-….parquet`: workers encode segments of positions, this thread appends their row groups to files in order. Number and contents of
 * the files depend on the rows alone.
 */
export async function writeData(job: DataJob): Promise<ReleaseData> {
  const { work, layout, pool } = job
  const total = work.curate.selected
  if (total === 0)
    throw new InputError(
      'release-empty',
      'No conversation is selected, so there is nothing to release. curate.json says which rules dropped them.',
    )
  const { shards, labels, extras } = await planColumns(work)
  const columns = [...lmsysColumns, ...extras.map(({ name, type }) => ({ name, type }))]
  const spills = work.curate.order === 'shuffled' ? await spill(job, shards) : undefined
  const starts = firstPositions(work)
  const writer = openFiles(job, columns)
  const tally = emptyTally(new Set(Object.keys(labels)))
  // A few segments ahead of the one that is appended next: enough for every thread, and little on disk.
  const ahead = pool.size * 2
  const count = Math.ceil(total / layout.segmentRows)
  const running = new Map<number, { path: string; tally: Promise<Tally> }>()
  const start = (index: number) => {
    const from = index * layout.segmentRows
    const to = Math.min(total, from + layout.segmentRows)
    const path = join(job.scratch, `segment-${index}`)
    const inRange = shards.filter((_, at) => (starts[at] ?? 0) < to && (starts[at + 1] ?? total) > from)
    const input: SegmentInput = {
      from,
      to,
      path,
      rowGroupRows: layout.rowGroupRows,
      extraColumns: extras.map(({ name }) => name),
      labels,
      source: spills ? { spills, bucket: index } : { shards: inRange },
    }
    const done = pool.run<SegmentInput, Tally>(segmentTask, `rows ${from} to ${to - 1}`, input)
    // A failure is thrown where the segment is awaited, in order; until then it is not unhandled.
    done.catch(() => {})
    running.set(index, { path, tally: done })
  }
  try {
    for (let index = 0, started = 0; index < count; index++) {
      while (started < Math.min(count, index + ahead)) start(started++)
      job.signal?.throwIfAborted()
      const segment = running.get(index)
      if (!segment) continue
      addTally(tally, await segment.tally)
      running.delete(index)
      writer.append(segment.path)
      job.onProgress?.(tally.conversations, total)
    }
    const { files, uncompressedBytes } = writer.close()
    return { files, columns, extras: extras.map(({ name, description }) => ({ name, description })), tally, uncompressedBytes }
  } catch (error) {
    writer.abandon()
    throw error
  }
}

/** Shards with the sidecars that this release needs, the columns of those labels, and the extra columns. */
async function planColumns(work: WorkFolder) {
  const [first] = work.curate.shards
  const all: Record<string, Column[]> = {}
  for (const name of Object.keys(work.curate.labels)) {
    const { schema } = await readParquetMetadata(join(labelFolder(work, name) ?? '', `${first?.shard}.parquet`))
    all[name] = fromSchema(schema).filter((column) => column.name !== 'id')
  }
  const extras = chooseColumns(work.curate.recipe.columns, all)
  const needed = new Set<string>([...knownLabels, ...extras.flatMap(({ label }) => label ?? [])])
  const labels = Object.fromEntries(Object.entries(all).filter(([name]) => needed.has(name)))
  const shards = work.curate.shards.map(({ shard, selected }): ShardFiles => {
    const file = `${shard}.parquet`
    return {
      shard,
      selected,
      language: work.curate.recipe.language,
      conversations: join(work.dir, 'conversations', file),
      selection: join(work.dir, 'selection', file),
      labels: Object.fromEntries(
        Object.keys(labels).map((name) => [
          name,
          { path: join(labelFolder(work, name) ?? '', file), ...neededColumns(name, work, extras) },
        ]),
      ),
    }
  })
  return { shards, labels, extras }
}

/** Lists of structs and numbers for each message take most of the time to read; only what becomes part of the release is. */
function neededColumns(label: string, { curate }: WorkFolder, extras: readonly ExtraColumn[]): { columns?: string[] } {
  const has = (name: string) => extras.some((extra) => extra.name === name)
  if (label === 'tokens') return { columns: ['id', 'messages', ...(has('tokens_o200k') ? ['o200k'] : [])] }
  if (label !== 'language') return {}
  const isDetailed = has('message_languages') || curate.recipe.language === 'first-prompt'
  return { columns: ['id', 'name', 'code', 'confidence', ...(isDetailed ? ['messages'] : [])] }
}

/** Position of each shard's first selected row, when positions rise along shards. */
function firstPositions({ curate: { shards } }: WorkFolder): number[] {
  let at = 0
  return shards.map(({ selected }) => {
    at += selected
    return at - selected
  })
}

async function spill({ work, scratch, layout, pool, signal }: DataJob, shards: readonly ShardFiles[]): Promise<Spill[]> {
  signal?.throwIfAborted()
  const tasks = shards.map((files): Promise<Spill> => {
    const input: SpillInput = {
      files,
      selected: work.curate.selected,
      bucketRows: layout.segmentRows,
      path: join(scratch, `spill-${files.shard}`),
    }
    return pool.run(spillTask, files.shard, input)
  })
  return Promise.all(tasks)
}

function openFiles({ out, layout }: DataJob, columns: readonly Column[]) {
  const metadata = { huggingface: toFeaturesMetadata(columns) }
  const done: { rows: number; sizeBytes: number; sha256: string }[] = []
  let file: ParquetAssembly | undefined
  let uncompressedBytes = 0
  const unnamed = (index: number) => join(out, 'data', `unnamed-${index}`)
  return {
    append(path: string): void {
      const groups = deserialize(readFileSync(`${path}.footer`)) as SegmentGroup[]
      const bytes = readFileSync(path)
      let at = 0
      for (const { sizeBytes, footer } of groups) {
        if (file && file.sizeBytes() + sizeBytes > layout.fileBytes) {
          done.push(file.close())
          file = undefined
        }
        file ??= createAssembly(unnamed(done.length), columns, metadata)
        file.add(footer, bytes.subarray(at, at + sizeBytes))
        uncompressedBytes += Number(footer.rowGroup.total_byte_size)
        at += sizeBytes
      }
      rmSync(path)
      rmSync(`${path}.footer`)
    },
    close(): { files: DataFile[]; uncompressedBytes: number } {
      if (file) done.push(file.close())
      const five = (value: number) => String(value).padStart(5, '0')
      const files = done.map((facts, index): DataFile => {
        const path = `data/train-${five(index)}-of-${five(done.length)}.parquet`
        renameSync(unnamed(index), join(out, path))
        return { path, ...facts }
      })
      return { files, uncompressedBytes }
    },
    abandon: () => file?.abandon(),
  }
}
