import { firstBehind } from './overlap.ts'

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

/** Tells where a stretch of the replaced text lay in the original; undefined where it touches a replacement. The replacements are sorted. */
export function createOriginalPlaces(
  replacements: readonly Replacement[],
): (start: number, end: number) => { start: number; end: number } | undefined {
  // Where each replacement begins and ends in the replaced text, and by how much the original lies further on behind it.
  const places: { start: number; end: number; shift: number }[] = []
  let shift = 0
  for (const { start, end, replacement } of replacements) {
    const from = start - shift
    shift += end - start - replacement.length
    places.push({ start: from, end: from + replacement.length, shift })
  }
  return (start, end) => {
    const next = firstBehind(places, start)
    const before = places[next - 1]
    const after = places[next]
    if (after && after.start < end) return undefined
    const moved = before?.shift ?? 0
    return { start: start + moved, end: end + moved }
  }
}
