import type { Page } from '../finding.ts'
import { cue } from '../reading/cues.ts'
import { shape } from '../reading/tokens.ts'

/** How figures stand in a stretch: one bit each, beside those of `cue`. */
export const layout = {
  /** A number behind a comma, or a hyphen as in ', D-10115'. */
  behindComma: 1 << 25,
  /** A number behind capitals, as in 'NY 10001'. */
  behindCapitals: 1 << 26,
  /** Two numbers, one of them before a comma, a line's end or a word for a unit. */
  twoNumbers: 1 << 27,
} as const

const streets = cue.streetFirst | cue.streetGlued | cue.streetLast

/** Goes through a text's stretches in order and gives each one's bits of `cue` and `layout`. */
export function createLayoutReader({ tokens, survey }: Page): (from: number, to: number) => number {
  const { count, start, hash, shape: shapes } = tokens
  let next = 0
  return (from, to) => {
    while (next < count && (start[next] ?? 0) < from) next++
    let [bits, numbers, isClosed] = [0, 0, false]
    for (; next < count && (start[next] ?? 0) < to; next++) {
      const cues = survey.cuesAt(next)
      if (cues === 0) continue
      bits |= cues & streets ? cues & ~(streets & ~streetsAt(next)) : cues
      if (!(cues & cue.digits)) continue
      numbers++
      const before = hash[next - 1] ?? 0
      if (before === 44 || before === 45) bits |= layout.behindComma
      if (shapes[next - 1] === shape.caps) bits |= layout.behindCapitals
      isClosed ||=
        hash[next + 1] === 44 || shapes[next + 1] === shape.newline || (survey.cuesAt(next + 1) & cue.unit) !== 0 || isBox(next + 1)
    }
    return numbers > 1 && isClosed ? bits | layout.twoNumbers : bits
  }

  /** Which of the bits of `streets` hold by what follows the word: a space, behind a full stop or slash where it is one letter; before a number for glued ones. */
  function streetsAt(token: number): number {
    const { text, end } = tokens
    let at = end[token] ?? 0
    let mark = text.charCodeAt(at)
    const isShort = mark === 46 || mark === 47
    if (isShort) mark = text.charCodeAt(++at)
    if (mark === 44) return cue.streetLast
    if (mark !== 32) return 0
    const next = text.charCodeAt(at + 1)
    const isNumbered = next >= 48 && next <= 57
    const isLetter = at - (start[token] ?? 0) === 1
    return (isLetter ? 0 : cue.streetFirst) | (isNumbered ? cue.streetGlued : 0) | cue.streetLast
  }

  /** The P of 'P.O. Box'. */
  function isBox(token: number): boolean {
    return token < count && (tokens.text.charCodeAt(start[token] ?? 0) | 32) === 112 && hash[token + 1] === 46
  }
}
