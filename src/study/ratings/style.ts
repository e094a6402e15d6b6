/** How an answer looks. `length` in tokens or in characters, the same unit for all votes of a board; the others are counts. */
export interface Style {
  length: number
  headers: number
  lists: number
  bold: number
}

/** The four covariates, in the order of coefficients and features. */
export const styleElements = ['length', 'headers', 'lists', 'bold'] as const

/**
 * Counts Markdown headers, list items and bold stretches of answers, code blocks left out, and their length: tokens where told, else characters.
 * @see FastChat serve/monitor/add_markdown_info.py (count_markdown_elements)
 */
export function countStyle(answers: readonly string[], tokens?: number): Style {
  const whole = answers.join('\n')
  const text = whole.replace(/```[^`]*```/g, '')
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return {
    length: tokens ?? whole.length,
    headers: count(/^#{1,6}\s/gm),
    lists: count(/^\s*\d+\.\s/gm) + count(/^\s*[-*+]\s/gm),
    bold: count(/\*\*[^*\n]+\*\*/g) + count(/__[^_\n]+__/g),
  }
}

/** Whether a conversation is about code: a fenced block in any of its messages. */
export const hasCode = (messages: readonly string[]): boolean => messages.some((message) => /^\s{0,3}(?:`{3}|~{3})/m.test(message))

/**
 * Features of votes, four a vote: (A - B) / (A + B + 1) of each element, then with its mean taken away and divided by its standard deviation
 * (0 where all votes are alike). `style` holds eight numbers a vote, A's then B's; `rows` says which votes.
 * @see FastChat serve/monitor/rating_systems.py (preprocess_for_style)
 */
export function styleFeatures(style: Float64Array, rows: Uint32Array): Float64Array {
  const width = styleElements.length
  const features = new Float64Array(rows.length * width)
  for (let element = 0; element < width; element++) {
    let sum = 0
    for (let at = 0; at < rows.length; at++) {
      const place = (rows[at] ?? 0) * 2 * width + element
      const a = style[place] ?? 0
      const b = style[place + width] ?? 0
      const difference = (a - b) / (a + b + 1)
      features[at * width + element] = difference
      sum += difference
    }
    const mean = sum / Math.max(1, rows.length)
    let squares = 0
    for (let at = 0; at < rows.length; at++) squares += ((features[at * width + element] ?? 0) - mean) ** 2
    const deviation = Math.sqrt(squares / Math.max(1, rows.length))
    for (let at = 0; at < rows.length; at++) {
      const place = at * width + element
      features[place] = deviation < 1e-12 ? 0 : ((features[place] ?? 0) - mean) / deviation
    }
  }
  return features
}
