import { useEffect, useRef } from 'react'
import type { Parameters } from '../../api.chat.shapes.ts'
import { pathOf } from '../../chat/path.ts'
import type { Session, SessionState } from '../../chat/session.ts'
import { TurnView } from '../../components/TurnView/TurnView.tsx'
import { texts } from '../../texts.chat.ts'
import styles from './Chat.module.css'

/** The turns of the shown branch. Follows the newest words as long as the reader is at the end. */
export function Turns(given: {
  state: SessionState
  session: Session
  names: readonly string[]
  parameters: Parameters
  mayJudge: boolean
  mayRegenerate: boolean
}) {
  const { state, session, names, parameters, mayJudge, mayRegenerate } = given
  const { conversation, running, sending, isCut } = state
  const steps = pathOf(conversation.turns, sending ? sending.parent : conversation.head)
  const list = useRef<HTMLOListElement>(null)
  const end = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const onScroll = () => {
      isAtEnd.current = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 160
    }
    addEventListener('scroll', onScroll, { passive: true })
    return () => removeEventListener('scroll', onScroll)
  }, [])
  // Words grow the list, and so do code and maths that are drawn later.
  useEffect(() => {
    if (!list.current) return
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) end.current?.scrollIntoView({ block: 'end', behavior: 'instant' })
    })
    observer.observe(list.current)
    return () => observer.disconnect()
  }, [])
  return (
    <>
      <ol ref={list} className={styles.turns}>
        {steps.map((step) => (
          <TurnView
            key={step.turn.id}
            step={step}
            session={session}
            names={names}
            parameters={parameters}
            isRunning={running !== undefined || sending !== undefined}
            mayJudge={mayJudge}
            mayRegenerate={mayRegenerate}
          />
        ))}
        {sending && (
          <li className={styles.sending}>
            <div dir="auto">{sending.prompt}</div>
          </li>
        )}
      </ol>
      <p role="status" className={isCut ? styles.cut : 'hidden'}>
        {isCut ? texts.chat.lost : running === undefined ? '' : texts.chat.writing}
      </p>
      <div ref={end} className={styles.end} />
    </>
  )
}
