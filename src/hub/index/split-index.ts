import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HubError } from '../errors.ts'
import { allBits, type Bits, countBits, hasBit, rowsOf } from './bits.ts'
import { type Column, type ColumnPlace, readColumn } from './columns.ts'
import { PROMPT } from './fields.ts'
import { Kept } from './kept.ts'
import { type Leaf, maskOf, maskOfLeaf } from './mask.ts'
import { Meta } from './meta.ts'
import { type Query, readQuery, type SearchRole } from './query.ts'
import { RowReader } from './row-blocks.ts'
import { type Hits, searchRows } from './search.ts'
import type { Texts } from './terms.ts'
import { readOrder, readWhere } from './where.ts'
import { WordList } from './words.list.ts'

/** Which rows: those that meet a condition, contain words, or both. */
export interface Selection {
  where?: string
  query?: string
  role: SearchRole
}

/** The rows of a selection: a set of `count` rows, and where words were searched for, what they were and how to rank. */
export interface Selected {
  bits: Bits
  count: number
  query?: Query
  hits?: Hits
}

/** Columns, conditions, words and searches in memory together, in bytes, for each index that a thread has open. */
const MAX_KEPT = 80 * 1024 * 1024

/** The index of one split, open for questions. All of it is synchronous: it lives in a thread of its own. */
export class SplitIndex {
  readonly meta: Meta
  readonly rows: RowReader
  private readonly texts: Texts
  private readonly file: number
  private readonly kept = new Kept(MAX_KEPT)

  constructor(folder: string) {
    this.meta = Meta.parse(JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')))
    const { rows, blocks, meanLength, boundScale } = this.meta
    const bytes = readFileSync(join(folder, 'places.bin'))
    const places = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    const starts = new Uint32Array(places, blocks * 8, blocks)
    const lengths = new Uint32Array(places, blocks * 12, rows)
    this.rows = new RowReader(join(folder, 'rows.bin'), { ends: new Float64Array(places, 0, blocks), starts })
    this.texts = { words: new WordList(folder), lengths, meanLength, boundScale, kept: this.kept }
    this.file = openSync(join(folder, 'columns.bin'), 'r')
  }

  /** Names of the fields that rows can be filtered by. */
  get names(): string[] {
    return this.meta.columns.map(({ name }) => name).filter((name) => !name.startsWith('$'))
  }

  /** What is known of a field without reading it. @throws HubError 422 `InvalidParameter` where there is none. */
  place(name: string): ColumnPlace {
    const place = this.meta.columns.find((column) => column.name === name)
    if (place && (!name.startsWith('$') || name === PROMPT)) return place
    throw new HubError(422, 'InvalidParameter', `Parameter 'where' or 'orderby' is invalid: there is no column "${name.slice(0, 100)}".`)
  }

  /** @throws HubError 422 `InvalidParameter` where there is no such field. */
  column(name: string): Column {
    const place = this.place(name)
    return this.kept.get(
      `column ${name}`,
      () => readColumn(this.file, place, this.meta.rows),
      ({ codes, values }) => codes.byteLength + values.byteLength,
    )
  }

  /** The rows of a selection, which are not to be changed. */
  select(selection: Selection): Selected {
    const { where, query, role } = selection
    if (!query) {
      return where ? this.mask(where) : { bits: this.all(), count: this.meta.rows }
    }
    const read = readQuery(query)
    const hits = this.kept.get(
      `search ${JSON.stringify([query, role, where])}`,
      () => searchRows(this.texts, read, role === 'any' ? -1 : role === 'user' ? 0 : 1, where ? this.mask(where).bits : undefined),
      ({ bytes }) => bytes,
    )
    return { bits: hits.bits, count: hits.count, query: read, hits }
  }

  /** A page of a selection: as ordered, or the best first, or in the order of rows. */
  page(
    selection: Selection,
    orderby: string | undefined,
    offset: number,
    length: number,
  ): { rows: Uint32Array; total: number; query: Query | undefined } {
    if (!selection.where && !selection.query && !orderby)
      return { rows: this.range(offset, length), total: this.meta.rows, query: undefined }
    const { bits, count: total, query, hits } = this.select(selection)
    if (orderby) return { rows: this.ordered(orderby, { bits, count: total }, offset, length), total, query }
    return { rows: hits ? hits.best(offset, length) : rowsOf(bits, total, offset, length), total, query }
  }

  close(): void {
    this.rows.close()
    this.texts.words.close()
    closeSync(this.file)
  }

  /** The numbers of the rows [offset, offset + length), as far as there are. */
  private range(offset: number, length: number): Uint32Array {
    return Uint32Array.from({ length: Math.max(0, Math.min(length, this.meta.rows - offset)) }, (_, at) => offset + at)
  }

  private named(name: string): Column {
    if (name.startsWith('$'))
      throw new HubError(422, 'InvalidParameter', `Parameter 'where' is invalid: there is no column "${name.slice(0, 100)}".`)
    return this.column(name)
  }

  private ordered(orderby: string, { bits, count }: Selected, offset: number, length: number): Uint32Array {
    const { column: name, isDescending } = readOrder(orderby)
    const order = this.kept.get(
      `order ${name} ${isDescending}`,
      () => orderOf(this.named(name), isDescending),
      ({ byteLength }) => byteLength,
    )
    const rows = new Uint32Array(Math.max(0, Math.min(length, count - offset)))
    let seen = 0
    for (let at = 0; at < order.length && seen < offset + rows.length; at += 1) {
      const row = order[at] ?? 0
      if (!hasBit(bits, row)) continue
      if (seen >= offset) rows[seen - offset] = row
      seen += 1
    }
    return rows
  }

  private all(): Bits {
    return this.kept.get(
      'all',
      () => allBits(this.meta.rows),
      ({ byteLength }) => byteLength,
    )
  }

  /** The rows for which a condition holds. */
  private mask(where: string): Selected {
    const condition = readWhere(where)
    return this.kept.get(
      `where ${where}`,
      () => {
        const { yes: bits } = maskOf(condition, (leaf) => this.leaf(leaf))
        return { bits, count: countBits(bits) }
      },
      ({ bits }) => bits.byteLength,
    )
  }

  private leaf(leaf: Leaf) {
    return this.kept.get(
      `leaf ${JSON.stringify(leaf)}`,
      () => maskOfLeaf(leaf, this.named(leaf.column)),
      ({ yes }) => yes.byteLength * 2,
    )
  }
}

/** All rows by a column's values; rows without one come last, equal ones in their own order. */
function orderOf({ codes, values }: Column, isDescending: boolean): Uint32Array {
  const last = values.length
  const rank = (code: number) => (code === 0 ? last : isDescending ? last - code : code - 1)
  const starts = new Uint32Array(last + 2)
  for (const code of codes) {
    const at = rank(code) + 1
    starts[at] = (starts[at] ?? 0) + 1
  }
  for (let at = 1; at < starts.length; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0)
  const order = new Uint32Array(codes.length)
  for (let row = 0; row < codes.length; row += 1) {
    const at = rank(codes[row] ?? 0)
    order[starts[at] ?? 0] = row
    starts[at] = (starts[at] ?? 0) + 1
  }
  return order
}
