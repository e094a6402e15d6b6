import { useEffect, useState } from 'react'
import { textOf } from '../../act.ts'
import type { LedgerEntry, LedgerPage } from '../../api.desk.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatBytes, formatTime } from '../../format.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'

type LoadPage = (given: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<LedgerPage>
type State = { entries: LedgerEntry[]; next: number | null; isLoading: boolean; error?: ApiError }
const nothing: State = { entries: [], next: null, isLoading: true }

/** The ledger, newest first, by actor and beginning of the action, with more on demand and the whole of it as a file. */
export function LedgerView({ load, exportHref, name }: { load: LoadPage; exportHref: string; name: string }) {
  const [filter, setFilter] = useState({ action: '', actor: '' })
  const [before, setBefore] = useState<number | null>(null)
  const [state, setState] = useState<State>(nothing)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `name` stands for `load`, which is made anew at every drawing
  useEffect(() => {
    const controller = new AbortController()
    setState((known) => (before === null ? nothing : { ...known, isLoading: true }))
    load({ ...filter, ...(before === null ? {} : { before: String(before) }) }, controller.signal).then(
      ({ entries, next }) =>
        setState((known) => ({ entries: before === null ? entries : [...known.entries, ...entries], next, isLoading: false })),
      (reason: unknown) => {
        if (controller.signal.aborted) return
        const error = errorOf(reason)
        setState((known) => ({ ...known, isLoading: false, error }))
      },
    )
    return () => controller.abort()
  }, [name, filter, before])
  const { heads } = texts.ledger
  return (
    <>
      <p className="quiet">{texts.ledger.lead}</p>
      <form
        className={styles.tools}
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          setBefore(null)
          setFilter({ action: textOf(form, 'action').toLowerCase(), actor: textOf(form, 'actor') })
        }}
      >
        <label>
          {texts.ledger.action}
          <input name="action" placeholder={texts.ledger.actionHint} pattern="[A-Za-z.\-]*" autoComplete="off" spellCheck={false} />
        </label>
        <label>
          {texts.ledger.actor}
          <input name="actor" autoComplete="off" spellCheck={false} />
        </label>
        <button type="submit">{texts.ledger.filter}</button>
        <a href={exportHref} download={`ledger-${name.replace('/', '-')}.jsonl`}>
          {texts.ledger.export}
        </a>
      </form>
      {state.entries.length > 0 && (
        <Sheet label={texts.desk.tabs.ledger} heads={[heads.number, heads.when, heads.who, heads.what, heads.of, heads.detail]}>
          {state.entries.map((entry) => (
            <Line key={entry.number} entry={entry} />
          ))}
        </Sheet>
      )}
      {state.isLoading && <Loading />}
      {state.error && <Failed error={state.error} />}
      {!state.isLoading && !state.error && state.entries.length === 0 && <Empty title={texts.ledger.none} />}
      {!state.isLoading && state.next !== null && (
        <p>
          <button type="button" onClick={() => setBefore(state.next)}>
            {texts.more}
          </button>
        </p>
      )}
    </>
  )
}

function Line({ entry }: { entry: LedgerEntry }) {
  const detail = Object.entries(entry.detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return (
    <tr>
      <td>{entry.number}</td>
      <td>{formatTime(entry.at)}</td>
      <td>{entry.actor}</td>
      <td>{entry.action}</td>
      <td>
        {entry.dataset}
        {entry.path && (
          <div>
            <bdi>{entry.path}</bdi>
          </div>
        )}
        {entry.revision && <code>{entry.revision.slice(0, 7)}</code>}
      </td>
      <td className={styles.detail}>
        {entry.bytes !== null && <div>{formatBytes(entry.bytes)}</div>}
        <bdi>{detail.join(', ')}</bdi>
      </td>
    </tr>
  )
}
