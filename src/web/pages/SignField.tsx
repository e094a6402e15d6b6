import { type InputHTMLAttributes, useId } from 'react'
import styles from './Sign.module.css'

/** A field with its name and, where it needs one, a hint that is read after it. */
export function Field({ label, hint, ...input }: InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: string }) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} {...(hint ? { 'aria-describedby': `${id}-hint` } : {})} />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}
