import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { Answer } from '../../api.chat.shapes.ts'
import type { Feedback } from '../../api.chat.ts'
import { chatUrl } from '../../card.ts'
import { normalizeMaths } from '../../marks.ts'
import { useSettings } from '../../settings.ts'
import { texts } from '../../texts.chat.ts'
import { Copy } from '../Copy/Copy.tsx'
import { Cover } from '../Cover/Cover.tsx'
import { Marked } from '../Markdown/Marked.tsx'
import styles from './Answer.module.css'
import { FeedbackForm } from './FeedbackForm.tsx'

const Markdown = lazy(() => import('../Markdown/Markdown.tsx'))

/** Longer answers are shown as plain text: formatting them anew with every word would hold the page up. */
const MAX_FORMATTED = 30_000

/** One answer: who gave it, its text as it comes, covered where it was flagged, how it ended, and what can be said of it. Without `say` it is for reading alone. */
export function AnswerView(given: {
  answer: Answer
  name: string
  note?: ReactNode
  say?: (feedback: Omit<Feedback, 'side'>) => Promise<boolean>
  mayJudge?: boolean
  regenerate?: () => void
}) {
  const { answer, name, note, say, mayJudge = true, regenerate } = given
  const [form, setForm] = useState<'down' | 'flag'>()
  const [isThanked, setThanked] = useState(false)
  const [{ coversFlagged }] = useSettings()
  const [isUncovered, setUncovered] = useState(false)
  const isCovered = coversFlagged && answer.categories.length > 0 && !isUncovered
  const isStreaming = answer.status === 'streaming'
  const judge = async (feedback: Omit<Feedback, 'side'>) => {
    if (!say || !(await say(feedback))) return
    setForm(undefined)
    setThanked(true)
  }
  return (
    <article className={styles.answer} aria-busy={isStreaming} aria-label={name}>
      <header className={styles.head}>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        {note}
        {isStreaming && <span>{texts.chat.writing}</span>}
      </header>
      {isCovered ? (
        <Cover categories={answer.categories} uncover={() => setUncovered(true)} />
      ) : (
        <div className={styles.body} dir="auto">
          <AnswerText text={answer.text} />
        </div>
      )}
      <Ending answer={answer} />
      {!isStreaming && say && (
        <div className={styles.actions}>
          {answer.text !== '' && !isCovered && <Copy text={answer.text} />}
          {regenerate && (
            <button type="button" onClick={regenerate}>
              {texts.chat.regenerate}
            </button>
          )}
          {mayJudge && (
            <>
              <button type="button" aria-pressed={answer.verdict === 'up'} onClick={() => void judge({ verdict: 'up' })}>
                <span aria-hidden="true">▲ </span>
                {texts.chat.good}
              </button>
              <button
                type="button"
                aria-pressed={answer.verdict === 'down'}
                aria-expanded={form === 'down'}
                onClick={() => setForm(form === 'down' ? undefined : 'down')}
              >
                <span aria-hidden="true">▼ </span>
                {texts.chat.bad}
              </button>
            </>
          )}
          <button
            type="button"
            aria-pressed={answer.isFlagged}
            aria-expanded={form === 'flag'}
            onClick={() => setForm(form === 'flag' ? undefined : 'flag')}
          >
            <span aria-hidden="true">⚑ </span>
            {answer.isFlagged ? texts.chat.flagged : texts.chat.flag}
          </button>
          <span role="status" className="quiet">
            {isThanked && !form ? texts.feedback.thanks : ''}
          </span>
          {answer.timing && (
            <small className={styles.timing}>{texts.chat.timing(answer.timing.firstTokenMs, answer.timing.tokensPerSecond)}</small>
          )}
        </div>
      )}
      {form && <FeedbackForm verdict={form} send={(feedback) => void judge(feedback)} cancel={() => setForm(undefined)} />}
    </article>
  )
}

/** Text of a model: formatted, or letter for letter while the formatter loads and where it is very long. */
export function AnswerText({ text }: { text: string }) {
  const plain = (
    <div className={styles.plain}>
      <Marked text={text} hits={[]} />
    </div>
  )
  if (text.length > MAX_FORMATTED) return plain
  return (
    <Suspense fallback={plain}>
      <Markdown text={normalizeMaths(text)} urlOf={chatUrl} hasPictures={false} />
    </Suspense>
  )
}

function Ending({ answer }: { answer: Answer }) {
  if (answer.status === 'stopped') return <p className={styles.ending}>{texts.chat.stopped}</p>
  if (answer.error) return <p className={`${styles.ending} ${styles.failed}`}>{answer.error.message}</p>
  if (answer.status === 'blocked') return <p className={`${styles.ending} ${styles.failed}`}>{texts.chat.blocked}</p>
  if (answer.finish === 'length') return <p className={styles.ending}>{texts.chat.cutShort}</p>
  return null
}
