import { type FormEvent, lazy, type ReactNode, Suspense, useState } from 'react'
import { type Consent, chatApi } from '../../api.chat.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { chatUrl } from '../../card.ts'
import { useLoad } from '../../load.ts'
import { texts } from '../../texts.chat.ts'
import { Copy } from '../Copy/Copy.tsx'
import { Empty, Failed, Loading } from '../State/State.tsx'
import styles from './Consent.module.css'

const Markdown = lazy(() => import('../Markdown/Markdown.tsx'))

/** Shows its children to people who have answered the terms, and the terms to all others. `ask` brings the terms back. */
export function WithConsent({ children }: { children: (consent: Consent, ask: () => void) => ReactNode }) {
  const loaded = useLoad('consent', chatApi.consent)
  const [answered, setAnswered] = useState<Consent>()
  const [isAsked, setAsked] = useState(false)
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'error') {
    if (loaded.error.status === 404) return <Empty title={texts.missing}>{texts.missingHint}</Empty>
    return <Failed error={loaded.error} retry={loaded.retry} />
  }
  const consent = answered ?? loaded.value
  const hasAnswered = consent.isCurrent || (consent.isKnown && consent.answer === null)
  if (hasAnswered && !isAsked) return children(consent, () => setAsked(true))
  const take = (given: Consent) => {
    setAnswered(given)
    setAsked(false)
  }
  return <ConsentScreen consent={consent} answer={take} />
}

/** The terms, what may be answered to them, and after acceptance the receipt. */
function ConsentScreen({ consent, answer }: { consent: Consent; answer: (consent: Consent) => void }) {
  const { terms, captcha } = consent
  const [error, setError] = useState<ApiError>()
  const [isBusy, setBusy] = useState(false)
  const [accepted, setAccepted] = useState<Consent>()
  if (accepted?.receipt) return <Receipt code={accepted.receipt} go={() => answer(accepted)} />
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { nativeEvent } = event
    const pressed = nativeEvent instanceof SubmitEvent ? nativeEvent.submitter : null
    const keep = pressed?.getAttribute('value') === 'keep'
    const form = new FormData(event.currentTarget)
    setBusy(true)
    try {
      const given = await chatApi.accept({
        terms: terms.version,
        keep,
        ...(terms.minimumAge === null ? {} : { isOldEnough: form.get('age') === 'on' }),
        ...(captcha ? { captcha: String(form.get('captcha') ?? '') } : {}),
      })
      if (keep) setAccepted(given)
      else answer(given)
    } catch (reason) {
      setError(errorOf(reason))
    }
    setBusy(false)
  }
  return (
    <div className={styles.screen}>
      <h1>{terms.title || texts.consent.title}</h1>
      {consent.answer && !consent.isCurrent && <p role="status">{texts.consent.changed}</p>}
      <section className={styles.terms} aria-label={texts.consent.terms}>
        <Suspense fallback={<Loading />}>
          <Markdown text={terms.text} urlOf={chatUrl} hasPictures={false} />
        </Suspense>
        <p>
          {texts.consent.licence}:{' '}
          {terms.licence.url && chatUrl(terms.licence.url) ? (
            <a href={chatUrl(terms.licence.url)}>{terms.licence.name}</a>
          ) : (
            terms.licence.name
          )}
        </p>
        {terms.jurisdictions && <p>{terms.jurisdictions}</p>}
        {terms.contact && (
          <p>
            {texts.consent.contact} {terms.contact}
          </p>
        )}
      </section>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        {terms.minimumAge !== null && (
          <label className={styles.check}>
            <input type="checkbox" name="age" required /> <span>{texts.consent.age(terms.minimumAge)}</span>
          </label>
        )}
        {captcha && (
          <label>
            {texts.consent.captcha} <input name="captcha" required autoComplete="off" />
          </label>
        )}
        {error && <Failed error={error} />}
        <div className={styles.buttons}>
          <button type="submit" className="primary" value="keep" disabled={isBusy}>
            {texts.consent.accept}
          </button>
          <button type="submit" value="forget" disabled={isBusy}>
            {texts.consent.without}
          </button>
        </div>
        <p className="quiet">{texts.consent.withoutHint}</p>
      </form>
    </div>
  )
}

function Receipt({ code, go }: { code: string; go: () => void }) {
  return (
    <div className={styles.screen}>
      <h1>{texts.consent.receiptTitle}</h1>
      <p className={styles.receipt}>
        <code>{code}</code> <Copy text={code} />
      </p>
      <p>{texts.consent.receiptHint}</p>
      <button type="button" className="primary" onClick={go}>
        {texts.consent.go}
      </button>
    </div>
  )
}
