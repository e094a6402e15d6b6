import type { Version } from '../../api.desk.ts'
import { api, type Dataset } from '../../api.ts'
import { Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { datasetHref } from '../../route.ts'
import { texts as desk } from '../../texts.desk.ts'
import { texts } from '../../texts.ts'
import styles from '../Dataset.module.css'

/** The revisions of a dataset, newest first, with the numbers of those that are versions of its release; each leads to the page as it was then. */
export function Versions({ info, numbered }: { info: Dataset; numbered: readonly Version[] }) {
  const commits = useLoad(`commits ${info.id}`, (signal) => api.commits(info.id, signal))
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{texts.dataset.versions}</h2>
      {commits.state === 'loading' && <Loading />}
      {commits.state === 'error' && <Failed error={commits.error} retry={commits.retry} />}
      {commits.state === 'ready' && (
        <ol className={styles.versions}>
          {commits.value.map(({ id, title, date }) => {
            const version = numbered.find(({ revision }) => revision === id)
            return (
              <li key={id}>
                {version && <span className={styles.version}>{version.version} </span>}
                <Link href={datasetHref(info.id, id)} aria-current={id === info.sha ? 'true' : undefined}>
                  <bdi>{title}</bdi>
                </Link>
                <div className="quiet">
                  <code>{id.slice(0, 7)}</code> · {formatDay(date)}
                  {version && ` · ${desk.dataset.changes[version.change]}`}
                  {id === info.sha && ` · ${desk.dataset.shown}`}
                </div>
              </li>
            )
          })}
        </ol>
      )}
    </section>
  )
}
