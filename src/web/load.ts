import { useEffect, useState } from 'react'
import { type ApiError, errorOf } from './api.ts'

/** What is known of something that is fetched. */
export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'error'; error: ApiError; retry: () => void }

/** How long until something that the server still makes, such as a search index, is asked for again. */
export const NOT_READY_MS = 2000

/** Whether the server says that it is still making what is asked for; its words tell how far it is. */
export const isNotReady = (error: ApiError): boolean => error.code === 'ResponseNotReady'

/**
 * Fetches whenever `key` changes; what the key no longer asks for is cancelled. While a new key loads, the old value is not shown as the new one's. What is
 * not ready on the server is asked for again by itself, with the server's words shown meanwhile.
 */
export function useLoad<T>(key: string, fetcher: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [attempt, setAttempt] = useState(0)
  const [found, setFound] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { state: 'loading' } })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for everything that the fetcher closes over
  useEffect(() => {
    const controller = new AbortController()
    let waiting: ReturnType<typeof setTimeout> | undefined
    setFound((before) =>
      before.key === key && before.loaded.state === 'error' && isNotReady(before.loaded.error)
        ? before
        : { key, loaded: { state: 'loading' } },
    )
    fetcher(controller.signal).then(
      (value) => setFound({ key, loaded: { state: 'ready', value } }),
      (reason: unknown) => {
        if (controller.signal.aborted) return
        const error = errorOf(reason)
        const retry = () => setAttempt((count) => count + 1)
        setFound({ key, loaded: { state: 'error', error, retry } })
        if (isNotReady(error)) waiting = setTimeout(retry, NOT_READY_MS)
      },
    )
    return () => {
      controller.abort()
      clearTimeout(waiting)
    }
  }, [key, attempt])
  return found.key === key ? found.loaded : { state: 'loading' }
}
