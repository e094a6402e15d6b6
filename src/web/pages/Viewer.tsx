import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react'
import { type ApiError, api, type Row, type RowPage, type SplitName } from '../api.ts'
import { Reader } from '../components/Reader/Reader.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { Table } from '../components/Table/Table.tsx'
import { formatCount } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { datasetHref, type View, viewHref } from '../route.ts'
import { openRowCache, type RowCache } from '../rows.ts'
import { texts } from '../texts.ts'
import { toggleCondition } from '../where.ts'
import styles from './Viewer.module.css'

type ViewPlace = View & { dataset: string }

/** The viewer: a table over all rows of a split, or those that a search or filter finds, and the reader beside it. */
export default function ViewerPage({ place }: { place: ViewPlace }) {
  const splits = useLoad(`splits ${place.dataset}`, (signal) => api.splits(place.dataset, signal))
  if (splits.state === 'loading') return <Loading />
  if (splits.state === 'error') return <Failed error={splits.error} retry={splits.retry} />
  const chosen = splits.value.find(({ config, split }) => config === place.config && split === place.split) ?? splits.value[0]
  if (!chosen) return <Empty title={texts.viewer.noRows} />
  return <SplitView place={place} chosen={chosen} splits={splits.value} />
}

function SplitView({ place, chosen, splits }: { place: ViewPlace; chosen: SplitName; splits: readonly SplitName[] }) {
  const { dataset, query, where, orderby } = place
  const view = `${dataset} ${chosen.config} ${chosen.split} ${query} ${where} ${orderby}`
  const { page, cache, error, retry } = useRows(view, place, chosen)
  const statistics = useLoad(`statistics ${dataset} ${chosen.config} ${chosen.split}`, (signal) => api.statistics(dataset, chosen, signal))
  const go = useCallback(
    (change: Partial<View>, how: 'push' | 'replace' = 'push') => navigate(viewHref(dataset, { ...place, message: null, ...change }), how),
    [dataset, place],
  )
  const isAll = query === '' && where === '' && orderby === ''
  const total = page?.num_rows_total ?? 0
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        <Link href={datasetHref(dataset)}>{dataset}</Link>
      </h1>
      <Tools key={view} place={place} chosen={chosen} splits={splits} total={isAll ? total : 0} go={go} />
      <p className="quiet" role="status">
        {page ? `${formatCount(total)} ${isAll ? 'conversations' : 'conversations found'}` : ' '}
      </p>
      {error && <Failed error={error} retry={retry} />}
      {!error && !page && <Loading />}
      {!error && page && total === 0 && <Empty title={isAll ? texts.viewer.noRows : texts.viewer.empty} />}
      {!error && page && total > 0 && (
        <div className={place.row === null ? styles.alone : styles.both}>
          <div className={styles.table}>
            <Table
              key={view}
              features={page.features}
              rows={total}
              at={cache.at}
              want={cache.want}
              open={(index) => go({ row: index })}
              opened={place.row !== null && place.row < total ? place.row : null}
              statistics={statistics.state === 'ready' ? statistics.value : []}
              filter={(condition) => go({ where: toggleCondition(where, condition), query: '', row: null })}
            />
          </div>
          {place.row !== null && <Side place={place} row={place.row} total={total} cache={cache} go={go} />}
        </div>
      )}
    </div>
  )
}

function Side(given: {
  place: ViewPlace
  row: number
  total: number
  cache: RowCache
  go: (change: Partial<View>, how?: 'push' | 'replace') => void
}) {
  const { place, row, total, cache, go } = given
  const found: Row | undefined = cache.at(row)
  useEffect(() => cache.want(Math.max(0, row - 1), Math.min(total, row + 2)), [cache, row, total])
  const previous = useMemo(() => (row > 0 ? () => go({ row: row - 1 }, 'replace') : undefined), [go, row])
  const next = useMemo(() => (row + 1 < total ? () => go({ row: row + 1 }, 'replace') : undefined), [go, row, total])
  const close = useCallback(() => go({ row: null }), [go])
  if (row >= total) return <Empty title={`There is no row ${formatCount(row)} here; the last is ${formatCount(total - 1)}.`} />
  if (!found) return <Loading />
  const hrefOf = (message: number) => viewHref(place.dataset, { ...place, message })
  return <Reader row={found} message={place.message} hrefOf={hrefOf} previous={previous} next={next} close={close} />
}

function Tools(given: {
  place: ViewPlace
  chosen: SplitName
  splits: readonly SplitName[]
  total: number
  go: (change: Partial<View>) => void
}) {
  const { place, chosen, splits, total, go } = given
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const query = String(form.get('query') ?? '').trim()
    const where = String(form.get('where') ?? '').trim()
    // The server searches or filters; what was changed last wins.
    const isFilter = where !== place.where && where !== ''
    go({ query: isFilter ? '' : query, where: isFilter || query === '' ? where : '', row: null })
  }
  const jump = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const row = Number(new FormData(event.currentTarget).get('row'))
    if (Number.isInteger(row) && row >= 0) go({ row: Math.min(row, Math.max(0, total - 1)) })
  }
  return (
    <div className={styles.tools}>
      <search className={styles.searching}>
        <form className={styles.search} onSubmit={submit}>
          <label>
            <span>{texts.viewer.search}</span>
            <input type="search" name="query" defaultValue={place.query} placeholder={texts.viewer.searchHint} dir="auto" />
          </label>
          <label>
            <span>{texts.viewer.where}</span>
            <input name="where" defaultValue={place.where} placeholder={texts.viewer.whereHint} spellCheck={false} autoComplete="off" />
          </label>
          <button type="submit" className="primary">
            {texts.viewer.go}
          </button>
          {(place.query || place.where || place.orderby) && (
            <button type="button" onClick={() => go({ query: '', where: '', orderby: '', row: null })}>
              {texts.viewer.clear}
            </button>
          )}
        </form>
      </search>
      {total > 0 && (
        <form className={styles.jump} onSubmit={jump}>
          <label>
            <span>{texts.viewer.jump}</span>
            <input type="number" name="row" min={0} max={total - 1} required />
          </label>
          <button type="submit">Go</button>
          <button type="button" onClick={() => go({ row: Math.floor(Math.random() * total) })}>
            {texts.viewer.random}
          </button>
        </form>
      )}
      {splits.length > 1 && (
        <label className={styles.split}>
          <span>Split</span>
          <select
            value={splits.indexOf(chosen)}
            onChange={({ target }) => {
              const wanted = splits[Number(target.value)]
              if (wanted) go({ ...wanted, row: null, query: '', where: '', orderby: '' })
            }}
          >
            {splits.map(({ config, split }, index) => (
              <option key={`${config} ${split}`} value={index}>
                {config} / {split}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  )
}

/** The rows of a view, a page at a time; a new view starts a new cache, and what the old one still waits for is cancelled. */
function useRows(view: string, place: ViewPlace, chosen: SplitName) {
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<{ view: string; page?: RowPage; error?: ApiError; pages: number }>({ view, pages: 0 })
  const { dataset, query, where, orderby, row } = place
  // biome-ignore lint/correctness/useExhaustiveDependencies: `view` stands for all that the loader closes over
  const cache = useMemo(() => {
    const load = (offset: number, length: number, signal: AbortSignal) => {
      const asked = { config: chosen.config, split: chosen.split, offset, length }
      if (query) return api.search(dataset, { ...asked, query }, signal)
      if (where || orderby) return api.filter(dataset, { ...asked, ...(where ? { where } : {}), ...(orderby ? { orderby } : {}) }, signal)
      return api.rows(dataset, asked, signal)
    }
    return openRowCache({
      load,
      changed: (page) => setState((before) => ({ view, page, pages: before.pages + 1 })),
      failed: (error) => setState((before) => ({ view, error, pages: before.pages + 1 })),
    })
  }, [view, attempt])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new cache starts anew
  useEffect(() => {
    cache.want(row ?? 0, (row ?? 0) + 1)
    return () => cache.close()
  }, [cache])
  const retry = () => {
    setState({ view, pages: 0 })
    setAttempt((count) => count + 1)
  }
  const isCurrent = state.view === view
  return { cache, retry, page: isCurrent ? state.page : undefined, error: isCurrent ? state.error : undefined }
}
