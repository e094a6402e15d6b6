import type { Facet } from '../../api.data.shapes.ts'
import type { ColumnStatistics } from '../../api.shapes.ts'
import { type Field, shortName } from '../../ask/fields.ts'
import type { Item } from '../../ask/items.ts'
import { formatCount, formatShare } from '../../format.ts'

/** One bar over a column: a value, or numbers from `low` to `high` (of whole numbers both included), and how many rows have it. */
export interface Bar {
  column: string
  label: string
  count: number
  share: number
  value?: string
  range?: { low: number; high: number }
}

/** The bars of a column: its most frequent values, or its histogram. */
export function barsOf(statistics: ColumnStatistics | undefined): Bar[] {
  if (!statistics) return []
  const { column_name: column, column_type: type, column_statistics: figures } = statistics
  if (figures.frequencies) {
    const all = Object.entries(figures.frequencies).sort((a, b) => b[1] - a[1])
    const total = all.reduce((sum, [, count]) => sum + count, 0) || 1
    return all.slice(0, 12).map(([value, count]) => ({ column, label: value, count, share: count / total, value }))
  }
  const { hist = [], bin_edges: edges = [] } = figures.histogram ?? {}
  const total = hist.reduce((sum, count) => sum + count, 0) || 1
  const isWhole = type !== 'float'
  return hist.map((count, index) => {
    const low = edges[index] ?? 0
    const edge = edges[index + 1] ?? low
    const isLast = index === hist.length - 1
    const high = isWhole && !isLast ? Math.max(low, edge - 1) : edge
    const label = low === high ? String(low) : `${low} – ${high}`
    // The lengths of texts have a histogram, but cannot be asked for.
    return { column, label, count, share: count / total, ...(type === 'string_text' ? {} : { range: { low, high } }) }
  })
}

/**
 * How many of the found rows a bar has, by the counts of what was found; undefined where these do not tell: they name the most frequent values only, and
 * their ranges need not be the bar's.
 */
export function foundOf(bar: Bar, facets: readonly Facet[]): number | undefined {
  const facet = facets.find(({ column }) => column === bar.column || column === `${bar.column}.length`)
  if (!facet) return undefined
  if (bar.value !== undefined) {
    const wanted = bar.value.toLowerCase()
    return facet.values.find(({ value }) => String(value).toLowerCase() === wanted)?.count
  }
  const { range } = bar
  if (!range) return undefined
  let found = 0
  for (const { value, to = value, count } of facet.values) {
    const [low, high] = [Number(value), Number(to)]
    if (high < range.low || low > range.high) continue
    if (!(low >= range.low && high <= range.high)) return undefined
    found += count
  }
  return found
}

/** What a click on a bar puts into the search box, or undefined where the box has no field for it. */
export function filterOf(
  bar: Bar,
  fields: readonly Field[],
): { kind: 'value'; field: Field; name: string; value: string } | { kind: 'item'; item: Item } | undefined {
  const field = fields.find(({ column, kind }) => (column === bar.column || column === `${bar.column}.length`) && kind !== 'flagged')
  if (!field) return undefined
  const name = shortName(field)
  if (bar.value !== undefined) {
    const value = field.kind === 'flag' ? (/^true$/i.test(bar.value) ? 'yes' : 'no') : bar.value
    return { kind: 'value', field, name, value }
  }
  if (!bar.range) return undefined
  const { low, high } = bar.range
  if (low === high) return { kind: 'value', field, name, value: String(low) }
  return {
    kind: 'item',
    item: { kind: 'field', field: name, test: { op: 'between', low: String(low), high: String(high) }, isExcluded: false },
  }
}

/** One line under the bars: the most frequent value, or the range and the median. */
export function captionOf(figures: ColumnStatistics['column_statistics'] | undefined, bars: readonly Bar[]): string {
  if (!figures) return ''
  const [first] = bars
  if (figures.frequencies && first)
    return `${first.label} ${formatShare(first.share)} · ${formatCount(figures.n_unique ?? bars.length)} values`
  return figures.min === undefined ? '' : `${figures.min} – ${figures.max}, median ${figures.median}`
}
