import { HubError } from '../errors.ts'
import { type Column, valueAt } from './columns.ts'
import type { Comparison, Condition } from './where.ts'

/** Whether a condition holds for a row, as SQL has it: 0 no, 1 yes, 2 unknown, since a value is missing. */
export type Mask = Uint8Array

/** Holds a condition against every row. `columnOf` gives a column, or throws where there is none. */
export function maskOf(condition: Condition, rows: number, columnOf: (name: string) => Column): Mask {
  if (condition.kind === 'not') {
    const mask = maskOf(condition.part, rows, columnOf)
    for (let row = 0; row < rows; row += 1) mask[row] = inverse[mask[row] ?? 2] ?? 2
    return mask
  }
  if ('parts' in condition) {
    const table = condition.kind === 'and' ? both : either
    const [first, ...rest] = condition.parts.map((part) => maskOf(part, rows, columnOf))
    const mask = first ?? new Uint8Array(rows)
    for (const other of rest) for (let row = 0; row < rows; row += 1) mask[row] = table[(mask[row] ?? 2) * 3 + (other[row] ?? 2)] ?? 2
    return mask
  }
  const column = columnOf(condition.column)
  const table = tableOf(condition, column)
  const mask = new Uint8Array(rows)
  const { codes } = column
  for (let row = 0; row < rows; row += 1) mask[row] = table[codes[row] ?? 0] ?? 2
  return mask
}

const inverse = [1, 0, 2]
const both = [0, 0, 0, 0, 1, 2, 0, 2, 2]
const either = [0, 1, 2, 1, 1, 1, 2, 1, 2]

type Leaf = Exclude<Condition, { kind: 'and' | 'or' | 'not' }>

/** What a condition says of each code of a column: each different value is looked at once, whichever number of rows has it. */
function tableOf(condition: Leaf, column: Column): Uint8Array {
  const table = new Uint8Array(column.values.length + 1)
  if (condition.kind === 'null') return table.fill(condition.isNegated ? 1 : 0).fill(condition.isNegated ? 0 : 1, 0, 1)
  table[0] = 2
  if (condition.kind === 'like') {
    const matches = likePattern(condition.pattern, condition.isCaseless)
    for (let code = 1; code < table.length; code += 1) table[code] = Number(matches(String(valueAt(column, code))) !== condition.isNegated)
    return table
  }
  if (condition.kind === 'in') {
    if (condition.isNegated) table.fill(1, 1)
    for (const value of condition.values) {
      const [from, to] = rangeOf(column, '=', asValue(column, value))
      table.fill(condition.isNegated ? 0 : 1, from, to)
    }
    return table
  }
  const { operator, value } = condition
  const [from, to] = rangeOf(column, operator === '<>' ? '=' : operator, asValue(column, value))
  if (operator === '<>') return table.fill(1, 1).fill(0, from, to)
  return table.fill(1, from, to)
}

/** The codes [from, to) whose values stand so to a value: the values are in order. */
function rangeOf(column: Column, operator: Exclude<Comparison, '<>'>, value: string | number): [number, number] {
  const end = column.values.length + 1
  const low = 1 + countBelow(column, value, false)
  const high = 1 + countBelow(column, value, true)
  if (operator === '=') return [low, high]
  if (operator === '<') return [1, low]
  if (operator === '<=') return [1, high]
  return operator === '>' ? [high, end] : [low, end]
}

function countBelow({ values }: Column, value: string | number, isIncluded: boolean): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    const here = values[middle] ?? 0
    if (here < value || (isIncluded && here === value)) low = middle + 1
    else high = middle
  }
  return low
}

/** A value of the reader's in the column's own type. */
function asValue(column: Column, value: string | number | boolean): string | number {
  if (column.kind === 'text') return String(value)
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value)
  if (Number.isNaN(number))
    throw new HubError(
      422,
      'InvalidParameter',
      `Parameter 'where' is invalid: "${column.name}" holds ${column.kind === 'flag' ? 'true and false' : 'numbers'}.`,
    )
  return number
}

/** SQL's like without regular expressions of the reader's making: % is any characters, _ is one. Takes steps in the product of both lengths at most. */
export function likePattern(pattern: string, isCaseless: boolean): (text: string) => boolean {
  const wanted = [...(isCaseless ? pattern.toLowerCase() : pattern)]
  return (given) => {
    const text = [...(isCaseless ? given.toLowerCase() : given)]
    let at = 0
    let place = 0
    let star = -1
    let mark = 0
    while (at < text.length) {
      if (wanted[place] === '%') {
        star = place++
        mark = at
      } else if (place < wanted.length && (wanted[place] === '_' || wanted[place] === text[at])) {
        place += 1
        at += 1
      } else if (star >= 0) {
        place = star + 1
        at = ++mark
      } else return false
    }
    while (wanted[place] === '%') place += 1
    return place === wanted.length
  }
}
