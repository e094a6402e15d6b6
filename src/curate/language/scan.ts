import { letterClass, lowerCase } from './letters.ts'

/** Receives the words of a text. Words are runs of letters of one script, in lower case, in `units` from 1 to `length`. */
export interface WordSink {
  /** `script` is the class of letters.ts. The buffer is reused: what is wanted longer must be copied. */
  word(script: number, units: Uint16Array, length: number): void
}

/** What scanning a text found beside its words. */
export interface ScanCounts {
  /** Letters inside code, addresses, file names and markup, which are no words. */
  codeLetters: number
  /** Whether accents stand apart from their letters (U+0300 to U+036F). */
  hasLooseAccents: boolean
}

/** Letters of a word that are looked at: more than any language's longest in use, few enough for hostile input. */
export const longestWord = 40

const units = new Uint16Array(longestWord + 2)
const marks = new Uint8Array(128)
for (const unit of '_\\{}<>=|@') marks[unit.charCodeAt(0)] = 1
for (const unit of './:([') marks[unit.charCodeAt(0)] = 2

/**
 * Walks over the words of `text` from `start` to `end`, in linear time. Chunks between spaces that read as code, address, path or tag (ASCII letters
 * alone, with `_ { } < > = \ @ …` among them, `. / : (` between two letters, or a capital inside) are left out: they are no language.
 */
export function scanWords(text: string, start: number, end: number, sink: WordSink): ScanCounts {
  let codeLetters = 0
  let hasLooseAccents = false
  for (let at = start; at < end; ) {
    while (at < end && isSpace(text.charCodeAt(at))) at++
    const from = at
    let isForeign = false
    let letters = 0
    let signs = 0
    let last = 0
    for (; at < end; at++) {
      const unit = text.charCodeAt(at)
      if (isSpace(unit)) break
      if (unit >= 128) {
        if (letterClass[unit] !== 0) isForeign = true
        else if (unit >= 0x300 && unit < 0x370) hasLooseAccents = true
      } else if (isAsciiLetter(unit)) {
        letters++
        if (last >= 97 && last <= 122 && unit <= 90) signs++
      } else if (marks[unit] === 1 && at > from) signs += isAsciiLetter(last) || isAsciiLetter(text.charCodeAt(at + 1)) ? 1 : 0
      else if (marks[unit] === 2 && isAsciiLetter(last) && isAsciiLetter(text.charCodeAt(at + 1))) signs++
      last = unit
    }
    if (!isForeign && letters > 0 && (signs > 0 || isOpening(text.charCodeAt(from)))) codeLetters += letters
    else if (letters > 0 || isForeign) emitWords(text, from, at, sink)
  }
  return { codeLetters, hasLooseAccents }
}

function emitWords(text: string, from: number, to: number, sink: WordSink): void {
  let length = 0
  let script = 0
  for (let at = from; at <= to; at++) {
    const unit = at < to ? text.charCodeAt(at) : 0
    const next = letterClass[unit] ?? 0
    if (next !== script) {
      if (script !== 0) sink.word(script, units, length)
      length = 0
      script = next
    }
    if (next !== 0 && length < longestWord) units[++length] = lowerCase[unit] ?? unit
  }
}

/** A tag, a path, a mention, a variable, an entity: no word. */
function isOpening(unit: number): boolean {
  return unit === 0x3c || unit === 0x2f || unit === 0x40 || unit === 0x24 || unit === 0x5c || unit === 0x26
}

function isAsciiLetter(unit: number): boolean {
  const lower = unit | 32
  return lower >= 97 && lower <= 122
}

function isSpace(unit: number): boolean {
  return unit <= 32 || unit === 0xa0 || unit === 0x3000 || unit === 0x2028 || unit === 0x2029 || (unit >= 0x2000 && unit <= 0x200b)
}
