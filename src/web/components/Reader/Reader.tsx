import { useEffect, useRef, useState } from 'react'
import type { Row } from '../../api.ts'
import { readConversation } from '../../conversation.ts'
import { formatCount } from '../../format.ts'
import { useSettings } from '../../settings.ts'
import { texts } from '../../texts.ts'
import { Code } from '../Code/Code.tsx'
import { Marked } from '../Markdown/Marked.tsx'
import { Message } from '../Message/Message.tsx'
import { Empty } from '../State/State.tsx'
import styles from './Reader.module.css'

/** Reads one conversation: its turns as chat, its facts, its raw JSON; earlier and later ones by button and key. */
export function Reader(given: {
  row: Row
  message: number | null
  hrefOf: (message: number) => string
  previous: (() => void) | undefined
  next: (() => void) | undefined
  close: () => void
}) {
  const { row, message: target, hrefOf, previous, next, close } = given
  const [isRaw, setRaw] = useState(false)
  const [settings, change] = useSettings()
  const top = useRef<HTMLElement>(null)
  const conversation = readConversation(row.row)
  useKeys({ previous, next, close })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each row starts anew
  useEffect(() => {
    top.current?.focus({ preventScroll: true })
    if (target === null) top.current?.scrollTo(0, 0)
    else document.getElementById(`message-${target}`)?.scrollIntoView({ block: 'start' })
  }, [row.row_idx, target])
  const hitsIn = (index: number) => {
    const content = conversation?.messages[index]?.content ?? ''
    const matches = row.matches?.filter((match) => match.column === conversation?.column && match.message === index) ?? []
    return matches.flatMap(({ spans }) => spans.map(([start, end]) => content.slice(start, end)))
  }
  return (
    <section className={styles.reader} aria-label={`${texts.viewer.chat} ${formatCount(row.row_idx)}`} ref={top} tabIndex={-1}>
      <div className={styles.bar}>
        <h2>
          {texts.viewer.jump} {formatCount(row.row_idx)}
        </h2>
        <button type="button" disabled={!previous} onClick={previous} aria-label={texts.viewer.previous}>
          ←
        </button>
        <button type="button" disabled={!next} onClick={next} aria-label={texts.viewer.next}>
          →
        </button>
        <button type="button" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
          {isRaw ? texts.viewer.chat : texts.viewer.raw}
        </button>
        <button type="button" onClick={close} aria-label={texts.viewer.close}>
          ✕
        </button>
      </div>
      <label className={styles.setting}>
        <input type="checkbox" checked={settings.coversFlagged} onChange={({ target: box }) => change({ coversFlagged: box.checked })} />{' '}
        {texts.viewer.always}
      </label>
      {(row.truncated_cells ?? []).length > 0 && <p role="status">{texts.viewer.truncated}</p>}
      {isRaw && <Code text={rawText(row.row)} language="json" />}
      {!isRaw && !conversation && <Empty title="No column of this row is a conversation. Raw JSON shows all of it." />}
      {!isRaw && conversation && (
        <>
          <dl className={styles.facts}>
            {conversation.facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto">
                  <Marked text={value} hits={[]} />
                </dd>
              </div>
            ))}
          </dl>
          <div className={styles.messages}>
            {conversation.messages.map((message, index) => (
              <Message
                // biome-ignore lint/suspicious/noArrayIndexKey: a message's identity is its row and place
                key={`${row.row_idx} ${index}`}
                message={message}
                index={index}
                hits={hitsIn(index)}
                covers={settings.coversFlagged}
                href={hrefOf(index)}
                isTarget={target === index}
              />
            ))}
          </div>
        </>
      )}
      <p className={styles.keys}>{texts.viewer.keys}</p>
    </section>
  )
}

/** The row as JSON with hidden and direction-turning characters escaped, so that what is read is what is there. */
function rawText(row: unknown): string {
  return JSON.stringify(row, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function useKeys(given: { previous: (() => void) | undefined; next: (() => void) | undefined; close: () => void }) {
  const { previous, next, close } = given
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)
      if (isTyping || event.metaKey || event.ctrlKey || event.altKey) return
      const step =
        event.key === 'ArrowLeft' || event.key === 'k' ? previous : event.key === 'ArrowRight' || event.key === 'j' ? next : undefined
      if (event.key === 'Escape') close()
      else if (step) step()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [previous, next, close])
}
