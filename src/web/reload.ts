import { useRef, useState } from 'react'
import { type Loaded, useLoad } from './load.ts'

/**
 * Fetches as `useLoad` does, with a way to fetch again after a change. What is known stays on the page meanwhile, so that nothing jumps and the words
 * of the change can be read; another key starts with nothing known.
 */
export function useReload<T>(key: string, fetcher: (signal: AbortSignal) => Promise<T>): [Loaded<T>, () => void] {
  const [round, setRound] = useState(0)
  const kept = useRef<{ key: string; found: Loaded<T> } | null>(null)
  const found = useLoad(`${key} #${round}`, fetcher)
  if (found.state === 'ready') kept.current = { key, found }
  const shown = found.state === 'loading' && kept.current?.key === key ? kept.current.found : found
  return [shown, () => setRound((count) => count + 1)]
}
