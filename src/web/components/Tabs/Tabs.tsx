import { Link } from '../../navigate.tsx'
import styles from './Tabs.module.css'

/** Links from one part of a place to the others. `count` is what waits there. */
export function Tabs({
  label,
  tabs,
}: {
  label: string
  tabs: readonly { href: string; name: string; isCurrent: boolean; count?: number }[]
}) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      <ul>
        {tabs.map(({ href, name, isCurrent, count = 0 }) => (
          <li key={href}>
            <Link href={href} aria-current={isCurrent ? 'page' : undefined}>
              {name}
              {count > 0 && <span className={styles.count}> {count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
