import { api } from '../../api.ts'
import { useLoad } from '../../load.ts'
import { Link, usePlace } from '../../navigate.tsx'
import { adminHref, docsHref, searchHref, settingsHref } from '../../route.desk.ts'
import { useSettings } from '../../settings.ts'
import { texts as chat } from '../../texts.chat.ts'
import { texts as desk } from '../../texts.desk.ts'
import { texts } from '../../texts.ts'
import styles from './Header.module.css'

/** The head of every page: the way home and to the main places, the colours, who is signed in. */
export function Header() {
  const [settings, change] = useSettings()
  const place = usePlace()
  const session = useLoad('session', api.session)
  const user = session.state === 'ready' ? session.value : undefined
  const from = encodeURIComponent(location.pathname + location.search)
  const links = [
    ...(['chat', 'arena', 'leaderboard'] as const).map((page) => ({
      href: `/${page}`,
      name: chat.nav[page],
      isCurrent: place.page === page,
    })),
    { href: searchHref(''), name: desk.header.search, isCurrent: place.page === 'search' },
    { href: docsHref(), name: desk.header.docs, isCurrent: place.page === 'docs' },
    ...(user
      ? [
          { href: '/desk', name: desk.header.desk, isCurrent: place.page === 'desk' || place.page === 'dataset-desk' },
          ...(user.role === 'admin' ? [{ href: adminHref('users'), name: desk.header.admin, isCurrent: place.page === 'admin' }] : []),
        ]
      : []),
  ]
  return (
    <header className={styles.header}>
      <Link href="/" className={styles.name}>
        {texts.product}
      </Link>
      <nav className={styles.places} aria-label={texts.product}>
        {links.map(({ href, name, isCurrent }) => (
          <Link key={href} href={href} aria-current={isCurrent ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <div className={styles.own}>
        <label className={styles.theme}>
          <span className="hidden">{texts.theme.label}</span>
          <select value={settings.theme} onChange={({ target }) => change({ theme: themeOf(target.value) })}>
            <option value="system">{texts.theme.system}</option>
            <option value="light">{texts.theme.light}</option>
            <option value="dark">{texts.theme.dark}</option>
          </select>
        </label>
        {user ? (
          <>
            <Link href={settingsHref('requests')} className={styles.user} title={desk.header.settings}>
              <span className="hidden">{desk.header.settings}: </span>
              {user.user}
            </Link>
            <button type="button" onClick={() => void api.signOut().then(() => location.reload())}>
              {texts.sign.out}
            </button>
          </>
        ) : (
          <Link
            className="button"
            href={place.page === 'sign-in' ? '/sign-in' : `/sign-in?from=${from}`}
            style={{ visibility: session.state === 'loading' ? 'hidden' : 'visible' }}
          >
            {texts.sign.in}
          </Link>
        )}
      </div>
    </header>
  )
}

const themeOf = (value: string) => (value === 'light' || value === 'dark' ? value : 'system')
