import { type FormEvent, useState } from 'react'
import { openidHref, signApi } from '../api.sign.ts'
import { ApiError, errorOf } from '../api.ts'
import { Failed } from '../components/State/State.tsx'
import { useLoad } from '../load.ts'
import { signTexts } from '../texts.sign.ts'
import styles from './Sign.module.css'
import { Field } from './SignField.tsx'
import { Forgot } from './SignMail.tsx'

type Mode = 'in' | 'up' | 'setup' | 'forgot' | 'waiting'

/** Signing in, making an account, or, with the link printed at first start, making the first administrator. */
export default function SignPage({ from, isSetup }: { from: string; isSetup: boolean }) {
  const [mode, setMode] = useState<Mode>(isSetup ? 'setup' : 'in')
  const [error, setError] = useState<ApiError>()
  const [isShown, setShown] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const options = useLoad('options', signApi.options)
  const { openid, hasMail } = options.state === 'ready' ? options.value : { openid: null, hasMail: false }
  const hasFailed = new URLSearchParams(location.search).has('error')
  const go = (next: Mode) => {
    setError(undefined)
    setMode(next)
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    const given = { user: text('user'), email: text('email'), fullname: text('fullname'), password: text('password') }
    setBusy(true)
    try {
      // The key is behind the #, so that it stays out of logs.
      if (mode === 'setup') await signApi.setup({ ...given, key: new URLSearchParams(location.hash.slice(1)).get('key') ?? '' })
      else if (mode === 'up') {
        if ((await signApi.signUp(given)).isWaiting) return go('waiting')
      } else await signApi.signIn(given.user, given.password)
      location.assign(from)
    } catch (reason) {
      setError(errorOf(reason))
    } finally {
      setBusy(false)
    }
  }
  if (mode === 'forgot') return <Forgot back={() => go('in')} />
  if (mode === 'waiting')
    return (
      <div className={styles.form} role="status">
        <h1>{signTexts.sent}</h1>
        <p>{signTexts.provenLead}</p>
      </div>
    )
  const isNew = mode !== 'in'
  const title = signTexts[mode]
  return (
    <form key={mode} className={styles.form} onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      {mode === 'setup' && <p>{signTexts.setupLead}</p>}
      {mode === 'in' && openid !== null && (
        <>
          <a className="button" href={openidHref}>
            {signTexts.openid(openid)}
          </a>
          <p className={styles.or}>{signTexts.or}</p>
        </>
      )}
      {hasFailed && !error && <Failed error={new ApiError(403, 'OpenidFailed', signTexts.openidFailed)} />}
      <Field
        label={isNew ? signTexts.user : signTexts.userOrEmail}
        {...(isNew ? { hint: signTexts.userHint } : {})}
        name="user"
        required
        maxLength={254}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      {isNew && (
        <>
          <Field label={signTexts.fullname} name="fullname" maxLength={200} autoComplete="name" />
          <Field label={signTexts.email} name="email" type="email" required autoComplete="email" />
        </>
      )}
      <Field
        label={signTexts.password}
        {...(isNew ? { hint: signTexts.passwordHint } : {})}
        name="password"
        type={isShown ? 'text' : 'password'}
        required
        minLength={isNew ? 8 : 1}
        autoComplete={isNew ? 'new-password' : 'current-password'}
      />
      <label className={styles.check}>
        <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
        {signTexts.show}
      </label>
      {error && <Failed error={new ApiError(403, error.code, error.message)} />}
      <button type="submit" className="primary" disabled={isBusy}>
        {title}
      </button>
      {mode !== 'setup' && (
        <p className={styles.others}>
          <button type="button" onClick={() => go(isNew ? 'in' : 'up')}>
            {isNew ? signTexts.have : signTexts.new}
          </button>
          {!isNew && hasMail && (
            <button type="button" onClick={() => go('forgot')}>
              {signTexts.forgot}
            </button>
          )}
        </p>
      )}
    </form>
  )
}
