/** A stretch of a message and what replaces it. */
export interface Replacement {
  start: number
  end: number
  replacement: string
}

/** The text with its stretches replaced; they are sorted and do not overlap. */
export function applyReplacements(text: string, replacements: readonly Replacement[]): string {
  if (replacements.length === 0) return text
  let result = ''
  let at = 0
  for (const { start, end, replacement } of replacements) {
    result += text.slice(at, start) + replacement
    at = end
  }
  return result + text.slice(at)
}

/**
 * Where a stretch of the replaced text lay in the original; undefined when it touches a replacement.
 */
export function toOriginal(replacements: readonly Replacement[], start: number, end: number): { start: number; end: number } | undefined {
  let shift = 0
  for (const replacement of replacements) {
    const from = replacement.start - shift
    const to = from + replacement.replacement.length
    if (end <= from) break
    if (start < to) return undefined
    shift += replacement.end - replacement.start - replacement.replacement.length
  }
  return { start: start + shift, end: end + shift }
}
