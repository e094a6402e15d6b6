import { lazy, Suspense } from 'react'
import { textOf, useAct } from '../act.ts'
import { deskApi } from '../api.desk.ts'
import { type Access, api, type Dataset, type FormField } from '../api.ts'
import { chatUrl } from '../card.ts'
import { Standing } from '../components/Access/Access.tsx'
import { Field, Form } from '../components/Form/Form.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { useLoad } from '../load.ts'
import { Link } from '../navigate.tsx'
import { useReload } from '../reload.ts'
import { askAccessHref, type Level, settingsHref } from '../route.desk.ts'
import { datasetHref } from '../route.ts'
import { texts } from '../texts.desk.ts'
import { texts as common } from '../texts.ts'
import styles from './AskAccess.module.css'

const Markdown = lazy(() => import('../components/Markdown/Markdown.tsx'))

/** Asking for access: the terms, the form of the card, and how the reader's request stands. */
export default function AskAccessPage({ dataset, level }: { dataset: string; level: Level }) {
  const info = useLoad(`info ${dataset}`, (signal) => api.dataset(dataset, '', signal))
  const [access, reload] = useReload(`access ${dataset} ${level}`, (signal) => deskApi.access(dataset, level, signal))
  return (
    <>
      <p>
        <Link href={datasetHref(dataset)}>{dataset}</Link>
      </p>
      <h1>{level === 'raw' ? texts.ask.rawTitle : texts.ask.title}</h1>
      {(info.state === 'loading' || access.state === 'loading') && <Loading />}
      {info.state === 'error' && <Failed error={info.error} retry={info.retry} />}
      {access.state === 'error' && <Failed error={access.error} retry={access.retry} />}
      {info.state === 'ready' && access.state === 'ready' && <Ask info={info.value} access={access.value} level={level} asked={reload} />}
    </>
  )
}

function Ask({ info, access, level, asked }: { info: Dataset; access: Access; level: Level; asked: () => void }) {
  const { request, terms } = access
  if (level === 'release' && info.gated === false) return <Empty title={common.dataset.open} />
  if (level === 'raw' && terms.version === 0) return <Empty title={texts.ask.noRaw}>{texts.ask.noRawHint}</Empty>
  const isAgreed = request !== null && request.status === 'accepted' && request.termsVersion >= terms.version && access.isAllowed
  const isOver = request !== null && ['pending', 'rejected', 'revoked'].includes(request.status)
  return (
    <div className={styles.page}>
      <section aria-labelledby="standing">
        <h2 id="standing">{texts.ask.standing}</h2>
        {level === 'raw' ? <RawStanding access={access} /> : <Standing info={info} access={access} />}
        <p className="quiet">
          <Link href={settingsHref('requests')}>{texts.ask.allRequests}</Link>
          {level === 'release' && (
            <>
              {' · '}
              <Link href={askAccessHref(info.id, 'raw')}>{texts.ask.rawToo}</Link>
            </>
          )}
        </p>
      </section>
      <section aria-labelledby="terms">
        <h2 id="terms">
          {terms.heading || texts.ask.terms} <span className="quiet">({texts.settings.termsVersion(terms.version)})</span>
        </h2>
        {terms.text === '' ? (
          <p className="quiet">{texts.ask.noTerms}</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <section className={styles.terms} tabIndex={0} aria-label={texts.ask.terms} dir="auto">
            <Suspense fallback={<Loading />}>
              <Markdown text={terms.text} urlOf={chatUrl} hasPictures={false} />
            </Suspense>
          </section>
        )}
      </section>
      {access.refusal === 'anonymous' && (
        <p>
          <Link className="button primary" href={`/sign-in?from=${encodeURIComponent(askAccessHref(info.id, level))}`}>
            {common.dataset.signInFirst}
          </Link>
        </p>
      )}
      {access.refusal !== 'anonymous' && access.via !== 'staff' && !isAgreed && !isOver && (
        <AskForm dataset={info.id} level={level} fields={terms.fields} isAgain={request !== null} asked={asked} />
      )}
    </div>
  )
}

function RawStanding({ access }: { access: Access }) {
  if (access.isAllowed) return <p>{texts.ask.allowed(access.via ?? 'grant')}</p>
  return (
    <>
      <p>{texts.ask.rawLead}</p>
      {access.request && <p role="status">{texts.status[access.request.status]}</p>}
      {access.request?.reason && (
        <p>
          {texts.ask.reason} <bdi>{access.request.reason}</bdi>
        </p>
      )}
    </>
  )
}

function AskForm(given: { dataset: string; level: Level; fields: readonly FormField[]; isAgain: boolean; asked: () => void }) {
  const { dataset, level, fields, isAgain, asked } = given
  const act = useAct()
  const shown = fields.filter(({ type }) => type !== 'ip_location')
  const submit = async (form: FormData) => {
    const filled = fields.map(({ name, type }) => {
      const place = `field-${shown.findIndex((one) => one.name === name)}`
      return [name, type === 'checkbox' ? form.get(place) === 'on' : textOf(form, place)]
    })
    const { status } = await deskApi.askAccess(dataset, level, Object.fromEntries(filled))
    asked()
    return texts.status[status]
  }
  return (
    <section aria-labelledby="ask">
      <h2 id="ask">{isAgain ? texts.ask.again : texts.ask.form}</h2>
      <Form act={act} submit={submit} action={common.dataset.ask}>
        {shown.length === 0 && <p className="quiet">{texts.ask.noFields}</p>}
        {shown.map(({ name, type, options }, index) => (
          <Field key={name} label={<bdi>{name}</bdi>} isCheck={type === 'checkbox'}>
            {type === 'checkbox' ? (
              <input type="checkbox" name={`field-${index}`} required />
            ) : type === 'select' ? (
              <select name={`field-${index}`} required>
                {options.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </select>
            ) : (
              <input
                type={type === 'date_picker' ? 'date' : 'text'}
                name={`field-${index}`}
                required
                maxLength={5000}
                autoComplete={type === 'country' ? 'country-name' : undefined}
              />
            )}
          </Field>
        ))}
      </Form>
    </section>
  )
}
