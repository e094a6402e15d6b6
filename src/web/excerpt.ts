/** A piece of an excerpt: text between hits, or a hit. */
export interface Piece {
  text: string
  isHit: boolean
}

/**
 * The part of a text around its first hits, cut to about `length` UTF-16 units, never inside a surrogate pair, with an ellipsis where it was cut. Hits outside
 * are counted in `hidden`. Spans are [start, end) in UTF-16 units, in order.
 */
export function excerptOf(text: string, spans: readonly (readonly [number, number])[], length = 280): { pieces: Piece[]; hidden: number } {
  const [first = [0, 0]] = spans
  const lead = Math.floor(length / 4)
  const start = first[1] - first[0] >= length ? first[0] : safe(text, Math.max(0, Math.min(first[0] - lead, text.length - length)))
  const end = safe(text, Math.min(text.length, Math.max(start + length, first[1])))
  const pieces: Piece[] = []
  const add = (piece: string, isHit: boolean) => piece !== '' && pieces.push({ text: piece, isHit })
  let at = start
  let hidden = 0
  for (const [from, to] of spans) {
    if (from < at || to > end) {
      if (to > end || to <= start) hidden += 1
      continue
    }
    add(text.slice(at, from), false)
    add(text.slice(from, to), true)
    at = to
  }
  add(text.slice(at, end), false)
  if (start > 0) pieces.unshift({ text: '… ', isHit: false })
  if (end < text.length) pieces.push({ text: ' …', isHit: false })
  return { pieces, hidden }
}

/** A place that does not cut a surrogate pair in two. */
function safe(text: string, at: number): number {
  const before = text.charCodeAt(at - 1)
  return before >= 0xd800 && before <= 0xdbff ? at - 1 : at
}
