import { useMemo } from 'react'
import { dataApi, type Facet, type SplitOf } from '../api.data.ts'
import { ApiError, api } from '../api.ts'
import { type Field, fieldsOf, shortName } from '../ask/fields.ts'
import { chosenValues, toggleValue } from '../ask/toggle.ts'
import { type BarRow, Bars, Histogram } from '../components/Bars/Bars.tsx'
import { DatasetNav } from '../components/DatasetNav/DatasetNav.tsx'
import { choicesOf } from '../components/Facets/choices.ts'
import { Refused } from '../components/Refused/Refused.tsx'
import { SearchBox } from '../components/SearchBox/SearchBox.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { formatCount, formatShare } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { byMonth, everyDay, type ReleaseStats, readReleaseStats } from '../release-stats.ts'
import { type DataPlace, statisticsHref, viewHref } from '../route.data.ts'
import { datasetHref } from '../route.ts'
import { useSplit } from '../split.ts'
import { texts } from '../texts.data.ts'
import { featuresOf, selectionOf } from '../view.ts'
import styles from './Statistics.module.css'

/** Smaller groups are not listed: they say more of single people than of the dataset. A floor that the server names goes first. */
const FLOOR = 5

type StatisticsPlace = DataPlace & { page: 'statistics' }

/** Figures of a dataset: what is counted now under the search above them, and what the release says of itself. */
export default function StatisticsPage({ place }: { place: StatisticsPlace }) {
  const { dataset, revision } = place
  const split = useSplit(dataset, place)
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        {texts.statistics.title} · <Link href={datasetHref(dataset)}>{dataset}</Link>
      </h1>
      <DatasetNav dataset={dataset} current="statistics" />
      {split.state === 'loading' && <Loading />}
      {split.state === 'error' && <Refused dataset={dataset} error={split.error} retry={split.retry} />}
      {split.state === 'ready' && <Live place={place} split={split.value} />}
      {split.state === 'ready' && <FromRelease place={place} revision={revision || 'main'} />}
    </div>
  )
}

function Live({ place, split }: { place: StatisticsPlace; split: SplitOf }) {
  const { dataset } = place
  const features = useLoad(`features ${dataset} ${JSON.stringify(split)}`, (signal) => featuresOf(dataset, split, signal))
  const fields = useMemo(() => (features.state === 'ready' ? fieldsOf(features.value) : []), [features])
  const { asked } = useMemo(() => selectionOf(place, fields), [place, fields])
  const key = JSON.stringify(['facets', dataset, split, asked, fields.length])
  const facets = useLoad(key, async (signal) => (fields.length > 0 ? await dataApi.facets(dataset, split, asked, signal) : undefined))
  const search = (query: string) => navigate(statisticsHref(dataset, { ...place, query }))
  if (features.state === 'error') return <Failed error={features.error} retry={features.retry} />
  const counts = facets.state === 'ready' ? facets.value : undefined
  return (
    <section aria-labelledby="live" className={styles.part}>
      <h2 id="live">{texts.statistics.live}</h2>
      <p className="quiet">{texts.statistics.lead}</p>
      <SearchBox text={place.query} fields={fields} valuesOf={valuesOf(counts?.facets ?? [])} search={search} />
      {facets.state === 'error' && <Failed error={facets.error} retry={facets.retry} />}
      {facets.state !== 'error' && !counts && <Loading />}
      {counts && (
        <>
          <p className={styles.total} role="status">
            <strong>{formatCount(counts.total ?? 0)}</strong> {texts.results.conversations}{' '}
            <Link className="button" href={viewHref(dataset, { ...place })}>
              {texts.statistics.view}
            </Link>
          </p>
          {(counts.total ?? 0) === 0 && <Empty title={texts.results.none}>{texts.results.noneLead}</Empty>}
          <Groups
            facets={counts.facets}
            floor={counts.floor ?? FLOOR}
            fields={fields}
            text={place.query}
            total={counts.total ?? 0}
            search={search}
          />
        </>
      )}
    </section>
  )
}

const valuesOf = (facets: readonly Facet[]) => (field: Field) => {
  const values = facets.find(({ column }) => column === field.column)?.values ?? []
  return field.values.length > 0
    ? field.values.map((value) => ({ value }))
    : values.map(({ value, count }) => ({ value: String(value), count }))
}

function Groups(given: {
  facets: readonly Facet[]
  floor: number
  fields: readonly Field[]
  text: string
  total: number
  search: (text: string) => void
}) {
  const { facets, floor, fields, text, total, search } = given
  return (
    <div className={styles.grid}>
      {choicesOf(facets, fields).map(({ field, label, values }) => {
        const chosen = chosenValues(text, fields, field).map((value) => value.toLowerCase())
        const rows = values.map(
          ({ value, count }): BarRow => ({
            name: value,
            count,
            isChosen: chosen.includes(value.toLowerCase()),
            choose: () => search(toggleValue(text, fields, { field, name: shortName(field), value })),
          }),
        )
        if (field.kind === 'number') return <Histogram key={field.name} rows={rows} label={label} />
        // What is chosen stays, so that it can be taken away.
        const shown = rows.filter(({ count, isChosen }) => count >= floor || isChosen)
        return (
          <Bars key={field.name} rows={shown} total={total} label={label}>
            {shown.length < rows.length && <p className={styles.note}>{texts.statistics.floor(rows.length - shown.length, floor)}</p>}
          </Bars>
        )
      })}
    </div>
  )
}

function FromRelease({ place, revision }: { place: StatisticsPlace; revision: string }) {
  const { dataset } = place
  const stats = useLoad(`stats ${dataset} ${revision}`, async (signal) => {
    try {
      return readReleaseStats(await api.text(dataset, revision, 'stats.json', signal))
    } catch (error) {
      if (error instanceof ApiError && error.code === 'EntryNotFound') return undefined
      throw error
    }
  })
  return (
    <section aria-labelledby="release" className={styles.part}>
      <h2 id="release">{texts.statistics.release}</h2>
      {stats.state === 'loading' && <Loading />}
      {stats.state === 'error' && <Failed error={stats.error} retry={stats.retry} />}
      {stats.state === 'ready' && !stats.value && <Empty title={texts.statistics.noStats} />}
      {stats.state === 'ready' && stats.value && <ReleaseFigures place={place} stats={stats.value} />}
    </section>
  )
}

function ReleaseFigures({ place, stats }: { place: StatisticsPlace; stats: ReleaseStats }) {
  const figures: [string, string][] = [
    [texts.statistics.conversations, formatCount(stats.conversations)],
    [texts.statistics.users, formatCount(stats.users)],
    [texts.statistics.turns, decimal(stats.averageTurns)],
    [texts.statistics.tokensUser, decimal(stats.averagePromptTokens)],
    [texts.statistics.tokensAssistant, decimal(stats.averageResponseTokens)],
  ]
  const ask = (query: string) => () => navigate(viewHref(place.dataset, { config: place.config, split: place.split, query }))
  const days = everyDay(stats.days)
  return (
    <>
      <p className="quiet">{texts.statistics.releaseLead}</p>
      <dl className={styles.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.grid}>
        {days.length > 0 && (
          <div>
            <Histogram rows={days.map(({ day, count }) => ({ name: day, count }))} label={texts.statistics.days} />
            <Bars
              rows={byMonth(stats.days).map(({ month, count }) => ({ name: month, count, choose: ask(`date:${month}`) }))}
              total={stats.conversations}
              label={texts.statistics.months}
            />
          </div>
        )}
        {stats.flaggedMessages.length > 0 && <Unsafe stats={stats} ask={ask} />}
        {stats.promptTokens.length > 0 && (
          <Histogram rows={stats.promptTokens.map(tokenRow)} label={texts.statistics.tokensUserOf(stats.tokenizer)} />
        )}
        {stats.responseTokens.length > 0 && (
          <Histogram rows={stats.responseTokens.map(tokenRow)} label={texts.statistics.tokensAssistantOf(stats.tokenizer)} />
        )}
        {stats.redactions.length > 0 && (
          <Bars
            rows={stats.redactions.map(([kind, count]) => ({ name: kind, count, choose: ask(`tag:${kind === 'PERSON' ? 'NAME' : kind}`) }))}
            total={stats.redactions.reduce((sum, [, count]) => sum + count, 0)}
            label={texts.statistics.redaction}
          />
        )}
      </div>
    </>
  )
}

/** Flagged messages by category: how many, and their share of the messages that were checked. */
function Unsafe({ stats, ask }: { stats: ReleaseStats; ask: (query: string) => () => void }) {
  return (
    <section aria-label={texts.statistics.unsafe} className={styles.unsafe}>
      <h3>{texts.statistics.unsafe}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.statistics.category}</th>
            <th scope="col">{texts.statistics.flaggedMessages}</th>
            <th scope="col">{texts.statistics.share}</th>
          </tr>
        </thead>
        <tbody>
          {stats.flaggedMessages.map(([category, count]) => (
            <tr key={category}>
              <th scope="row">
                <button type="button" disabled={count === 0} onClick={ask(`flagged:${category}`)}>
                  {category}
                </button>
              </th>
              <td>{formatCount(count)}</td>
              <td>{stats.checkedMessages > 0 ? formatShare(count / stats.checkedMessages) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const decimal = (value: number | null) => (value === null ? '–' : value.toLocaleString('en', { maximumFractionDigits: 1 }))
const tokenRow = ({ from, to, count }: { from: number; to: number; count: number }): BarRow => ({
  name: from === to ? String(from) : `${formatCount(from)}–${formatCount(to)}`,
  count,
})
