import { doubleArrays } from '../../double.ts'
import { alphabet } from './alphabet.ts'
import { createUnits } from './units.ts'

/** What a token of a normalised text is: a word, a number, or one character of a script written without spaces (or a symbol). */
export type TokenKind = 0 | 1 | 2
/** Kind of a token of letters, or letters and digits. */
export const wordKind = 0
/** Kind of a token of digits. */
const numberKind = 1
/** Kind of a token that is one character. */
export const characterKind = 2

/**
 * A text's normalised form, as numbers: token i has hash `hashes[i]` (32 bits), `lengths[i]` UTF-16 units and kind `kinds[i]`; only the first
 * `count` entries count. The arrays are reused by the next scan.
 */
export interface Scan {
  hashes: Uint32Array
  lengths: Uint32Array
  starts: Uint32Array
  kinds: Uint8Array
  count: number
  /** The text that `starts` and `lengths` refer to: NFKC and lower case. */
  text: string
  /** 60 bits over the tokens in order, as two 30-bit numbers. */
  high: number
  low: number
}

/**
 * Scans texts into tokens. Normalisation: Unicode NFKC, lower case, invisible format characters removed, punctuation and white space only
 * separate. Symbols (mathematics, currency, emoji) stay, and so does a point, dash, slash, star or colon between digits: '5-3' is not '5/3'.
 * Characters of scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese, Tibetan) are tokens of their own. A text of punctuation alone keeps
 * its characters as tokens, so that '?' and '!' differ.
 */
export function createScanner(): (text: string) => Scan {
  const scan: Scan = {
    hashes: new Uint32Array(1024),
    lengths: new Uint32Array(1024),
    starts: new Uint32Array(1024),
    kinds: new Uint8Array(1024),
    count: 0,
    text: '',
    high: 0,
    low: 0,
  }
  const read = createUnits()
  return (raw) => {
    const text = nonAscii.test(raw) ? raw.normalize('NFKC').toLowerCase() : raw.toLowerCase()
    const table = classes()
    const { units } = read(text)
    scan.text = text
    scan.count = 0
    let high = 0x9e3779b9
    let low = 0x85ebca6b
    const emit = (start: number, length: number, one: number, two: number, kind: TokenKind) => {
      if (scan.count === scan.hashes.length) doubleArrays(scan)
      const hash = finish(one)
      scan.hashes[scan.count] = hash
      scan.lengths[scan.count] = length
      scan.starts[scan.count] = start
      scan.kinds[scan.count] = kind
      scan.count++
      high = Math.imul(high ^ hash, 0x01000193) ^ (high >>> 15)
      low = Math.imul(low + finish(two), 0x85ebca77) ^ (low >>> 13)
    }
    const end = text.length
    let start = -1
    let length = 0
    let one = 0
    let two = 0
    let digits = true
    for (let at = 0; at < end; at++) {
      const code = units[at] ?? 0
      let kind = table[code] ?? separator
      if (kind === inWord || kind === digit || (kind === mark && start >= 0)) {
        if (start < 0) {
          start = at
          length = 0
          one = 0x811c9dc5
          two = 0x2545f491
          digits = true
        }
        if (kind !== digit) digits = false
        length = at + 1 - start
        one = Math.imul(one ^ code, 0x01000193)
        two = Math.imul(two ^ code, 0x5bd1e995) ^ (two >>> 11)
        continue
      }
      if (kind === invisible || kind === mark) continue
      const before = start >= 0 && digits
      if (start >= 0) {
        emit(start, length, one, two, digits ? numberKind : wordKind)
        start = -1
      }
      if (kind === between) kind = before && table[units[at + 1] ?? 0] === digit ? alone : separator
      if (kind === separator) continue
      if (kind === surrogate) {
        const point = text.codePointAt(at) ?? 0
        if (point > 0xffff) {
          emit(at, 2, Math.imul(0x811c9dc5 ^ point, 0x01000193), Math.imul(point, 0x5bd1e995), characterKind)
          at++
        }
        continue
      }
      emit(at, 1, Math.imul(0x811c9dc5 ^ code, 0x01000193), Math.imul(code, 0x5bd1e995), characterKind)
    }
    if (start >= 0) emit(start, length, one, two, digits ? numberKind : wordKind)
    if (scan.count === 0) {
      for (let at = 0; at < end; at++) {
        const code = units[at] ?? 0
        if (code > 32) emit(at, 1, Math.imul(0x811c9dc5 ^ code, 0x01000193), Math.imul(code, 0x5bd1e995), characterKind)
      }
    }
    scan.high = finish(high ^ scan.count) >>> 2
    scan.low = finish(low) >>> 2
    return scan
  }
}

/** 60 bits as 10 characters of the URL-safe base64 alphabet: short enough to be kept inline by SQL engines, sortable, safe in JSON and paths. */
export function encodeId(high: number, low: number): string {
  return five(high) + five(low)
}

/** Murmur3's finaliser: every bit of the input moves every bit of the result. @see https://github.com/aappleby/smhasher/wiki/MurmurHash3 */
export function finish(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const nonAscii = /[^\0-\x7f]/

function five(value: number): string {
  return (
    (alphabet[(value >>> 24) & 63] ?? '') +
    (alphabet[(value >>> 18) & 63] ?? '') +
    (alphabet[(value >>> 12) & 63] ?? '') +
    (alphabet[(value >>> 6) & 63] ?? '') +
    (alphabet[value & 63] ?? '')
  )
}

const separator = 0
const inWord = 1
const digit = 2
const alone = 3
const mark = 4
const invisible = 5
const between = 6
const surrogate = 7

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u

let table: Uint8Array | undefined

/** Class of every UTF-16 unit; built on first use (20 ms). */
function classes(): Uint8Array {
  if (table) return table
  table = new Uint8Array(0x10000)
  for (let code = 0; code < 0x10000; code++) table[code] = classify(String.fromCharCode(code), code)
  return table
}

function classify(character: string, code: number): number {
  if (code >= 0xd800 && code < 0xe000) return surrogate
  if (/\p{Nd}/u.test(character)) return digit
  if (unspaced.test(character) && /[\p{L}\p{N}\p{M}]/u.test(character)) return alone
  if (/\p{M}/u.test(character)) return mark
  if (/[\p{L}\p{N}]/u.test(character)) return inWord
  if (/\p{Cf}/u.test(character)) return invisible
  if (/\p{S}/u.test(character) && character !== '`' && character !== '´') return alone
  if ('-./:*'.includes(character)) return between
  return separator
}
