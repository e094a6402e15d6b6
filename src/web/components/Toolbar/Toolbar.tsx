import type { FormEvent, ReactNode } from 'react'
import { dataApi, type Selection, type SplitOf } from '../../api.data.ts'
import type { Feature } from '../../api.ts'
import { type Field, shortName } from '../../ask/fields.ts'
import { formatCount } from '../../format.ts'
import type { View } from '../../route.data.ts'
import { texts } from '../../texts.data.ts'
import { Copy } from '../Copy/Copy.tsx'
import { Menu } from '../Menu/Menu.tsx'
import { Saved } from '../Saved/Saved.tsx'
import styles from './Toolbar.module.css'

/** Changes what the address says of the view. */
export type Go = (change: Partial<View>, how?: 'push' | 'replace') => void

/** What can be done with the rows of a view: order, columns, sample, jump, save, share, export. `total` is undefined while it is not known. */
export function Toolbar(given: {
  dataset: string
  split: SplitOf
  view: View
  asked: Selection
  features: readonly Feature[]
  fields: readonly Field[]
  total: number | undefined
  layout: 'hits' | 'table'
  go: Go
  children: ReactNode
}) {
  const { dataset, split, view, asked, features, fields, total, layout, go, children } = given
  const isAll = asked.query === '' && asked.where === '' && view.sample === null
  return (
    <div className={styles.tools}>
      {children}
      <span className={styles.rest}>
        {asked.query !== '' && (
          <fieldset className={styles.layout}>
            <legend className="hidden">{texts.results.layout}</legend>
            {(['hits', 'table'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={layout === one} onClick={() => go({ layout: one }, 'replace')}>
                {texts.results[one]}
              </button>
            ))}
          </fieldset>
        )}
        <Sort view={view} fields={fields} go={go} />
        {layout === 'table' && <Columns view={view} features={features} go={go} />}
        {isAll && total !== undefined && total > 0 && <Jump total={total} go={go} />}
        {view.sample === null && total !== undefined && total > 1 && (
          <button type="button" onClick={() => go({ ...drawn(), row: null })}>
            {texts.results.sample}
          </button>
        )}
        <Saved dataset={dataset} />
        <Copy text={location.href} label={texts.results.share} />
        {total !== undefined && total > 0 && view.sample === null && (
          <Menu label={texts.results.export} align="end">
            <p className={styles.lead}>{texts.results.exportLead}</p>
            <p className={styles.pair}>
              {(['jsonl', 'parquet'] as const).map((format) => (
                <a key={format} className="button" href={dataApi.exportHref(dataset, split, asked, format)} download>
                  {format === 'jsonl' ? 'JSONL' : 'Parquet'}
                </a>
              ))}
            </p>
          </Menu>
        )}
      </span>
    </div>
  )
}

/** A new sample: its size and its seed, which the address keeps. */
export const drawn = (): Pick<View, 'sample' | 'seed'> => ({ sample: 50, seed: Math.floor(Math.random() * 1_000_000) })

function Sort({ view, fields, go }: { view: View; fields: readonly Field[]; go: Go }) {
  const [, column = '', direction = 'asc'] = /^"((?:[^"]|"")*)"(?: (asc|desc))?$/.exec(view.orderby) ?? []
  const sortable = fields.filter(({ kind, name }) => ['text', 'number', 'flag', 'date'].includes(kind) && !name.startsWith('score.'))
  const order = (name: string, way: string) => (name === '' ? '' : `"${name.replaceAll('"', '""')}"${way === 'desc' ? ' desc' : ''}`)
  if (view.sample !== null) return null
  return (
    <label className={styles.sort}>
      {texts.results.sort}
      <select
        value={column === '' ? '' : `${column} ${direction}`}
        onChange={({ target }) => {
          const match = /^(.*) (asc|desc)$/.exec(target.value)
          go({ orderby: match ? order(match[1] ?? '', match[2] ?? 'asc') : '', row: null, part: null })
        }}
      >
        <option value="">{texts.results.unsorted}</option>
        {sortable.flatMap((field) =>
          (['asc', 'desc'] as const).map((way) => (
            <option key={`${field.name} ${way}`} value={`${field.column.replaceAll('"', '""')} ${way}`}>
              {shortName(field)} {way === 'asc' ? '↑' : '↓'}
            </option>
          )),
        )}
      </select>
    </label>
  )
}

function Columns({ view, features, go }: { view: View; features: readonly Feature[]; go: Go }) {
  const hidden = view.hide.split(',').filter((name) => name !== '')
  return (
    <Menu label={texts.results.columns}>
      <fieldset className={styles.columns}>
        <legend className="hidden">{texts.results.columns}</legend>
        {features.map(({ name }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={!hidden.includes(name)}
              onChange={({ target }) =>
                go(
                  { hide: (target.checked ? hidden.filter((one) => one !== name) : [...hidden, name]).join(','), row: view.row },
                  'replace',
                )
              }
            />{' '}
            {name}
          </label>
        ))}
      </fieldset>
    </Menu>
  )
}

function Jump({ total, go }: { total: number; go: Go }) {
  const jump = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const row = Number(new FormData(event.currentTarget).get('row'))
    if (Number.isInteger(row) && row >= 0) go({ row: Math.min(row, Math.max(0, total - 1)) })
  }
  return (
    <form className={styles.jump} onSubmit={jump}>
      <input
        type="number"
        name="row"
        aria-label={texts.results.jump}
        placeholder={texts.results.jump}
        title={`0 – ${formatCount(total - 1)}`}
        min={0}
        max={total - 1}
        required
      />
      <button type="submit">{texts.results.go}</button>
    </form>
  )
}
