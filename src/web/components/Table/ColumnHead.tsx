import type { ColumnStatistics } from '../../api.ts'
import { formatCount, formatShare } from '../../format.ts'
import { isBin, isValue } from '../../where.ts'
import styles from './Table.module.css'

/** A column's name with its figures: shares of its values or a histogram; a click filters by one of them. */
export function ColumnHead(given: {
  name: string
  width: string
  statistics: ColumnStatistics | undefined
  filter: (where: string) => void
}) {
  const { name, width, statistics, filter } = given
  const figures = statistics?.column_statistics
  const bars = barsOf(statistics)
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: see the grid
    <div role="columnheader" className={styles.head} style={{ width }}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      <span className={styles.bars}>
        {bars.map(({ label, count, share, where }) => (
          <button
            key={label}
            type="button"
            className={styles.bar}
            disabled={where === undefined}
            title={`${label}: ${formatCount(count)} (${formatShare(share)})`}
            aria-label={`${name} ${label}: ${formatCount(count)} rows; filter`}
            onClick={() => where && filter(where)}
          >
            <span style={{ height: `${Math.max(4, (count / most) * 100)}%` }} />
          </button>
        ))}
      </span>
      <span className={styles.caption}>{captionOf(figures, bars)}</span>
    </div>
  )
}

interface Bar {
  label: string
  count: number
  share: number
  where: string | undefined
}

function barsOf(statistics: ColumnStatistics | undefined): Bar[] {
  if (!statistics) return []
  const { column_name: name, column_type: type, column_statistics: figures } = statistics
  if (figures.frequencies) {
    const all = Object.entries(figures.frequencies).sort((a, b) => b[1] - a[1])
    const total = all.reduce((sum, [, count]) => sum + count, 0) || 1
    return all.slice(0, 12).map(([label, count]) => ({ label, count, share: count / total, where: isValue(name, type, label) }))
  }
  const { hist = [], bin_edges: edges = [] } = figures.histogram ?? {}
  const total = hist.reduce((sum, count) => sum + count, 0) || 1
  return hist.map((count, index) => {
    const low = edges[index] ?? 0
    const high = edges[index + 1] ?? low
    return {
      label: low === high ? String(low) : `${low} – ${high}`,
      count,
      share: count / total,
      where: isBin(name, type, { low, high, isLast: index === hist.length - 1 }),
    }
  })
}

function captionOf(figures: ColumnStatistics['column_statistics'] | undefined, bars: readonly Bar[]): string {
  if (!figures) return ''
  const [first] = bars
  if (figures.frequencies && first)
    return `${first.label} ${formatShare(first.share)} · ${formatCount(figures.n_unique ?? bars.length)} values`
  return figures.min === undefined ? '' : `${figures.min} – ${figures.max}, median ${figures.median}`
}
