import type { ReactNode } from 'react'
import styles from './Box.module.css'

/** One demand or ticket with what can be done about it; `label` names it. */
export function Box({ label, children }: { label: string; children: ReactNode }) {
  return (
    <article className={styles.box} aria-label={label}>
      {children}
    </article>
  )
}

/** What somebody wrote, line for line. */
export function Words({ text }: { text: string }) {
  return (
    <p className={styles.words}>
      <bdi>{text}</bdi>
    </p>
  )
}
