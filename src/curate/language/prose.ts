/** A part of a text: from `start` up to `end`, in UTF-16 units. */
export interface Stretch {
  start: number
  end: number
}

/** Units of one text that are read, at most: about 130 words, after which a language is as clear as it gets. */
export const longestRead = 768
const pieces = 4
const longestInlineCode = 200

/**
 * The parts of `text` that are prose: outside of ``` blocks (an open one runs to the end) and of `inline code`; of a long text four pieces spread evenly
 * over its prose, together `longestRead` units. Linear time.
 */
export function findProse(text: string): Stretch[] {
  const prose = outsideCode(text)
  const total = prose.reduce((sum, { start, end }) => sum + end - start, 0)
  if (total <= longestRead) return prose
  const size = longestRead / pieces
  return Array.from({ length: pieces }, (_, piece) => Math.floor((piece * (total - size)) / (pieces - 1))).flatMap((from) =>
    cut(prose, from, from + size),
  )
}

function outsideCode(text: string): Stretch[] {
  if (!text.includes('`')) return [{ start: 0, end: text.length }]
  const found: Stretch[] = []
  let start = 0
  for (let tick = text.indexOf('`'); tick >= 0; tick = text.indexOf('`', start)) {
    const isBlock = text.startsWith('```', tick)
    let end = text.indexOf(isBlock ? '```' : '`', tick + (isBlock ? 3 : 1))
    if (!isBlock && (end < 0 || end - tick > longestInlineCode)) {
      // A tick alone is a sign like any other.
      found.push({ start, end: tick })
      start = tick + 1
      if (end < 0) break
      continue
    }
    if (end < 0) end = text.length
    if (tick > start) found.push({ start, end: tick })
    start = Math.min(text.length, end + (isBlock ? 3 : 1))
  }
  if (start < text.length) found.push({ start, end: text.length })
  return found
}

/** What lies between two places of the prose counted alone. */
function cut(prose: readonly Stretch[], from: number, to: number): Stretch[] {
  const found: Stretch[] = []
  let passed = 0
  for (const { start, end } of prose) {
    const first = Math.max(start, start + from - passed)
    const last = Math.min(end, start + to - passed)
    if (first < last) found.push({ start: first, end: last })
    passed += end - start
  }
  return found
}
