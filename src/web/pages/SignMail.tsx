import { type FormEvent, useEffect, useState } from 'react'
import { signApi } from '../api.sign.ts'
import { ApiError, errorOf } from '../api.ts'
import { Failed, Loading } from '../components/State/State.tsx'
import { Link } from '../navigate.tsx'
import { signTexts } from '../texts.sign.ts'
import styles from './Sign.module.css'
import { Field } from './SignField.tsx'

/** Asks for a link that sets a new password; what is shown afterwards is the same for every address. */
export function Forgot({ back }: { back: () => void }) {
  const { submit, error, isDone } = useForm((form) => signApi.forgot(String(form.get('email') ?? '')))
  if (isDone)
    return (
      <div className={styles.form} role="status">
        <h1>{signTexts.sent}</h1>
        <p>{signTexts.sentLead}</p>
        <button type="button" onClick={back}>
          {signTexts.back}
        </button>
      </div>
    )
  return (
    <form className={styles.form} onSubmit={submit}>
      <h1>{signTexts.forgotTitle}</h1>
      <p>{signTexts.forgotLead}</p>
      <Field label={signTexts.email} name="email" type="email" required autoComplete="email" />
      {error && <Failed error={error} />}
      <button type="submit" className="primary">
        {signTexts.forgotSend}
      </button>
      <button type="button" onClick={back}>
        {signTexts.back}
      </button>
    </form>
  )
}

/** Where the links of mails lead: to a new password, or to the proof of an address. Their keys are behind the #, so that they stay out of logs. */
export default function SignMailPage({ kind }: { kind: 'reset' | 'verify' }) {
  return kind === 'reset' ? <Reset /> : <Verify />
}

const tokenOf = () => new URLSearchParams(location.hash.slice(1)).get('token') ?? ''

function Reset() {
  const { submit, error, isDone } = useForm((form) => signApi.reset(tokenOf(), String(form.get('password') ?? '')))
  if (isDone)
    return (
      <div className={styles.form} role="status">
        <h1>{signTexts.resetDone}</h1>
        <Link className="button primary" href="/sign-in">
          {signTexts.in}
        </Link>
      </div>
    )
  return (
    <form className={styles.form} onSubmit={submit}>
      <h1>{signTexts.reset}</h1>
      <p>{signTexts.resetLead}</p>
      <Field
        label={signTexts.password}
        hint={signTexts.passwordHint}
        name="password"
        type="password"
        required
        minLength={8}
        autoComplete="new-password"
      />
      {error && <Failed error={error} />}
      <button type="submit" className="primary">
        {signTexts.reset}
      </button>
    </form>
  )
}

function Verify() {
  const [state, setState] = useState<'loading' | 'done' | ApiError>('loading')
  useEffect(() => {
    signApi.verify(tokenOf()).then(
      () => setState('done'),
      (reason: unknown) => setState(refusalOf(reason)),
    )
  }, [])
  if (state === 'loading') return <Loading label={signTexts.verifying} />
  return (
    <div className={styles.form}>
      <h1>{signTexts.verify}</h1>
      {state === 'done' ? <p role="status">{signTexts.verified}</p> : <Failed error={state} />}
      {/* A whole load, so that the head of the page knows who is signed in. */}
      <a className="button primary" href={state === 'done' ? '/' : '/sign-in'}>
        {state === 'done' ? signTexts.goOn : signTexts.back}
      </a>
    </div>
  )
}

function useForm(send: (form: FormData) => Promise<unknown>) {
  const [error, setError] = useState<ApiError>()
  const [isDone, setDone] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setError(undefined)
    send(new FormData(event.currentTarget)).then(
      () => setDone(true),
      (reason: unknown) => setError(refusalOf(reason)),
    )
  }
  return { submit, error, isDone }
}

/** A 401 would offer to sign in, which is where this page comes from. */
function refusalOf(reason: unknown): ApiError {
  const { status, code, message } = errorOf(reason)
  return new ApiError(status === 401 ? 403 : status, code, message)
}
