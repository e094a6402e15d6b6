import { api } from '../api.ts'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { formatCount, formatDay } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { datasetHref, viewHref } from '../route.ts'
import { texts } from '../texts.ts'
import styles from './Home.module.css'

/** The first page: the datasets, a search among them, and what one can do here. */
export function HomePage({ search }: { search: string }) {
  const found = useLoad(`datasets ${search}`, (signal) => api.datasets(search, signal))
  return (
    <>
      <h1>{texts.home.title}</h1>
      <p className={styles.lead}>{texts.home.lead}</p>
      <ul className={styles.todo}>
        {texts.home.todo.map(([name, words]) => (
          <li key={name}>
            <strong>{name}</strong> {words}
          </li>
        ))}
      </ul>
      <div className={styles.bar}>
        <h2>{texts.home.datasets}</h2>
        <input
          type="search"
          aria-label={texts.home.find}
          placeholder={texts.home.find}
          value={search}
          onChange={({ target }) => navigate(target.value ? `/?search=${encodeURIComponent(target.value)}` : '/', 'replace')}
        />
      </div>
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && found.value.length === 0 && search !== '' && <Empty title={texts.home.nothing} />}
      {found.state === 'ready' && found.value.length === 0 && search === '' && (
        <Empty title={texts.home.empty}>
          <code>colloquy publish RELEASE --to {location.origin} --dataset you/name --token hf_…</code>
        </Empty>
      )}
      {found.state === 'ready' && found.value.length > 0 && (
        <ul className={styles.list}>
          {found.value.map((dataset) => (
            <li key={dataset.id} className={styles.item}>
              <div>
                <Link href={datasetHref(dataset.id)} className={styles.name}>
                  <bdi>{dataset.description || dataset.id}</bdi>
                </Link>
                <div className="quiet">
                  {dataset.id} · {dataset.private ? 'private' : dataset.gated ? 'gated' : 'open'} · updated{' '}
                  {formatDay(dataset.lastModified)} · {formatCount(dataset.downloads)} downloads
                </div>
              </div>
              <Link className="button" href={viewHref(dataset.id, {})}>
                {texts.dataset.view}
                <span className="hidden"> of {dataset.id}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
