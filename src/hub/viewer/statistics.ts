import { z } from 'zod'
import type { Hub } from '../hub.ts'
import { openIndex, type SearchIndex } from './index-file.ts'
import type { Split } from './layout.ts'
import { type Feature, readFeatures } from './rows.ts'

/** Figures of one column, in the dataset-viewer API's form. */
export interface ColumnStatistics {
  column_name: string
  column_type: 'int' | 'float' | 'bool' | 'string_label' | 'string_text' | 'list'
  column_statistics: Record<string, unknown>
}

const BINS = 10
const Summary = z.object({
  n: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  mean: z.number().nullable(),
  square: z.number().nullable(),
})
const Bin = z.object({ bin: z.number(), n: z.number() })
const Count = z.object({ value: z.union([z.string(), z.number()]), n: z.number() })

/** Statistics of a split's columns, by SQL over its index: numbers and list lengths as histograms of ten bins, texts as frequencies or lengths. */
export async function computeStatistics(hub: Hub, split: Split): Promise<ColumnStatistics[]> {
  const index = await openIndex(hub, split)
  const found: ColumnStatistics[] = []
  for (const feature of await readFeatures(hub, split)) {
    const one = columnStatistics(index, feature)
    if (one) found.push(one)
  }
  return found
}

function columnStatistics(index: SearchIndex, { name, type }: Feature): ColumnStatistics | undefined {
  const dtype = Dtype.safeParse(type)
  if (dtype.success && dtype.data._type === 'List') {
    return { column_name: name, column_type: 'list', column_statistics: numberFigures(index, index.columns.get(`${name}.length`), true) }
  }
  const column = index.columns.get(name)
  if (!dtype.success || !dtype.data.dtype) return undefined
  if (dtype.data.dtype === 'bool') {
    const counts = z
      .array(Count)
      .parse(column ? index.all(`select ${column} as value, count(*) as n from facets where ${column} is not null group by 1`, []) : [])
    const frequencies = Object.fromEntries(counts.map(({ value, n }) => [value ? 'True' : 'False', n]))
    return { column_name: name, column_type: 'bool', column_statistics: { ...nulls(index, column), frequencies } }
  }
  if (dtype.data.dtype === 'string') return textFigures(index, name, column)
  if (!/^(int|float)/.test(dtype.data.dtype)) return undefined
  const isWhole = dtype.data.dtype.startsWith('int')
  return { column_name: name, column_type: isWhole ? 'int' : 'float', column_statistics: numberFigures(index, column, isWhole) }
}

const Dtype = z.object({ _type: z.string(), dtype: z.string().optional() })

function nulls(index: SearchIndex, column: string | undefined): { nan_count: number; nan_proportion: number } {
  const n = column ? (z.array(z.object({ n: z.number() })).parse(index.all(`select count(${column}) as n from facets`, []))[0]?.n ?? 0) : 0
  return { nan_count: index.rows - n, nan_proportion: round(index.rows === 0 ? 0 : (index.rows - n) / index.rows) }
}

function numberFigures(index: SearchIndex, expression: string | undefined, isWhole: boolean): Record<string, unknown> {
  if (!expression) return nulls(index, undefined)
  const sql = `select count(x) as n, min(x) as low, max(x) as high, avg(x) as mean, avg(1.0 * x * x) as square from (select ${expression} as x from facets)`
  const [summary] = z.array(Summary).parse(index.all(sql, []))
  const missing = index.rows - (summary?.n ?? 0)
  const head = { nan_count: missing, nan_proportion: round(index.rows === 0 ? 0 : missing / index.rows) }
  if (!summary || summary.low === null || summary.high === null) return head
  const { low, high, mean, square, n } = summary
  const width = isWhole ? Math.max(1, Math.ceil((high - low + 1) / BINS)) : (high - low) / BINS || 1
  const bins = isWhole ? Math.max(1, Math.ceil((high - low + 1) / width)) : high === low ? 1 : BINS
  const counted = z
    .array(Bin)
    .parse(
      index.all(
        `select min(cast((x - ?) / ? as integer), ?) as bin, count(*) as n from (select ${expression} as x from facets) where x is not null group by 1`,
        [low, width, bins - 1],
      ),
    )
  const hist = Array.from({ length: bins }, (_, bin) => counted.find((one) => one.bin === bin)?.n ?? 0)
  const edges = [...Array.from({ length: bins }, (_, bin) => round(low + bin * width)), high]
  const [median] = z
    .array(z.object({ x: z.number() }))
    .parse(
      index.all(
        `select avg(x) as x from (select ${expression} as x from facets where ${expression} is not null order by x limit ? offset ?)`,
        [2 - (n % 2), Math.floor((n - 1) / 2)],
      ),
    )
  const deviation = Math.sqrt(Math.max(0, (square ?? 0) - (mean ?? 0) ** 2) * (n > 1 ? n / (n - 1) : 1))
  return {
    ...head,
    min: low,
    max: high,
    mean: round(mean ?? 0),
    median: round(median?.x ?? 0),
    std: round(deviation),
    histogram: { hist, bin_edges: edges },
  }
}

function textFigures(index: SearchIndex, name: string, column: string | undefined): ColumnStatistics {
  if (!column)
    return {
      column_name: name,
      column_type: 'string_label',
      column_statistics: { ...nulls(index, undefined), n_unique: 0, frequencies: {} },
    }
  const [unique] = z.array(z.object({ n: z.number() })).parse(index.all(`select count(distinct ${column}) as n from facets`, []))
  const count = unique?.n ?? 0
  if ((count / Math.max(1, index.rows) <= 0.2 && count <= 1000) || count <= 10) {
    const counts = z
      .array(Count)
      .parse(index.all(`select ${column} as value, count(*) as n from facets where ${column} is not null group by 1 order by 2 desc`, []))
    const frequencies = Object.fromEntries(counts.map(({ value, n }) => [String(value), n]))
    return {
      column_name: name,
      column_type: 'string_label',
      column_statistics: { ...nulls(index, column), no_label_count: 0, no_label_proportion: 0, n_unique: count, frequencies },
    }
  }
  return { column_name: name, column_type: 'string_text', column_statistics: numberFigures(index, `length(${column})`, true) }
}

const round = (value: number) => Math.round(value * 1e5) / 1e5
