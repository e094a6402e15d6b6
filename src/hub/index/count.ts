import { rowsOf } from './bits.ts'
import { type Codes, type Column, valueAt } from './columns.ts'
import type { Selection, SplitIndex } from './split-index.ts'

/** One column's values or ranges with the number of rows of each. `where` is the condition that keeps just those rows. */
export interface FacetCounts {
  column: string
  label: string
  kind: 'value' | 'range' | 'flag'
  values: { value: string | number | boolean; to?: string | number; count: number; where: string }[]
}

const MAX_VALUES = 50
/** A column of texts is one to choose from when it has few different ones. */
const MAX_DISTINCT = 1000
const BINS = 10

/** Counts of every column that one would choose by: few different texts, ranges of numbers and of dates by month, flags. */
export function countFacets(index: SplitIndex, selection: Selection): { facets: FacetCounts[]; total: number; partial: boolean } {
  const { bits, count: total } = index.select(selection)
  const rows = total === index.meta.rows ? undefined : rowsOf(bits, total)
  const facets: FacetCounts[] = []
  for (const name of index.names) {
    // Scores and counts inside labels are for conditions, not for lists to choose from.
    if (/category_scores\.|\.(size|first|longest|vote)$/.test(name)) continue
    const { kind, isDates, distinct } = index.place(name)
    if (kind === 'text' && !isDates && (distinct > MAX_DISTINCT || distinct * 2 > index.meta.rows + 20)) continue
    const column = index.column(name)
    const counts = countCodes(column, rows)
    const facet = { column: name, label: labelOf(name) }
    if (column.kind === 'flag') facets.push({ ...facet, kind: 'flag', values: countFlags(column, counts) })
    else if (isDates) facets.push({ ...facet, kind: 'range', values: countMonths(column, counts) })
    else if (column.kind === 'number') facets.push({ ...facet, kind: 'range', values: countRanges(column, counts) })
    else facets.push({ ...facet, kind: 'value', values: countTexts(column, counts) })
  }
  return { facets: facets.filter(({ values }) => values.length > 0), total, partial: false }
}

/** How many of the rows have each code. */
export function countCodes({ codes, values }: { codes: Codes; values: { length: number } }, rows: Uint32Array | undefined): Uint32Array {
  const counts = new Uint32Array(values.length + 1)
  if (rows) {
    for (let at = 0; at < rows.length; at += 1) {
      const code = codes[rows[at] ?? 0] ?? 0
      counts[code] = (counts[code] ?? 0) + 1
    }
  } else {
    for (let row = 0; row < codes.length; row += 1) {
      const code = codes[row] ?? 0
      counts[code] = (counts[code] ?? 0) + 1
    }
  }
  return counts
}

type Counts = Uint32Array

function countFlags(column: Column, counts: Counts): FacetCounts['values'] {
  return [1, 2].flatMap((code) => {
    const count = counts[code] ?? 0
    const value = valueAt(column, code) === 1
    return count === 0 ? [] : [{ value, count, where: `${nameIn(column)} = ${value}` }]
  })
}

function countTexts(column: Column, counts: Counts): FacetCounts['values'] {
  const codes = Array.from({ length: column.values.length }, (_, at) => at + 1).filter((code) => (counts[code] ?? 0) > 0)
  codes.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
  return codes.slice(0, MAX_VALUES).map((code) => {
    const value = String(valueAt(column, code))
    return { value, count: counts[code] ?? 0, where: `${nameIn(column)} = ${textIn(value)}` }
  })
}

/** Small whole numbers each by itself, others in ten ranges of equal width. */
function countRanges(column: Column, counts: Counts): FacetCounts['values'] {
  const name = nameIn(column)
  const [low, high] = [Number(column.values.at(0) ?? 0), Number(column.values.at(-1) ?? 0)]
  const isWhole = column.values instanceof Float64Array && column.values.length <= MAX_DISTINCT && column.values.every(Number.isInteger)
  const width = isWhole ? Math.max(1, Math.ceil((high - low + 1) / BINS)) : (high - low) / BINS || 1
  const ranges: FacetCounts['values'] = []
  for (let code = 1; code < counts.length; code += 1) {
    const count = counts[code] ?? 0
    if (count === 0) continue
    const bin = Math.min(BINS - 1, Math.floor((Number(valueAt(column, code)) - low) / width))
    const value = low + bin * width
    const last = ranges.at(-1)
    if (last?.value === value) {
      last.count += count
      continue
    }
    const isLast = bin === BINS - 1
    const to = isWhole ? Math.min(high, value + width - 1) : isLast ? high : value + width
    const where = to === value ? `${name} = ${value}` : `${name} >= ${value} and ${name} ${isWhole || isLast ? '<=' : '<'} ${to}`
    ranges.push({ value, to, count, where })
  }
  return ranges
}

function countMonths(column: Column, counts: Counts): FacetCounts['values'] {
  const months: FacetCounts['values'] = []
  for (let code = 1; code < counts.length; code += 1) {
    const count = counts[code] ?? 0
    if (count === 0) continue
    const value = String(valueAt(column, code)).slice(0, 7)
    const last = months.at(-1)
    if (last?.value === value) last.count += count
    else months.push({ value, to: value, count, where: `${nameIn(column)} like ${textIn(`${value}%`)}` })
  }
  return months
}

/** A column's name in words: the last part of `openai_moderation.categories.hate`, without underscores. */
export function labelOf(column: string): string {
  return column.replace(/^.*\.categories\./, '').replace(/[._]/g, ' ')
}

const nameIn = ({ name }: Column) => `"${name.replaceAll('"', '""')}"`
const textIn = (text: string) => `'${text.replaceAll("'", "''")}'`
