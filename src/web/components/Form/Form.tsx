import { type FormEvent, type ReactNode, useId } from 'react'
import type { Act } from '../../act.ts'
import { texts } from '../../texts.desk.ts'
import { Failed } from '../State/State.tsx'
import styles from './Form.module.css'

/** A form that tells how its last change ended. `submit` gets what was filled in and says in words what was done. */
export function Form(given: {
  act: Act
  submit: (form: FormData) => Promise<string>
  action: string
  children: ReactNode
  label?: string
  isQuiet?: boolean
  /** What was filled in stays when it is done, as in settings. */
  isKept?: boolean
}) {
  const { act, submit, action, children, label, isQuiet = false, isKept = false } = given
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const filled = new FormData(form)
    if ((await act.run(() => submit(filled))) && !isKept) form.reset()
  }
  return (
    <form className={styles.form} aria-label={label} onSubmit={(event) => void onSubmit(event)}>
      {children}
      <div className={styles.foot}>
        <button type="submit" className={isQuiet ? undefined : 'primary'} disabled={act.isBusy}>
          {act.isBusy ? texts.working : action}
        </button>
        <Outcome act={act} />
      </div>
    </form>
  )
}

/** How a change ended: its words where it is done, the server's where it was refused. */
export function Outcome({ act }: { act: Act }) {
  return (
    <>
      <span role="status" className={styles.said}>
        {act.said}
      </span>
      {act.error && <Failed error={act.error} />}
    </>
  )
}

/** One labelled control, with words that say what to give. */
export function Field({ label, hint, children, isCheck }: { label: ReactNode; hint?: ReactNode; children: ReactNode; isCheck?: boolean }) {
  const id = useId()
  return (
    <div className={isCheck ? styles.check : styles.field}>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children */}
      <label>
        <span className={styles.name}>{label}</span>
        {children}
      </label>
      {hint && (
        <p id={id} className="quiet">
          {hint}
        </p>
      )}
    </div>
  )
}
