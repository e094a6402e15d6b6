import { type ReactNode, useEffect, useRef } from 'react'
import styles from './Menu.module.css'

/** A button that opens a small panel. Escape and a click elsewhere close it; the browser's own `details` keeps it usable by keyboard and readers. */
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
