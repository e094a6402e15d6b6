import { doubleArrays } from '../../../double.ts'
import { lowerUnit, unit, unitClass } from './units.ts'

/** What a token looks like. Words from `lower` to `run`; the rest is context. */
export const shape = {
  punctuation: 0,
  newline: 1,
  number: 2,
  lower: 3,
  capital: 4,
  caps: 5,
  initial: 6,
  mixed: 7,
  uncased: 8,
  /** Han, Kana, Thai, Lao, Khmer, Myanmar: no spaces between words. */
  run: 9,
  /** Letters with digits or underscores: an identifier. */
  identifier: 10,
  /** A redaction tag, such as NAME_1. */
  tag: 11,
} as const

/** Tokens of one text as parallel arrays; only the first `count` places hold. Reused from text to text, so copy what must last. */
export interface Tokens {
  text: string
  count: number
  start: Int32Array
  end: Int32Array
  /** FNV-1a over the lower-cased units without zero-width ones; punctuation: the unit itself. */
  hash: Uint32Array
  /** Another hash, over the units as they stand (of a run, its last three): both together tell written forms apart. */
  surface: Int32Array
  shape: Uint8Array
  /** 1 when white space, or the text's start, stands before it. */
  spaced: Uint8Array
  /** What the lexicon holds of each token's form; filled by its `read`. */
  entry: Int32Array
  /** Bits of `known` of each token; filled by the lexicon's `read`. */
  flags: Uint32Array
}

/** Empty arrays that grow with use. */
export function createTokens(): Tokens {
  const size = 4096
  return {
    text: '',
    count: 0,
    start: new Int32Array(size),
    end: new Int32Array(size),
    hash: new Uint32Array(size),
    surface: new Int32Array(size),
    shape: new Uint8Array(size),
    spaced: new Uint8Array(size),
    entry: new Int32Array(size),
    flags: new Uint32Array(size),
  }
}

/**
 * Splits a text into words, numbers, punctuation and line ends, in one pass. Behind the last token stand two that look like line ends. Apostrophes and hyphens join letters (O'Brien, Jean-Luc); an English
 * possessive ('s) is a token of its own.
 */
export function tokenize(text: string, tokens: Tokens): Tokens {
  tokens.text = text
  const length = text.length
  let { start, end, hash, surface, shape: shapes, spaced } = tokens
  let count = 0
  let gap = 1
  for (let at = 0; at < length; ) {
    const code = text.charCodeAt(at)
    if (code === 32) {
      gap = 1
      at++
      continue
    }
    const kind = unitClass[code] ?? 0
    if (kind === unit.space || kind === unit.ignorable) {
      if (kind === unit.space) gap = 1
      at++
      continue
    }
    if (count + 4 >= start.length) {
      doubleArrays(tokens)
      ;({ start, end, hash, surface, shape: shapes, spaced } = tokens)
    }
    const index = count++
    start[index] = at
    spaced[index] = gap
    gap = 0
    if (code < 128 && kind <= unit.upper && kind >= unit.lower) {
      // The common case: an ASCII letter, small ones behind it, and nothing that could go on with the word. All else is for `readWord`.
      let wordHash = Math.imul(0x811c9dc5 ^ (code | 32), 0x01000193)
      let wordSurface = code
      let to = at + 1
      let next = text.charCodeAt(to)
      while (next >= 97 && next <= 122) {
        wordHash = Math.imul(wordHash ^ next, 0x01000193)
        wordSurface = ((wordSurface << 5) - wordSurface + next) | 0
        next = text.charCodeAt(++to)
      }
      // Space, newline, comma, full stop and the text's end end a word; other units have their class looked up.
      if (next === 32 || next === 44 || next === 46 || next === 10 || to >= length || !goesOn(next)) {
        hash[index] = finish(wordHash)
        surface[index] = wordSurface
        shapes[index] = code >= 97 ? shape.lower : to - at === 1 ? shape.initial : shape.capital
        at = to
      } else at = readWord(tokens, index, at)
    } else if (isWordClass(kind)) at = readWord(tokens, index, at)
    else {
      hash[index] = code
      surface[index] = code
      shapes[index] = kind === unit.newline ? shape.newline : shape.punctuation
      if (kind === unit.newline) gap = 1
      at++
    }
    end[index] = at
  }
  tokens.count = count
  close(tokens, count)
  close(tokens, count + 1)
  return tokens
}

/** Whether a unit behind letters can belong to their word. */
function goesOn(code: number): boolean {
  const kind = unitClass[code] ?? 0
  return isWordClass(kind) || kind === unit.joiner || kind === unit.ignorable || code === 95
}

/** Nothing of the text before stands behind the last token. */
function close(tokens: Tokens, index: number): void {
  tokens.start[index] = tokens.text.length
  tokens.end[index] = tokens.text.length
  tokens.hash[index] = 0
  tokens.surface[index] = 0
  tokens.shape[index] = shape.newline
  tokens.spaced[index] = 1
  tokens.entry[index] = 0
  tokens.flags[index] = 0
}

/** The hash that `tokenize` gives a word. */
export function hashWord(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at)
    if (unitClass[code] !== unit.ignorable) hash = Math.imul(hash ^ (lowerUnit[code === 0x2019 ? 0x27 : code] ?? code), 0x01000193)
  }
  return finish(hash)
}

/**
 * Hashes of a word without its last one, two and three letters, into `out`; words under five letters have none. Gives how many.
 */
export function hashStems(text: string, start: number, end: number, out: Uint32Array): number {
  const length = end - start
  if (length < 5 || length > 24) return 0
  let hash = 0x811c9dc5
  let count = 0
  for (let at = start; at < end - 1; at++) {
    const code = text.charCodeAt(at)
    hash = Math.imul(hash ^ (lowerUnit[code] ?? code), 0x01000193)
    const left = end - 1 - at
    if (left <= 3 && at - start >= 3) out[count++] = finish(hash)
  }
  return count
}

/** The hash of a stem as the gazetteer stores it, apart from the words of the same letters. */
export function hashStem(stem: string): number {
  return hashWord(`${stem}~`)
}

/**
 * Hashes as of `hashStem` of a word with none to three of its last letters gone, into `out`; of words of four letters and more. Gives how many.
 */
export function hashOpenStems(text: string, start: number, end: number, out: Uint32Array): number {
  if (end - start < 4 || end - start > 24) return 0
  let hash = 0x811c9dc5
  let count = 0
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    hash = Math.imul(hash ^ (lowerUnit[code] ?? code), 0x01000193)
    if (end - 1 - at <= 3 && at - start >= 2) out[count++] = finish(Math.imul(hash ^ 126, 0x01000193))
  }
  return count
}

/** Spreads the last letters' bits over the whole word: FNV alone leaves the low bits of short words close together. */
function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 15)
  mixed = Math.imul(mixed, 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) >>> 0
}

function isWordClass(kind: number): boolean {
  return kind >= unit.lower && kind <= unit.thai
}

function readWord(tokens: Tokens, index: number, from: number): number {
  const { text } = tokens
  const first = unitClass[text.charCodeAt(from)] ?? 0
  if (first >= unit.han && first <= unit.thai) return readRun(tokens, index, from, first)
  let hash = 0x811c9dc5
  let surface = 0
  let uppers = 0
  let lowers = 0
  let digits = 0
  let uncased = 0
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // Most units are small ASCII letters: they take the short way.
    if (code >= 97 && code <= 122) {
      lowers++
      hash = Math.imul(hash ^ code, 0x01000193)
      surface = ((surface << 5) - surface + code) | 0
      continue
    }
    const kind = unitClass[code] ?? 0
    if (kind === unit.lower) lowers++
    else if (kind === unit.upper) uppers++
    else if (kind === unit.uncased) uncased++
    else if (kind === unit.digit || code === 95) digits++
    else if (kind !== unit.ignorable && (kind !== unit.joiner || !joins(text, at))) break
    surface = ((surface << 5) - surface + code) | 0
    if (kind === unit.ignorable) continue
    hash = Math.imul(hash ^ (lowerUnit[code === 0x2019 ? 0x27 : code] ?? code), 0x01000193)
  }
  tokens.hash[index] = finish(hash)
  tokens.surface[index] = surface
  const letters = uppers + lowers + uncased
  if (digits > 0) tokens.shape[index] = letters === 0 ? shape.number : isTag(text, from, at) ? shape.tag : shape.identifier
  else if (uncased > 0) tokens.shape[index] = shape.uncased
  else if (uppers === 0) tokens.shape[index] = shape.lower
  else if (first === unit.upper && letters === 1) tokens.shape[index] = shape.initial
  else if (lowers === 0) tokens.shape[index] = shape.caps
  else if (first === unit.upper && (uppers === 1 || isNameLike(text, from, at))) tokens.shape[index] = shape.capital
  else tokens.shape[index] = shape.mixed
  return at
}

/** A run of one unspaced script; Han and Kana break from each other, which is where Japanese names often end. */
function readRun(tokens: Tokens, index: number, from: number, kind: number): number {
  let at = from + 1
  while (at < tokens.text.length && unitClass[tokens.text.charCodeAt(at)] === kind) at++
  tokens.hash[index] = kind
  let surface = kind
  for (let unitAt = Math.max(from, at - 3); unitAt < at; unitAt++) surface = ((surface << 5) - surface + tokens.text.charCodeAt(unitAt)) | 0
  tokens.surface[index] = surface
  tokens.shape[index] = shape.run
  return at
}

/** A joiner belongs to the word when letters stand on both sides; a possessive 's ends it, and so do two hyphens. */
function joins(text: string, at: number): boolean {
  const next = unitClass[text.charCodeAt(at + 1)] ?? 0
  if (next !== unit.lower && next !== unit.upper && next !== unit.uncased) return false
  const code = text.charCodeAt(at)
  if (code === 0x60 || code === 0xb4) return false
  const isApostrophe = code === 0x27 || code === 0x2019 || code === 0x2bc
  if (!isApostrophe) return true
  const after = unitClass[text.charCodeAt(at + 2)] ?? 0
  const isSingle = after < unit.lower || after > unit.thai
  // 's and 'm, 'd, 't behind a word are English endings; 'll, 're, 've too.
  if (isSingle) return false
  return !/^(?:ll|re|ve)(?![a-z])/i.test(text.slice(at + 1, at + 4))
}

/** McDonald, MacArthur, O'Brien, Jean-Luc, DiCaprio: capitals inside that a name may have. */
function isNameLike(text: string, from: number, to: number): boolean {
  return (
    to - from <= 32 &&
    /^(?:(?:Mc|Mac|De|Di|Le|La|Van|Fitz|St)?\p{Lu}\p{Ll}+|\p{Lu})(?:['’ʼ-](?:Mc|Mac)?\p{L}\p{Ll}*)*$/u.test(text.slice(from, to))
  )
}

function isTag(text: string, from: number, to: number): boolean {
  return to - from <= 40 && /^[A-Z][A-Z-]*_\d{1,6}$/.test(text.slice(from, to))
}
