import { useEffect, useState } from 'react'
import { ApiError } from './api.ts'

/** What is known of something that is fetched. */
export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'error'; error: ApiError; retry: () => void }

/** Fetches whenever `key` changes; what the key no longer asks for is cancelled. While a new key loads, the old value is not shown as the new one's. */
export function useLoad<T>(key: string, fetcher: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [attempt, setAttempt] = useState(0)
  const [found, setFound] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { state: 'loading' } })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for everything that the fetcher closes over
  useEffect(() => {
    const controller = new AbortController()
    setFound({ key, loaded: { state: 'loading' } })
    fetcher(controller.signal).then(
      (value) => setFound({ key, loaded: { state: 'ready', value } }),
      (reason: unknown) => {
        if (controller.signal.aborted) return
        const error = reason instanceof ApiError ? reason : new ApiError(0, 'PageFailed', 'The page failed on this answer.')
        setFound({ key, loaded: { state: 'error', error, retry: () => setAttempt((count) => count + 1) } })
      },
    )
    return () => controller.abort()
  }, [key, attempt])
  return found.key === key ? found.loaded : { state: 'loading' }
}
