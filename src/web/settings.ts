import { useSyncExternalStore } from 'react'

/** A reader's own settings, kept in this browser alone. */
export interface ReaderSettings {
  theme: 'system' | 'light' | 'dark'
  /** Whether flagged messages are covered until asked for. */
  coversFlagged: boolean
}

const key = 'colloquy.settings'
const listeners = new Set<() => void>()
let present = read()

/** The present settings, and a way to change some of them. */
export function useSettings(): [ReaderSettings, (change: Partial<ReaderSettings>) => void] {
  return [useSyncExternalStore(subscribe, () => present), changeSettings]
}

/** Puts the colours of the settings, or the system's, on the page. */
export function applyTheme(): void {
  const isDark = present.theme === 'dark' || (present.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
}

function changeSettings(change: Partial<ReaderSettings>): void {
  present = { ...present, ...change }
  try {
    localStorage.setItem(key, JSON.stringify(present))
  } catch {
    // A browser that keeps nothing still has the setting until the page is left.
  }
  applyTheme()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

function read(): ReaderSettings {
  const fallback: ReaderSettings = { theme: 'system', coversFlagged: true }
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    if (typeof found !== 'object' || found === null) return fallback
    const theme = 'theme' in found && (found.theme === 'light' || found.theme === 'dark') ? found.theme : 'system'
    return { theme, coversFlagged: !('coversFlagged' in found && found.coversFlagged === false) }
  } catch {
    return fallback
  }
}
