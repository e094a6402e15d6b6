import { useEffect, useMemo, useRef, useState } from 'react'
import type { Row } from '../../api.ts'
import { type Conversation, readConversation } from '../../conversation.ts'
import { formatCount } from '../../format.ts'
import { Link, navigate } from '../../navigate.tsx'
import { useSettings } from '../../settings.ts'
import { texts } from '../../texts.data.ts'
import { texts as common } from '../../texts.ts'
import { Code } from '../Code/Code.tsx'
import { Marked } from '../Markdown/Marked.tsx'
import { Menu } from '../Menu/Menu.tsx'
import { Message } from '../Message/Message.tsx'
import { Empty } from '../State/State.tsx'
import { Help } from './Help.tsx'
import { useKeys } from './keys.ts'
import styles from './Reader.module.css'

/** Reads one conversation: its turns as chat, its facts, its raw JSON; earlier and later ones by button and key. */
export function Reader(given: {
  row: Row
  message: number | null
  hrefOf: (message: number) => string
  pointAt: (message: number) => void
  compareHref: string
  previous: (() => void) | undefined
  next: (() => void) | undefined
  close: () => void
}) {
  const { row, message: target, hrefOf, pointAt, compareHref, previous, next, close } = given
  const [isRaw, setRaw] = useState(false)
  const [isUncovered, setUncovered] = useState(false)
  const [showsScores, setShowsScores] = useState(false)
  const [isHelp, setHelp] = useState(false)
  const [settings] = useSettings()
  const top = useRef<HTMLElement>(null)
  const conversation = useMemo(() => readConversation(row.row), [row])
  const count = conversation?.messages.length ?? 0
  const flagged = conversation?.messages.filter(({ moderation }) => moderation?.isFlagged).length ?? 0
  const isCovering = settings.coversFlagged && !isUncovered
  const actions = useMemo(() => {
    const step = (by: number) => () => {
      if (count > 0) pointAt(Math.max(0, Math.min(count - 1, target === null ? (by > 0 ? 0 : count - 1) : target + by)))
    }
    const back = { ArrowLeft: previous, k: previous, p: step(-1) }
    const forth = { ArrowRight: next, j: next, n: step(1) }
    return {
      ...back,
      ...forth,
      u: () => setUncovered((now) => !now),
      s: () => setShowsScores((now) => !now),
      r: () => setRaw((now) => !now),
      c: () => void navigator.clipboard?.writeText(location.href).catch(() => undefined),
      m: () => navigate(compareHref),
      '/': () => document.getElementById('search-box')?.focus(),
      '?': () => setHelp(true),
      Escape: close,
    }
  }, [previous, next, close, pointAt, compareHref, count, target])
  useKeys(actions)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each row starts anew
  useEffect(() => {
    setUncovered(false)
    setRaw(false)
    top.current?.focus({ preventScroll: true })
    if (target === null) top.current?.scrollTo(0, 0)
  }, [row.row_idx])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a target is looked for again in each row
  useEffect(() => {
    if (target !== null) document.getElementById(`message-${target}`)?.scrollIntoView({ block: 'start' })
  }, [row.row_idx, target])
  return (
    <section
      className={`${styles.reader} ${settings.isLarge ? styles.large : ''}`}
      aria-label={`${common.viewer.chat} ${formatCount(row.row_idx)}`}
      ref={top}
      tabIndex={-1}
    >
      <div className={styles.bar}>
        <h2>
          {common.viewer.jump} {formatCount(row.row_idx)}
        </h2>
        <button type="button" disabled={!previous} onClick={previous} aria-label={common.viewer.previous}>
          ←
        </button>
        <button type="button" disabled={!next} onClick={next} aria-label={common.viewer.next}>
          →
        </button>
        <button type="button" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
          {isRaw ? common.viewer.chat : common.viewer.raw}
        </button>
        <Settings />
        <button type="button" onClick={() => setHelp(true)} aria-label={texts.reader.help} title={`${texts.reader.help} (?)`}>
          ?
        </button>
        <button type="button" onClick={close} aria-label={common.viewer.close}>
          ✕
        </button>
      </div>
      <Help isOpen={isHelp} close={() => setHelp(false)} />
      {(row.truncated_cells ?? []).length > 0 && <p role="status">{common.viewer.truncated}</p>}
      {isRaw && <Raw row={row} isCovered={isCovering && flagged > 0} show={() => setUncovered(true)} />}
      {!isRaw && !conversation && <Empty title={common.viewer.noConversation} />}
      {!isRaw && conversation && (
        <>
          <Facts conversation={conversation} />
          <p className={styles.ways}>
            <Link href={compareHref}>{texts.reader.compare}</Link>
            {flagged > 0 && settings.coversFlagged && (
              <button type="button" onClick={() => setUncovered(!isUncovered)}>
                {isUncovered ? texts.reader.coverAll : texts.reader.uncoverAll(flagged)}
              </button>
            )}
          </p>
          <Messages
            row={row}
            conversation={conversation}
            target={target}
            hrefOf={hrefOf}
            covers={isCovering}
            isPlain={settings.isPlain}
            showsScores={showsScores}
          />
        </>
      )}
    </section>
  )
}

function Messages(given: {
  row: Row
  conversation: Conversation
  target: number | null
  hrefOf: (message: number) => string
  covers: boolean
  isPlain: boolean
  showsScores: boolean
}) {
  const { row, conversation, target, hrefOf, covers, isPlain, showsScores } = given
  const known = useMemo(
    () =>
      new Map(conversation.messages.flatMap(({ redactions }) => redactions.map(({ replacement, kind }) => [replacement, kind] as const))),
    [conversation],
  )
  const hitsIn = (index: number) => {
    const content = conversation.messages[index]?.content ?? ''
    const matches = row.matches?.filter((match) => match.column === conversation.column && match.message === index) ?? []
    return matches.flatMap(({ spans }) => spans.map(([start, end]) => content.slice(start, end)))
  }
  return (
    <div className={styles.messages}>
      {conversation.messages.map((message, index) => (
        <Message
          // biome-ignore lint/suspicious/noArrayIndexKey: a message's identity is its row and place
          key={`${row.row_idx} ${index}`}
          message={message}
          index={index}
          hits={hitsIn(index)}
          known={known}
          covers={covers}
          isPlain={isPlain}
          showsScores={showsScores}
          href={hrefOf(index)}
          isTarget={target === index}
        />
      ))}
    </div>
  )
}

/** So many facts out of structs stand with the others; more are folded, so that the conversation is in sight. */
const NESTED = 4

function Facts({ conversation }: { conversation: Conversation }) {
  const nested = conversation.facts.filter(([name]) => name.includes('.'))
  if (nested.length <= NESTED) return <FactList facts={conversation.facts} />
  return (
    <>
      <FactList facts={conversation.facts.filter(([name]) => !name.includes('.'))} />
      <details className={styles.more}>
        <summary>{texts.reader.moreFacts(nested.length)}</summary>
        <FactList facts={nested} />
      </details>
    </>
  )
}

function FactList({ facts }: { facts: Conversation['facts'] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">
            <Marked text={value} hits={[]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Settings() {
  const [settings, change] = useSettings()
  return (
    <Menu label={<Aa />} align="end">
      <div className={styles.settings}>
        <label>
          <input type="checkbox" checked={settings.coversFlagged} onChange={({ target }) => change({ coversFlagged: target.checked })} />{' '}
          {texts.reader.covers}
        </label>
        <label>
          <input type="checkbox" checked={settings.isPlain} onChange={({ target }) => change({ isPlain: target.checked })} />{' '}
          {texts.reader.plain}
        </label>
        <label>
          <input type="checkbox" checked={settings.isLarge} onChange={({ target }) => change({ isLarge: target.checked })} />{' '}
          {texts.reader.larger}
        </label>
      </div>
    </Menu>
  )
}

function Aa() {
  return (
    <>
      <span aria-hidden="true">Aa</span>
      <span className="hidden">{texts.reader.settings}</span>
    </>
  )
}

function Raw({ row, isCovered, show }: { row: Row; isCovered: boolean; show: () => void }) {
  if (!isCovered) return <Code text={rawText(row.row)} language="json" />
  return (
    <Empty title={texts.reader.rawCovered}>
      <button type="button" onClick={show}>
        {texts.reader.showRaw}
      </button>
    </Empty>
  )
}

/** The row as JSON with hidden and direction-turning characters escaped, so that what is read is what is there. */
function rawText(row: unknown): string {
  return JSON.stringify(row, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
