import { BrokenInputError } from './bytes.ts'
import { splitElements } from './elements.ts'
import type { FormName, JsonObject } from './entry.ts'
import { isObject } from './fields.ts'
import { forms } from './forms/forms.ts'
import { splitLines } from './lines.ts'
import { lineLimitBytes, type Piece, type Splitter } from './pieces.ts'

/** How records lie in a file: a JSON object a line, the elements of one JSON array, JSON values over several lines, rows of Parquet. */
export type Container = 'lines' | 'array' | 'values' | 'parquet'

/** What a file is, told by its first records; `form` is null where no form matched any of them. */
export interface Sniffed {
  container: Container
  form: FormName | null
}

/** Records looked at, and the bytes after which fewer are enough. */
const sampleRecords = 50
const sampleBytes = 1024 * 1024

/** What a stream of unpacked bytes holds; reads no further than it needs. */
export async function sniffBytes(chunks: AsyncIterable<Buffer>): Promise<Sniffed> {
  let container: Container | undefined
  let splitter: Splitter | undefined
  let seenBytes = 0
  const records: JsonObject[] = []
  const take = (piece: Piece) => {
    if (records.length >= sampleRecords) return
    const record = parseOrNothing(piece)
    if (record) records.push(record)
  }
  try {
    for await (const chunk of chunks) {
      container ??= containerOf(chunk)
      if (container === 'parquet') break
      splitter ??= splitterFor(container, take)
      splitter.push(chunk)
      seenBytes += chunk.length
      if (records.length >= sampleRecords || (records.length > 0 && seenBytes >= sampleBytes) || seenBytes > lineLimitBytes) break
    }
    if (seenBytes < sampleBytes) splitter?.end(false)
  } catch (error) {
    if (!(error instanceof BrokenInputError)) throw error
  }
  return { container: container ?? 'lines', form: commonForm(records) }
}

/** The splitter for a container, from the start of the file. */
export function splitterFor(container: Container, emit: (piece: Piece) => void, from = { offset: 0, line: 1 }): Splitter {
  return container === 'lines' ? splitLines(from, emit) : splitElements({ isArray: container === 'array' }, emit)
}

/** The form that most of the records match; of several, the first in the table. */
export function commonForm(records: readonly JsonObject[]): FormName | null {
  let best: FormName | null = null
  let most = 0
  for (const form of forms) {
    const count = records.filter((record) => form.matches(record)).length
    if (count > most) {
      most = count
      best = form.name
    }
  }
  return best
}

/** By the first bytes: `[` before an object (or nothing) is an array; `{` alone on its line an object over several lines; else lines. */
function containerOf(head: Buffer): Container {
  const text = head
    .subarray(0, 4096)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  if (text.startsWith('PAR1')) return 'parquet'
  if (/^\s*\[\s*([{\]]|$)/.test(text)) return 'array'
  return /^\s*\{[ \t]*\r?\n/.test(text) ? 'values' : 'lines'
}

function parseOrNothing(piece: Piece): JsonObject | undefined {
  if (piece.problem) return undefined
  try {
    const value: unknown = JSON.parse(piece.bytes.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
