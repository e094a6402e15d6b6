import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HubError } from '../errors.ts'
import { type Column, readColumn } from './columns.ts'
import { PROMPT } from './fields.ts'
import { type Mask, maskOf } from './mask.ts'
import { Meta } from './meta.ts'
import { type Query, readQuery, type SearchRole } from './query.ts'
import { RowReader } from './row-blocks.ts'
import { bestRows, type Found, searchRows, type Texts } from './search.ts'
import { readOrder, readWhere } from './where.ts'
import { WordList } from './words.list.ts'

/** Which rows: those that meet a condition, contain words, or both. */
export interface Selection {
  where?: string
  query?: string
  role: SearchRole
}

/** Columns and conditions in memory together, in bytes, for each index that a thread has open. */
const MAX_KEPT = 192 * 1024 * 1024

/** The index of one split, open for questions. All of it is synchronous: it lives in a thread of its own. */
export class SplitIndex {
  readonly meta: Meta
  readonly rows: RowReader
  private readonly texts: Texts
  private readonly file: number
  private readonly kept = new Map<string, { bytes: number; value: Column | Mask | Uint32Array }>()

  constructor(folder: string) {
    this.meta = Meta.parse(JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')))
    const { rows, blocks } = this.meta
    const bytes = readFileSync(join(folder, 'places.bin'))
    const places = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    const starts = new Uint32Array(places, blocks * 8, blocks)
    const lengths = new Uint32Array(places, blocks * 12, rows)
    this.rows = new RowReader(join(folder, 'rows.bin'), { ends: new Float64Array(places, 0, blocks), starts })
    const total = lengths.reduce((sum, length) => sum + length, 0)
    this.texts = { words: new WordList(folder), lengths, meanLength: Math.max(1, total / Math.max(1, rows)) }
    this.file = openSync(join(folder, 'columns.bin'), 'r')
  }

  /** Names of the fields that rows can be filtered by. */
  get names(): string[] {
    return this.meta.columns.map(({ name }) => name).filter((name) => !name.startsWith('$'))
  }

  /** @throws HubError 422 `InvalidParameter` where there is no such field. */
  column(name: string): Column {
    const place = this.meta.columns.find((column) => column.name === name)
    if (!place || (name.startsWith('$') && name !== PROMPT))
      throw new HubError(422, 'InvalidParameter', `Parameter 'where' or 'orderby' is invalid: there is no column "${name.slice(0, 100)}".`)
    return this.keep(`column ${name}`, () => {
      const column = readColumn(this.file, place, this.meta.rows)
      return { value: column, bytes: this.meta.rows * place.width + (place.valuesEnd - place.values) * (place.kind === 'text' ? 3 : 1) }
    })
  }

  /** For each row 1 where the condition holds; undefined for no condition. */
  mask(where: string | undefined): Mask | undefined {
    if (!where) return undefined
    const condition = readWhere(where)
    return this.keep(`where ${where}`, () => {
      const value = maskOf(condition, this.meta.rows, (name) => this.named(name))
      return { value, bytes: value.length }
    })
  }

  /** The rows of a selection, in the order of rows, with their scores where words were searched for. Undefined: all rows. */
  select({ where, query, role }: Selection): { found: Found | undefined; query: Query | undefined } {
    const mask = this.mask(where)
    if (query) {
      const read = readQuery(query)
      return { query: read, found: searchRows(this.texts, read, role === 'any' ? -1 : role === 'user' ? 0 : 1, mask) }
    }
    return { query: undefined, found: mask && { rows: rowsOf(mask), scores: new Float32Array() } }
  }

  /** A page of a selection: as ordered, or the best first, or in the order of rows. */
  page(
    selection: Selection,
    orderby: string | undefined,
    offset: number,
    length: number,
  ): { rows: Uint32Array; total: number; query: Query | undefined } {
    const { found, query } = this.select(selection)
    const total = found ? found.rows.length : this.meta.rows
    if (orderby) return { rows: this.ordered(orderby, found, offset, length), total, query }
    if (found && query) return { rows: bestRows(found, offset, length), total, query }
    if (found) return { rows: found.rows.slice(offset, offset + length), total, query }
    const count = Math.max(0, Math.min(length, total - offset))
    return { rows: Uint32Array.from({ length: count }, (_, index) => offset + index), total, query }
  }

  close(): void {
    this.rows.close()
    this.texts.words.close()
    closeSync(this.file)
  }

  private named(name: string): Column {
    if (name.startsWith('$'))
      throw new HubError(422, 'InvalidParameter', `Parameter 'where' is invalid: there is no column "${name.slice(0, 100)}".`)
    return this.column(name)
  }

  private ordered(orderby: string, found: Found | undefined, offset: number, length: number): Uint32Array {
    const { column: name, isDescending } = readOrder(orderby)
    const column = this.named(name)
    const order = this.keep(`order ${name} ${isDescending}`, () => {
      const value = orderOf(column, isDescending)
      return { value, bytes: value.byteLength }
    })
    if (!found) return order.slice(offset, offset + length)
    const isIn = new Uint8Array(this.meta.rows)
    for (const row of found.rows) isIn[row] = 1
    const rows = new Uint32Array(Math.max(0, Math.min(length, found.rows.length - offset)))
    let seen = 0
    for (let at = 0; at < order.length && seen < offset + rows.length; at += 1) {
      const row = order[at] ?? 0
      if (isIn[row] !== 1) continue
      if (seen >= offset) rows[seen - offset] = row
      seen += 1
    }
    return rows
  }

  private keep<T extends Column | Mask | Uint32Array>(key: string, make: () => { value: T; bytes: number }): T {
    const known = this.kept.get(key)
    if (known) {
      // To the end: what was used last is given up last.
      this.kept.delete(key)
      this.kept.set(key, known)
      return known.value as T
    }
    const made = make()
    this.kept.set(key, made)
    let bytes = 0
    for (const one of this.kept.values()) bytes += one.bytes
    for (const [other, one] of this.kept) {
      if (bytes <= MAX_KEPT || other === key) break
      this.kept.delete(other)
      bytes -= one.bytes
    }
    return made.value
  }
}

function rowsOf(mask: Mask): Uint32Array {
  let count = 0
  for (const held of mask) if (held === 1) count += 1
  const rows = new Uint32Array(count)
  let at = 0
  for (let row = 0; row < mask.length; row += 1) if (mask[row] === 1) rows[at++] = row
  return rows
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
