import type { FormEvent } from 'react'
import { dataApi } from '../api.data.ts'
import { api, type Commit } from '../api.ts'
import { Beside } from '../components/Beside/Beside.tsx'
import { DatasetNav } from '../components/DatasetNav/DatasetNav.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { formatCount, formatDay } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { type DataPlace, diffHref } from '../route.data.ts'
import { datasetHref } from '../route.ts'
import { texts } from '../texts.data.ts'
import styles from './Diff.module.css'

type DiffPlace = DataPlace & { page: 'diff' }
const ON_PAGE = 100
const kinds = ['added', 'removed', 'changed'] as const
const signs = { added: '+', removed: '−', changed: '~' }

/** Two versions of a dataset: which conversations were added, removed and changed, and one of them in both versions side by side. */
export default function DiffPage({ place }: { place: DiffPlace }) {
  const { dataset } = place
  const versions = useLoad(`versions ${dataset}`, async (signal) => {
    const [commits, refs] = await Promise.all([api.commits(dataset, signal), dataApi.refs(dataset, signal)])
    return { commits, tags: refs.tags }
  })
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        {texts.diff.title} · <Link href={datasetHref(dataset)}>{dataset}</Link>
      </h1>
      <DatasetNav dataset={dataset} current="diff" />
      {versions.state === 'loading' && <Loading />}
      {versions.state === 'error' && <Failed error={versions.error} retry={versions.retry} />}
      {versions.state === 'ready' && <Versions place={place} commits={versions.value.commits} tags={versions.value.tags} />}
    </div>
  )
}

interface Tag {
  name: string
  targetCommit: string
}

function Versions({ place, commits, tags }: { place: DiffPlace; commits: readonly Commit[]; tags: readonly Tag[] }) {
  // The hub makes the first commit of a dataset, without rows, when the dataset is made.
  const withRows = commits.filter(({ title }, index) => index < commits.length - 1 || title !== 'initial commit')
  const head = place.head || (withRows[0]?.id ?? '')
  const base = place.base || (withRows[1]?.id ?? '')
  if (base === '') return <Empty title={texts.diff.one}>{texts.diff.oneLead}</Empty>
  const choose = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    navigate(diffHref(place.dataset, { base: String(form.get('base')), head: String(form.get('head')) }))
  }
  return (
    <>
      <form className={styles.choice} onSubmit={choose} key={`${base} ${head}`}>
        <Version name="base" label={texts.diff.base} value={base} commits={withRows} tags={tags} />
        <Version name="head" label={texts.diff.head} value={head} commits={withRows} tags={tags} />
        <button type="submit" className="primary">
          {texts.diff.compare}
        </button>
      </form>
      <Differences place={place} base={base} head={head} />
    </>
  )
}

function Version(given: { name: string; label: string; value: string; commits: readonly Commit[]; tags: readonly Tag[] }) {
  const { name, label, value, commits, tags } = given
  const isKnown = commits.some(({ id }) => id === value) || tags.some((tag) => tag.name === value)
  return (
    <label>
      {label}
      <select name={name} defaultValue={value}>
        {!isKnown && <option value={value}>{value}</option>}
        {tags.map((tag) => (
          <option key={tag.name} value={tag.name}>
            {tag.name}
          </option>
        ))}
        {commits.map(({ id, title, date }) => (
          <option key={id} value={id}>
            {formatDay(date)} · {id.slice(0, 7)} · {title}
          </option>
        ))}
      </select>
    </label>
  )
}

function Differences({ place, base, head }: { place: DiffPlace; base: string; head: string }) {
  const { dataset, config, split, kind, id } = place
  const from = place.from ?? 0
  const found = useLoad(`diff ${dataset} ${JSON.stringify([config, split, base, head, kind, from])}`, (signal) =>
    dataApi.diff(dataset, { base, head, config, split, kind, offset: String(from), length: String(ON_PAGE) }, signal),
  )
  if (found.state === 'loading') return <Loading label={texts.diff.comparing} />
  if (found.state === 'error' && found.error.code === 'ResponseNotFound')
    return <Empty title={texts.diff.noRows}>{texts.diff.sameLead}</Empty>
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const { counts, rows, total } = found.value
  const all = counts.added + counts.removed + counts.changed
  if (all === 0) return <Empty title={texts.diff.same}>{texts.diff.sameLead}</Empty>
  const hrefOf = (change: Partial<DiffPlace>) => diffHref(dataset, { ...place, base, head, ...change })
  return (
    <>
      <nav className={styles.kinds} aria-label={texts.diff.what}>
        {(['', ...kinds] as const).map((one) => (
          <Link
            key={one}
            className="button"
            href={hrefOf({ kind: one, from: null, id: '' })}
            aria-current={one === kind ? 'true' : undefined}
          >
            {one === '' ? texts.diff.kinds.all : `${signs[one]} ${texts.diff.kinds[one]}`} {formatCount(one === '' ? all : counts[one])}
          </Link>
        ))}
      </nav>
      <div className={styles.both}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className={styles.list} tabIndex={0} aria-label={texts.diff.title}>
          <table>
            <thead>
              <tr>
                <th>{texts.diff.what}</th>
                <th>{texts.diff.id}</th>
                <th>{texts.diff.columns}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id} data-kind={row.kind} aria-current={row.id === id ? 'true' : undefined}>
                  <td>
                    {signs[row.kind]} {texts.diff.kinds[row.kind]}
                  </td>
                  <td>
                    <Link href={hrefOf({ id: row.id })}>
                      <bdi>{row.id}</bdi>
                    </Link>
                  </td>
                  <td>{row.columns?.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {total > ON_PAGE && (
            <nav className={styles.pages} aria-label={texts.results.page}>
              <Step href={from > 0 ? hrefOf({ from: Math.max(0, from - ON_PAGE) || null }) : undefined}>← {texts.results.previous}</Step>
              <span>
                {formatCount(from + 1)} – {formatCount(Math.min(total, from + ON_PAGE))} / {formatCount(total)}
              </span>
              <Step href={from + ON_PAGE < total ? hrefOf({ from: from + ON_PAGE }) : undefined}>{texts.results.next} →</Step>
            </nav>
          )}
        </section>
        {id === '' ? (
          <Empty title={texts.diff.choose} />
        ) : (
          <Beside dataset={dataset} id={id} config={config} split={split} base={base} head={head} />
        )}
      </div>
    </>
  )
}

function Step({ href, children }: { href: string | undefined; children: readonly string[] }) {
  return href === undefined ? (
    <span className="quiet">{children}</span>
  ) : (
    <Link className="button" href={href}>
      {children}
    </Link>
  )
}
