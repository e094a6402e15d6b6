import { mulberry } from '../../mulberry.ts'
import { rowsOf } from './bits.ts'
import { compareRows } from './compare.ts'
import { countFacets, type FacetCounts } from './count.ts'
import { type JsonRow, messagesOf } from './fields.ts'
import { type ColumnStatistics, figuresOf } from './figures.ts'
import { highlight } from './highlight.ts'
import { findNamedRows } from './named-rows.ts'
import { readFacts, readParquetRows } from './parquet.ts'
import { promptRows } from './prompts.ts'
import type { Query } from './query.ts'
import { type Selection, SplitIndex } from './split-index.ts'

/** Rows as the text of a JSON array, and how many rows there are in all. */
export interface RowsAnswer {
  rows: Uint8Array<ArrayBuffer>
  count: number
  total: number
  isCut: boolean
}

/** What a thread can be asked; each input and answer can be sent between threads. `folder` is an index's. */
export const tasks = {
  /** A page of a selection, with where the words stand. It ends early, but not before ten rows, at `maxBytes`. */
  page({ folder, selection, orderby, offset, length, maxBytes, room }: PageTask): RowsAnswer {
    const index = openOnce(folder)
    const { rows, total, query } = index.page(selection, orderby, offset, length)
    return { ...writeRows(index, rows, query, maxBytes ?? Number.POSITIVE_INFINITY, room), total }
  },
  /** Rows of a selection at random: the same for the same seed. */
  sample({ folder, selection, n, seed }: { folder: string; selection: Selection; n: number; seed: number }): RowsAnswer {
    const index = openOnce(folder)
    const { bits, count: total, query } = index.select(selection)
    const places = drawPlaces(total, n, seed)
    const rows = total === index.meta.rows ? places : pick(rowsOf(bits, total), places)
    return { ...writeRows(index, rows, query, Number.POSITIVE_INFINITY), total }
  },
  /** Rows with the same first prompt, or in the same group of near duplicates. */
  samePrompt({ folder, row, length }: { folder: string; row: number; length: number }): RowsAnswer {
    const index = openOnce(folder)
    const rows = promptRows(index, row)
    return { ...writeRows(index, rows.slice(0, length), undefined, Number.POSITIVE_INFINITY), total: rows.length }
  },
  facets({ folder, selection }: { folder: string; selection: Selection }): { facets: FacetCounts[]; total: number; partial: boolean } {
    return once(`facets ${folder} ${JSON.stringify(selection)}`, () => countFacets(openOnce(folder), selection))
  },
  figures({ folder, selection, columns }: { folder: string; selection: Selection; columns: { name: string; kind: string }[] }): {
    total: number
    figures: ColumnStatistics[]
  } {
    return once(`figures ${folder} ${JSON.stringify([selection, columns])}`, () => {
      const index = openOnce(folder)
      return { total: index.select(selection).count, figures: figuresOf(index, selection, columns) }
    })
  },
  /** Numbers of a selection's rows: all of them, in the order of rows. */
  rowNumbers({ folder, selection }: { folder: string; selection: Selection }): Uint32Array {
    const { bits, count } = openOnce(folder).select(selection)
    return rowsOf(bits, count)
  },
  /** Rows as lines of JSON. */
  lines({ folder, rows }: { folder: string; rows: Uint32Array }): Uint8Array<ArrayBuffer> {
    const index = openOnce(folder)
    return joined([...rows].flatMap((row) => [index.rows.read(row) ?? Buffer.from('{}'), newline]))
  },
  /** Lets go of an index, and of what was answered from it. */
  forget({ folder }: { folder: string }): void {
    open.get(folder)?.close()
    open.delete(folder)
    answers.clear()
  },
  /** What two versions differ by. */
  compare: compareRows,
  /** Rows of Parquet files that have no index yet. */
  parquetRows: readParquetRows,
  /** What the footers of Parquet files say. */
  facts: readFacts,
  /** Rows of a Parquet file whose conversation or person is wanted. */
  namedRows: findNamedRows,
}

/** A page of rows that is asked for. */
export interface PageTask {
  folder: string
  selection: Selection
  orderby?: string
  offset: number
  length: number
  maxBytes?: number
  /** Bytes to leave free around the rows, so that what else an answer has need not make a copy of them. */
  room?: Room
}

interface Room {
  before: number
  after: number
}

const newline = Buffer.from('\n')
const open = new Map<string, SplitIndex>()
const MAX_OPEN = 4
const answers = new Map<string, unknown>()
const MAX_ANSWERS = 64

function openOnce(folder: string): SplitIndex {
  const known = open.get(folder)
  if (known) {
    open.delete(folder)
    open.set(folder, known)
    return known
  }
  const index = new SplitIndex(folder)
  open.set(folder, index)
  for (const [other, one] of open) {
    if (open.size <= MAX_OPEN) break
    open.delete(other)
    one.close()
  }
  return index
}

/** Content never changes, so neither do its figures: the last answers are kept. */
function once<T>(key: string, make: () => T): T {
  if (answers.has(key)) return answers.get(key) as T
  const answer = make()
  answers.set(key, answer)
  if (answers.size > MAX_ANSWERS) for (const first of answers.keys()) if (answers.delete(first)) break
  return answer
}

function writeRows(
  index: SplitIndex,
  rows: Uint32Array,
  query: Query | undefined,
  maxBytes: number,
  room?: Room,
): Omit<RowsAnswer, 'total'> {
  const [first = 0] = rows
  // Neighbours are read together, as far as nobody has said where to stop.
  const areNeighbours = rows.every((row, at) => row === first + at)
  const read = areNeighbours && maxBytes === Number.POSITIVE_INFINITY ? index.rows.readAll(first, rows.length) : undefined
  const parts: Uint8Array[] = []
  let bytes = 0
  let count = 0
  for (const [at, row] of rows.entries()) {
    const json = read ? read[at] : index.rows.read(row)
    if (!json) break
    bytes += json.length
    if (bytes > maxBytes && count >= 10) return { rows: joined([...parts, Buffer.from(']')], room), count, isCut: true }
    parts.push(Buffer.from(`${count === 0 ? '[' : ','}{"row_idx":${row},"row":`), json)
    const matches = query ? `,"matches":${JSON.stringify(matchesIn(json, query))}` : ''
    parts.push(Buffer.from(`,"truncated_cells":[]${matches}}`))
    count += 1
  }
  if (count === 0) parts.push(Buffer.from('['))
  parts.push(Buffer.from(']'))
  return { rows: joined(parts, room), count, isCut: false }
}

/** Which message, and where in it. `turn` counts from 0, a user message and its answer being one. */
function matchesIn(json: Buffer, query: Query) {
  return messagesOf(JSON.parse(json.toString('utf8')) as JsonRow).flatMap(({ column, index, role, content }) => {
    const spans = highlight(content, query)
    return spans.length === 0 ? [] : [{ column, message: index, turn: Math.floor(index / 2), role, spans }]
  })
}

function joined(parts: readonly Uint8Array[], { before, after }: Room = { before: 0, after: 0 }): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  // Not a Buffer of the pool, since it is handed over to another thread; not filled with zeros first.
  const all = new Uint8Array(Buffer.allocUnsafeSlow(before + length + after).buffer, before, length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const pick = (rows: Uint32Array, places: Uint32Array) => places.map((place) => rows[place] ?? 0)

/** Different places below `total`, drawn by a seed, in the order of drawing. */
function drawPlaces(total: number, n: number, seed: number): Uint32Array {
  const next = mulberry(seed)
  const wanted = Math.min(n, total)
  const places = new Set<number>()
  // Floyd's way: every set of places is as likely, with no more draws than places.
  for (let last = total - wanted; last < total; last += 1) {
    const place = Math.floor(next() * (last + 1))
    places.add(places.has(place) ? last : place)
  }
  return Uint32Array.from(places)
}
