import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import type { Facet } from '../../api.data.shapes.ts'
import type { ColumnStatistics } from '../../api.ts'
import { formatCount, formatShare } from '../../format.ts'
import { texts } from '../../texts.data.ts'
import { keepWidth, WIDTHS } from '../../widths.ts'
import { type Bar, barsOf, captionOf, foundOf } from './bars.ts'
import styles from './Table.module.css'

/** A column's name, by which it is sorted, with its figures: shares of its values or a histogram, filled as far as rows are found; a click filters by one of them. */
export function ColumnHead(given: {
  name: string
  width: number
  statistics: ColumnStatistics | undefined
  /** Counts of what was found, where less than all is shown. */
  facets: readonly Facet[] | undefined
  filter: (bar: Bar) => void
  order: 'asc' | 'desc' | undefined
  sort: (() => void) | undefined
}) {
  const { name, width, statistics, facets, filter, order, sort } = given
  const bars = barsOf(statistics)
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: see the grid
    <div
      role="columnheader"
      className={styles.head}
      style={{ width }}
      aria-sort={order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : undefined}
    >
      {sort ? (
        <button type="button" className={styles.name} title={`${texts.results.sort}: ${name}`} onClick={sort}>
          {name}
          {order === 'asc' ? ' ↑' : order === 'desc' ? ' ↓' : ''}
        </button>
      ) : (
        <span className={styles.name} title={name}>
          {name}
        </span>
      )}
      <span className={styles.bars}>
        {bars.map((bar) => {
          const found = facets && foundOf(bar, facets)
          const words = found === undefined ? '' : texts.results.ofFound(formatCount(found))
          const filled = found === undefined ? 0 : (found / Math.max(1, bar.count)) * 100
          return (
            <button
              key={bar.label}
              type="button"
              className={styles.bar}
              disabled={bar.value === undefined && bar.range === undefined}
              title={`${bar.label}: ${formatCount(bar.count)} (${formatShare(bar.share)})${words}`}
              aria-label={texts.results.filterBy(name, bar.label, formatCount(bar.count), words)}
              onClick={() => filter(bar)}
            >
              <span style={{ height: `${Math.max(4, (bar.count / most) * 100)}%` }}>
                {filled > 0 && <span style={{ height: `${Math.max(8, filled)}%` }} />}
              </span>
            </button>
          )
        })}
      </span>
      <span className={styles.caption}>{captionOf(statistics?.column_statistics, bars)}</span>
      <Grip name={name} width={width} />
    </div>
  )
}

const STEP = 16

/** The edge of a column: dragged, or moved with the arrow keys. */
function Grip({ name, width }: { name: string; width: number }) {
  const start = useRef<{ x: number; width: number } | null>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? STEP : event.key === 'ArrowLeft' ? -STEP : 0
    if (by === 0) return
    event.preventDefault()
    event.stopPropagation()
    keepWidth(name, width + by)
  }
  const onPointerDown = (event: PointerEvent) => {
    start.current = { x: event.clientX, width }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = ({ clientX }: PointerEvent) => {
    if (start.current) keepWidth(name, start.current.width + clientX - start.current.x)
  }
  const stop = () => {
    start.current = null
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is not a thematic break
    <span
      role="separator"
      tabIndex={0}
      className={styles.grip}
      aria-orientation="vertical"
      aria-label={texts.results.width(name)}
      aria-valuenow={width}
      aria-valuemin={WIDTHS.least}
      aria-valuemax={WIDTHS.most}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
    />
  )
}
