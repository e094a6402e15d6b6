/** A time of the server as day, hour and minute in UTC; an empty text where it is none. */
export const formatTime = (iso: string): string =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : ''

/** Milliseconds as `340 ms` or `1.2 s`; a dash where nothing was measured. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** A category of votes in words: `language:German` is `German`. */
export function categoryName(name: string, words: Readonly<Record<string, string>>): string {
  if (name.startsWith('language:')) return name.slice('language:'.length)
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name
}
