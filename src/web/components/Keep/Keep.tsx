import type { Consent } from '../../api.chat.shapes.ts'
import { Link } from '../../navigate.tsx'
import { texts } from '../../texts.chat.ts'
import styles from './Keep.module.css'

/** Whether a new conversation will be recorded, and the way to change it. */
export function KeepChoice(given: { consent: Consent; keep: boolean; change: (keep: boolean) => void; ask: () => void }) {
  const { consent, keep, change, ask } = given
  return (
    <div className={styles.keep}>
      {consent.isCurrent ? (
        <label>
          <input type="checkbox" checked={keep} onChange={({ target }) => change(target.checked)} /> {texts.keep.label}
        </label>
      ) : (
        <span>{texts.keep.off}</span>
      )}
      <button type="button" onClick={ask}>
        {texts.keep.read}
      </button>
      <Link href="/withdraw">{texts.keep.withdraw}</Link>
      {!keep && <p>{texts.keep.offHint}</p>}
    </div>
  )
}

/** Whether a conversation is recorded. */
export function KeepMark({ keep }: { keep: boolean }) {
  return (
    <span className={keep ? styles.kept : styles.unkept} title={keep ? undefined : texts.keep.offHint}>
      {keep ? `● ${texts.keep.on}` : `○ ${texts.keep.off}`}
    </span>
  )
}
