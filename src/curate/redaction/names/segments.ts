import { known } from '../reading/gazetteer.ts'
import { hashWord, shape, type Tokens } from '../reading/tokens.ts'

/** A stretch of tokens [first, last] that may hold names; everything outside segments is none. */
export interface Segment {
  first: number
  last: number
  /** Bits of all its tokens together. */
  bits: number
  /** How much of its line is capitalised: 0 little, 1 some, 2 most words, 3 all capitals. */
  caps: number
  /** Words in its line, in steps: 0 (one) … 5 (twelve and more). */
  lineWords: number
  isWholeLine: boolean
}

const the = hashWord('the')
const name = known.given | known.family
const nameOrProper = name | known.proper
const nameOrUnheard = nameOrProper | known.unheard
const never = known.small | known.pronoun
const cues = known.cue | known.title | known.kin | known.greeting

/** Finds the candidate segments: capitalised words that are no function words, listed names in lower case, words behind a cue, and what joins them. */
export function findSegments(tokens: Tokens, flags: Uint32Array): Segment[] {
  const segments: Segment[] = []
  let lineStart = 0
  for (let at = 0; at <= tokens.count; at++) {
    if (at < tokens.count && tokens.shape[at] !== shape.newline) continue
    if (at > lineStart) addLine(tokens, flags, lineStart, at, segments)
    lineStart = at + 1
  }
  return segments
}

function addLine(tokens: Tokens, flags: Uint32Array, from: number, to: number, segments: Segment[]): void {
  const { shape: shapes } = tokens
  let statistics: [caps: number, words: number] | undefined
  const isCareless = startsLower(tokens, from, to)
  const telling = isCareless ? nameOrUnheard : nameOrProper
  // Up to here a cue reaches.
  let cued = endOfCues(flags, from - 3, from - 1)
  let before = shapes[from - 1] ?? 0
  for (let at = from; at < to; at++) {
    const here = shapes[at] ?? 0
    const bits = flags[at] ?? 0
    // Most tokens are everyday words in lower case with no cue near, and marks: out at once.
    const isPlain = here < shape.lower || (here === shape.lower && (bits & telling) === 0 && before !== shape.capital && at > cued)
    before = here
    if (bits & cues) cued = at + 3
    if (isPlain || !isCandidate(tokens, flags, at, isCareless)) continue
    let last = at
    let within = bits
    for (let next = at + 1; next < to; next++) {
      if (isCandidate(tokens, flags, next, isCareless)) {
        if (next - last > 1 && !joins(tokens, flags, last + 1, next)) break
        last = next
        within |= flags[next] ?? 0
      } else if (next - last > 3) break
    }
    if (isPromising(tokens, flags, at, last)) {
      statistics ??= measureLine(tokens, from, to)
      const isWholeLine = at - from <= 1 && to - last <= 2
      segments.push({ first: at, last, bits: within, caps: statistics[0], lineWords: statistics[1], isWholeLine })
    }
    cued = Math.max(cued, endOfCues(flags, last - 2, last))
    before = shapes[last] ?? 0
    at = last
  }
}

/** The last place that a cue among these tokens reaches. */
function endOfCues(flags: Uint32Array, first: number, last: number): number {
  for (let at = last; at >= first && at >= 0; at--) if ((flags[at] ?? 0) & cues) return at + 3
  return -1
}

/**
 * The first cut: everyday words alone at the head of a sentence ('However', 'Open Settings') need no model. A segment with a listed name, an unknown word, an initial or
 * a title before it does.
 */
function isPromising(tokens: Tokens, flags: Uint32Array, first: number, last: number): boolean {
  if ((flags[first - 1] ?? 0) & (known.title | known.cue)) return true
  // An everyday word alone at the head of a sentence, before another everyday word: 'Then', 'Additionally'.
  if (first === last && isLowlyHead(tokens, flags, first)) return false
  // A capital in mid-sentence means something, whatever the word.
  if (first > 0 && tokens.shape[first - 1] === shape.lower && tokens.hash[first - 1] !== the) return true
  for (let at = first; at <= last; at++) {
    const bits = flags[at] ?? 0
    const here = tokens.shape[at] ?? 0
    if (bits & (nameOrUnheard | known.derived | known.title) || here === shape.initial) return true
    if (bits === 0 && here >= shape.lower) return true
  }
  return false
}

function isLowlyHead(tokens: Tokens, flags: Uint32Array, at: number): boolean {
  const bits = flags[at] ?? 0
  if (!(bits & known.lowly) || !(bits & known.common) || bits & known.frequent) return false
  const before = tokens.shape[at - 1] ?? shape.newline
  const unit = tokens.hash[at - 1] ?? 0
  const isHead =
    at === 0 || before === shape.newline || (before === shape.punctuation && (unit === 46 || unit === 33 || unit === 63 || unit === 42))
  if (!isHead || tokens.shape[at + 1] !== shape.lower) return false
  // 'Hope said', 'Grace is', "Rose's": what follows can say that it is a person after all.
  return (bits & known.veryCommon) !== 0 || !((flags[at + 1] ?? 0) & (known.speech | known.life))
}

/** Whether a line's first word is in lower case: then its writer may not capitalise names either. Lines of programs do not count. */
function startsLower(tokens: Tokens, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const here = tokens.shape[at] ?? 0
    if (here >= shape.lower) return here === shape.lower && !isProgram(tokens, from, to)
  }
  return false
}

/** Marks that stand in programs and hardly in talk: = { } [ ] \\, a bracket glued to a word, a semicolon at the end. */
function isProgram(tokens: Tokens, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (tokens.shape[at] !== shape.punctuation) continue
    const unit = tokens.hash[at] ?? 0
    if (unit === 61 || unit === 123 || unit === 125 || unit === 91 || unit === 93 || unit === 92) return true
    if (unit === 40 && tokens.spaced[at] === 0 && (tokens.shape[at - 1] ?? 0) >= shape.lower) return true
    if (unit === 59 && at === to - 1) return true
  }
  return false
}

/** Glued to a full stop or bracket, as a member or a call: `list.sort`, `ceil(`. */
function isMember(tokens: Tokens, at: number): boolean {
  const before = tokens.hash[at - 1] ?? 0
  const behind = tokens.hash[at + 1] ?? 0
  if (tokens.shape[at - 1] === shape.punctuation && tokens.spaced[at] === 0 && (before === 46 || before === 40 || before === 62))
    return true
  return tokens.shape[at + 1] === shape.punctuation && tokens.spaced[at + 1] === 0 && (behind === 40 || behind === 61 || behind === 91)
}

/** Whether a token can be part of a name, from itself and the two before it. */
function isCandidate(tokens: Tokens, flags: Uint32Array, at: number, isCareless: boolean): boolean {
  const here = tokens.shape[at] ?? 0
  if (here < shape.lower || here > shape.uncased) return false
  const bits = flags[at] ?? 0
  if (isHandle(tokens, at)) return false
  // 'A.' and 'I.' before a capital are initials, not an article or a pronoun.
  if (here === shape.initial) return tokens.hash[at + 1] === 46 && tokens.spaced[at + 1] === 0 ? !isOutline(tokens, at) : !(bits & never)
  if (here === shape.lower) {
    if (bits & never) return false
    if (bits & nameOrUnheard && isMember(tokens, at)) return false
    if (bits & known.proper || (isCareless && bits & known.unheard)) return true
    if (isCareless && bits & known.given && !(bits & (known.common | known.place))) return true
    if (bits & nameOrUnheard && (flags[at - 1] ?? 0) & known.given && tokens.shape[at - 1] === shape.capital) return true
    if (isCareless && bits & name && !(bits & known.veryCommon) && (!(bits & known.common) || bits & known.frequent)) return true
    return (
      isBehindCue(tokens, flags, at) &&
      !(bits & (known.title | known.role | known.kin | known.veryCommon | known.cue | known.greeting) && !(bits & name))
    )
  }
  if (here === shape.uncased)
    return (
      (bits & name) !== 0 || (isBehindCue(tokens, flags, at) && !(bits & (known.veryCommon | known.cue | known.greeting | known.small)))
    )
  return !(bits & never) || (bits & name) !== 0
}

/** 'B. Operators' at the head of a line is an item of an outline, unless a second initial follows. */
function isOutline(tokens: Tokens, at: number): boolean {
  if (at > 0 && tokens.shape[at - 1] !== shape.newline) return false
  return tokens.shape[at + 2] !== shape.initial
}

function isBehindCue(tokens: Tokens, flags: Uint32Array, at: number): boolean {
  for (let back = at - 1; back >= at - 3 && back >= 0; back--) {
    const here = tokens.shape[back] ?? 0
    if (here === shape.newline) return false
    if ((flags[back] ?? 0) & cues) return true
    if (here === shape.punctuation && tokens.hash[back] !== 46 && tokens.hash[back] !== 58 && tokens.hash[back] !== 44) return false
  }
  return false
}

/** Between two candidates: full stops of initials, particles, 'and' never. */
function joins(tokens: Tokens, flags: Uint32Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const here = tokens.shape[at] ?? 0
    const isStop = here === shape.punctuation && tokens.hash[at] === 46 && at === from && tokens.spaced[at] === 0
    if (isStop) {
      const before = tokens.shape[at - 1]
      const isShort = (tokens.end[at - 1] ?? 0) - (tokens.start[at - 1] ?? 0) <= 4
      if (before !== shape.initial && !((flags[at - 1] ?? 0) & known.title && isShort)) return false
      continue
    }
    if (here !== shape.lower || !((flags[at] ?? 0) & known.particle) || tokens.spaced[at] === 0) return false
  }
  return true
}

function isHandle(tokens: Tokens, at: number): boolean {
  const before = tokens.hash[at - 1] ?? 0
  return (
    tokens.shape[at - 1] === shape.punctuation && (before === 64 || before === 95 || (before === 35 && tokens.spaced[at] === 0)) && at > 0
  )
}

function measureLine(tokens: Tokens, from: number, to: number): [caps: number, words: number] {
  let [words, capital, caps] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    const here = tokens.shape[at] ?? 0
    if (here < shape.lower || here > shape.mixed) continue
    words++
    if (here === shape.caps) caps++
    if (here !== shape.lower) capital++
  }
  const share = words < 3 ? 1 : caps > words * 0.7 ? 3 : capital > words * 0.7 ? 2 : capital > words * 0.3 ? 1 : capital > 0 ? 4 : 0
  return [share, words < 2 ? 0 : words < 3 ? 1 : words < 5 ? 2 : words < 8 ? 3 : words < 12 ? 4 : 5]
}
