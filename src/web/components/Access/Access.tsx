import type { Access, Dataset } from '../../api.ts'
import { Link } from '../../navigate.tsx'
import { askAccessHref, deskHref } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import { texts as common } from '../../texts.ts'
import { Marked } from '../Markdown/Marked.tsx'
import styles from './Access.module.css'

/** Where the reader stands with a dataset's gate, and the way to ask; for its staff, the way to its desk. */
export function AccessPanel({ info, access }: { info: Dataset; access: Access }) {
  const isNewer = access.request !== null && access.request.termsVersion < access.terms.version
  const mayAsk = info.gated !== false && access.refusal !== 'hidden'
  return (
    <section className={styles.panel} aria-labelledby="access">
      <h2 id="access">{common.dataset.access}</h2>
      <Standing info={info} access={access} />
      {mayAsk && access.via !== 'staff' && (
        <p>
          <Link className={access.isAllowed ? undefined : 'button primary'} href={askAccessHref(info.id)}>
            {access.isAllowed ? (isNewer ? texts.ask.newTerms : texts.ask.readTerms) : texts.ask.action}
          </Link>
        </p>
      )}
      {access.via === 'staff' && (
        <p>
          <Link className="button" href={deskHref(info.id, 'requests')}>
            {texts.ask.desk}
          </Link>
        </p>
      )}
    </section>
  )
}

/** In words: whether the dataset is open or gated, and how the reader's own request stands. */
export function Standing({ info, access }: { info: Dataset; access: Access }) {
  const { request } = access
  if (info.gated === false && !info.private) return <p>{common.dataset.open}</p>
  return (
    <>
      {info.gated !== false && <p>{access.isAllowed ? texts.ask.allowed(access.via ?? 'grant') : common.dataset.gated[info.gated]}</p>}
      {info.gated === false && <p>{texts.ask.private}</p>}
      {!access.isAllowed && access.refusal === 'expired' && <p role="status">{texts.ask.expired}</p>}
      {!access.isAllowed && access.refusal === 'terms-changed' && <p role="status">{texts.ask.termsChanged}</p>}
      {!access.isAllowed && request && request.status !== 'accepted' && <p role="status">{common.dataset.status[request.status]}</p>}
      {request?.reason && (
        <p>
          {texts.ask.reason} <Marked text={request.reason} hits={[]} />
        </p>
      )}
      {access.isAllowed && request?.expiresAt && <p>{texts.ask.until(request.expiresAt.slice(0, 10))}</p>}
    </>
  )
}
