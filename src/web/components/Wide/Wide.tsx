import type { ReactNode } from 'react'
import styles from './Wide.module.css'

/** A place for a table of figures that scrolls inside itself; after its second column all is set to the end of the line. */
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.wide} tabIndex={0} aria-label={label}>
      {children}
    </section>
  )
}
