import { useRef, useState } from 'react'
import type { Summary } from '../../api.chat.shapes.ts'
import { chatApi } from '../../api.chat.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { useChanges } from '../../chat/changes.ts'
import { formatDay } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { Link, navigate } from '../../navigate.tsx'
import { arenaHref, chatHref } from '../../route.chat.ts'
import { texts } from '../../texts.chat.ts'
import { Failed, Loading } from '../State/State.tsx'
import styles from './History.module.css'

/** The person's conversations, newest first, with what can be done to them. While the list is fetched anew, the one before stays. */
export function History({ current, home }: { current: string; home: string }) {
  const told = useChanges()
  const [changes, setChanges] = useState(0)
  const [older, setOlder] = useState<{ conversations: Summary[]; next: string | null }>()
  const [error, setError] = useState<ApiError>()
  const [asked, setAsked] = useState<string>()
  const loaded = useLoad(`history ${told} ${changes}`, (signal) => chatApi.history(null, signal))
  const shown = useLast(loaded.state === 'ready' ? loaded.value : undefined)
  if (loaded.state === 'error') return <Failed error={loaded.error} retry={loaded.retry} />
  if (!shown) return <Loading />
  const attempt = async (change: () => Promise<void>) => {
    try {
      await change()
      setError(undefined)
    } catch (reason) {
      setError(errorOf(reason))
    }
  }
  const remove = (id: string, withdraw: boolean) =>
    attempt(async () => {
      await (id === '' ? chatApi.clear(withdraw) : chatApi.remove(id, withdraw))
      setAsked(undefined)
      setOlder(undefined)
      setChanges(changes + 1)
      if (id === '' || id === current) navigate(home)
    })
  const conversations = [...shown.conversations, ...(older?.conversations ?? [])]
  const next = older ? older.next : shown.next
  const more = (before: string) =>
    attempt(async () => {
      const found = await chatApi.history(before, new AbortController().signal)
      setOlder({ conversations: [...(older?.conversations ?? []), ...found.conversations], next: found.next })
    })
  return (
    <>
      {conversations.length === 0 && <p className="quiet">{texts.chat.noHistory}</p>}
      <ul className={styles.list}>
        {conversations.map((one) => (
          <li key={one.id} className={one.id === current ? styles.current : undefined}>
            <Link href={one.kind === 'chat' ? chatHref(one.id) : arenaHref(one.id)} aria-current={one.id === current ? 'page' : undefined}>
              <bdi>{one.title || texts.chat.new}</bdi>
              <small className="quiet">
                {one.kind === 'chat' ? one.models[0] : texts.arena.title} · {formatDay(one.updatedAt)}
              </small>
            </Link>
            {asked === one.id ? (
              <Question
                question={texts.chat.removeQuestion}
                isKept={one.keep}
                remove={(withdraw) => void remove(one.id, withdraw)}
                cancel={() => setAsked(undefined)}
              />
            ) : (
              <button type="button" className={styles.remove} onClick={() => setAsked(one.id)}>
                {texts.chat.remove}
                <span className="hidden"> {one.title}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {error && <Failed error={error} />}
      {next && (
        <button type="button" onClick={() => void more(next)}>
          {texts.chat.more}
        </button>
      )}
      {conversations.length > 0 &&
        (asked === '' ? (
          <Question
            question={texts.chat.clearQuestion}
            isKept={conversations.some(({ keep }) => keep)}
            remove={(withdraw) => void remove('', withdraw)}
            cancel={() => setAsked(undefined)}
          />
        ) : (
          <button type="button" className={styles.clear} onClick={() => setAsked('')}>
            {texts.chat.clear}
          </button>
        ))}
    </>
  )
}

/** The last value that was there. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value)
  if (value !== undefined) last.current = value
  return last.current
}

function Question(given: { question: string; isKept: boolean; remove: (withdraw: boolean) => void; cancel: () => void }) {
  const { question, isKept, remove, cancel } = given
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons that belong to one question, no form
    <div className={styles.question} role="group" aria-label={question}>
      <p>{question}</p>
      {/* biome-ignore lint/a11y/noAutofocus: the question replaces the button that had the focus */}
      <button type="button" autoFocus onClick={() => remove(false)}>
        {texts.chat.removeOnly}
      </button>
      {isKept && (
        <button type="button" onClick={() => remove(true)}>
          {texts.chat.removeWithdraw}
        </button>
      )}
      <button type="button" onClick={cancel}>
        {texts.chat.cancel}
      </button>
    </div>
  )
}
