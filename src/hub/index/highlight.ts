import { highlightAscii, isAscii, MOST_PLACES } from './highlight.ascii.ts'
import type { Query } from './query.ts'
import { eachSpan, foldOnce, keepsFirst } from './words.ts'

/** Where a query's terms stand in a text, as [start, end) in UTF-16 units, at most 50. */
export function highlight(text: string, query: Query): [number, number][] {
  return isAscii(text) ? highlightAscii(text, query) : highlightAny(text, query)
}

/** The same, token by token, for texts of any script. */
function highlightAny(text: string, query: Query): [number, number][] {
  const places: number[] = []
  eachSpan(text, (start, end) => places.push(start, end))
  const isAt = (token: number, wanted: string, isPrefix: boolean) => {
    const [start = 0, end = 0] = [places[token * 2], places[token * 2 + 1]]
    if (differs(text, start, end, wanted)) return false
    const seen = foldOnce(text.slice(start, end))
    return seen === wanted || (isPrefix && seen.startsWith(wanted))
  }
  const found: [number, number][] = []
  const count = places.length / 2
  for (let at = 0; at < count && found.length < MOST_PLACES; at += 1) {
    for (const { tokens, isPrefix } of query.terms) {
      const last = tokens.length - 1
      if (at + last >= count) continue
      let offset = 0
      while (offset <= last && isAt(at + offset, tokens[offset] ?? '', isPrefix && offset === last)) offset += 1
      if (offset > last) found.push([places[at * 2] ?? 0, places[(at + last) * 2 + 1] ?? 0])
    }
  }
  return found
}

/**
 * Whether a token differs from a word in its first character or its first ASCII characters, which tells most apart without a string of the token: folding
 * makes capitals small and leaves the others, but for one before a character that is not ASCII, which may be a mark on it.
 */
function differs(text: string, start: number, end: number, wanted: string): boolean {
  for (let at = start; at < end; at += 1) {
    const unit = text.charCodeAt(at)
    if (at === start && unit > 127 && keepsFirst(text, start, end)) return unit !== wanted.charCodeAt(0)
    if (unit > 127 || (at + 1 < end && text.charCodeAt(at + 1) > 127)) return false
    if ((unit > 64 && unit < 91 ? unit + 32 : unit) !== wanted.charCodeAt(at - start)) return at - start < wanted.length
  }
  return false
}
