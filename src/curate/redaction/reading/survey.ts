import { cue } from './cues.ts'
import type { Lexicon } from './lexicon.ts'
import { shape, type Tokens } from './tokens.ts'

/** What one pass over a text's tokens tells the rules, so that costly ones run only where they can find something. */
export interface Survey {
  /** Bits of `cue` of all tokens together. */
  cues: number
  /** Places of the tokens with bits other than `digits`, in order. */
  cued: number[]
  /** By token, as in the lexicon's `cues`. */
  cuesAt(token: number): number
  /** Merged stretches [start, end, …] within 128 units of a run of 16 and more letters, digits and `_ - + /` that has a digit, or a mark and letters of both cases. */
  runWindows: number[]
  /** A colon or hyphen between hexadecimal digits. */
  hasHexPairs: boolean
  /** Five digits with at most three other units of one line between each two. */
  hasManyDigits: boolean
  /** Merged stretches [start, end, …] within 64 units of six digits with at most three other units of one line between each two. */
  numberWindows: number[]
  /** A full stop between four hexadecimal digits to each side. */
  hasDottedHex: boolean
  /** Merged stretches [start, end, …] within 45 to 90 units of a digit that does not just number a list item. */
  digitWindows: number[]
}

const reach = 90
const runReach = 128
const numberReach = 64

/** Surveys a text's tokens, which the lexicon has read. */
export function survey(tokens: Tokens, lexicon: Lexicon): Survey {
  const { text, count, start, end, hash, shape: shapes, entry } = tokens
  const { cues } = lexicon
  const facts: Survey = {
    cues: 0,
    cued: [],
    cuesAt: (token) => cues[entry[token] ?? 0] ?? 0,
    runWindows: [],
    hasHexPairs: false,
    hasManyDigits: false,
    numberWindows: [],
    hasDottedHex: false,
    digitWindows: [],
  }
  const digits = countDigits(text, facts)
  let [runStart, runEnd, hasDigit] = [0, -1, false]
  for (let at = 0; at < count; at++) {
    const bits = cues[entry[at] ?? 0] ?? 0
    const here = shapes[at] ?? 0
    if (bits !== 0) {
      facts.cues |= bits
      if (bits & ~cue.digits) facts.cued.push(at)
    }
    if (here <= shape.newline) {
      const code = hash[at] ?? 0
      if (code === 10) digits.startLine((start[at] ?? 0) + 1)
      else if (code === 58 || code === 45) facts.hasHexPairs ||= isPair(text, start[at] ?? 0)
      else if (code === 46) facts.hasDottedHex ||= isDotted(text, start[at] ?? 0)
      if (code !== 45 && code !== 43 && code !== 47 && code !== 95) continue
    } else if (here >= shape.uncased && here < shape.identifier) continue
    const from = start[at] ?? 0
    if (from !== runEnd) {
      endRun(text, facts, runStart, runEnd, hasDigit)
      runStart = from
      hasDigit = false
    }
    runEnd = end[at] ?? 0
    if (bits & cue.digits && digits.read(from, runEnd)) hasDigit = true
  }
  endRun(text, facts, runStart, runEnd, hasDigit)
  if (facts.cues & cue.hexPairs) facts.hasHexPairs = true
  return facts
}

/**
 * Merged stretches [start, end, …] around the tokens that have one of the bits. They begin where a token does, up to `ahead` units before, and end
 * `behind` units after. Where it tells, `isMet` is asked of each token.
 */
export function windowsAround(
  tokens: Tokens,
  { cued, cuesAt }: Survey,
  { bits, ahead, behind }: { bits: number; ahead: number; behind: number },
  isMet?: (token: number) => boolean,
): number[] {
  const windows: number[] = []
  for (const token of cued) {
    if (!(cuesAt(token) & bits) || (isMet && !isMet(token))) continue
    let first = token
    const least = (tokens.start[token] ?? 0) - ahead
    while (first > 0 && (tokens.start[first - 1] ?? 0) >= least) first--
    extend(windows, tokens.start[first] ?? 0, (tokens.end[token] ?? 0) + behind)
  }
  return windows
}

/** Counts digits token by token: those near each other make a number, and those that do not number a list open a window. */
function countDigits(text: string, facts: Survey) {
  let [near, many, lineStart, windowEnd] = [-9, 0, 0, -reach]
  const { numberWindows, digitWindows } = facts
  return {
    startLine(at: number): void {
      near = -9
      lineStart = at
    },
    /** Whether [from, to) holds a digit. */
    read(from: number, to: number): boolean {
      let hasDigit = false
      for (let at = from; at < to; at++) {
        const code = text.charCodeAt(at)
        if (code === 45) facts.hasHexPairs ||= isPair(text, at)
        if ((code < 48 || code > 57) && (code < 0xff10 || code > 0xff19)) continue
        hasDigit = true
        many = at - near <= 4 ? many + 1 : 1
        near = at
        if (many >= 5) facts.hasManyDigits = true
        if (many >= 6) extend(numberWindows, Math.max(0, at - numberReach), at + numberReach)
        if (at > windowEnd + reach / 2 && !isListNumber(text, at, lineStart)) {
          extend(digitWindows, Math.max(0, at - reach), at + reach)
          windowEnd = at
        }
      }
      return hasDigit
    },
  }
}

/** Opens a window around a run that can be a key. */
function endRun(text: string, { runWindows }: Survey, start: number, end: number, hasDigit: boolean): void {
  if (end - start >= 16 && (hasDigit || isMixed(text, start, end))) extend(runWindows, Math.max(0, start - runReach), end + runReach)
}

/** Keys without digits have a prefix set off by a mark, and letters of both cases. */
function isMixed(text: string, start: number, end: number): boolean {
  const run = text.slice(start, end)
  return /[_-]/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run)
}

function isPair(text: string, at: number): boolean {
  return isHex(text, at - 1) && (isHex(text, at + 1) || text.charCodeAt(at + 1) === 58)
}

function isDotted(text: string, at: number): boolean {
  return isHex(text, at - 1) && isHex(text, at - 4) && isHex(text, at + 1) && isHex(text, at + 4)
}

/** Adds a stretch behind the others, or lengthens the last one when they touch. */
function extend(windows: number[], start: number, end: number): void {
  const last = windows.length - 1
  if (start <= (windows[last] ?? -1)) windows[last] = Math.max(end, windows[last] ?? 0)
  else windows.push(start, end)
}

/** '1.' or '12)' at the head of a line. */
function isListNumber(text: string, at: number, lineStart: number): boolean {
  if (at - lineStart > 5) return false
  const next = text.charCodeAt(at + 1)
  const mark = next >= 48 && next <= 57 ? text.charCodeAt(at + 2) : next
  return (mark === 46 || mark === 41) && text.slice(lineStart, at).trim().length <= 1
}

function isHex(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}
