import { type FormEvent, useState } from 'react'
import type { Shared } from '../../api.chat.shapes.ts'
import { chatApi } from '../../api.chat.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { AnswerView } from '../../components/Answer/Answer.tsx'
import { Marked } from '../../components/Markdown/Marked.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import turnStyles from '../../components/TurnView/TurnView.module.css'
import { Sides } from '../../components/TurnView/TurnView.tsx'
import { formatDay } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { texts } from '../../texts.chat.ts'
import styles from './Chat.module.css'

/** A conversation that somebody shares: for reading alone. */
export default function SharedPage({ share }: { share: string }) {
  const loaded = useLoad(`shared ${share}`, (signal) => chatApi.shared(share, signal))
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'error') {
    if (loaded.error.status !== 404) return <Failed error={loaded.error} retry={loaded.retry} />
    return (
      <Empty title={texts.share.gone}>
        <Link href="/chat">{texts.chat.new}</Link>
      </Empty>
    )
  }
  const { title, models, sharedAt, turns } = loaded.value
  return (
    <div className={styles.chat}>
      <h1>
        <bdi>{title || texts.share.page}</bdi>
      </h1>
      <p className="quiet">{texts.share.by(models, formatDay(sharedAt))}</p>
      {turns.length === 0 && <Empty title={texts.chat.noHistory} />}
      <ol className={styles.turns}>
        {turns.map((turn) => (
          <SharedTurn key={turn.id} turn={turn} models={models} />
        ))}
      </ol>
      <ReportForm share={share} />
    </div>
  )
}

function SharedTurn({ turn, models }: { turn: Shared['turns'][number]; models: readonly string[] }) {
  return (
    <li className={turnStyles.turn}>
      <article className={turnStyles.prompt} aria-label={texts.chat.you}>
        <div className={turnStyles.text} dir="auto">
          <Marked text={turn.prompt} hits={[]} />
        </div>
      </article>
      <Sides count={turn.answers.length} names={models}>
        {(side) => {
          const answer = turn.answers[side]
          return answer && <AnswerView answer={answer} name={models[side] ?? ''} />
        }}
      </Sides>
    </li>
  )
}

function ReportForm({ share }: { share: string }) {
  const [isDone, setDone] = useState(false)
  const [error, setError] = useState<ApiError>()
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    try {
      await chatApi.report({ share, kind: String(form.get('kind')), text: String(form.get('text') ?? '') })
      setDone(true)
    } catch (reason) {
      setError(errorOf(reason))
    }
  }
  if (isDone) return <p role="status">{texts.share.reported}</p>
  return (
    <details>
      <summary>{texts.share.report}</summary>
      <form className={styles.report} onSubmit={(event) => void submit(event)}>
        <label>
          {texts.feedback.reason}
          <select name="kind">
            {Object.entries(texts.share.kinds).map(([kind, words]) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.share.reportText}
          <textarea name="text" rows={3} required maxLength={4000} dir="auto" />
        </label>
        {error && <Failed error={error} />}
        <button type="submit" className="primary">
          {texts.feedback.send}
        </button>
      </form>
    </details>
  )
}
