import { useSyncExternalStore } from 'react'

/** A reader's own settings, kept in this browser alone. */
export interface ReaderSettings {
  theme: 'system' | 'light' | 'dark'
  /** Whether flagged messages are covered until asked for. */
  coversFlagged: boolean
  /** Whether messages are shown as plain text at first. */
  isPlain: boolean
  /** Whether the reader's text is larger. */
  isLarge: boolean
  /** Whether what a search can be narrowed by is shown beside it. */
  showsFacets: boolean
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
  const fallback: ReaderSettings = { theme: 'system', coversFlagged: true, isPlain: false, isLarge: false, showsFacets: innerWidth >= 1000 }
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    if (typeof found !== 'object' || found === null) return fallback
    const theme = 'theme' in found && (found.theme === 'light' || found.theme === 'dark') ? found.theme : 'system'
    const flag = (name: string, usual: boolean): boolean => {
      const value: unknown = Object.entries(found).find(([key]) => key === name)?.[1]
      return typeof value === 'boolean' ? value : usual
    }
    return {
      theme,
      coversFlagged: flag('coversFlagged', fallback.coversFlagged),
      isPlain: flag('isPlain', fallback.isPlain),
      isLarge: flag('isLarge', fallback.isLarge),
      showsFacets: flag('showsFacets', fallback.showsFacets),
    }
  } catch {
    return fallback
  }
}
