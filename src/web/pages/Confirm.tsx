import { type FormEvent, useId, useState } from 'react'
import { signApi } from '../api.sign.ts'
import { type ApiError, errorOf } from '../api.ts'
import { Failed, Loading } from '../components/State/State.tsx'
import { useLoad } from '../load.ts'
import { signTexts } from '../texts.sign.ts'
import styles from './Sign.module.css'

/** Where the link of a licence demand leads: what is demanded, and its confirmation in writing. The key in the address stands for the person. */
export default function ConfirmPage() {
  const id = useId()
  const given = new URLSearchParams(location.hash.slice(1))
  const demand = given.get('demand') ?? ''
  const key = given.get('key') ?? ''
  const found = useLoad(demand, () => signApi.demand(demand, key))
  const [error, setError] = useState<ApiError>()
  const [isDone, setDone] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const words = String(new FormData(event.currentTarget).get('words') ?? '')
    signApi.confirmDemand(demand, key, words).then(
      () => setDone(true),
      (reason: unknown) => setError(errorOf(reason)),
    )
  }
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error')
    return (
      <div className={styles.form}>
        <h1>{signTexts.confirm}</h1>
        <Failed error={found.error} />
      </div>
    )
  const { dataset, user, text, dueAt, confirmedAt } = found.value
  if (isDone || confirmedAt)
    return (
      <div className={styles.form} role="status">
        <h1>{signTexts.confirmed}</h1>
        <p>{signTexts.confirmedLead(dataset)}</p>
      </div>
    )
  return (
    <form className={styles.form} onSubmit={submit}>
      <h1>{signTexts.confirm}</h1>
      <p>{signTexts.confirmLead(dataset, dueAt.slice(0, 10))}</p>
      <blockquote className={styles.words}>{text}</blockquote>
      <div className={styles.field}>
        <label htmlFor={id}>{signTexts.confirmWords(user)}</label>
        <textarea id={id} name="words" required minLength={3} maxLength={2000} rows={4} defaultValue={signTexts.confirmDefault(dataset)} />
      </div>
      {error && <Failed error={error} />}
      <button type="submit" className="primary">
        {signTexts.confirmSend}
      </button>
    </form>
  )
}
