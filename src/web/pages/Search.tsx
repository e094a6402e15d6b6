import { useEffect, useState } from 'react'
import { textOf } from '../act.ts'
import { deskApi } from '../api.desk.ts'
import { type ApiError, api, type Dataset, errorOf, type Row } from '../api.ts'
import { Marked } from '../components/Markdown/Marked.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { isFlagged, readConversation } from '../conversation.ts'
import { formatCount } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { searchHref } from '../route.desk.ts'
import { datasetHref, viewHref } from '../route.ts'
import { texts } from '../texts.desk.ts'
import styles from './Search.module.css'

/** Words in the conversations of every dataset that the reader may read; the best three of each, and the way to all. */
export default function SearchPage({ query }: { query: string }) {
  const datasets = useLoad('datasets', (signal) => api.datasets('', signal))
  return (
    <>
      <h1>{texts.search.title}</h1>
      <search>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault()
            navigate(searchHref(textOf(new FormData(event.currentTarget), 'q')))
          }}
        >
          <input
            key={query}
            type="search"
            name="q"
            defaultValue={query}
            aria-label={texts.search.label}
            placeholder={texts.search.hint}
            dir="auto"
          />
          <button type="submit" className="primary">
            {texts.search.action}
          </button>
        </form>
      </search>
      {query === '' && <Empty title={texts.search.empty}>{texts.search.emptyHint}</Empty>}
      {query !== '' && datasets.state === 'loading' && <Loading />}
      {query !== '' && datasets.state === 'error' && <Failed error={datasets.error} retry={datasets.retry} />}
      {query !== '' && datasets.state === 'ready' && datasets.value.length === 0 && <Empty title={texts.search.noDatasets} />}
      {query !== '' && datasets.state === 'ready' && datasets.value.map((one) => <Hits key={one.id} dataset={one} query={query} />)}
    </>
  )
}

type Found =
  | { state: 'loading' }
  | { state: 'closed' }
  | { state: 'error'; error: ApiError }
  | { state: 'ready'; rows: Row[]; total: number }

function Hits({ dataset, query }: { dataset: Dataset; query: string }) {
  const [found, setFound] = useState<Found>({ state: 'loading' })
  useEffect(() => {
    const controller = new AbortController()
    setFound({ state: 'loading' })
    deskApi.search(dataset.id, query, controller.signal).then(
      ({ rows, num_rows_total }) => setFound({ state: 'ready', rows, total: num_rows_total }),
      (reason: unknown) => {
        if (controller.signal.aborted) return
        const error = errorOf(reason)
        // The dataset-viewer API says the same of what is not there and what may not be seen.
        setFound([401, 403, 404].includes(error.status) ? { state: 'closed' } : { state: 'error', error })
      },
    )
    return () => controller.abort()
  }, [dataset.id, query])
  return (
    <section className={styles.dataset} aria-labelledby={`found-${dataset.id}`}>
      <h2 id={`found-${dataset.id}`}>
        <Link href={datasetHref(dataset.id)}>
          <bdi>{dataset.description || dataset.id}</bdi>
        </Link>{' '}
        <span className="quiet">{found.state === 'ready' ? texts.search.count(found.total) : dataset.id}</span>
      </h2>
      {found.state === 'loading' && <Loading />}
      {found.state === 'closed' && <p className="quiet">{texts.search.closed}</p>}
      {found.state === 'error' && <Failed error={found.error} />}
      {found.state === 'ready' && found.total === 0 && <p className="quiet">{texts.search.nothing}</p>}
      {found.state === 'ready' && (
        <ol className={styles.hits}>
          {found.rows.map((row, index) => (
            <li key={row.row_idx}>
              <Hit dataset={dataset.id} query={query} place={index} row={row} />
            </li>
          ))}
        </ol>
      )}
      {found.state === 'ready' && found.total > found.rows.length && (
        <p>
          <Link href={viewHref(dataset.id, { query })}>{texts.search.all(formatCount(found.total))}</Link>
        </p>
      )}
    </section>
  )
}

function Hit({ dataset, query, place, row }: { dataset: string; query: string; place: number; row: Row }) {
  const match = row.matches?.[0]
  const message = readConversation(row.row)?.messages[match?.message ?? 0]
  const href = viewHref(dataset, { query, row: place, message: match?.message ?? null })
  if (isFlagged(row.row))
    return (
      <Link href={href} className={styles.hit}>
        {texts.search.covered}
      </Link>
    )
  const content = message?.content ?? ''
  const at = match?.spans[0]?.[0] ?? 0
  const from = Math.max(0, at - 80)
  const words = (match?.spans ?? []).map(([start, end]) => content.slice(start, end))
  return (
    <Link href={href} className={styles.hit} dir="auto">
      {from > 0 && '… '}
      <Marked text={content.slice(from, from + 260).replace(/\s+/g, ' ')} hits={[...new Set(words)]} />
      {content.length > from + 260 && ' …'}
    </Link>
  )
}
