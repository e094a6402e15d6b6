import styles from './Columns.module.css'

/** Amounts as columns over time, with the same as a table for those who do not see them. */
export function Columns({ label, values }: { label: string; values: readonly { name: string; value: number }[] }) {
  const most = Math.max(1, ...values.map(({ value }) => value))
  const first = values[0]
  const last = values.at(-1)
  return (
    <figure className={styles.figure}>
      <figcaption>{label}</figcaption>
      <div className={styles.plot} aria-hidden="true">
        <span className={styles.most}>{most}</span>
        <div className={styles.bars}>
          {values.map(({ name, value }) => (
            <div key={name} title={`${name}: ${value}`} style={{ height: `${(value / most) * 100}%` }} />
          ))}
        </div>
      </div>
      {first && last && (
        <div className={styles.ends} aria-hidden="true">
          <span>{first.name}</span>
          {last !== first && <span>{last.name}</span>}
        </div>
      )}
      <table className="hidden">
        <caption>{label}</caption>
        <tbody>
          {values
            .filter(({ value }) => value > 0)
            .map(({ name, value }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </figure>
  )
}
