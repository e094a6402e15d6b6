import type { ReactNode } from 'react'
import { formatCount, formatShare } from '../../format.ts'
import { Marked } from '../Markdown/Marked.tsx'
import styles from './Bars.module.css'

/** One bar: its name, its count, whether it is chosen, and what a click does; without `choose` it is only read. */
export interface BarRow {
  name: string
  count: number
  isChosen?: boolean
  choose?: () => void
}

/** A chart of named counts that is a list: read aloud as names with counts, clicked or tabbed through. `total` is what shares are of. */
export function Bars({ rows, total, label, children }: { rows: readonly BarRow[]; total: number; label: string; children?: ReactNode }) {
  const most = Math.max(1, ...rows.map(({ count }) => count))
  return (
    <section className={styles.chart} aria-label={label}>
      <h3>{label}</h3>
      <ul>
        {rows.map(({ name, count, isChosen = false, choose }) => {
          const inside = (
            <>
              <span className={styles.name} title={name}>
                <Marked text={name} hits={[]} />
              </span>
              <span className={styles.track}>
                <span className={styles.bar} style={{ inlineSize: `${(count / most) * 100}%` }} />
              </span>
              <span className={styles.count}>
                {formatCount(count)} <span className={styles.share}>{total > 0 ? formatShare(count / total) : ''}</span>
              </span>
            </>
          )
          return (
            <li key={name}>
              {choose ? (
                <button type="button" className={styles.row} aria-pressed={isChosen} onClick={choose}>
                  {inside}
                </button>
              ) : (
                <span className={styles.row}>{inside}</span>
              )}
            </li>
          )
        })}
      </ul>
      {children}
    </section>
  )
}

/** A histogram whose bars stand side by side; the counts are in a table for those who do not see it. */
export function Histogram({ rows, label, caption }: { rows: readonly BarRow[]; label: string; caption?: string }) {
  const most = Math.max(1, ...rows.map(({ count }) => count))
  return (
    <section className={styles.chart} aria-label={label}>
      <h3>{label}</h3>
      <div className={styles.columns} aria-hidden={rows.every(({ choose }) => !choose)}>
        {rows.map(({ name, count, isChosen = false, choose }) => {
          const blockSize = `${count === 0 ? 0 : Math.max(2, (count / most) * 100)}%`
          const title = `${name}: ${formatCount(count)}`
          return choose ? (
            <button
              key={name}
              type="button"
              className={styles.column}
              title={title}
              aria-label={title}
              aria-pressed={isChosen}
              onClick={choose}
            >
              <span style={{ blockSize }} />
            </button>
          ) : (
            <span key={name} className={styles.column} title={title}>
              <span style={{ blockSize }} />
            </span>
          )
        })}
      </div>
      <div className={styles.ends}>
        <span>{rows[0]?.name}</span>
        <span>{caption}</span>
        <span>{rows.at(-1)?.name}</span>
      </div>
      {rows.every(({ choose }) => !choose) && (
        <table className="hidden">
          <caption>{label}</caption>
          <tbody>
            {rows.map(({ name, count }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{formatCount(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
