import { useSyncExternalStore } from 'react'

/** A list kept in this browser under a name, newest first. */
export interface KeptList<T> {
  use(): readonly T[]
  add(item: T): void
  remove(wanted: (item: T) => boolean): void
}

/**
 * Opens a list of this browser's storage. What is read there is not trusted: `parse` gives an item or undefined. Where the browser keeps nothing, the list
 * lasts until the page is left. `most`: the oldest beyond it are let go.
 */
export function openKept<T>(key: string, parse: (value: unknown) => T | undefined, most: number): KeptList<T> {
  const listeners = new Set<() => void>()
  let present: readonly T[] | undefined
  const get = (): readonly T[] => {
    present ??= read(key, parse)
    return present
  }
  const set = (items: readonly T[]) => {
    present = items.slice(0, most)
    try {
      localStorage.setItem(key, JSON.stringify(present))
    } catch {
      // Private windows and full storage: the list stays in memory.
    }
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }
  return {
    use: () => useSyncExternalStore(subscribe, get),
    add: (item) => set([item, ...get()]),
    remove: (wanted) => set(get().filter((item) => !wanted(item))),
  }
}

function read<T>(key: string, parse: (value: unknown) => T | undefined): T[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(found) ? found.flatMap((one: unknown) => parse(one) ?? []) : []
  } catch {
    return []
  }
}
