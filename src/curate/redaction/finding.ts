import { type Survey, survey } from './survey.ts'

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
  readonly survey: Survey
  /** Whether the position lies in fenced or inline code. */
  isCode(at: number): boolean
}

/** Finds one kind of thing, or a few related ones. Time is linear in the text's length. */
export type Finder = (page: Page) => Finding[]

const fence = /^[ \t]{0,3}(`{3,}|~{3,})[^\n]*$/gm
const inlineCode = /`[^`\n]{1,200}`/g

/** Prepares a text: finds its code fences (an unclosed one runs to the end) and inline code. */
export function openPage(text: string): Page {
  const facts = survey(text)
  const ranges = facts.hasBacktick || text.includes('~~~') ? findCode(text) : []
  return { text, survey: facts, isCode: (at) => ranges.length > 0 && isInside(ranges, at) }
}

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

function findCode(text: string): number[] {
  const ranges: number[] = []
  let open = -1
  let mark = ''
  for (const match of text.includes('```') || text.includes('~~~') ? text.matchAll(fence) : []) {
    const here = match[1] ?? ''
    if (open < 0) {
      open = match.index
      mark = here
    } else if (here.startsWith(mark)) {
      ranges.push(open, match.index + match[0].length)
      open = -1
    }
  }
  if (open >= 0) ranges.push(open, text.length)
  const fenced = [...ranges]
  for (const match of text.matchAll(inlineCode)) {
    if (!isInside(fenced, match.index)) ranges.push(match.index, match.index + match[0].length)
  }
  return sortRanges(ranges)
}

function sortRanges(flat: readonly number[]): number[] {
  const pairs = Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2] ?? 0, flat[index * 2 + 1] ?? 0] as const)
  return pairs.sort((a, b) => a[0] - b[0]).flat()
}

function isInside(ranges: readonly number[], at: number): boolean {
  let low = 0
  let high = ranges.length / 2 - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (at < (ranges[middle * 2] ?? 0)) high = middle - 1
    else if (at >= (ranges[middle * 2 + 1] ?? 0)) low = middle + 1
    else return true
  }
  return false
}
