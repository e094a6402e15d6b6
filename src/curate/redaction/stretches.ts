import type { Place } from './apply.ts'

/** A part of a text that is to be examined again: [start, end) counts, [from, to) is what rules may look at. */
export interface Stretch {
  from: number
  to: number
  start: number
  end: number
}

/** How far from a replacement rules look, before the line that they are in begins or ends. */
const reach = 192
/** Further surroundings, so that what counts does not stand at an edge. */
const margin = 64

/**
 * The parts of a replaced text whose findings the replacements may have changed: whole lines around each, since a line is judged as a whole. Parts
 * that touch are one, so their sum is no longer than the text.
 */
export function stretchesAround(text: string, replacements: readonly Place[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const { start: at, end: behind } of replacements) {
    const last = stretches.at(-1)
    if (last && at - reach - margin <= last.to) {
      if (behind + reach <= last.end) continue
      last.end = lineEnd(text, behind + reach)
      last.to = lineEnd(text, last.end + margin)
      continue
    }
    const first = lineStart(text, at - reach)
    const from = lineStart(text, first - margin)
    const close = lineEnd(text, behind + reach)
    const to = lineEnd(text, close + margin)
    if (last && from <= last.to) [last.end, last.to] = [close, to]
    else stretches.push({ from, to, start: first, end: close })
  }
  return stretches
}

function lineStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf('\n', at) + 1
}

function lineEnd(text: string, at: number): number {
  const end = at >= text.length ? -1 : text.indexOf('\n', at)
  return end < 0 ? text.length : end
}
