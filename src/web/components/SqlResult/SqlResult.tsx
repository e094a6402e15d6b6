import { lazy, Suspense, useMemo, useState } from 'react'
import type { SqlResult as Result, SqlFormat } from '../../api.data.ts'
import { formatCount } from '../../format.ts'
import { cellsOf, cellText, isNumeric, isTemporal, plotValue } from '../../sql/cells.ts'
import { texts } from '../../texts.data.ts'
import type { ChartKind, ChartPoint } from '../Chart/draw.ts'
import { Marked } from '../Markdown/Marked.tsx'
import { Empty, Loading } from '../State/State.tsx'
import styles from './SqlResult.module.css'

const Chart = lazy(() => import('../Chart/Chart.tsx'))

/** More bars and dots than this are no chart any more. */
const MAX_POINTS = 2000

/** What a query gave: as a table or a chart, with its size and time, and the ways to save it. */
export function SqlResult({ result, save }: { result: Result; save: (format: SqlFormat) => void }) {
  const [isChart, setChart] = useState(false)
  const { columns, rowCount, ms, truncated } = result
  const rows = useMemo(() => result.rows.map((row) => cellsOf(row, columns)), [result, columns])
  return (
    <section aria-label={texts.sql.result} className={styles.result}>
      <div className={styles.head}>
        <p role="status">
          {texts.sql.rows(formatCount(rowCount), ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)}
          {truncated && <span className="quiet"> {texts.sql.truncated}</span>}
        </p>
        <span className={styles.ways}>
          {([false, true] as const).map((one) => (
            <button key={String(one)} type="button" aria-pressed={isChart === one} onClick={() => setChart(one)}>
              {one ? texts.sql.chart : texts.sql.table}
            </button>
          ))}
          <span className="quiet">{texts.sql.download}</span>
          {(['csv', 'parquet', 'jsonl'] as const).map((format) => (
            <button key={format} type="button" onClick={() => save(format)}>
              {format === 'parquet' ? 'Parquet' : format.toUpperCase()}
            </button>
          ))}
        </span>
      </div>
      {rows.length === 0 && <Empty title={texts.sql.empty} />}
      {rows.length > 0 && !isChart && <Rows columns={columns} rows={rows} />}
      {rows.length > 0 && isChart && <ChartOf columns={columns} rows={rows} />}
    </section>
  )
}

function Rows({ columns, rows }: { columns: Result['columns']; rows: readonly (readonly unknown[])[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.table} tabIndex={0} aria-label={texts.sql.table}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, type }) => (
              <th key={name} scope="col">
                {name} <span className="quiet">{type.length > 24 ? `${type.slice(0, 23)}…` : type.toLowerCase()}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result have no other identity than their place
            <tr key={index}>
              {columns.map(({ name, type }, column) => (
                <td key={name} className={isNumeric(type) ? styles.number : ''} dir="auto">
                  <Cell text={cellText(row[column])} isNull={row[column] === null || row[column] === undefined} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const SHOWN = 240

/** A cell; a long one shows its beginning until asked for the rest. */
function Cell({ text, isNull }: { text: string; isNull: boolean }) {
  const [isWhole, setWhole] = useState(false)
  if (isNull) return <span className="quiet">null</span>
  if (text.length <= SHOWN) return <Marked text={text} hits={[]} />
  return (
    <>
      <Marked text={isWhole ? text : text.slice(0, SHOWN)} hits={[]} />{' '}
      <button type="button" className={styles.more} onClick={() => setWhole(!isWhole)}>
        {isWhole ? texts.sql.less : texts.sql.more(formatCount(text.length - SHOWN))}
      </button>
    </>
  )
}

function ChartOf({ columns, rows }: { columns: Result['columns']; rows: readonly (readonly unknown[])[] }) {
  const numbers = columns.filter(({ type }) => isNumeric(type))
  const others = columns.filter(({ type }) => !isNumeric(type))
  const [x, setX] = useState((others[0] ?? columns[0])?.name ?? '')
  const [y, setY] = useState((numbers.find(({ name }) => name !== x) ?? numbers[0])?.name ?? '')
  const [colour, setColour] = useState('')
  const time = columns.find(({ name }) => name === x)
  const [kind, setKind] = useState<ChartKind>(time && isTemporal(time.type) ? 'line' : others.length > 0 ? 'bar' : 'dot')
  const points = useMemo(() => {
    const place = (name: string) => columns.findIndex((column) => column.name === name)
    const [atX, atY, atColour] = [place(x), place(y), place(colour)]
    return rows.slice(0, MAX_POINTS).map(
      (row): ChartPoint => ({
        x: plotValue(row[atX], columns[atX]?.type ?? ''),
        y: plotValue(row[atY], columns[atY]?.type ?? ''),
        colour: atColour < 0 ? '' : cellText(row[atColour]),
      }),
    )
  }, [columns, rows, x, y, colour])
  if (numbers.length === 0) return <Empty title={texts.sql.noNumber} />
  return (
    <div className={styles.chart}>
      <div className={styles.choices}>
        <Choice label={texts.sql.kind} value={kind} values={['bar', 'line', 'dot']} choose={(value) => setKind(kindOf(value))} />
        <Choice label={texts.sql.x} value={x} values={columns.map(({ name }) => name)} choose={setX} />
        <Choice label={texts.sql.y} value={y} values={numbers.map(({ name }) => name)} choose={setY} />
        <Choice label={texts.sql.colour} value={colour} values={['', ...columns.map(({ name }) => name)]} choose={setColour} />
      </div>
      {rows.length > MAX_POINTS && <p className="quiet">{texts.sql.firstPoints(formatCount(MAX_POINTS))}</p>}
      <Suspense fallback={<Loading />}>
        <Chart points={points} kind={kind} x={x} y={y} colour={colour} label={`${y} / ${x}`} />
      </Suspense>
    </div>
  )
}

const kindOf = (value: string): ChartKind => (value === 'line' || value === 'dot' ? value : 'bar')
const kindNames: Readonly<Record<string, string>> = { bar: texts.sql.bar, line: texts.sql.line, dot: texts.sql.dot, '': texts.sql.noColour }

function Choice(given: { label: string; value: string; values: readonly string[]; choose: (value: string) => void }) {
  const { label, value, values, choose } = given
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ target }) => choose(target.value)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {kindNames[one] ?? one}
          </option>
        ))}
      </select>
    </label>
  )
}
