import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Facet } from '../../api.data.shapes.ts'
import type { ColumnStatistics, Feature, Row } from '../../api.ts'
import { isFlagged, previewOf } from '../../conversation.ts'
import { formatCount } from '../../format.ts'
import { useSettings } from '../../settings.ts'
import { texts } from '../../texts.ts'
import { keptWidths, usualWidth } from '../../widths.ts'
import { scrollTopOf, windowAt } from '../../window.ts'
import { Marked } from '../Markdown/Marked.tsx'
import type { Bar } from './bars.ts'
import { ColumnHead } from './ColumnHead.tsx'
import styles from './Table.module.css'

const ROW_HEIGHT = 42

/** A table of any number of rows of which only those in view are drawn. Arrow keys move, Enter opens. `index`: a row's place in this view. */
export function Table(given: {
  features: readonly Feature[]
  rows: number
  at: (index: number) => Row | undefined
  want: (first: number, last: number) => void
  open: (index: number) => void
  opened: number | null
  statistics: readonly ColumnStatistics[]
  /** Counts of what was found, where less than all is shown. */
  facets: readonly Facet[] | undefined
  filter: (bar: Bar) => void
  /** The order as the server reads it, `"turn" desc`, and how to change it where the rows can be sorted. */
  orderby: string
  sort: ((orderby: string) => void) | undefined
}) {
  const { features, rows, at, want, open, opened, statistics, facets, filter, orderby, sort } = given
  const box = useRef<HTMLDivElement>(null)
  const [scroll, setScroll] = useState({ scrollTop: 0, viewHeight: 600 })
  const [active, setActive] = useState(0)
  const shown = windowAt({ ...scroll, rowHeight: ROW_HEIGHT, rows, spare: 8 })
  useEffect(() => want(shown.first, shown.last))
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setScroll({ scrollTop: element.scrollTop, viewHeight: element.clientHeight })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const bring = (index: number) => {
    const element = box.current
    if (!element) return
    const first = scrollTopOf(index, { viewHeight: scroll.viewHeight, rowHeight: ROW_HEIGHT, rows })
    const last = scrollTopOf(Math.max(0, index - Math.floor(scroll.viewHeight / ROW_HEIGHT) + 3), {
      viewHeight: scroll.viewHeight,
      rowHeight: ROW_HEIGHT,
      rows,
    })
    if (element.scrollTop > first) element.scrollTop = first
    else if (element.scrollTop < last) element.scrollTop = last
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a newly opened row is brought into view
  useEffect(() => {
    if (opened === null) return
    setActive(opened)
    bring(opened)
  }, [opened])
  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows - 1, to))
    setActive(index)
    bring(index)
  }
  const steps: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + 12,
    PageUp: active - 12,
    Home: 0,
    End: rows - 1,
  }
  const kept = keptWidths.use()
  const columns = useMemo(
    () =>
      [...features]
        .sort((a, b) => rank(a.name) - rank(b.name))
        .map(({ name, type }) => ({ name, type, width: kept.find((one) => one.name === name)?.width ?? usualWidth(name) })),
    [features, kept],
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: only a window of the rows is drawn, which a table element cannot say
    <div
      role="grid"
      aria-label={texts.viewer.table}
      aria-rowcount={rows + 1}
      aria-activedescendant={`row-${active}`}
      className={styles.box}
      ref={box}
      tabIndex={0}
      onScroll={({ currentTarget }) => setScroll({ scrollTop: currentTarget.scrollTop, viewHeight: currentTarget.clientHeight })}
      onKeyDown={(event) => {
        const to = steps[event.key]
        if (to === undefined && event.key !== 'Enter') return
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        if (to === undefined) open(active)
        else move(to)
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div role="row" aria-rowindex={1} className={`${styles.row} ${styles.headRow}`}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
        <div role="columnheader" className={styles.number}>
          #
        </div>
        {columns.map(({ name, type, width }) => {
          const key = sortKeyOf(name, type)
          const order = key === undefined ? undefined : orderby === key ? 'asc' : orderby === `${key} desc` ? 'desc' : undefined
          const next = order === undefined ? (key ?? '') : order === 'asc' ? `${key} desc` : ''
          return (
            <ColumnHead
              key={name}
              name={name}
              width={width}
              statistics={statistics.find((one) => one.column_name === name)}
              facets={facets}
              filter={filter}
              order={order}
              sort={sort && key !== undefined ? () => sort(next) : undefined}
            />
          )
        })}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" style={{ height: shown.height, position: 'relative' }}>
        <div role="presentation" style={{ position: 'absolute', insetInline: 0, transform: `translateY(${shown.top}px)` }}>
          {Array.from({ length: Math.max(0, shown.last - shown.first) }, (_, offset) => {
            const index = shown.first + offset
            return (
              <TableRow
                key={index}
                index={index}
                row={at(index)}
                columns={columns}
                isActive={index === active}
                isOpen={index === opened}
                open={open}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

const TableRow = memo(function TableRow(given: {
  index: number
  row: Row | undefined
  columns: readonly { name: string; width: number }[]
  isActive: boolean
  isOpen: boolean
  open: (index: number) => void
}) {
  const { index, row, columns, isActive, isOpen, open } = given
  const [{ coversFlagged }] = useSettings()
  const isCovered = row !== undefined && coversFlagged && isFlagged(row.row)
  const hits = row?.matches?.flatMap(({ column, message, spans }) => spansText(row, column, message, spans)) ?? []
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      className={`${styles.row} ${isActive ? styles.active : ''} ${isOpen ? styles.open : ''}`}
      onClick={() => open(index)}
      style={{ height: ROW_HEIGHT }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see the grid */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see the grid */}
      <div role="gridcell" className={styles.number}>
        {row ? formatCount(row.row_idx) : '…'}
      </div>
      {columns.map(({ name, width }) => (
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        // biome-ignore lint/a11y/useFocusableInteractive: see the grid
        <div key={name} role="gridcell" className={styles.cell} style={{ width }} dir="auto">
          {row && <Cell name={name} value={row.row[name]} isCovered={isCovered} hits={hits} row={row} />}
        </div>
      ))}
    </div>
  )
})

function Cell({
  name,
  value,
  isCovered,
  hits,
  row,
}: {
  name: string
  value: unknown
  isCovered: boolean
  hits: readonly string[]
  row: Row
}) {
  if (name === 'openai_moderation')
    return isFlagged(row.row) ? <span className={styles.flag}>⚠ {texts.viewer.flagged}</span> : <span className="quiet">–</span>
  if (Array.isArray(value) && isCovered) return <span className={styles.flag}>{texts.viewer.covered.replace(/:$/, '')}</span>
  return <Marked text={previewOf(row.matches && Array.isArray(value) ? aroundHit(row, name, value) : value)} hits={hits} />
}

/** The message that has the hit, from a little before it; the whole value where there is none. */
function aroundHit(row: Row, column: string, value: unknown[]): unknown {
  const match = row.matches?.find((one) => one.column === column)
  const [span] = match?.spans ?? []
  const item: unknown = match ? value[match.message] : undefined
  if (!span || typeof item !== 'object' || item === null || !('content' in item) || typeof item.content !== 'string') return value
  const start = Math.max(0, span[0] - 30)
  return `${start > 0 ? '… ' : ''}${item.content.slice(start, start + 300)}`
}

function spansText(row: Row, column: string, message: number, spans: readonly [number, number][]): string[] {
  const value = row.row[column]
  const item: unknown = Array.isArray(value) ? value[message] : value
  const content = typeof item === 'object' && item !== null && 'content' in item ? item.content : item
  return typeof content === 'string' ? spans.map(([start, end]) => content.slice(start, end)) : []
}

const order = ['conversation', 'model', 'language', 'turn', 'redacted', 'openai_moderation']
const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)

/** What a column is sorted by, as the server reads it: plain values by themselves, lists by their length; nothing for the rest. */
function sortKeyOf(name: string, type: unknown): string | undefined {
  if (typeof type !== 'object' || type === null || !('_type' in type)) return undefined
  return `"${(type._type === 'List' ? `${name}.length` : name).replaceAll('"', '""')}"`
}
