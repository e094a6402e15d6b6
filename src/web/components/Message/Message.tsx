import { lazy, Suspense, useEffect, useState } from 'react'
import { chatUrl } from '../../card.ts'
import type { Moderation, Message as Shown } from '../../conversation.ts'
import { formatCount } from '../../format.ts'
import { type KnownTags, normalizeMaths } from '../../marks.ts'
import { texts as words } from '../../texts.data.ts'
import { texts } from '../../texts.ts'
import { Copy } from '../Copy/Copy.tsx'
import { Cover } from '../Cover/Cover.tsx'
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
  known?: KnownTags | undefined
  covers: boolean
  isPlain?: boolean
  showsScores?: boolean
  href?: string
  isTarget?: boolean
}) {
  const { message, index, hits, known, covers, isPlain: isPlainUsually = false, showsScores = false, href, isTarget = false } = given
  const isLong = message.content.length > MAX_FORMATTED
  const [isUncovered, setUncovered] = useState(false)
  const [isPlain, setPlain] = useState(isPlainUsually || isLong)
  useEffect(() => setPlain(isPlainUsually || isLong), [isPlainUsually, isLong])
  const { moderation } = message
  const isCovered = covers && moderation?.isFlagged === true && !isUncovered
  const tags = known ? { known } : {}
  return (
    <article
      id={href === undefined ? undefined : `message-${index}`}
      className={`${styles.message} ${message.role === 'user' ? styles.user : ''} ${isTarget ? styles.target : ''}`}
      aria-label={texts.viewer.message(index + 1, message.role)}
    >
      <header className={styles.head}>
        <strong>{message.role}</strong>
        {message.language && <span>{message.language}</span>}
        {message.tokens !== null && (
          <span>
            {formatCount(message.tokens)} {texts.viewer.tokens}
          </span>
        )}
        {moderation?.isFlagged && <span className={styles.flag}>⚠ {moderation.categories.join(', ') || texts.viewer.unnamed}</span>}
        <span className={styles.actions}>
          {href !== undefined && (
            <a href={href} aria-label={`${texts.viewer.link} ${index + 1}`}>
              #{index + 1}
            </a>
          )}
          {!isCovered && <Copy text={message.content} label={words.reader.copyMessage} />}
          {!isCovered && (
            <button type="button" onClick={() => setPlain(!isPlain)}>
              {isPlain ? texts.viewer.rendered : texts.viewer.source}
            </button>
          )}
        </span>
      </header>
      {isCovered ? (
        <Cover categories={moderation.categories} uncover={() => setUncovered(true)} />
      ) : (
        <div className={styles.body}>
          {isLong && isPlain && <p className="quiet">{words.reader.long(formatCount(message.content.length))}</p>}
          {isPlain ? (
            <div className={styles.plain}>
              <Marked text={message.content} hits={hits} {...tags} />
            </div>
          ) : (
            <Suspense fallback={<Loading />}>
              <Markdown text={normalizeMaths(message.content)} hits={hits} {...tags} urlOf={chatUrl} hasPictures={false} />
            </Suspense>
          )}
        </div>
      )}
      {moderation && moderation.scores.length > 0 && <Scores moderation={moderation} isOpen={showsScores} />}
    </article>
  )
}

function Scores({ moderation, isOpen }: { moderation: Moderation; isOpen: boolean }) {
  return (
    <details className={styles.scores} open={isOpen}>
      <summary>{texts.viewer.scores}</summary>
      <dl>
        {moderation.scores.map(([name, score]) => (
          <div key={name} data-flagged={moderation.categories.includes(name)}>
            <dt>{name}</dt>
            <dd>
              <span className={styles.meter} style={{ '--share': score }} />
              {score < 0.001 && score > 0 ? score.toExponential(0) : score.toFixed(3)}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
