import { lazy, Suspense, useState } from 'react'
import { chatUrl } from '../../card.ts'
import type { Message as Shown } from '../../conversation.ts'
import { normalizeMaths } from '../../marks.ts'
import { texts } from '../../texts.ts'
import { Marked } from '../Markdown/Marked.tsx'
import { Loading } from '../State/State.tsx'
import styles from './Message.module.css'

const Markdown = lazy(() => import('../Markdown/Markdown.tsx'))

/** Longer messages are shown as plain text at first: formatting them would hold the page up. */
const MAX_FORMATTED = 50_000

/** One message of a conversation: who speaks, what moderation said, its text; covered while flagged, unless the reader asked. */
export function Message(given: {
  message: Shown
  index: number
  hits: readonly string[]
  covers: boolean
  href: string
  isTarget: boolean
}) {
  const { message, index, hits, covers, href, isTarget } = given
  const [isUncovered, setUncovered] = useState(false)
  const [isPlain, setPlain] = useState(message.content.length > MAX_FORMATTED)
  const { moderation } = message
  const isCovered = covers && moderation?.isFlagged === true && !isUncovered
  return (
    <article
      id={`message-${index}`}
      className={`${styles.message} ${message.role === 'user' ? styles.user : ''} ${isTarget ? styles.target : ''}`}
      aria-label={`Message ${index + 1}, ${message.role}`}
    >
      <header className={styles.head}>
        <strong>{message.role}</strong>
        {message.language && <span>{message.language}</span>}
        {message.tokens !== null && (
          <span>
            {message.tokens} {texts.viewer.tokens}
          </span>
        )}
        {moderation?.isFlagged && <span className={styles.flag}>⚠ {moderation.categories.join(', ') || texts.viewer.unnamed}</span>}
        <span className={styles.actions}>
          <a href={href} aria-label={`${texts.viewer.link} ${index + 1}`}>
            #{index + 1}
          </a>
          {!isCovered && (
            <button type="button" onClick={() => setPlain(!isPlain)}>
              {isPlain ? texts.viewer.rendered : texts.viewer.source}
            </button>
          )}
        </span>
      </header>
      {isCovered ? (
        <div className={styles.cover}>
          <p>
            {texts.viewer.covered} <strong>{moderation.categories.join(', ') || texts.viewer.unnamed}</strong>
          </p>
          <button type="button" onClick={() => setUncovered(true)}>
            {texts.viewer.uncover}
          </button>
        </div>
      ) : (
        <div className={styles.body} dir="auto">
          {isPlain ? (
            <div className={styles.plain}>
              <Marked text={message.content} hits={hits} />
            </div>
          ) : (
            <Suspense fallback={<Loading />}>
              <Markdown text={normalizeMaths(message.content)} hits={hits} urlOf={chatUrl} hasPictures={false} />
            </Suspense>
          )}
        </div>
      )}
      {moderation && moderation.scores.length > 0 && (
        <details className={styles.scores}>
          <summary>{texts.viewer.scores}</summary>
          <dl>
            {moderation.scores.map(([name, score]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{score.toPrecision(2)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </article>
  )
}
