import { type FormEvent, useState } from 'react'
import type { Parameters } from '../../api.chat.shapes.ts'
import type { Step } from '../../chat/path.ts'
import type { Session } from '../../chat/session.ts'
import { texts } from '../../texts.chat.ts'
import { AnswerView } from '../Answer/Answer.tsx'
import { Copy } from '../Copy/Copy.tsx'
import { Marked } from '../Markdown/Marked.tsx'
import styles from './TurnView.module.css'

/** One turn: the prompt with its versions, then its answers, side by side where there are two. */
export function TurnView(given: {
  step: Step
  session: Session
  /** Names of the sides. */
  names: readonly string[]
  parameters: Parameters
  isRunning: boolean
  /** Whether answers may be judged: not in a battle before its vote. */
  mayJudge: boolean
  mayRegenerate: boolean
}) {
  const { step, session, names, parameters, isRunning, mayJudge, mayRegenerate } = given
  const { turn } = step
  return (
    <li className={styles.turn}>
      <Prompt step={step} session={session} parameters={parameters} isRunning={isRunning} />
      {turn.notice && (
        <p className={styles.notice} role="status">
          {turn.notice.message}
        </p>
      )}
      <Sides count={turn.answers.length} names={names}>
        {(side) => {
          const answer = turn.answers[side]
          return (
            answer && (
              <AnswerView
                answer={answer}
                name={names[side] ?? ''}
                mayJudge={mayJudge}
                say={(feedback) => session.say(turn.id, turn.answers.length > 1 ? { ...feedback, side: side === 0 ? 0 : 1 } : feedback)}
                {...(mayRegenerate && !isRunning ? { regenerate: () => void session.regenerate(turn.id, parameters) } : {})}
              />
            )
          )
        }}
      </Sides>
    </li>
  )
}

/** One side, or two: beside each other where there is room, else one at a time, chosen by buttons. */
export function Sides({
  count,
  names,
  children,
}: {
  count: number
  names: readonly string[]
  children: (side: number) => React.ReactNode
}) {
  const [shown, setShown] = useState(0)
  if (count < 2) return children(0)
  return (
    <div className={styles.sides}>
      <div className={styles.tabs}>
        {[0, 1].map((side) => (
          <button key={side} type="button" aria-pressed={shown === side} onClick={() => setShown(side)}>
            {names[side]}
          </button>
        ))}
      </div>
      <div className={styles.columns}>
        {[0, 1].map((side) => (
          <div key={side} className={shown === side ? undefined : styles.other}>
            {children(side)}
          </div>
        ))}
      </div>
    </div>
  )
}

function Prompt({ step, session, parameters, isRunning }: { step: Step; session: Session; parameters: Parameters; isRunning: boolean }) {
  const { turn, branches, branch } = step
  const [isEditing, setEditing] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const prompt = String(new FormData(event.currentTarget).get('prompt') ?? '').trim()
    if (prompt === '') return
    setEditing(false)
    void session.send(prompt, turn.parent, parameters)
  }
  if (isEditing)
    return (
      <form
        className={styles.edit}
        onSubmit={submit}
        onKeyDown={({ key }) => {
          if (key === 'Escape') setEditing(false)
        }}
      >
        {/* biome-ignore lint/a11y/noAutofocus: the person asked for this field */}
        <textarea name="prompt" aria-label={texts.chat.editTitle} rows={4} defaultValue={turn.prompt} dir="auto" autoFocus />
        <div className={styles.row}>
          <button type="submit" className="primary">
            {texts.chat.sendAgain}
          </button>
          <button type="button" onClick={() => setEditing(false)}>
            {texts.chat.cancel}
          </button>
        </div>
      </form>
    )
  const go = (by: number) => {
    const id = branches[branch + by]
    if (id !== undefined) void session.choose(id)
  }
  return (
    <article className={styles.prompt} aria-label={texts.chat.you}>
      <div className={styles.text} dir="auto">
        <Marked text={turn.prompt} hits={[]} />
      </div>
      <div className={styles.row}>
        {branches.length > 1 && (
          <span className={styles.branches}>
            <button type="button" aria-label={texts.chat.previous} disabled={branch === 0 || isRunning} onClick={() => go(-1)}>
              ‹
            </button>
            <span>
              <span aria-hidden="true">
                {branch + 1} / {branches.length}
              </span>
              <span className="hidden">{texts.chat.branch(branch + 1, branches.length)}</span>
            </span>
            <button type="button" aria-label={texts.chat.next} disabled={branch === branches.length - 1 || isRunning} onClick={() => go(1)}>
              ›
            </button>
          </span>
        )}
        {!isRunning && (
          <button type="button" onClick={() => setEditing(true)}>
            {texts.chat.edit}
          </button>
        )}
        <Copy text={turn.prompt} />
      </div>
    </article>
  )
}
