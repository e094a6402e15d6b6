import { lazy, Suspense, useCallback } from 'react'
import { deskApi } from '../api.desk.ts'
import { type Access, ApiError, api, type Dataset } from '../api.ts'
import { cardUrl, splitCard } from '../card.ts'
import { AccessPanel } from '../components/Access/Access.tsx'
import { DatasetNav } from '../components/DatasetNav/DatasetNav.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { formatDay } from '../format.ts'
import { type Loaded, useLoad } from '../load.ts'
import { Link } from '../navigate.tsx'
import { askAccessHref, askDeletionHref } from '../route.desk.ts'
import { viewHref } from '../route.ts'
import { texts as desk } from '../texts.desk.ts'
import { texts } from '../texts.ts'
import { versionName } from '../version.ts'
import styles from './Dataset.module.css'
import { Citation } from './dataset/Citation.tsx'
import { DownloadsOverTime } from './dataset/Downloads.tsx'
import { Figures } from './dataset/Figures.tsx'
import { Files } from './dataset/Files.tsx'
import { Snippets } from './dataset/Snippets.tsx'
import { Uses } from './dataset/Uses.tsx'
import { Versions } from './dataset/Versions.tsx'

const Markdown = lazy(() => import('../components/Markdown/Markdown.tsx'))
const Sample = lazy(() => import('./dataset/Sample.tsx'))

/** A dataset: its card, its figures, its files and versions, how to load and cite it, who uses it, and where the reader stands with its gate. */
export default function DatasetPage({ dataset, revision }: { dataset: string; revision: string }) {
  const info = useLoad(`info ${dataset} ${revision}`, (signal) => api.dataset(dataset, revision, signal))
  const access = useLoad(`access ${dataset}`, (signal) => deskApi.access(dataset, 'release', signal))
  const session = useLoad('session', api.session)
  if (info.state === 'loading' || access.state === 'loading' || session.state === 'loading') return <Loading />
  if (info.state === 'error') return <Failed error={info.error} retry={info.retry} />
  if (access.state === 'error') return <Failed error={access.error} retry={access.retry} />
  const user = session.state === 'ready' ? session.value?.user : undefined
  return <Page info={info.value} access={access.value} user={user} />
}

function Page({ info, access, user }: { info: Dataset; access: Access; user: string | undefined }) {
  const { isAllowed } = access
  const licence = String(info.cardData.license_name ?? info.cardData.license ?? desk.dataset.noLicence)
  const card = useLoad(`card ${info.id} ${info.sha} ${isAllowed}`, async (signal) => {
    try {
      return isAllowed ? splitCard(await api.text(info.id, info.sha, 'README.md', signal)).text : ''
    } catch (error) {
      if (error instanceof ApiError && error.code === 'EntryNotFound') return ''
      throw error
    }
  })
  const versions = useLoad(`versions ${info.id}`, (signal) => deskApi.versions(info.id, signal))
  const numbered = versions.state === 'ready' ? versions.value : []
  const version = numbered.find(({ revision }) => revision === info.sha)
  const parts = [
    ['#use', texts.dataset.use],
    ['#card', texts.dataset.card],
    ['#files', texts.dataset.files],
    ['#uses', desk.dataset.uses],
    ['#versions', texts.dataset.versions],
  ] as const
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1>
            <bdi>{info.description || info.id}</bdi>
          </h1>
          <p className="quiet">
            {info.id} · <bdi>{licence}</bdi> · {desk.dataset.versionOf(versionName(info), formatDay(info.lastModified))}
          </p>
        </div>
        {isAllowed ? (
          <Link className="button primary" href={viewHref(info.id, {})}>
            {texts.dataset.view}
          </Link>
        ) : (
          info.gated !== false && (
            <Link className="button primary" href={askAccessHref(info.id)}>
              {desk.ask.action}
            </Link>
          )
        )}
      </div>
      {isAllowed && <DatasetNav dataset={info.id} current="card" />}
      <nav className={styles.parts} aria-label={desk.dataset.nav}>
        {parts.map(([href, name]) => (
          <a key={href} href={href}>
            {name}
          </a>
        ))}
      </nav>
      <div className={styles.columns}>
        <div className={styles.side}>
          <Figures info={info} isAllowed={isAllowed} rows={version?.rows} />
          <AccessPanel info={info} access={access} />
          <DownloadsOverTime dataset={info.id} />
          {versions.state === 'loading' ? (
            <Loading />
          ) : (
            <Citation info={info} card={card.state === 'ready' ? card.value : ''} version={version} />
          )}
          <Versions info={info} numbered={numbered} />
          <p>
            <Link href={askDeletionHref(info.id)}>{desk.dataset.deletion}</Link>
          </p>
        </div>
        <div className={styles.middle}>
          <Snippets info={info} isAllowed={isAllowed} />
          {!isAllowed && (
            <Suspense fallback={<Loading />}>
              <Sample dataset={info.id} />
            </Suspense>
          )}
          <section aria-labelledby="card">
            <h2 id="card">{texts.dataset.card}</h2>
            {isAllowed ? (
              <Card info={info} card={card} />
            ) : (
              <Empty title={texts.dataset.hiddenCard}>
                <p>{desk.dataset.hiddenHint}</p>
                {info.gated !== false && <Link href={askAccessHref(info.id)}>{desk.ask.action}</Link>}
              </Empty>
            )}
          </section>
          <Files info={info} isAllowed={isAllowed} />
          <Uses dataset={info.id} isAllowed={isAllowed} user={user} />
        </div>
      </div>
    </>
  )
}

function Card({ info, card }: { info: Dataset; card: Loaded<string> }) {
  const urlOf = useCallback((url: string) => cardUrl(url, info.id, info.sha), [info.id, info.sha])
  if (card.state === 'loading') return <Loading />
  if (card.state === 'error') return <Failed error={card.error} retry={card.retry} />
  if (card.value.trim() === '') return <Empty title={texts.dataset.noCard} />
  return (
    <Suspense fallback={<Loading />}>
      <div className={styles.card} dir="auto">
        <Markdown text={card.value} urlOf={urlOf} hasPictures={true} />
      </div>
    </Suspense>
  )
}
