import { useEffect, useRef, useState } from 'react'
import { texts } from '../../texts.desk.ts'

/** A button for what cannot be taken back: the first press asks, the second does it; Escape or leaving it takes the question back. */
export function Confirm({ action, of, act, isDisabled = false }: { action: string; of: string; act: () => void; isDisabled?: boolean }) {
  const [isAsking, setAsking] = useState(false)
  const yes = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isAsking) yes.current?.focus()
  }, [isAsking])
  if (!isAsking)
    return (
      <button type="button" disabled={isDisabled} onClick={() => setAsking(true)}>
        {action}
        <span className="hidden"> {of}</span>
      </button>
    )
  return (
    <button
      ref={yes}
      type="button"
      className="primary"
      onBlur={() => setAsking(false)}
      onKeyDown={({ key }) => key === 'Escape' && setAsking(false)}
      onClick={() => {
        setAsking(false)
        act()
      }}
    >
      {texts.really(action)}
      <span className="hidden"> {of}</span>
    </button>
  )
}
