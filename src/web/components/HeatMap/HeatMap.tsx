import type { HeatRow } from '../../chat/board.ts'
import styles from './HeatMap.module.css'

/** A square table whose cells are coloured by strength: blue above 0, brown below. The number stands in the cell, so colour is never the only sign. */
export function HeatMap({ label, rows }: { label: string; rows: readonly HeatRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.wide} tabIndex={0} aria-label={label}>
      <p>{label}</p>
      <table>
        <thead>
          <tr>
            <td />
            {rows.map(({ name }, index) => (
              <th key={name} scope="col" title={name}>
                <span className={styles.number} aria-hidden="true">
                  {index + 1}
                </span>
                <span className="hidden">{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }, row) => (
            <tr key={name}>
              <th scope="row">
                <span className={styles.number} aria-hidden="true">
                  {row + 1}
                </span>{' '}
                <bdi>{name}</bdi>
              </th>
              {cells.map((cell, column) => (
                <td key={rows[column]?.name} title={cell?.title} style={cell ? { background: shade(cell.strength) } : undefined}>
                  {cell?.words ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const shade = (strength: number) =>
  `color-mix(in oklab, var(${strength >= 0 ? '--heat-more' : '--heat-less'}) ${Math.round(Math.min(1, Math.abs(strength)) * 100)}%, var(--ground))`
