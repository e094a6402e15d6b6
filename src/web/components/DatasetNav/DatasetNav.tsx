import type { ReactNode } from 'react'
import { Link } from '../../navigate.tsx'
import { diffHref, statisticsHref, viewHref } from '../../route.data.ts'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.data.ts'
import styles from './DatasetNav.module.css'

/** The head of a dataset's pages: its name, and the way from one page to the others. `children` stand at the end of the line. */
export function DatasetNav({ dataset, current, children }: { dataset: string; current: string; children?: ReactNode }) {
  const pages = [
    ['card', datasetHref(dataset), texts.nav.card],
    ['viewer', viewHref(dataset, {}), texts.nav.viewer],
    ['statistics', statisticsHref(dataset, {}), texts.nav.statistics],
    ['diff', diffHref(dataset, {}), texts.nav.versions],
    ['sql', `/sql?dataset=${dataset}`, texts.nav.sql],
  ] as const
  return (
    <nav className={styles.nav} aria-label={texts.nav.label}>
      <ul>
        {pages.map(([page, href, words]) => (
          <li key={page}>
            <Link href={href} aria-current={page === current ? 'page' : undefined}>
              {words}
            </Link>
          </li>
        ))}
      </ul>
      {children}
    </nav>
  )
}
