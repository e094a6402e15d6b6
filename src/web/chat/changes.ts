import { useSyncExternalStore } from 'react'

let count = 0
const listeners = new Set<() => void>()

/** Says that the list of conversations may have changed: a first turn is recorded, a vote is cast. */
export function tellChange(): void {
  count += 1
  for (const listener of listeners) listener()
}

/** A number that changes whenever the list of conversations may have. */
export function useChanges(): number {
  return useSyncExternalStore(subscribe, () => count)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
