import { rowsOf } from './bits.ts'
import { type Column, valueAt } from './columns.ts'
import { countCodes } from './count.ts'
import type { Selection, SplitIndex } from './split-index.ts'

/** Figures of one column, in the dataset-viewer API's form. */
export interface ColumnStatistics {
  column_name: string
  column_type: 'int' | 'float' | 'bool' | 'string_label' | 'string_text' | 'list' | 'datetime'
  column_statistics: Record<string, unknown>
}

const BINS = 10
/** Texts with as many different values have frequencies, others a histogram of their lengths. */
const MAX_LABELS = 1000

/**
 * Statistics of the rows of a selection, from the numbers of rows that have each value: numbers and list lengths as histograms of ten bins, texts as
 * frequencies or lengths. Columns of the split first, as the API has them; then the index's own fields (turns, sums of tokens, rates of each category).
 */
export function figuresOf(index: SplitIndex, selection: Selection, columns: readonly { name: string; kind: string }[]): ColumnStatistics[] {
  const { bits, count: total } = index.select(selection)
  const rows = total === index.meta.rows ? undefined : rowsOf(bits, total)
  const names = new Set(index.names)
  const listed = columns.flatMap(({ name, kind }) => {
    const field = kind === 'list' ? `${name}.length` : name
    if (!names.delete(field)) return kind === 'other' ? [] : [emptyFigures(name, kind, total)]
    const figures = figuresOfColumn(index.column(field), rows, total)
    return [
      {
        ...figures,
        column_name: name,
        column_type: kind === 'list' ? ('list' as const) : kind === 'float' ? ('float' as const) : figures.column_type,
      },
    ]
  })
  return [...listed, ...[...names].map((name) => figuresOfColumn(index.column(name), rows, total))]
}

function emptyFigures(name: string, kind: string, total: number): ColumnStatistics {
  const type = kind === 'list' || kind === 'int' || kind === 'float' || kind === 'bool' ? kind : 'string_label'
  return {
    column_name: name,
    column_type: type,
    column_statistics: { ...missing(total, total), ...(type === 'string_label' ? { n_unique: 0, frequencies: {} } : {}) },
  }
}

function figuresOfColumn(column: Column, rows: Uint32Array | undefined, total: number): ColumnStatistics {
  const counts = countCodes(column, rows)
  const head = missing(counts[0] ?? 0, total)
  const name = column.name
  if (column.kind === 'flag') {
    const frequencies: Record<string, number> = {}
    for (let code = 1; code < counts.length; code += 1)
      if (counts[code]) frequencies[valueAt(column, code) === 1 ? 'True' : 'False'] = counts[code] ?? 0
    return { column_name: name, column_type: 'bool', column_statistics: { ...head, frequencies } }
  }
  if (column.kind === 'number') {
    const isWhole = column.values instanceof Float64Array && column.values.every(Number.isInteger)
    return {
      column_name: name,
      column_type: isWhole ? 'int' : 'float',
      column_statistics: { ...head, ...numberFigures(pairsOf(column, counts), isWhole) },
    }
  }
  if (column.isDates) return { column_name: name, column_type: 'datetime', column_statistics: { ...head, ...dateFigures(column, counts) } }
  let unique = 0
  for (let code = 1; code < counts.length; code += 1) if (counts[code]) unique += 1
  if ((unique / Math.max(1, total) <= 0.2 && unique <= MAX_LABELS) || unique <= 10) {
    const pairs = Array.from({ length: column.values.length }, (_, at) => ({
      value: String(column.values.at(at)),
      count: counts[at + 1] ?? 0,
    }))
    const frequencies = Object.fromEntries(
      pairs
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count)
        .map(({ value, count }) => [value, count]),
    )
    return {
      column_name: name,
      column_type: 'string_label',
      column_statistics: { ...head, no_label_count: 0, no_label_proportion: 0, n_unique: unique, frequencies },
    }
  }
  const lengths = new Map<number, number>()
  for (let code = 1; code < counts.length; code += 1) {
    const count = counts[code] ?? 0
    if (count === 0) continue
    const { length } = String(column.values.at(code - 1))
    lengths.set(length, (lengths.get(length) ?? 0) + count)
  }
  const pairs = [...lengths].map(([value, count]) => ({ value, count })).sort((a, b) => a.value - b.value)
  return { column_name: name, column_type: 'string_text', column_statistics: { ...head, ...numberFigures(pairs, true) } }
}

interface Pair {
  value: number
  count: number
}

function pairsOf(column: Column, counts: Uint32Array): Pair[] {
  const pairs: Pair[] = []
  for (let code = 1; code < counts.length; code += 1)
    if (counts[code]) pairs.push({ value: Number(valueAt(column, code)), count: counts[code] ?? 0 })
  return pairs
}

/** Figures of numbers in rising order with how often each occurs. */
function numberFigures(pairs: readonly Pair[], isWhole: boolean): Record<string, unknown> {
  const [low, high] = [pairs[0]?.value, pairs.at(-1)?.value]
  if (low === undefined || high === undefined) return {}
  const width = isWhole ? Math.max(1, Math.ceil((high - low + 1) / BINS)) : (high - low) / BINS || 1
  const bins = isWhole ? Math.max(1, Math.ceil((high - low + 1) / width)) : high === low ? 1 : BINS
  const hist = new Array<number>(bins).fill(0)
  let n = 0
  let sum = 0
  for (const { value, count } of pairs) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width))
    hist[bin] = (hist[bin] ?? 0) + count
    n += count
    sum += value * count
  }
  const mean = sum / n
  const squares = pairs.reduce((total, { value, count }) => total + count * (value - mean) ** 2, 0)
  return {
    min: low,
    max: high,
    mean: round(mean),
    median: round(medianOf(pairs, n)),
    std: round(n > 1 ? Math.sqrt(squares / (n - 1)) : 0),
    histogram: { hist, bin_edges: [...Array.from({ length: bins }, (_, bin) => round(low + bin * width)), high] },
  }
}

function medianOf(pairs: readonly Pair[], n: number): number {
  const at = (wanted: number): number => {
    let before = 0
    for (const { value, count } of pairs) {
      before += count
      if (before > wanted) return value
    }
    return pairs.at(-1)?.value ?? 0
  }
  return (at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2))) / 2
}

function dateFigures(column: Column, counts: Uint32Array): Record<string, unknown> {
  const pairs: Pair[] = []
  for (let code = 1; code < counts.length; code += 1) {
    const value = Date.parse(String(valueAt(column, code)))
    if (counts[code] && !Number.isNaN(value)) pairs.push({ value, count: counts[code] ?? 0 })
  }
  const figures = numberFigures(pairs, true)
  const iso = (value: unknown) => (typeof value === 'number' ? new Date(value).toISOString() : value)
  const { histogram } = figures
  const edges =
    typeof histogram === 'object' && histogram && 'bin_edges' in histogram && Array.isArray(histogram.bin_edges) ? histogram : undefined
  return {
    ...figures,
    min: iso(figures.min),
    max: iso(figures.max),
    mean: iso(figures.mean),
    median: iso(figures.median),
    std: typeof figures.std === 'number' ? `${Math.round(figures.std / 1000)} s` : null,
    ...(edges ? { histogram: { ...edges, bin_edges: (edges.bin_edges as unknown[]).map(iso) } } : {}),
  }
}

function missing(count: number, total: number): { nan_count: number; nan_proportion: number } {
  return { nan_count: count, nan_proportion: round(total === 0 ? 0 : count / total) }
}

const round = (value: number) => Math.round(value * 1e5) / 1e5
