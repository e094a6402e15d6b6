import { useState } from 'react'
import type { Consent, Model } from '../../api.chat.shapes.ts'
import { chatApi } from '../../api.chat.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { useKeep } from '../../chat/keep.ts'
import { drafts, handOver, useSession } from '../../chat/use-session.ts'
import { Composer } from '../../components/Composer/Composer.tsx'
import { WithConsent } from '../../components/Consent/Consent.tsx'
import { KeepChoice } from '../../components/Keep/Keep.tsx'
import { ProblemNote } from '../../components/Problem/Problem.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { useLoad } from '../../load.ts'
import { Link, navigate } from '../../navigate.tsx'
import { arenaHref } from '../../route.chat.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Arena.module.css'
import { Battle } from './Battle.tsx'
import { Frame } from './Frame.tsx'

/** The arena: a new battle or comparison, or the one that the address names. */
export default function ArenaPage({ conversation, isNamed }: { conversation: string; isNamed: boolean }) {
  return (
    <WithConsent>
      {(consent, ask) => (
        <Frame current={conversation} home={arenaHref()} newLabel={texts.arena.newRound}>
          {conversation === '' ? (
            <NewBattle key={String(isNamed)} consent={consent} ask={ask} isNamed={isNamed} />
          ) : (
            <OldBattle key={conversation} id={conversation} ask={ask} />
          )}
        </Frame>
      )}
    </WithConsent>
  )
}

function NewBattle({ consent, ask, isNamed }: { consent: Consent; ask: () => void; isNamed: boolean }) {
  const [keep, setKeep] = useKeep(consent)
  const [error, setError] = useState<ApiError>()
  const [isBusy, setBusy] = useState(false)
  const models = useLoad('models', chatApi.models)
  const usable = models.state === 'ready' ? models.value.filter(({ status }) => status !== 'down') : []
  const [wanted, setWanted] = useState<[string, string]>(['', ''])
  const first = wanted[0] || usable[0]?.name || ''
  const second = wanted[1] || usable.find(({ name }) => name !== first)?.name || ''
  const begin = async (prompt: string) => {
    setBusy(true)
    try {
      const conversation = await chatApi.battle(isNamed ? { kind: 'compare', models: [first, second], keep } : { kind: 'battle', keep })
      handOver(conversation, prompt, conversation.parameters)
      navigate(arenaHref(conversation.id))
    } catch (reason) {
      drafts.write('arena', prompt)
      setError(errorOf(reason))
      setBusy(false)
    }
  }
  return (
    <div className={styles.new}>
      <h1>{texts.arena.title}</h1>
      <nav className={styles.modes} aria-label={texts.arena.title}>
        <Link href={arenaHref()} aria-current={isNamed ? undefined : 'page'}>
          {texts.arena.battle}
        </Link>
        <Link href={arenaHref('', true)} aria-current={isNamed ? 'page' : undefined}>
          {texts.arena.named}
        </Link>
        <Link href="/leaderboard">{texts.nav.leaderboard}</Link>
      </nav>
      <p className={styles.lead}>{isNamed ? texts.arena.leadNamed : texts.arena.lead}</p>
      {isNamed && models.state === 'loading' && <Loading />}
      {isNamed && models.state === 'error' && <Failed error={models.error} retry={models.retry} />}
      {isNamed && usable.length > 0 && (
        <div className={styles.pair}>
          <ModelChoice label={texts.arena.first} models={usable} value={first} choose={(name) => setWanted([name, second])} />
          <ModelChoice label={texts.arena.second} models={usable} value={second} choose={(name) => setWanted([first, name])} />
          {first === second && <p role="status">{texts.arena.chooseTwo}</p>}
        </div>
      )}
      {error && <ProblemNote problem={{ error }} dismiss={() => setError(undefined)} ask={ask} />}
      <Composer
        place="arena"
        drafts={drafts}
        restored={error}
        isDisabled={isBusy || (isNamed && first === second)}
        isRunning={false}
        send={(prompt) => void begin(prompt)}
        stop={() => undefined}
      />
      <KeepChoice consent={consent} keep={keep} change={setKeep} ask={ask} />
    </div>
  )
}

function ModelChoice(given: { label: string; models: readonly Model[]; value: string; choose: (name: string) => void }) {
  const { label, models, value, choose } = given
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => choose(target.value)}>
        {models.map(({ name, isDemonstration }) => (
          <option key={name} value={name}>
            {isDemonstration ? `${name} (${texts.chat.demonstration})` : name}
          </option>
        ))}
      </select>
    </label>
  )
}

function OldBattle({ id, ask }: { id: string; ask: () => void }) {
  const session = useSession(id)
  if (session.state === 'loading') return <Loading />
  if (session.state === 'error') return <Failed error={session.error} retry={session.retry} />
  return <Battle session={session.value} ask={ask} />
}
