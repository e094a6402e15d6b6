import { textOf } from '../act.ts'
import { deskApi } from '../api.desk.ts'
import { api, type Dataset } from '../api.ts'
import { Copy } from '../components/Copy/Copy.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { formatCount, formatDay } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { docsHref, searchHref } from '../route.desk.ts'
import { datasetHref, viewHref } from '../route.ts'
import { texts } from '../texts.desk.ts'
import { texts as common } from '../texts.ts'
import { versionName } from '../version.ts'
import styles from './Home.module.css'

/** The first page: a search over all conversations, what one can do here, and the datasets with their versions. */
export function HomePage({ search }: { search: string }) {
  const found = useLoad(`datasets ${search}`, (signal) => api.datasets(search, signal))
  return (
    <>
      <div className={styles.hero}>
        <h1>{texts.home.title}</h1>
        <p className={styles.lead}>{texts.home.lead}</p>
        <search>
          <form
            className={styles.search}
            onSubmit={(event) => {
              event.preventDefault()
              navigate(searchHref(textOf(new FormData(event.currentTarget), 'q')))
            }}
          >
            <input type="search" name="q" required aria-label={texts.home.search} placeholder={texts.home.searchHint} dir="auto" />
            <button type="submit" className="primary">
              {texts.home.search}
            </button>
          </form>
        </search>
      </div>
      <div className={styles.bar}>
        <h2 id="datasets">{texts.home.datasets}</h2>
        <input
          type="search"
          aria-label={texts.home.find2}
          placeholder={texts.home.find2}
          value={search}
          onChange={({ target }) => navigate(target.value ? `/?search=${encodeURIComponent(target.value)}` : '/', 'replace')}
        />
      </div>
      <div className={styles.datasets}>
        {found.state === 'loading' && <Loading />}
        {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
        {found.state === 'ready' && found.value.length === 0 && search !== '' && (
          <Empty title={texts.home.nothing}>
            <Link href="/">{texts.home.showAll}</Link>
          </Empty>
        )}
        {found.state === 'ready' && found.value.length === 0 && search === '' && <FirstSteps />}
        {found.state === 'ready' && found.value.length > 0 && (
          <ul className={styles.list}>
            {found.value.map((dataset) => (
              <Item key={dataset.id} dataset={dataset} />
            ))}
          </ul>
        )}
      </div>
      <Ways />
    </>
  )
}

function Item({ dataset }: { dataset: Dataset }) {
  const { home } = texts
  const languages = dataset.cardData.language
  const facts = [
    dataset.id,
    dataset.private ? home.private : dataset.gated ? home.gated : home.open,
    home.version(versionName(dataset), formatDay(dataset.lastModified)),
    ...(Array.isArray(languages) && languages.length > 1 ? [home.languages(formatCount(languages.length))] : []),
    home.downloads(formatCount(dataset.downloads)),
  ]
  return (
    <li className={styles.item}>
      <div>
        <Link href={datasetHref(dataset.id)} className={styles.name}>
          <bdi>{dataset.description || dataset.id}</bdi>
        </Link>
        <div className="quiet">{facts.join(' · ')}</div>
      </div>
      <Link className="button" href={viewHref(dataset.id, {})}>
        {common.dataset.view}
        <span className="hidden"> {home.of(dataset.id)}</span>
      </Link>
    </li>
  )
}

function FirstSteps() {
  const command = `colloquy publish RELEASE --to ${location.origin} --dataset you/name`
  return (
    <Empty title={texts.home.empty}>
      <p>{texts.home.emptyHint}</p>
      <p>
        <code>{command}</code> <Copy text={command} />
      </p>
    </Empty>
  )
}

/** What one can do here. Chat and arena are named only where this server has them. */
function Ways() {
  const { home } = texts
  const site = useLoad('site', deskApi.hasChat)
  const hasChat = site.state === 'ready' && site.value
  const ways = [
    { href: '#datasets', words: home.browse },
    { href: searchHref(''), words: home.find },
    { href: '/sql', words: home.sql },
    ...(hasChat
      ? [
          { href: '/chat', words: home.chat },
          { href: '/arena', words: home.arena },
        ]
      : []),
    { href: docsHref(), words: home.docs },
    { href: '/api/openapi.json', words: home.api },
  ]
  return (
    <section aria-labelledby="ways">
      <h2 id="ways">{home.todo}</h2>
      <ul className={styles.ways}>
        {ways.map(({ href, words: [name, rest] }) => (
          <li key={href}>
            {href.startsWith('#') || href.startsWith('/api/') ? <a href={href}>{name}</a> : <Link href={href}>{name}</Link>}
            <p>{rest}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
