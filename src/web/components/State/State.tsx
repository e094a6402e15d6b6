import type { ReactNode } from 'react'
import type { ApiError } from '../../api.ts'
import { isNotReady } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { texts } from '../../texts.ts'
import styles from './State.module.css'

/** What is shown while something loads. Keeps its height, so that nothing jumps. */
export function Loading({ label = texts.loading }: { label?: string }) {
  return (
    <div className={styles.loading} role="status" data-loading="">
      <span className={styles.dots} aria-hidden="true" /> {label}
    </div>
  )
}

/** What is shown where there is nothing, with what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  )
}

/** What is shown when the server refused or failed: its own words, and the way on. */
export function Failed({ error, retry }: { error: ApiError; retry?: (() => void) | undefined }) {
  if (isNotReady(error)) return <Loading label={error.message} />
  const isSignIn = error.status === 401
  const from = encodeURIComponent(location.pathname + location.search)
  return (
    <div className={styles.empty} role="alert">
      <p className={styles.title}>{error.message}</p>
      <p className={styles.actions}>
        {retry && (
          <button type="button" onClick={retry}>
            {texts.retry}
          </button>
        )}
        {isSignIn && (
          <Link className="button" href={`/sign-in?from=${from}`}>
            {texts.sign.in}
          </Link>
        )}
      </p>
    </div>
  )
}
