import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'

/** Ten attempts in five minutes for each name and each source. */
const QUOTA = 10
const WINDOW_MS = 300_000

const counts = new WeakMap<Hub, Map<string, { count: number; endsAt: number }>>()

/**
 * Counts an attempt to log in or sign up, in memory.
 * @throws HubError 429 `TooManyRequests` with the seconds to wait.
 */
export function takeAttempt(hub: Hub, keys: readonly string[]): void {
  const now = hub.now().getTime()
  const own = counts.get(hub) ?? new Map<string, { count: number; endsAt: number }>()
  counts.set(hub, own)
  for (const [key, { endsAt }] of own) if (endsAt <= now) own.delete(key)
  for (const key of keys) {
    const entry = own.get(key) ?? { count: 0, endsAt: now + WINDOW_MS }
    entry.count += 1
    own.set(key, entry)
    if (entry.count <= QUOTA) continue
    const seconds = Math.ceil((entry.endsAt - now) / 1000)
    throw new HubError(429, 'TooManyRequests', `Too many attempts. Try again in ${seconds} seconds.`, {
      'Retry-After': String(seconds),
      RateLimit: `"pages";r=0;t=${seconds}`,
      'RateLimit-Policy': `"fixed window";"pages";q=${QUOTA};w=${WINDOW_MS / 1000}`,
    })
  }
}
