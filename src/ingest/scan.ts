import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { type Packing, packingOf, readBytes } from './bytes.ts'
import type { FormName } from './entry.ts'
import { firstRows, type RowRange, rowRanges } from './rows.ts'
import { type Container, commonForm, sniffBytes } from './sniff.ts'

/** scanFiles, for the pool. */
export const scanTask = { module: import.meta.url, task: 'scanFiles' }

/** What one look through a file tells: its hash, what it is, and where it can be cut for several workers. */
export interface Scan {
  sizeBytes: number
  sha256: string
  packing: Packing
  container: Container
  form: FormName | null
  /** Starts of line-aligned ranges of a plain file of lines: byte offset and 1-based number of the first line. */
  cuts: { offset: number; line: number }[]
  /** Runs of row groups of a Parquet file; empty when its footer cannot be read. */
  ranges: RowRange[]
}

/** A plain file of lines is cut after about this many bytes. */
const rangeBytes = 32 * 1024 * 1024
const lineFeed = 10

/** Looks through files, one after the other: a worker's task. Reads each from end to end for its hash. */
export async function scanFiles({ paths, format }: { paths: string[]; format?: FormName }): Promise<Scan[]> {
  const scans: Scan[] = []
  for (const path of paths) scans.push(await scanFile(path, format))
  return scans
}

async function scanFile(path: string, format: FormName | undefined): Promise<Scan> {
  const packing = packingOf(await readHead(path))
  const sniffed = await sniffBytes(readBytes(path, packing))
  const isLines = packing === 'plain' && sniffed.container === 'lines'
  const { sizeBytes, sha256, cuts } = await hashAndCut(path, isLines)
  const parquet = sniffed.container === 'parquet' && packing === 'plain' ? await scanParquet(path) : { ranges: [], form: sniffed.form }
  return { sizeBytes, sha256, packing, container: sniffed.container, cuts, ranges: parquet.ranges, form: format ?? parquet.form }
}

async function scanParquet(path: string): Promise<{ ranges: RowRange[]; form: FormName | null }> {
  try {
    const ranges = await rowRanges(path)
    return { ranges, form: commonForm(await firstRows(path, 20)) }
  } catch {
    // A footer that cannot be read: the file is refused as a whole when its turn comes.
    return { ranges: [], form: null }
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function hashAndCut(path: string, isLines: boolean): Promise<Pick<Scan, 'sizeBytes' | 'sha256' | 'cuts'>> {
  const hash = createHash('sha256')
  const cuts = [{ offset: 0, line: 1 }]
  let at = 0
  let line = 1
  let target = rangeBytes
  for await (const chunk of readBytes(path, 'plain')) {
    hash.update(chunk)
    if (isLines) {
      for (let index = chunk.indexOf(lineFeed); index >= 0; index = chunk.indexOf(lineFeed, index + 1)) {
        line++
        if (at + index + 1 < target) continue
        cuts.push({ offset: at + index + 1, line })
        target = at + index + 1 + rangeBytes
      }
    }
    at += chunk.length
  }
  if (cuts.length > 1 && cuts.at(-1)?.offset === at) cuts.pop()
  return { sizeBytes: at, sha256: hash.digest('hex'), cuts }
}
