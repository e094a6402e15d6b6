import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { dataApi, type SqlResult as Result, type SqlFormat, type SqlTable } from '../api.data.ts'
import { type ApiError, errorOf } from '../api.ts'
import { Copy } from '../components/Copy/Copy.tsx'
import { SqlEditor } from '../components/SqlEditor/SqlEditor.tsx'
import { SqlResult } from '../components/SqlResult/SqlResult.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { formatCount } from '../format.ts'
import { useLoad } from '../load.ts'
import { type Example, examplesFor } from '../sql/examples.ts'
import { sqlHistory } from '../sql/history.ts'
import { readSqlLink, sqlLink } from '../sql/link.ts'
import { sqlName } from '../sql/tokens.ts'
import { texts } from '../texts.data.ts'
import styles from './Sql.module.css'

/** Rows that a run brings to the page; an export has all. */
const LIMIT = 1000

type Run =
  | { state: 'none' | 'cancelled' }
  | { state: 'running'; id: string }
  | { state: 'done'; sql: string; result: Result }
  | { state: 'error'; error: ApiError }

/** The SQL console: a statement, the tables that can be asked, and what came of it. The statement is behind `#sql=` of the address. */
export default function SqlPage({ dataset }: { dataset: string }) {
  const [sql, setSql] = useState(() => readSqlLink(location.hash))
  const schema = useLoad('sql schema', dataApi.schema)
  const { run, start, cancel, save, saving } = useRun(sql)
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const onHash = () => setSql(readSqlLink(location.hash))
    window.addEventListener('hashchange', onHash)
    return () => window.removeEventListener('hashchange', onHash)
  }, [])
  const insert = (text: string) => {
    const at = box.current?.selectionStart ?? sql.length
    const end = box.current?.selectionEnd ?? at
    setSql(sql.slice(0, at) + text + sql.slice(end))
    requestAnimationFrame(() => {
      box.current?.focus()
      box.current?.setSelectionRange(at + text.length, at + text.length)
    })
  }
  const tables = schema.state === 'ready' ? schema.value : []
  return (
    <div className={styles.page}>
      <h1>{texts.sql.title}</h1>
      <p className="quiet">{texts.sql.lead}</p>
      <div className={styles.columns}>
        <div className={styles.main}>
          <SqlEditor sql={sql} change={setSql} run={start} box={box} />
          <div className={styles.bar}>
            {run.state === 'running' ? (
              <button type="button" onClick={cancel}>
                {texts.sql.cancel}
              </button>
            ) : (
              <button type="button" className="primary" disabled={sql.trim() === ''} onClick={start}>
                {texts.sql.run}
              </button>
            )}
            <span className="quiet">{texts.sql.keys}</span>
            <Copy text={location.origin + location.pathname + sqlLink(sql)} label={texts.sql.share} />
            <Examples tables={tables} dataset={dataset} take={setSql} />
          </div>
          {run.state === 'none' && <Empty title={texts.sql.first} />}
          {run.state === 'running' && <Loading label={texts.sql.running} />}
          {run.state === 'cancelled' && <Empty title={texts.sql.cancelled} />}
          {run.state === 'error' && <Wrong error={run.error} retry={start} />}
          {run.state === 'done' && <SqlResult key={run.result.id} result={run.result} save={(format) => save(run.sql, format)} />}
          {saving && <Wrong error={saving} retry={undefined} />}
        </div>
        <aside className={styles.side}>
          <h2>{texts.sql.schema}</h2>
          {schema.state === 'loading' && <Loading />}
          {schema.state === 'error' && <Failed error={schema.error} retry={schema.retry} />}
          {schema.state === 'ready' && <Schema tables={tables} dataset={dataset} insert={insert} />}
          <History take={setSql} />
        </aside>
      </div>
    </div>
  )
}

/** Runs one statement at a time; a new run, or leaving the page, cancels the one before on the server too. */
function useRun(sql: string) {
  const [run, setRun] = useState<Run>({ state: 'none' })
  const [saving, setSaving] = useState<ApiError>()
  const running = useRef<{ id: string; controller: AbortController } | null>(null)
  const stop = useCallback(() => {
    if (!running.current) return
    running.current.controller.abort()
    // The server may have ended by itself meanwhile; then there is nothing to cancel.
    void dataApi.cancelSql(running.current.id).catch(() => undefined)
    running.current = null
  }, [])
  useEffect(() => stop, [stop])
  const start = useCallback(() => {
    if (sql.trim() === '') return
    stop()
    const id = crypto.randomUUID()
    const controller = new AbortController()
    running.current = { id, controller }
    setSaving(undefined)
    setRun({ state: 'running', id })
    history.replaceState(null, '', location.pathname + location.search + sqlLink(sql))
    sqlHistory.remove((one) => one.sql === sql)
    sqlHistory.add({ sql, at: new Date().toISOString() })
    dataApi.runSql(id, sql, LIMIT, controller.signal).then(
      (result) => {
        if (running.current?.id !== id) return
        running.current = null
        setRun({ state: 'done', sql, result })
      },
      (reason: unknown) => {
        if (running.current?.id !== id) return
        running.current = null
        setRun({ state: 'error', error: errorOf(reason) })
      },
    )
  }, [sql, stop])
  const cancel = useCallback(() => {
    stop()
    setRun({ state: 'cancelled' })
  }, [stop])
  const save = useCallback((wanted: string, format: SqlFormat) => {
    setSaving(undefined)
    dataApi.exportSql(wanted, format).then(
      (blob) => {
        const link = document.createElement('a')
        link.href = URL.createObjectURL(blob)
        link.download = `query.${format}`
        link.click()
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
      },
      (reason: unknown) => setSaving(errorOf(reason)),
    )
  }, [])
  return { run, start, cancel, save, saving }
}

/** The server's words in place, in letters of one width: DuckDB points at the place with a caret. */
function Wrong({ error, retry }: { error: ApiError; retry: (() => void) | undefined }) {
  if (error.status === 0 || error.status === 401) return <Failed error={error} retry={retry} />
  return (
    <div className={styles.wrong} role="alert">
      <pre>{error.message}</pre>
    </div>
  )
}

function Examples({ tables, dataset, take }: { tables: readonly SqlTable[]; dataset: string; take: (sql: string) => void }) {
  const table = tables.find(({ name }) => name === dataset) ?? tables[0]
  const examples: Example[] = useMemo(() => (table ? examplesFor(table) : []), [table])
  if (examples.length === 0) return null
  return (
    <label className={styles.examples}>
      <span className="hidden">{texts.sql.examples}</span>
      <select value="" onChange={({ target }) => take(examples[Number(target.value)]?.sql ?? '')}>
        <option value="" disabled>
          {texts.sql.examples}
        </option>
        {examples.map(({ name }, index) => (
          <option key={name} value={index}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Schema({ tables, dataset, insert }: { tables: readonly SqlTable[]; dataset: string; insert: (text: string) => void }) {
  if (tables.length === 0) return <Empty title={texts.sql.schemaNone} />
  return (
    <>
      <p className="quiet">{texts.sql.schemaLead}</p>
      {tables.map(({ name, revision, columns, rows }, index) => (
        <details key={`${name} ${revision}`} open={tables.length === 1 || name === dataset || (dataset === '' && index === 0)}>
          <summary>{name}</summary>
          <button type="button" className={styles.name} onClick={() => insert(sqlName(name))}>
            <code>{sqlName(name)}</code>
          </button>{' '}
          <span className="quiet">
            {texts.sql.rowsOf(formatCount(rows))} · <code>{revision.slice(0, 7)}</code>
          </span>
          <ul>
            {columns.map((column) => (
              <li key={column.name}>
                <button type="button" className={styles.name} onClick={() => insert(sqlName(column.name))}>
                  <code>{column.name}</code>
                </button>{' '}
                <TypeOf type={column.type} />
              </li>
            ))}
          </ul>
        </details>
      ))}
    </>
  )
}

/** A column's type; that of nested columns runs over many lines, so it is opened on demand. */
function TypeOf({ type }: { type: string }) {
  if (type.length <= 40) return <span className={styles.type}>{type}</span>
  return (
    <details className={styles.type}>
      <summary>{type.replace(/\(.*$/s, '(…)')}</summary>
      {type}
    </details>
  )
}

function History({ take }: { take: (sql: string) => void }) {
  const all = sqlHistory.use()
  return (
    <>
      <h2>{texts.sql.history}</h2>
      {all.length === 0 && <p className="quiet">{texts.sql.historyNone}</p>}
      <ol className={styles.history}>
        {all.slice(0, 30).map(({ sql, at }) => (
          <li key={at + sql}>
            <button type="button" title={at} onClick={() => take(sql)}>
              <code>{sql.replace(/\s+/g, ' ').slice(0, 160)}</code>
            </button>
          </li>
        ))}
      </ol>
      {all.length > 0 && (
        <button type="button" onClick={() => sqlHistory.remove(() => true)}>
          {texts.sql.historyClear}
        </button>
      )}
    </>
  )
}
