import { type ReactNode, useEffect, useState } from 'react'
import type { Figures } from '../../api.chat.shapes.ts'
import { chatApi } from '../../api.chat.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { formatMs } from '../../chat/words.ts'
import { Columns } from '../../components/Columns/Columns.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { Wide } from '../../components/Wide/Wide.tsx'
import { formatBytes, formatCount } from '../../format.ts'
import { navigate } from '../../navigate.tsx'
import { operatorHref } from '../../route.chat.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Operator.module.css'
import { Reports } from './Reports.tsx'

const spans = [15, 60, 360, 1440]
const everyMs = 5000

/** What the chat site does now, for its operators; fetched anew while it is looked at. */
export default function OperatorPage({ minutes }: { minutes: number }) {
  const [figures, setFigures] = useState<Figures>()
  const [error, setError] = useState<ApiError>()
  const [isPaused, setPaused] = useState(false)
  useEffect(() => {
    if (isPaused) return
    const controller = new AbortController()
    const fetchNow = () =>
      chatApi.figures(minutes, controller.signal).then(
        (found) => {
          setFigures(found)
          setError(undefined)
        },
        (reason: unknown) => {
          if (!controller.signal.aborted) setError(errorOf(reason))
        },
      )
    void fetchNow()
    const timer = setInterval(() => void fetchNow(), everyMs)
    return () => {
      clearInterval(timer)
      controller.abort()
    }
  }, [minutes, isPaused])
  const { operator: words } = texts
  return (
    <div className={styles.page}>
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      <div className={styles.bar}>
        <label>
          {words.minutes}{' '}
          <select value={minutes} onChange={({ target }) => navigate(operatorHref(Number(target.value)), 'replace')}>
            {[...new Set([...spans, minutes])]
              .sort((a, b) => a - b)
              .map((span) => (
                <option key={span} value={span}>
                  {words.span(span)}
                </option>
              ))}
          </select>
        </label>
        <button type="button" onClick={() => setPaused(!isPaused)}>
          {isPaused ? words.resume : words.pause}
        </button>
        <a href="/api/operator/metrics">{words.metrics}</a>
      </div>
      {error && <Failed error={error} />}
      {!figures && !error && <Loading />}
      {figures && <Dashboard figures={figures} />}
      {figures && <Reports version={figures.reports.open} />}
    </div>
  )
}

function Dashboard({ figures }: { figures: Figures }) {
  const { operator: words } = texts
  const { turns, votes, log, moderation, consent } = figures
  const perMinute = turns.perMinute.map((value, index) => ({ name: `−${turns.perMinute.length - index} min`, value }))
  return (
    <>
      <div className={styles.tiles}>
        <Tile name={words.turns} value={formatCount(turns.total)} />
        <Tile name={words.people} value={formatCount(figures.people)} />
        <Tile name={words.streams} value={formatCount(figures.streams)} />
        <Tile name={words.votes} value={formatCount(votes.total)} note={words.counted(formatCount(votes.counted))} />
        <Tile
          name={words.log}
          value={formatBytes(log.bytes)}
          note={log.writable ? `${words.files(formatCount(log.files))}, ${words.writable}` : words.unwritable}
          isBad={!log.writable}
        />
        <Tile name={words.withdrawals} value={formatCount(figures.withdrawals)} />
        <Tile name={words.reports} value={words.open(figures.reports.open)} isBad={figures.reports.open > 0} />
      </div>
      <Columns label={words.perMinute} values={perMinute} />
      <h2>{words.models}</h2>
      <ModelTable models={figures.models} />
      <div className={styles.lists}>
        <Counts name={words.errors} counts={figures.errors} />
        <Counts name={words.refusals} counts={figures.refusals} />
        <Counts name={words.bots} counts={figures.bots} />
        <Counts
          name={words.moderation}
          counts={{ [words.blocked]: moderation.blocked, [words.warned]: moderation.warned, [words.covered]: moderation.covered }}
        />
        <Counts
          name={words.votes}
          counts={{
            [texts.arena.votes.left]: votes.byWinner.left,
            [texts.arena.votes.right]: votes.byWinner.right,
            [texts.arena.votes.tie]: votes.byWinner.tie,
            [texts.arena.votes['both-bad']]: votes.byWinner['both-bad'],
          }}
        />
        <Counts
          name={words.consent}
          counts={Object.fromEntries(
            consent.map(({ version, people, isCurrent }) => [
              isCurrent ? `${version.slice(0, 12)} (${words.current})` : version.slice(0, 12),
              people,
            ]),
          )}
        />
      </div>
    </>
  )
}

function Tile({ name, value, note, isBad = false }: { name: string; value: string; note?: ReactNode; isBad?: boolean }) {
  return (
    <div className={`${styles.tile} ${isBad ? styles.bad : ''}`}>
      <span>{name}</span>
      <strong>{value}</strong>
      {note && <small>{note}</small>}
    </div>
  )
}

function Counts({ name, counts }: { name: string; counts: Readonly<Record<string, number>> }) {
  const entries = Object.entries(counts).sort((a, b) => b[1] - a[1])
  return (
    <section>
      <h2>{name}</h2>
      {entries.length === 0 ? (
        <p className="quiet">{texts.operator.none}</p>
      ) : (
        <dl className={styles.counts}>
          {entries.map(([code, count]) => (
            <div key={code}>
              <dt>{code}</dt>
              <dd>{formatCount(count)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

function ModelTable({ models }: { models: Figures['models'] }) {
  const { columns } = texts.operator
  return (
    <Wide label={texts.operator.models}>
      <table>
        <thead>
          <tr>
            {Object.values(columns).map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map(({ name, status, active, turns, errors, firstTokenMs, tokensPerSecond }) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td>{texts.chat.status[status]}</td>
              <td>{formatCount(active)}</td>
              <td>{formatCount(turns)}</td>
              <td>{formatCount(errors)}</td>
              <td>{formatMs(firstTokenMs.p50)}</td>
              <td>{formatMs(firstTokenMs.p99)}</td>
              <td>{tokensPerSecond === null ? '–' : Math.round(tokensPerSecond)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
