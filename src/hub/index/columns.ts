import { closeSync, openSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { readAt } from './bytes.ts'
import { TextValues, writeTexts } from './columns.texts.ts'
import type { Field } from './fields.ts'

/** Where a column's parts lie in the file of columns: codes of `width` bytes for each row, and its different values in order. `isDates`: all are ISO 8601. */
export const ColumnPlace = z.object({
  name: z.string(),
  kind: z.enum(['number', 'flag', 'text']),
  width: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  codes: z.number(),
  values: z.number(),
  valuesEnd: z.number(),
  distinct: z.number(),
  isDates: z.boolean(),
})
/** Where a column lies. */
export type ColumnPlace = z.infer<typeof ColumnPlace>

/** Codes of rows: 0 where there is no value, else 1 + the place of the value among the column's different values in rising order. */
export type Codes = Uint8Array | Uint16Array | Uint32Array

/** A column, open: the codes in memory, the values in rising order: numbers (flags: 0 and 1), or texts, which are read when they are asked for. */
export interface Column {
  name: string
  kind: ColumnPlace['kind']
  isDates: boolean
  codes: Codes
  values: Float64Array | TextValues
}

/** Writes columns into one file, one after the other. */
export class ColumnWriter {
  readonly places: ColumnPlace[] = []
  private readonly file: number
  private at = 0

  constructor(path: string) {
    this.file = openSync(path, 'w')
  }

  /** Encodes a column: `values` has one value for each row. A column of numbers and texts becomes one of texts. */
  add(name: string, values: readonly Field[], isFlag: boolean): void {
    const isText = values.some((value) => typeof value === 'string')
    const ranks = isText ? rankTexts(values) : rankNumbers(values)
    const distinct = ranks.values.length
    const width = distinct < 256 ? 1 : distinct < 65_536 ? 2 : 4
    const codes =
      width === 1 ? new Uint8Array(values.length) : width === 2 ? new Uint16Array(values.length) : new Uint32Array(values.length)
    codes.set(ranks.codes)
    const kind = isText ? ('text' as const) : isFlag ? ('flag' as const) : ('number' as const)
    const at = this.write(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength))
    const from = this.at
    if (isText) writeTexts(ranks.values.map(String), (bytes) => void this.write(bytes))
    else this.write(new Uint8Array(Float64Array.from(ranks.values, Number).buffer))
    // They are in order, so that the first and the last tell.
    const isDates = isText && [ranks.values[0], ranks.values.at(-1)].every((value) => /^\d{4}-\d{2}-\d{2}T/.test(String(value ?? '')))
    this.places.push({ name, kind, width: width as 1 | 2 | 4, distinct, isDates, codes: at, values: from, valuesEnd: this.at })
  }

  close(): void {
    closeSync(this.file)
  }

  private write(bytes: Uint8Array): number {
    const start = this.at
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at)
    this.at += bytes.length
    return start
  }
}

/** Opens a column of `rows` rows in a file, which must stay open. */
export function readColumn(file: number, place: ColumnPlace, rows: number): Column {
  const bytes = readAt(file, place.codes, place.codes + rows * place.width)
  const codes = place.width === 1 ? bytes : place.width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer)
  const values =
    place.kind === 'text'
      ? new TextValues(file, place.values, place.distinct)
      : new Float64Array(readAt(file, place.values, place.valuesEnd).buffer)
  const { name, kind, isDates } = place
  return { name, kind, isDates, codes, values }
}

/** The value of a code; null for 0. */
export function valueAt(column: Column, code: number): string | number | null {
  return code === 0 ? null : (column.values.at(code - 1) ?? null)
}

function rankNumbers(values: readonly Field[]): { codes: Uint32Array; values: readonly number[] } {
  const all = Float64Array.from(
    values.filter((value) => typeof value === 'number'),
    Number,
  ).sort()
  const distinct: number[] = []
  for (const value of all) if (value !== distinct.at(-1)) distinct.push(value)
  const codeOf = new Map(distinct.map((value, index) => [value, index + 1]))
  return { codes: Uint32Array.from(values, (value) => (typeof value === 'number' ? (codeOf.get(value) ?? 0) : 0)), values: distinct }
}

function rankTexts(values: readonly Field[]): { codes: Uint32Array; values: readonly string[] } {
  const distinct = [...new Set(values.filter((value) => value !== null).map(String))].sort()
  const codeOf = new Map(distinct.map((value, index) => [value, index + 1]))
  return { codes: Uint32Array.from(values, (value) => (value === null ? 0 : (codeOf.get(String(value)) ?? 0))), values: distinct }
}
