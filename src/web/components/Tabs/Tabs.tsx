import type { ReactNode } from 'react'
import { Link } from '../../navigate.tsx'
import styles from './Tabs.module.css'

/** Links from one part of a place to the others. `count` is what waits there; `children` stand at the end of the line. */
export function Tabs({
  label,
  tabs,
  children,
}: {
  label: string
  tabs: readonly { href: string; name: string; isCurrent: boolean; count?: number }[]
  children?: ReactNode
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
      {children}
    </nav>
  )
}
