import { type FormEvent, useState } from 'react'
import { chatApi } from '../../api.chat.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { formatTime } from '../../chat/words.ts'
import { Copy } from '../../components/Copy/Copy.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { useLoad } from '../../load.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Withdraw.module.css'

/** Takes back everything that a person gave, by the receipt code, and says what happens then. */
export default function WithdrawPage() {
  const consent = useLoad('consent', chatApi.consent)
  if (consent.state === 'loading') return <Loading />
  if (consent.state === 'error') {
    if (consent.error.status === 404) return <Empty title={texts.missing}>{texts.missingHint}</Empty>
    return <Failed error={consent.error} retry={consent.retry} />
  }
  const { receipt } = consent.value
  return (
    <div className={styles.page}>
      <h1>{texts.withdraw.title}</h1>
      <p>{texts.withdraw.lead}</p>
      {receipt && (
        <p className={styles.receipt}>
          {texts.withdraw.yours} <code>{receipt}</code> <Copy text={receipt} />
        </p>
      )}
      <WithdrawForm receipt={receipt ?? ''} />
      <h2>{texts.withdraw.nextTitle}</h2>
      <ol>
        {texts.withdraw.next.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <StatusForm />
    </div>
  )
}

function WithdrawForm({ receipt }: { receipt: string }) {
  const [code, setCode] = useState(receipt)
  const [isAsked, setAsked] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const [done, setDone] = useState<{ recordedAt: string; conversations: number }>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!isAsked) {
      setAsked(true)
      return
    }
    setBusy(true)
    try {
      setDone(await chatApi.withdraw(code.trim()))
    } catch (reason) {
      setError(errorOf(reason))
    }
    setBusy(false)
    setAsked(false)
  }
  if (done)
    return (
      <p role="status" className={styles.done}>
        <strong>{texts.withdraw.done(done.conversations)}</strong> {texts.withdraw.recorded(formatTime(done.recordedAt))}
      </p>
    )
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <label>
        {texts.withdraw.receipt}
        <input value={code} required autoComplete="off" spellCheck={false} onChange={({ target }) => setCode(target.value)} />
        <small className="quiet">{texts.withdraw.receiptHint}</small>
      </label>
      {error && <Failed error={error} />}
      {isAsked && <p role="alert">{texts.withdraw.question}</p>}
      <p className={styles.buttons}>
        <button type="submit" className="primary" disabled={isBusy}>
          {isAsked ? texts.withdraw.really : texts.withdraw.act}
        </button>
        {isAsked && (
          <button type="button" onClick={() => setAsked(false)}>
            {texts.chat.cancel}
          </button>
        )}
      </p>
    </form>
  )
}

function StatusForm() {
  const [words, setWords] = useState('')
  const [error, setError] = useState<ApiError>()
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const receipt = String(new FormData(event.currentTarget).get('receipt') ?? '').trim()
    try {
      const { recordedAt } = await chatApi.withdrawal(receipt)
      setError(undefined)
      setWords(recordedAt ? texts.withdraw.status.done(formatTime(recordedAt)) : texts.withdraw.status.open)
    } catch (reason) {
      setError(errorOf(reason))
    }
  }
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <h2>{texts.withdraw.check}</h2>
      <label>
        {texts.withdraw.receipt}
        <input name="receipt" required autoComplete="off" spellCheck={false} />
      </label>
      {error && <Failed error={error} />}
      <p className={styles.buttons}>
        <button type="submit">{texts.withdraw.checkAct}</button> <span role="status">{words}</span>
      </p>
    </form>
  )
}
