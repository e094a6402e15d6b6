import { lazy, Suspense, useCallback, useState } from 'react'
import { type Access, ApiError, api, type Dataset } from '../api.ts'
import { cardUrl, splitCard } from '../card.ts'
import { AccessPanel } from '../components/Access/Access.tsx'
import { Code } from '../components/Code/Code.tsx'
import { Copy } from '../components/Copy/Copy.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { formatBytes, formatCount, formatDay } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link } from '../navigate.tsx'
import { datasetHref, viewHref } from '../route.ts'
import { snippetsOf } from '../snippets.ts'
import { texts } from '../texts.ts'
import styles from './Dataset.module.css'

const Markdown = lazy(() => import('../components/Markdown/Markdown.tsx'))

/** A dataset: its card, its figures, its files and versions, how to load it, and where the reader stands with its gate. */
export default function DatasetPage({ dataset, revision }: { dataset: string; revision: string }) {
  const info = useLoad(`info ${dataset} ${revision}`, (signal) => api.dataset(dataset, revision, signal))
  const access = useLoad(`access ${dataset}`, (signal) => api.access(dataset, signal))
  if (info.state === 'loading' || access.state === 'loading') return <Loading />
  if (info.state === 'error') return <Failed error={info.error} retry={info.retry} />
  if (access.state === 'error') return <Failed error={access.error} retry={access.retry} />
  return <Page info={info.value} access={access.value} />
}

function Page({ info, access }: { info: Dataset; access: Access }) {
  const licence = String(info.cardData.license_name ?? info.cardData.license ?? 'no licence named')
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1>
            <bdi>{info.description || info.id}</bdi>
          </h1>
          <p className="quiet">
            {info.id} · <bdi>{licence}</bdi> · version {info.sha.slice(0, 7)} of {formatDay(info.lastModified)}
          </p>
        </div>
        {access.isAllowed && (
          <Link className="button primary" href={viewHref(info.id, {})}>
            {texts.dataset.view}
          </Link>
        )}
      </div>
      <div className={styles.columns}>
        <div className={styles.side}>
          <Figures info={info} isAllowed={access.isAllowed} />
          <AccessPanel info={info} access={access} />
          <Versions info={info} />
        </div>
        <div className={styles.middle}>
          <Use info={info} isAllowed={access.isAllowed} />
          <Files info={info} isAllowed={access.isAllowed} />
          <section aria-labelledby="card">
            <h2 id="card">{texts.dataset.card}</h2>
            {access.isAllowed ? <Card info={info} /> : <Empty title={texts.dataset.hiddenCard} />}
          </section>
        </div>
      </div>
    </>
  )
}

function Figures({ info, isAllowed }: { info: Dataset; isAllowed: boolean }) {
  const size = useLoad(`size ${info.id} ${isAllowed}`, async (signal) => (isAllowed ? await api.size(info.id, signal) : undefined))
  const rows = size.state === 'ready' && size.value ? formatCount(size.value.size.dataset.num_rows) : '–'
  const languages = info.cardData.language
  const figures: [string, string][] = [
    ['Conversations', size.state === 'loading' ? '…' : rows],
    ['Size', formatBytes(info.usedStorage ?? 0)],
    ['Languages', Array.isArray(languages) ? formatCount(languages.length) : '–'],
    ['Downloads', formatCount(info.downloads)],
  ]
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{texts.dataset.figures}</h2>
      <dl className={styles.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Versions({ info }: { info: Dataset }) {
  const commits = useLoad(`commits ${info.id}`, (signal) => api.commits(info.id, signal))
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{texts.dataset.versions}</h2>
      {commits.state === 'loading' && <Loading />}
      {commits.state === 'error' && <Failed error={commits.error} retry={commits.retry} />}
      {commits.state === 'ready' && (
        <ol className={styles.versions}>
          {commits.value.map(({ id, title, date }) => (
            <li key={id}>
              <Link href={`${datasetHref(info.id)}?revision=${id}`} aria-current={id === info.sha ? 'true' : undefined}>
                <bdi>{title}</bdi>
              </Link>
              <div className="quiet">
                <code>{id.slice(0, 7)}</code> · {formatDay(date)}
                {id === info.sha && ' · shown'}
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Use({ info, isAllowed }: { info: Dataset; isAllowed: boolean }) {
  const splits = useLoad(`splits ${info.id} ${isAllowed}`, async (signal) => (isAllowed ? await api.splits(info.id, signal) : []))
  const [chosen, setChosen] = useState('Python')
  const [first] = splits.state === 'ready' ? splits.value : []
  const snippets = snippetsOf({
    origin: location.origin,
    dataset: info.id,
    config: first?.config ?? 'default',
    split: first?.split ?? 'train',
    isGated: info.gated !== false || info.private,
  })
  const shown = snippets.find(({ name }) => name === chosen) ?? snippets[0]
  return (
    <section aria-labelledby="use">
      <h2 id="use">{texts.dataset.use}</h2>
      <fieldset className={styles.choices}>
        <legend className="hidden">Language</legend>
        {snippets.map(({ name }) => (
          <button key={name} type="button" aria-pressed={name === shown?.name} onClick={() => setChosen(name)}>
            {name}
          </button>
        ))}
      </fieldset>
      {shown && <Code text={shown.code} language={shown.language} />}
    </section>
  )
}

function Files({ info, isAllowed }: { info: Dataset; isAllowed: boolean }) {
  const files = info.siblings ?? []
  return (
    <section aria-labelledby="files">
      <h2 id="files">
        {texts.dataset.files} <span className="quiet">({formatCount(files.length)})</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.files} tabIndex={0} aria-label={texts.dataset.files}>
        <table>
          <thead>
            <tr>
              <th>File</th>
              <th>Size</th>
              <th>Checksum</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ rfilename, size = 0, lfs, blobId = '' }) => (
              <tr key={rfilename}>
                <td>
                  {isAllowed ? (
                    <a href={`/datasets/${info.id}/resolve/${info.sha}/${rfilename.split('/').map(encodeURIComponent).join('/')}`} download>
                      <bdi>{rfilename}</bdi>
                    </a>
                  ) : (
                    <bdi>{rfilename}</bdi>
                  )}
                </td>
                <td className={styles.number}>{formatBytes(size)}</td>
                <td className={styles.checksum}>
                  <code title={lfs?.sha256 ?? blobId}>
                    {lfs ? 'sha256' : 'git'} {(lfs?.sha256 ?? blobId).slice(0, 10)}…
                  </code>{' '}
                  <Copy text={lfs?.sha256 ?? blobId} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

function Card({ info }: { info: Dataset }) {
  const card = useLoad(`card ${info.id} ${info.sha}`, async (signal) => {
    try {
      return splitCard(await api.text(info.id, info.sha, 'README.md', signal)).text
    } catch (error) {
      if (error instanceof ApiError && error.code === 'EntryNotFound') return ''
      throw error
    }
  })
  const urlOf = useCallback((url: string) => cardUrl(url, info.id, info.sha), [info.id, info.sha])
  if (card.state === 'loading') return <Loading />
  if (card.state === 'error') return <Failed error={card.error} retry={card.retry} />
  if (card.value.trim() === '') return <Empty title={texts.dataset.noCard} />
  return (
    <Suspense fallback={<Loading />}>
      <div className={styles.card} dir="auto">
        <Markdown text={card.value} hits={noHits} urlOf={urlOf} hasPictures={true} />
      </div>
    </Suspense>
  )
}

const noHits: readonly string[] = []
