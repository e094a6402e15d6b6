import { useState } from 'react'
import { texts } from '../../texts.ts'

/** A button that puts a text on the clipboard and says so. */
export function Copy({ text, label = texts.copy }: { text: string; label?: string }) {
  const [isDone, setDone] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setDone(true)
    setTimeout(() => setDone(false), 1500)
  }
  return (
    <button type="button" onClick={() => void copy().catch(() => setDone(false))} aria-live="polite">
      {isDone ? texts.copied : label}
    </button>
  )
}
