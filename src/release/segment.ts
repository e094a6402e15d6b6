import { closeSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { serialize } from 'node:v8'
import { ShardError } from '../errors.ts'
import type { Column, Row } from '../storage/parquet.ts'
import { openRowGroupEncoder, type RowGroupFooter } from '../storage/row-groups.ts'
import { chooseColumns, lmsysColumns } from './columns.ts'
import type { Labelled } from './labelled.ts'
import { readSelected, type ShardFiles } from './read.ts'
import { releaseShredders, toReleaseRow } from './rows.ts'
import { readSpilled, type Spill } from './spill.ts'
import { emptyTally, type Tally, tallyRow } from './tally.ts'

/** The task of a worker: some positions of the release, encoded as row groups into a file of their own. */
export interface SegmentInput {
  /** Positions [from, to). */
  from: number
  to: number
  rowGroupRows: number
  /** Names of extra columns, and the columns of the computed labels. */
  extraColumns: string[]
  labels: Record<string, Column[]>
  /** Where the rows are: shards in whose order positions rise, or spilled shards. */
  source: { shards: ShardFiles[] } | { spills: Spill[]; bucket: number }
  /** The segment's row groups one after the other; what the footer says of them goes to `<path>.footer`. */
  path: string
}

/** An encoded row group within a segment's file. */
export interface SegmentGroup {
  rows: number
  sizeBytes: number
  footer: RowGroupFooter
}

/** For Pool.run. */
export const segmentTask = { module: import.meta.url, task: 'writeSegment' }

/**
 * Encodes the rows at some positions; resolves to their tally. Needs memory for one row group (and, of spilled rows, one segment).
 * @throws ShardError `selection-broken` when a position is missing or taken twice.
 */
export async function writeSegment(input: SegmentInput): Promise<Tally> {
  const extras = chooseColumns(input.extraColumns, input.labels)
  const encode = await openRowGroupEncoder([...lmsysColumns, ...extras], 'ZSTD', releaseShredders)
  const tally = emptyTally(new Set(Object.keys(input.labels)))
  const groups: SegmentGroup[] = []
  const file = openSync(input.path, 'w')
  try {
    let waiting: Row[] = []
    const flush = () => {
      if (waiting.length === 0) return
      const { rows, bytes, footer } = encode(waiting)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      groups.push({ rows, sizeBytes: bytes.length, footer })
      waiting = []
    }
    let next = input.from
    for await (const batch of rowsOf(input)) {
      for (const labelled of batch) {
        if (labelled.position !== next++) throw broken(input, next - 1)
        tallyRow(tally, labelled)
        waiting.push(toReleaseRow(labelled, extras))
        if (waiting.length === input.rowGroupRows) flush()
      }
    }
    if (next !== input.to) throw broken(input, next)
    flush()
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  writeFileSync(`${input.path}.footer`, serialize(groups))
  return tally
}

async function* rowsOf({ source, from, to }: SegmentInput): AsyncIterable<Labelled[]> {
  if ('shards' in source) for (const shard of source.shards) yield* readSelected(shard, from, to)
  else yield readSpilled(source.spills, source.bucket)
}

function broken({ from, to }: SegmentInput, position: number): ShardError {
  const name = `rows ${from} to ${to - 1}`
  return new ShardError(
    'selection-broken',
    name,
    `The selection gives no row, or more than one, for position ${position}. Run 'colloquy curate' again.`,
  )
}
