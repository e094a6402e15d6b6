import { useCallback, useEffect, useMemo, useState } from 'react'
import { dataApi, type Facets as FacetCounts, type Selection, type SplitOf } from '../api.data.ts'
import type { Feature, Row } from '../api.ts'
import { fieldsOf } from '../ask/fields.ts'
import { toggleItem, toggleValue } from '../ask/toggle.ts'
import { DatasetNav } from '../components/DatasetNav/DatasetNav.tsx'
import { Facets } from '../components/Facets/Facets.tsx'
import { HITS_ON_PAGE, Hits } from '../components/Hits/Hits.tsx'
import { Reader } from '../components/Reader/Reader.tsx'
import { Refused } from '../components/Refused/Refused.tsx'
import { SearchBox } from '../components/SearchBox/SearchBox.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { filterOf } from '../components/Table/bars.ts'
import { Table } from '../components/Table/Table.tsx'
import { drawn, type Go, Toolbar } from '../components/Toolbar/Toolbar.tsx'
import { valuesFrom } from '../facet-values.ts'
import { formatCount } from '../format.ts'
import { isNotReady, type Loaded, useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { compareHref, type View, viewHref } from '../route.data.ts'
import { datasetHref } from '../route.ts'
import type { RowCache } from '../rows.ts'
import { useSettings } from '../settings.ts'
import { texts } from '../texts.data.ts'
import { texts as common } from '../texts.ts'
import { featuresOf, selectionOf, useRows } from '../view.ts'
import styles from './Viewer.module.css'

type ViewPlace = View & { dataset: string }

/** The viewer: the search box, what the found rows can be narrowed by, the rows as hits or as a table, and the reader beside them. */
export default function ViewerPage({ place }: { place: ViewPlace }) {
  const { dataset, revision } = place
  const splits = useLoad(`splits ${dataset} ${revision}`, (signal) => dataApi.splits(dataset, revision, signal))
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        <Link href={datasetHref(dataset)}>{dataset}</Link>
      </h1>
      <DatasetNav dataset={dataset} current="viewer" />
      {revision !== '' && (
        <p className={styles.note}>
          {texts.results.revision} <code>{revision.slice(0, 12)}</code>.{' '}
          <Link href={viewHref(dataset, { ...place, revision: '', row: null })}>{texts.results.latest}</Link>
        </p>
      )}
      {splits.state === 'loading' && <Loading />}
      {splits.state === 'error' && <Refused dataset={dataset} error={splits.error} retry={splits.retry} />}
      {splits.state === 'ready' && <Chosen place={place} splits={splits.value} />}
    </div>
  )
}

function Chosen({ place, splits }: { place: ViewPlace; splits: readonly { config: string; split: string }[] }) {
  const { dataset, revision } = place
  const found = splits.find(({ config, split }) => config === place.config && split === place.split) ?? splits[0]
  const split = useMemo(() => (found ? { config: found.config, split: found.split, revision } : undefined), [found, revision])
  const key = `features ${dataset} ${JSON.stringify(split)}`
  const features = useLoad(key, async (signal) => (split ? await featuresOf(dataset, split, signal) : []))
  if (!split) return <Empty title={common.viewer.noRows} />
  if (features.state === 'loading') return <Loading />
  if (features.state === 'error') return <Refused dataset={dataset} error={features.error} retry={features.retry} />
  return <SplitView place={place} split={split} splits={splits} features={features.value} />
}

function SplitView(given: {
  place: ViewPlace
  split: SplitOf
  splits: readonly { config: string; split: string }[]
  features: readonly Feature[]
}) {
  const { place, split, splits, features } = given
  const { dataset } = place
  const fields = useMemo(() => fieldsOf(features), [features])
  const { asked, problems } = useMemo(() => selectionOf(place, fields), [place, fields])
  const isFaulty = problems.some(({ isFatal }) => isFatal)
  const layout = asked.query === '' || place.layout === 'table' ? 'table' : 'hits'
  const first = place.row ?? (layout === 'hits' ? ((place.part ?? 1) - 1) * HITS_ON_PAGE : 0)
  const { cache, page, error, retry } = useRows({ dataset, split, asked, view: place, first })
  const statistics = useLoad(`statistics ${dataset} ${JSON.stringify(split)}`, (signal) => dataApi.statistics(dataset, split, signal))
  const facets = useFacets(dataset, split, asked, page !== undefined)
  const valuesOf = useMemo(() => valuesFrom(statistics.state === 'ready' ? statistics.value : []), [statistics])
  const go: Go = useCallback(
    (change, how = 'push') => navigate(viewHref(dataset, { ...place, message: null, ...change }), how),
    [dataset, place],
  )
  const search = useCallback((query: string) => go({ query, row: null, part: null, sample: null, seed: null }), [go])
  const open = useCallback((index: number) => go({ row: index }), [go])
  const total = isFaulty ? undefined : page?.num_rows_total
  const isAll = asked.query === '' && asked.where === ''
  const hidden = useMemo(() => place.hide.split(','), [place.hide])
  const shown = useMemo(() => features.filter(({ name }) => !hidden.includes(name)), [features, hidden])
  return (
    <>
      <SearchBox text={place.query} fields={fields} valuesOf={valuesOf} search={search} />
      {place.where !== '' && (
        <p className={styles.note}>
          {texts.results.condition}: <code dir="ltr">{place.where}</code>{' '}
          <button type="button" onClick={() => go({ where: '', row: null, part: null })}>
            {texts.results.dropCondition}
          </button>
        </p>
      )}
      <Toolbar
        dataset={dataset}
        split={split}
        view={place}
        asked={asked}
        features={features}
        fields={fields}
        total={total}
        layout={layout}
        go={go}
      >
        <span role="status" className={styles.count}>
          <Found place={place} asked={asked} total={total} go={go} />
        </span>
        {splits.length > 1 && <SplitChoice splits={splits} split={split} go={go} />}
      </Toolbar>
      {error && <Failed error={error} retry={retry} />}
      {!error && (
        <div className={place.row === null ? styles.alone : styles.both}>
          <Aside facets={facets} text={place.query} fields={fields} search={search} />
          <div className={styles.table}>
            {isFaulty && <Empty title={texts.results.faulty}>{texts.results.faultyLead}</Empty>}
            {!isFaulty && !page && <Loading />}
            {!isFaulty && page && total === 0 && (
              <Empty title={asked.query || asked.where ? texts.results.none : common.viewer.noRows}>
                <p>{asked.query || asked.where ? texts.results.noneLead : ''}</p>
              </Empty>
            )}
            {page && total !== undefined && total > 0 && layout === 'hits' && (
              <Hits
                part={Math.max(1, place.part ?? 1)}
                total={total}
                at={cache.at}
                want={cache.want}
                open={(row, message) => go({ row, message })}
                opened={place.row}
                turn={(part) => go({ part, row: null })}
              />
            )}
            {page && total !== undefined && total > 0 && layout === 'table' && (
              <Table
                key={JSON.stringify([split, asked, place.sample, place.seed])}
                features={shown}
                rows={total}
                at={cache.at}
                want={cache.want}
                open={open}
                opened={place.row !== null && place.row < total ? place.row : null}
                statistics={statistics.state === 'ready' ? statistics.value : []}
                facets={isAll || facets.state !== 'ready' || facets.value?.partial ? undefined : facets.value?.facets}
                orderby={place.orderby}
                sort={place.sample === null ? (orderby) => go({ orderby, row: null }) : undefined}
                filter={(bar) => {
                  const wanted = filterOf(bar, fields)
                  if (wanted?.kind === 'value') search(toggleValue(place.query, fields, wanted))
                  if (wanted?.kind === 'item') search(toggleItem(place.query, fields, wanted.item))
                }}
              />
            )}
          </div>
          {place.row !== null && total !== undefined && total > 0 && (
            <Side place={place} row={place.row} total={total} cache={cache} go={go} />
          )}
        </div>
      )}
    </>
  )
}

/** The counts of a view, asked for once its rows are here: what people wait for goes first. */
function useFacets(dataset: string, split: SplitOf, { query, where, role }: Selection, isWanted: boolean): Loaded<FacetCounts | undefined> {
  const key = JSON.stringify(['facets', dataset, split, query, where, role, isWanted])
  return useLoad(key, async (signal) =>
    isWanted ? await dataApi.facets(dataset, split, { query, where, role, orderby: '' }, signal) : undefined,
  )
}

function Aside(given: {
  facets: Loaded<FacetCounts | undefined>
  text: string
  fields: ReturnType<typeof fieldsOf>
  search: (text: string) => void
}) {
  const { facets, text, fields, search } = given
  const [{ showsFacets }, change] = useSettings()
  // The counts before stay, faded, until the new ones are here: nothing jumps.
  const [counts, setCounts] = useState<FacetCounts>()
  const found = facets.state === 'ready' ? facets.value : undefined
  if (found && found !== counts) setCounts(found)
  return (
    <details
      className={styles.facets}
      open={showsFacets}
      onToggle={({ currentTarget }) => currentTarget.open !== showsFacets && change({ showsFacets: currentTarget.open })}
    >
      <summary>{texts.facets.title}</summary>
      {!counts && facets.state !== 'error' && <Loading />}
      {facets.state === 'error' && <p className="quiet">{isNotReady(facets.error) ? facets.error.message : texts.facets.failed}</p>}
      {counts && facets.state !== 'error' && (
        <div className={found ? '' : styles.waiting} aria-busy={!found}>
          {counts.partial && <p className="quiet">{texts.facets.partial}</p>}
          <Facets facets={counts.facets} text={text} fields={fields} search={search} />
        </div>
      )}
    </details>
  )
}

function Found({ place, asked, total, go }: { place: ViewPlace; asked: Selection; total: number | undefined; go: Go }) {
  if (total === undefined) return <> </>
  if (place.sample !== null)
    return (
      <>
        {texts.results.sampleOf(formatCount(total), place.seed ?? 0)}{' '}
        <button type="button" onClick={() => go({ ...drawn(), row: null })}>
          {texts.results.again}
        </button>{' '}
        <button type="button" onClick={() => go({ sample: null, seed: null, row: null })}>
          {texts.results.all}
        </button>
      </>
    )
  const isAll = asked.query === '' && asked.where === ''
  return (
    <>
      <strong>{formatCount(total)}</strong> {isAll ? texts.results.conversations : texts.results.found}
    </>
  )
}

function SplitChoice({ splits, split, go }: { splits: readonly { config: string; split: string }[]; split: SplitOf; go: Go }) {
  return (
    <label className={styles.split}>
      <span className="hidden">{common.viewer.split}</span>
      <select
        value={splits.findIndex((one) => one.config === split.config && one.split === split.split)}
        onChange={({ target }) => {
          const wanted = splits[Number(target.value)]
          if (wanted) go({ ...wanted, row: null, part: null, query: '', where: '', orderby: '', sample: null, seed: null })
        }}
      >
        {splits.map((one, index) => (
          <option key={`${one.config} ${one.split}`} value={index}>
            {one.config} / {one.split}
          </option>
        ))}
      </select>
    </label>
  )
}

function Side(given: { place: ViewPlace; row: number; total: number; cache: RowCache; go: Go }) {
  const { place, row, total, cache, go } = given
  const found: Row | undefined = cache.at(row)
  useEffect(() => cache.want(Math.max(0, row - 1), Math.min(total, row + 2)), [cache, row, total])
  const previous = useMemo(() => (row > 0 ? () => go({ row: row - 1 }, 'replace') : undefined), [go, row])
  const next = useMemo(() => (row + 1 < total ? () => go({ row: row + 1 }, 'replace') : undefined), [go, row, total])
  const close = useCallback(() => go({ row: null }), [go])
  if (row >= total)
    return (
      <Empty title={texts.reader.noRow(formatCount(row), formatCount(total - 1))}>
        <button type="button" onClick={close}>
          {common.viewer.close}
        </button>
      </Empty>
    )
  if (!found) return <Loading />
  const { dataset, config, split, revision } = place
  return (
    <Reader
      row={found}
      message={place.message}
      hrefOf={(message) => viewHref(dataset, { ...place, message })}
      pointAt={(message) => go({ message }, 'replace')}
      compareHref={compareHref(dataset, { config, split, revision, row: found.row_idx })}
      previous={previous}
      next={next}
      close={close}
    />
  )
}
