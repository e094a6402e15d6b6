import { type ReactNode, useState } from 'react'
import { History } from '../../components/History/History.tsx'
import { Link } from '../../navigate.tsx'
import { texts } from '../../texts.chat.ts'
import styles from './Chat.module.css'

/** A page beside the person's list of conversations; on narrow windows the list is folded away. */
export function Frame(given: { current: string; home: string; newLabel: string; children: ReactNode }) {
  const { current, home, newLabel, children } = given
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={styles.frame}>
      <aside className={styles.side}>
        <div className={styles.sideHead}>
          <Link className="button" href={home}>
            {newLabel}
          </Link>
          <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {texts.chat.history}
          </button>
        </div>
        <nav className={isOpen ? styles.open : styles.folded} aria-label={texts.chat.history}>
          <h2>{texts.chat.history}</h2>
          <History current={current} home={home} />
        </nav>
      </aside>
      <div className={styles.main}>{children}</div>
    </div>
  )
}
