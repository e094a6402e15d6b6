/** Words of a window, and how far apart windows start: most benchmark items fit, and one that begins anywhere has a window that holds most of it. */
const windowWords = 240
const stepWords = 120
/** Windows looked at in one message; what is longer is a document, of which the first ones are looked at. */
const mostWindows = 64

/** A part of a message: UTF-16 units [start, end). */
export interface Window {
  start: number
  end: number
  text: string
}

/** A message in overlapping windows of words; short messages are one window. */
export function cutWindows(text: string): Window[] {
  const whole = [{ start: 0, end: text.length, text }]
  if (text.length < windowWords * 5) return whole
  const starts: number[] = []
  const words = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu
  for (const { index } of text.matchAll(words)) starts.push(index)
  if (starts.length <= windowWords * 1.25) return whole
  const windows: Window[] = []
  for (let first = 0; first < starts.length && windows.length < mostWindows; first += stepWords) {
    const start = starts[first] ?? 0
    const end = starts[first + windowWords] ?? text.length
    windows.push({ start, end, text: text.slice(start, end) })
    if (first + windowWords >= starts.length) break
  }
  return windows
}
