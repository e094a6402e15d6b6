import { type FormEvent, useState } from 'react'
import { ApiError, api } from '../api.ts'
import { Failed } from '../components/State/State.tsx'
import { texts } from '../texts.ts'
import styles from './Sign.module.css'

/** Signing in, making an account, or, with the link printed at first start, making the first administrator. */
export default function SignPage({ from, isSetup }: { from: string; isSetup: boolean }) {
  const [isNew, setNew] = useState(isSetup)
  const [error, setError] = useState<ApiError>()
  const title = isSetup ? texts.sign.setup : isNew ? texts.sign.up : texts.sign.in
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = { user: String(form.get('user')), email: String(form.get('email')), password: String(form.get('password')) }
    try {
      // The key is behind the #, so that it stays out of logs.
      if (isSetup) await api.setup({ ...given, key: new URLSearchParams(location.hash.slice(1)).get('key') ?? '' })
      else if (isNew) await api.signUp(given)
      else await api.signIn(given.user, given.password)
      location.assign(from)
    } catch (reason) {
      setError(reason instanceof ApiError ? reason : new ApiError(0, 'PageFailed', ''))
    }
  }
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      <label>
        {texts.sign.user}
        <input name="user" required autoComplete="username" />
      </label>
      {isNew && (
        <label>
          {texts.sign.email}
          <input name="email" type="email" required autoComplete="email" />
        </label>
      )}
      <label>
        {texts.sign.password}
        <input
          name="password"
          type="password"
          required
          minLength={isNew ? 8 : 1}
          autoComplete={isNew ? 'new-password' : 'current-password'}
        />
      </label>
      {error && <Failed error={new ApiError(403, error.code, error.message)} />}
      <button type="submit" className="primary">
        {title}
      </button>
      {!isSetup && (
        <button type="button" onClick={() => setNew(!isNew)}>
          {isNew ? texts.sign.have : texts.sign.new}
        </button>
      )}
    </form>
  )
}
