import styles from './TimeBars.module.css'

/** One bar: its name, its height (null: not told), and the words for it. */
export interface Bar {
  name: string
  value: number | null
  words: string
}

/** A small bar chart. Readers that do not see it get the same as a list. */
export function TimeBars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const top = Math.max(1, ...bars.map(({ value }) => value ?? 0))
  return (
    <figure className={styles.figure}>
      <figcaption className="hidden">{label}</figcaption>
      <ul className={styles.bars}>
        {bars.map(({ name, value, words }) => (
          <li key={name} title={`${name}: ${words}`}>
            <span
              className={value === null ? styles.untold : styles.bar}
              style={{ height: `${value === null ? 8 : Math.max(value === 0 ? 0 : 4, (value / top) * 100)}%` }}
            />
            <span className="hidden">
              {name}: {words}
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.ends} aria-hidden="true">
        <span>{bars[0]?.name}</span>
        <span>{bars.length > 1 ? bars.at(-1)?.name : ''}</span>
      </div>
    </figure>
  )
}
