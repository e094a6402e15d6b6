import { texts } from '../../texts.ts'
import styles from './Cover.module.css'

/** What stands in place of flagged text until the reader asks for it: what it was flagged for, and the way to it. */
export function Cover({ categories, uncover }: { categories: readonly string[]; uncover: () => void }) {
  return (
    <div className={styles.cover}>
      <p>
        {texts.viewer.covered} <strong>{categories.join(', ') || texts.viewer.unnamed}</strong>
      </p>
      <button type="button" onClick={uncover}>
        {texts.viewer.uncover}
      </button>
    </div>
  )
}
