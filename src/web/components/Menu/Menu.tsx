import { type ReactNode, useEffect, useRef } from 'react'
import styles from './Menu.module.css'

/** A button that opens a small panel. Escape, a click elsewhere and a followed link close it; the browser's own `details` keeps it usable by keyboard and readers. */
export function Menu(given: { label: ReactNode; children: ReactNode; align?: 'start' | 'end'; opened?: () => void }) {
  const { label, children, align = 'start', opened } = given
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const onPointer = ({ target }: Event) => {
      if (box.current?.open && target instanceof Node && !box.current.contains(target)) box.current.open = false
    }
    document.addEventListener('pointerdown', onPointer)
    return () => document.removeEventListener('pointerdown', onPointer)
  }, [])
  return (
    <details
      className={styles.menu}
      ref={box}
      onToggle={({ currentTarget }) => currentTarget.open && opened?.()}
      onClick={({ target }) => {
        // What leads elsewhere, or downloads, has been chosen.
        if (box.current && target instanceof Element && target.closest('a')) box.current.open = false
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !box.current?.open) return
        event.stopPropagation()
        box.current.open = false
        box.current.querySelector('summary')?.focus()
      }}
    >
      <summary className="button">{label}</summary>
      <div className={`${styles.panel} ${align === 'end' ? styles.end : ''}`}>{children}</div>
    </details>
  )
}
