import { useEffect } from 'react'
import type { Match, Row } from '../../api.ts'
import { type Conversation, readConversation } from '../../conversation.ts'
import { excerptOf } from '../../excerpt.ts'
import { formatCount } from '../../format.ts'
import { useSettings } from '../../settings.ts'
import { texts } from '../../texts.data.ts'
import { texts as common } from '../../texts.ts'
import { Marked } from '../Markdown/Marked.tsx'
import { Loading } from '../State/State.tsx'
import styles from './Hits.module.css'

/** Conversations on a page of hits. */
export const HITS_ON_PAGE = 20
const SHOWN_MESSAGES = 3

/** The found conversations of one page, each with its messages that have a hit. `open` goes to a conversation, or to one of its messages. */
export function Hits(given: {
  part: number
  total: number
  at: (index: number) => Row | undefined
  want: (first: number, last: number) => void
  open: (index: number, message: number | null) => void
  opened: number | null
  turn: (part: number) => void
}) {
  const { part, total, at, want, open, opened, turn } = given
  const pages = Math.max(1, Math.ceil(total / HITS_ON_PAGE))
  const first = (Math.min(part, pages) - 1) * HITS_ON_PAGE
  const last = Math.min(total, first + HITS_ON_PAGE)
  useEffect(() => want(first, last))
  return (
    <div className={styles.hits}>
      <ol start={first + 1}>
        {Array.from({ length: last - first }, (_, offset) => {
          const index = first + offset
          const row = at(index)
          return (
            <li key={index}>{row ? <Hit row={row} isOpen={index === opened} open={(message) => open(index, message)} /> : <Loading />}</li>
          )
        })}
      </ol>
      {pages > 1 && (
        <nav className={styles.pages} aria-label={texts.results.page}>
          <button type="button" disabled={first === 0} onClick={() => turn(Math.min(part, pages) - 1)}>
            ← {texts.results.previous}
          </button>
          <span>
            {texts.results.page} {formatCount(Math.min(part, pages))} / {formatCount(pages)}
          </span>
          <button type="button" disabled={last >= total} onClick={() => turn(Math.min(part, pages) + 1)}>
            {texts.results.next} →
          </button>
        </nav>
      )}
    </div>
  )
}

function Hit({ row, isOpen, open }: { row: Row; isOpen: boolean; open: (message: number | null) => void }) {
  const conversation = readConversation(row.row)
  const matches = (row.matches ?? []).filter(({ column, message }) => column === conversation?.column && message >= 0)
  const elsewhere = (row.matches ?? []).filter(({ column, message }) => column !== conversation?.column || message < 0)
  const facts = ['model', 'language'].flatMap((name) => conversation?.facts.find(([fact]) => fact === name)?.[1] ?? [])
  const shown = matches.slice(0, SHOWN_MESSAGES)
  return (
    <article className={`${styles.hit} ${isOpen ? styles.open : ''}`} aria-label={`${common.viewer.jump} ${formatCount(row.row_idx)}`}>
      <header className={styles.head}>
        <button type="button" className={styles.title} onClick={() => open(null)}>
          {common.viewer.jump} {formatCount(row.row_idx)}
        </button>
        {facts.map((fact) => (
          <span key={fact}>
            <Marked text={fact} hits={[]} />
          </span>
        ))}
        <span>{texts.results.turns(matches.length)}</span>
      </header>
      {shown.map((match) => (
        <Snippet key={match.message} match={match} conversation={conversation} open={() => open(match.message)} />
      ))}
      {elsewhere.map(({ column, spans }) => {
        const value = row.row[column]
        return typeof value === 'string' ? (
          <p key={column} className={styles.text}>
            <span className={styles.role}>{column}</span> <Excerpt text={value} spans={spans} />
          </p>
        ) : null
      })}
      {matches.length > shown.length && (
        <button type="button" className={styles.more} onClick={() => open(matches[SHOWN_MESSAGES]?.message ?? null)}>
          {texts.results.otherHits(matches.length - shown.length)}
        </button>
      )}
    </article>
  )
}

function Snippet({ match, conversation, open }: { match: Match; conversation: Conversation | undefined; open: () => void }) {
  const [{ coversFlagged }] = useSettings()
  const message = conversation?.messages[match.message]
  if (!message) return null
  const isCovered = coversFlagged && message.moderation?.isFlagged === true
  return (
    <button type="button" className={`${styles.snippet} ${message.role === 'user' ? styles.user : ''}`} onClick={open}>
      <span className={styles.role}>
        {message.role} #{match.message + 1}
      </span>
      {isCovered ? (
        <span className={styles.covered}>
          {common.viewer.covered} {message.moderation?.categories.join(', ') || common.viewer.unnamed}
        </span>
      ) : (
        <span className={styles.text} dir="auto">
          <Excerpt text={message.content} spans={match.spans} />
        </span>
      )}
    </button>
  )
}

function Excerpt({ text, spans }: { text: string; spans: readonly (readonly [number, number])[] }) {
  return excerptOf(text, spans).pieces.map((piece, index) =>
    piece.isHit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity than their place
      <mark key={index} data-kind="hit">
        <Marked text={piece.text} hits={[]} />
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Marked key={index} text={piece.text} hits={[]} />
    ),
  )
}
