import type { Survey } from './reading/survey.ts'
import type { Tokens } from './reading/tokens.ts'

/** Something found in one text: [start, end) in UTF-16 units, with the rule that found it and how sure it is (0–1). */
export interface Finding {
  start: number
  end: number
  kind: string
  confidence: number
  rule: string
}

/** A text under examination, with what every rule may ask of it. */
export interface Page {
  readonly text: string
  readonly tokens: Tokens
  readonly survey: Survey
  /** Whether the position lies in fenced or inline code. */
  isCode(at: number): boolean
}

/** Finds one kind of thing, or a few related ones. Time is linear in the text's length. */
export type Finder = (page: Page) => Finding[]

/**
 * Runs a global pattern over some stretches of a text ([start, end, …]) that pass a quicker test; positions are those of the whole text. A match that
 * the stretch's edge cuts is for the caller to judge by the whole text.
 */
export function matchWithin(
  text: string,
  windows: readonly number[],
  pattern: RegExp,
  trigger?: RegExp,
): { index: number; match: string; parts: RegExpExecArray }[] {
  const found: { index: number; match: string; parts: RegExpExecArray }[] = []
  for (let window = 0; window < windows.length; window += 2) {
    const from = windows[window] ?? 0
    const stretch = text.slice(from, windows[window + 1])
    if (trigger && !trigger.test(stretch)) continue
    pattern.lastIndex = 0
    for (let match = pattern.exec(stretch); match; match = pattern.exec(stretch)) {
      found.push({ index: from + match.index, match: match[0], parts: match })
      if (match[0] === '') pattern.lastIndex++
    }
  }
  return found
}

/** The `length` units before a position, lower-cased: where cues are looked for. Stays within two lines. */
export function before(text: string, at: number, length: number): string {
  return text.slice(Math.max(0, at - length), at).toLowerCase()
}

/** Whether the units beside [start, end) are no letters or digits, so that the finding is a whole word. */
export function isWhole(text: string, start: number, end: number): boolean {
  return !isWordUnit(text.charCodeAt(start - 1)) && !isWordUnit(text.charCodeAt(end))
}

/** ASCII letters, digits, underscore, and everything that is a letter from U+00AA up for our purposes. NaN (text's edge) is none. */
export function isWordUnit(unit: number): boolean {
  if (unit < 128) return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95
  return (
    (unit >= 0xaa && unit < 0x2000 && unit !== 0xab && unit !== 0xbb && unit !== 0xb7 && unit !== 0xbf) || (unit >= 0xd800 && unit < 0xe000)
  )
}
