import { useEffect, useRef } from 'react'
import type { Conversation } from '../../api.chat.shapes.ts'
import { ballot, mayVote, namesOf, winnerOfKey } from '../../chat/ballot.ts'
import type { Session } from '../../chat/session.ts'
import { drafts, useSessionState } from '../../chat/use-session.ts'
import { Composer } from '../../components/Composer/Composer.tsx'
import { KeepMark } from '../../components/Keep/Keep.tsx'
import { ProblemNote } from '../../components/Problem/Problem.tsx'
import { Share } from '../../components/Share/Share.tsx'
import { Link, navigate } from '../../navigate.tsx'
import { arenaHref } from '../../route.chat.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Arena.module.css'
import chat from './Chat.module.css'
import { useEscape } from './Chat.tsx'
import { Turns } from './Turns.tsx'

/** A battle or comparison: two answers to each prompt, one vote, and the names after it. */
export function Battle({ session, ask }: { session: Session; ask: () => void }) {
  const state = useSessionState(session)
  const { conversation, running, sending, problem } = state
  const { kind, vote } = conversation
  const isRunning = running !== undefined || sending !== undefined
  const canVote = mayVote(conversation, isRunning)
  const newRound = arenaHref('', kind === 'compare')
  useEscape(isRunning ? () => void session.stop() : undefined)
  useKeys((key) => {
    const winner = winnerOfKey(key)
    if (winner && canVote) void session.vote(winner)
    if (key.toLowerCase() === 'n' && vote) navigate(newRound)
  })
  return (
    <div className={`${chat.chat} ${chat.wide}`}>
      <header className={chat.head}>
        <h1>{kind === 'battle' ? texts.arena.battle : texts.arena.named}</h1>
        <KeepMark keep={conversation.keep} />
        <span className={chat.grow} />
        {conversation.keep && (vote || kind === 'compare') && conversation.turns.length > 0 && (
          <Share conversation={conversation} session={session} />
        )}
      </header>
      <Turns
        state={state}
        session={session}
        names={namesOf(conversation, texts.arena.side)}
        parameters={conversation.parameters}
        mayJudge={vote !== null || kind === 'compare'}
        mayRegenerate={vote === null}
      />
      <div className={chat.foot}>
        {problem && <ProblemNote problem={problem} dismiss={session.dismiss} ask={ask} />}
        {vote ? (
          <Reveal conversation={conversation} newRound={newRound} />
        ) : (
          conversation.turns.length > 0 && <Ballot canVote={canVote} cast={session.vote} />
        )}
        <Composer
          place={conversation.id}
          drafts={drafts}
          restored={problem}
          isDisabled={sending !== undefined}
          isRunning={running !== undefined}
          send={(prompt) => void session.send(prompt, conversation.head, conversation.parameters)}
          stop={() => void session.stop()}
        />
      </div>
    </div>
  )
}

function Ballot({ canVote, cast }: { canVote: boolean; cast: Session['vote'] }) {
  return (
    <fieldset className={styles.ballot} disabled={!canVote}>
      <legend>{texts.arena.question}</legend>
      <div className={styles.votes}>
        {ballot.map(({ winner, key }) => (
          <button key={winner} type="button" aria-keyshortcuts={key} onClick={() => void cast(winner)}>
            {texts.arena.votes[winner]}
          </button>
        ))}
      </div>
      <small className="quiet">{canVote ? texts.arena.keys : texts.arena.wait}</small>
    </fieldset>
  )
}

function Reveal({ conversation, newRound }: { conversation: Conversation; newRound: string }) {
  const { kind, models, vote } = conversation
  const words = useRef<HTMLParagraphElement>(null)
  // The buttons that had the focus are gone: what they did takes it.
  useEffect(() => words.current?.focus(), [])
  if (!vote) return null
  return (
    <div className={styles.reveal}>
      <p ref={words} tabIndex={-1} role="status">
        {texts.arena.voted(texts.arena.votes[vote.winner])}{' '}
        {kind === 'battle' && <strong>{texts.arena.were(models[0] ?? '', models[1] ?? '')}</strong>}{' '}
        {vote.exclusion ? texts.arena.exclusions[vote.exclusion] : texts.arena.counts}
      </p>
      <p className={styles.next}>
        <Link className="button primary" href={newRound}>
          {texts.arena.newRound}
        </Link>{' '}
        <Link className="button" href="/leaderboard">
          {texts.nav.leaderboard}
        </Link>{' '}
        <span className="quiet">{texts.arena.goOn}</span>
      </p>
    </div>
  )
}

/** Keys of the page, except while something is written or chosen. */
function useKeys(press: (key: string) => void): void {
  const present = useRef(press)
  present.current = press
  useEffect(() => {
    const onKeyDown = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey || altKey) return
      if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')) return
      present.current(key)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
