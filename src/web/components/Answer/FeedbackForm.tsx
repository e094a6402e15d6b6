import type { FormEvent } from 'react'
import type { Feedback } from '../../api.chat.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Answer.module.css'

/** Asks why an answer is bad or flagged. */
export function FeedbackForm({
  verdict,
  send,
  cancel,
}: {
  verdict: 'down' | 'flag'
  send: (feedback: Omit<Feedback, 'side'>) => void
  cancel: () => void
}) {
  const title = verdict === 'flag' ? texts.feedback.flag : texts.feedback.bad
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const comment = String(form.get('comment') ?? '').trim()
    send({ verdict, reason: String(form.get('reason')), ...(comment ? { comment } : {}) })
  }
  return (
    <form
      className={styles.form}
      aria-label={title}
      onSubmit={submit}
      onKeyDown={({ key }) => {
        if (key === 'Escape') cancel()
      }}
    >
      <label>
        {title}
        <select name="reason">
          {texts.feedback.reasons[verdict].map((reason) => (
            <option key={reason}>{reason}</option>
          ))}
        </select>
      </label>
      <label>
        {texts.feedback.comment}
        <textarea name="comment" rows={2} maxLength={2000} dir="auto" />
      </label>
      <div className={styles.actions}>
        <button type="submit" className="primary">
          {texts.feedback.send}
        </button>
        <button type="button" onClick={cancel}>
          {texts.chat.cancel}
        </button>
      </div>
    </form>
  )
}
