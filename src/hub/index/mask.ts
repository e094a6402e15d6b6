import { HubError } from '../errors.ts'
import { addBits, type Bits, keepBits, noBits } from './bits.ts'
import { type Column, valueAt } from './columns.ts'
import type { Comparison, Condition } from './where.ts'

/** For which rows a condition holds, and for which it does not, as SQL has it: in neither set where a value is missing, so that nobody knows. */
export interface Mask {
  yes: Bits
  no: Bits
}

/** Holds a condition against every row. `leafOf` gives what a comparison of one column says; it is not changed. */
export function maskOf(condition: Condition, leafOf: (leaf: Leaf) => Mask): Mask {
  if (condition.kind === 'not') {
    const { yes, no } = maskOf(condition.part, leafOf)
    return { yes: no, no: yes }
  }
  if (!('parts' in condition)) return leafOf(condition)
  const [first, ...rest] = condition.parts.map((part) => maskOf(part, leafOf))
  if (!first) throw new TypeError('a condition without parts')
  const mask = { yes: first.yes.slice(), no: first.no.slice() }
  for (const { yes, no } of rest) {
    if (condition.kind === 'and') {
      keepBits(mask.yes, yes)
      addBits(mask.no, no)
    } else {
      addBits(mask.yes, yes)
      keepBits(mask.no, no)
    }
  }
  return mask
}

/** A comparison of one column. */
export type Leaf = Exclude<Condition, { kind: 'and' | 'or' | 'not' }>

/** Holds a comparison against every row of its column. */
export function maskOfLeaf(leaf: Leaf, column: Column): Mask {
  const table = tableOf(leaf, column)
  const { codes } = column
  const [yes, no] = [noBits(codes.length), noBits(codes.length)]
  for (let at = 0; at < yes.length; at += 1) {
    const first = at * 32
    const size = Math.min(32, codes.length - first)
    let [ones, zeros] = [0, 0]
    for (let bit = 0; bit < size; bit += 1) {
      const said = table[codes[first + bit] ?? 0] ?? 2
      ones |= (said & 1) << bit
      zeros |= (said >>> 1) << bit
    }
    yes[at] = ones
    // Bit 1 is of what is not known.
    no[at] = ~(ones | zeros) & (0xffffffff >>> (32 - size))
  }
  return { yes, no }
}

/** What a comparison says of each code of a column, 0 no, 1 yes, 2 unknown: each different value is looked at once, whichever number of rows has it. */
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
    const here = values.at(middle) ?? 0
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
