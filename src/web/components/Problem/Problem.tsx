import { adviceOf } from '../../chat/advice.ts'
import type { Problem } from '../../chat/session.ts'
import { texts } from '../../texts.chat.ts'
import { texts as common } from '../../texts.ts'
import styles from './Problem.module.css'

/** What went wrong in a conversation, in the server's words, and what to do about it. */
export function ProblemNote({ problem, dismiss, ask }: { problem: Problem; dismiss: () => void; ask: () => void }) {
  const { error, again } = problem
  const advice = adviceOf(error.code)
  return (
    <div className={styles.problem} role="alert">
      <p>
        {error.message} {advice.words}
      </p>
      <div className={styles.actions}>
        {again && (
          <button type="button" className="primary" onClick={again}>
            {common.retry}
          </button>
        )}
        {advice.isConsent && (
          <button type="button" className="primary" onClick={ask}>
            {texts.keep.read}
          </button>
        )}
        <button type="button" onClick={dismiss}>
          {texts.chat.dismiss}
        </button>
      </div>
    </div>
  )
}
