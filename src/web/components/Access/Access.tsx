import { type FormEvent, useState } from 'react'
import { type Access, ApiError, api, type Dataset } from '../../api.ts'
import { Link } from '../../navigate.tsx'
import { texts } from '../../texts.ts'
import { Marked } from '../Markdown/Marked.tsx'
import { Failed } from '../State/State.tsx'
import styles from './Access.module.css'

/** Where the reader stands with a dataset's gate, and the form that asks for access. */
export function AccessPanel({ info, access }: { info: Dataset; access: Access }) {
  const status = access.request?.status
  return (
    <section aria-labelledby="access">
      <h2 id="access">{texts.dataset.access}</h2>
      {info.gated === false && <p>{texts.dataset.open}</p>}
      {info.gated !== false && <p>{access.isAllowed ? texts.dataset.allowed : texts.dataset.gated[info.gated]}</p>}
      {!access.isAllowed && status && <p role="status">{texts.dataset.status[status]}</p>}
      {!access.isAllowed && access.request?.reason && (
        <p>
          <Marked text={access.request.reason} hits={[]} />
        </p>
      )}
      {!access.isAllowed && access.refusal === 'anonymous' && (
        <Link className="button primary" href={`/sign-in?from=${encodeURIComponent(`/datasets/${info.id}`)}`}>
          {texts.dataset.signInFirst}
        </Link>
      )}
      {!access.isAllowed && access.refusal !== 'anonymous' && !['pending', 'rejected', 'revoked'].includes(status ?? '') && (
        <AskForm info={info} access={access} />
      )}
    </section>
  )
}

function AskForm({ info, access }: { info: Dataset; access: Access }) {
  const [error, setError] = useState<ApiError>()
  const { terms } = access
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const fields = terms.fields.map(({ name, type }, index) => {
      const value = form.get(`field-${index}`)
      return [name, type === 'checkbox' ? value === 'on' : String(value ?? '')]
    })
    try {
      await api.askAccess(info.id, Object.fromEntries(fields))
      location.reload()
    } catch (reason) {
      setError(reason instanceof ApiError ? reason : new ApiError(0, 'PageFailed', ''))
    }
  }
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {terms.heading && <h3>{terms.heading}</h3>}
      {terms.text && <div className={styles.terms}>{terms.text}</div>}
      {terms.fields.map(({ name, type, options }, index) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside, one of three kinds
        <label key={name} className={type === 'checkbox' ? styles.check : styles.field}>
          {type === 'checkbox' ? (
            <input type="checkbox" name={`field-${index}`} required />
          ) : type === 'select' ? (
            <select name={`field-${index}`} required>
              {options.map((option) => (
                <option key={option}>{option}</option>
              ))}
            </select>
          ) : (
            <input type={type === 'date_picker' ? 'date' : 'text'} name={`field-${index}`} required />
          )}
          <span>{name}</span>
        </label>
      ))}
      {error && <Failed error={error} />}
      <button type="submit" className="primary">
        {texts.dataset.ask}
      </button>
    </form>
  )
}
