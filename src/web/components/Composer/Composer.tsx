import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Drafts } from '../../chat/drafts.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Composer.module.css'

/** The field for a message. What is typed is kept as the draft of its place; `restored` changes when a message came back unsent. */
export function Composer(given: {
  place: string
  drafts: Drafts
  restored: unknown
  isDisabled: boolean
  isRunning: boolean
  send: (prompt: string) => void
  stop: () => void
}) {
  const { place, drafts, restored, isDisabled, isRunning, send, stop } = given
  const [text, setText] = useState(() => drafts.read(place))
  const field = useRef<HTMLTextAreaElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a message that came back stands in the draft
  useEffect(() => {
    setText((now) => now || drafts.read(place))
  }, [restored, place])
  const change = (now: string) => {
    setText(now)
    drafts.write(place, now)
  }
  const submit = () => {
    const prompt = text.trim()
    if (prompt === '' || isDisabled || isRunning) return
    change('')
    send(prompt)
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While characters are composed, as in Chinese and Japanese, Enter ends the composing.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }
  return (
    <form
      className={styles.composer}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        submit()
      }}
    >
      <textarea
        ref={field}
        value={text}
        rows={Math.min(10, Math.max(2, text.split('\n').length))}
        dir="auto"
        aria-label={texts.chat.placeholder}
        placeholder={texts.chat.placeholder}
        onChange={({ target }) => change(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.row}>
        <small className="quiet">{texts.chat.keys}</small>
        {isRunning ? (
          <button type="button" onClick={stop}>
            ■ {texts.chat.stop}
          </button>
        ) : (
          <button type="submit" className="primary" disabled={isDisabled || text.trim() === ''}>
            {texts.chat.send}
          </button>
        )}
      </div>
    </form>
  )
}
