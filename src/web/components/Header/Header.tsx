import { api } from '../../api.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { useSettings } from '../../settings.ts'
import { texts as chat } from '../../texts.chat.ts'
import { texts } from '../../texts.ts'
import styles from './Header.module.css'

/** The head of every page: the way home, the colours, who is signed in. */
export function Header() {
  const [settings, change] = useSettings()
  const session = useLoad('session', api.session)
  const user = session.state === 'ready' ? session.value : undefined
  const from = encodeURIComponent(location.pathname + location.search)
  return (
    <header className={styles.header}>
      <Link href="/" className={styles.name}>
        {texts.product}
      </Link>
      <nav className={styles.nav} aria-label={texts.product}>
        {(['chat', 'arena', 'leaderboard'] as const).map((page) => (
          <Link key={page} href={`/${page}`}>
            {chat.nav[page]}
          </Link>
        ))}
      </nav>
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
          <span className={styles.user}>{user.user}</span>
          <button type="button" onClick={() => void api.signOut().then(() => location.reload())}>
            {texts.sign.out}
          </button>
        </>
      ) : (
        <Link className="button" href={`/sign-in?from=${from}`}>
          {texts.sign.in}
        </Link>
      )}
    </header>
  )
}

const themeOf = (value: string) => (value === 'light' || value === 'dark' ? value : 'system')
