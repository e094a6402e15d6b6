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

/** Where a replacement stands in the replaced text, and by how much the original lies further on behind it. */
export interface Place {
  start: number
  end: number
  shift: number
}

/** Finds the places of replacements, which are sorted. */
export function placeReplacements(replacements: readonly Replacement[]): Place[] {
  let shift = 0
  return replacements.map(({ start, end, replacement }) => {
    const from = start - shift
    shift += end - start - replacement.length
    return { start: from, end: from + replacement.length, shift }
  })
}

/** Where a stretch of the replaced text lay in the original; undefined where it touches a replacement. */
export function findOriginal(places: readonly Place[], start: number, end: number): { start: number; end: number } | undefined {
  const next = firstBehind(places, start)
  const after = places[next]
  if (after && after.start < end) return undefined
  const shift = places[next - 1]?.shift ?? 0
  return { start: start + shift, end: end + shift }
}
