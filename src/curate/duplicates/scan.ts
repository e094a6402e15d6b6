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
 * A text's normalised form, as numbers: token i has hashes `hashes[i]` and `seconds[i]` (32 bits each), `lengths[i]` UTF-16 units and kind `kinds[i]`; only
 * the first `count` entries count. The arrays are reused by the next scan.
 */
export interface Scan {
  hashes: Uint32Array
  seconds: Uint32Array
  lengths: Uint32Array
  starts: Uint32Array
  kinds: Uint8Array
  count: number
  /** The text that `starts` and `lengths` refer to: NFKC and lower case. */
  text: string
  /** Whether it has nothing but punctuation, whose characters are its tokens. */
  isPunctuation: boolean
  /** 60 bits over the tokens in order, as two 30-bit numbers. */
  high: number
  low: number
}

function createScan(): Scan {
  return {
    hashes: new Uint32Array(1024),
    seconds: new Uint32Array(1024),
    lengths: new Uint32Array(1024),
    starts: new Uint32Array(1024),
    kinds: new Uint8Array(1024),
    count: 0,
    text: '',
    isPunctuation: true,
    high: 0,
    low: 0,
  }
}

/**
 * Scans texts into tokens. Normalisation: Unicode NFKC, lower case, invisible format characters removed, punctuation and white space only
 * separate. Symbols (mathematics, currency, emoji) stay, and so does a point, dash, slash, star or colon between digits: '5-3' is not '5/3'.
 * Characters of scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese, Tibetan) are tokens of their own. A text of punctuation alone keeps
 * its characters as tokens, so that '?' and '!' differ.
 */
export function createScanner(): (text: string) => Scan {
  const scan = createScan()
  const read = createUnits()
  return (raw) => {
    const text = nonAscii.test(raw) ? raw.normalize('NFKC').toLowerCase() : raw.toLowerCase()
    const { units } = read(text)
    // No text has more tokens than units.
    while (scan.hashes.length < text.length) doubleArrays(scan)
    scan.text = text
    scan.count = readTokens(scan, units, text)
    scan.isPunctuation = scan.count === 0
    if (scan.isPunctuation) scan.count = readPunctuation(scan, units, text.length)
    hashTokens(scan)
    return scan
  }
}

/** Puts scans one after the other: the scan of their texts joined by line ends, without reading them again. */
export function createJoiner(): { clear(): void; add(scan: Scan): void; joined(): Scan } {
  const joined = createScan()
  return {
    clear() {
      joined.count = 0
      joined.text = ''
      joined.isPunctuation = true
    },
    add(scan) {
      const offset = joined.text === '' ? 0 : joined.text.length + 1
      joined.text = offset === 0 ? scan.text : `${joined.text}\n${scan.text}`
      if (joined.isPunctuation && !scan.isPunctuation) joined.count = 0
      if (scan.isPunctuation && !joined.isPunctuation) return
      joined.isPunctuation = scan.isPunctuation
      while (joined.hashes.length < joined.count + scan.count) doubleArrays(joined)
      for (let index = 0; index < scan.count; index++) {
        const at = joined.count + index
        joined.hashes[at] = scan.hashes[index] ?? 0
        joined.seconds[at] = scan.seconds[index] ?? 0
        joined.lengths[at] = scan.lengths[index] ?? 0
        joined.starts[at] = (scan.starts[index] ?? 0) + offset
        joined.kinds[at] = scan.kinds[index] ?? 0
      }
      joined.count += scan.count
    },
    joined() {
      hashTokens(joined)
      return joined
    },
  }
}

function readTokens(scan: Scan, units: Uint16Array, text: string): number {
  const { hashes, seconds, lengths, starts, kinds } = scan
  const table = classes()
  const end = text.length
  let count = 0
  /** Where a character stands between digits. */
  let joining = -1
  for (let at = 0; at < end; ) {
    let code = units[at] ?? 0
    let kind = table[code] ?? separator
    if (kind === separator) {
      at++
      continue
    }
    const start = at
    let length = 1
    let token: TokenKind = characterKind
    let one = 0x811c9dc5 | 0
    let two = 0x2545f491
    if (kind === inWord || kind === digit) {
      token = numberKind
      // The zero behind the text separates, so that the loop ends there.
      while (kind === inWord || kind === digit || kind === mark || kind === invisible) {
        at++
        if (kind !== invisible) {
          if (kind !== digit) token = wordKind
          length = at - start
          one = Math.imul(one ^ code, 0x01000193)
          two = Math.imul(two ^ code, 0x5bd1e995) ^ (two >>> 11)
        }
        code = units[at] ?? 0
        kind = table[code] ?? separator
      }
      if (kind === between && token === numberKind && table[units[at + 1] ?? 0] === digit) joining = at
    } else {
      at++
      if (kind === surrogate) {
        code = text.codePointAt(start) ?? 0
        if (code <= 0xffff) continue
        length = 2
        at++
      } else if (kind !== alone && start !== joining) continue
      one = Math.imul(one ^ code, 0x01000193)
      two = Math.imul(code, 0x5bd1e995)
    }
    hashes[count] = finish(one)
    seconds[count] = finish(two)
    lengths[count] = length
    starts[count] = start
    kinds[count] = token
    count++
  }
  return count
}

function readPunctuation({ hashes, seconds, lengths, starts, kinds }: Scan, units: Uint16Array, end: number): number {
  let count = 0
  for (let at = 0; at < end; at++) {
    const code = units[at] ?? 0
    if (code <= 32) continue
    hashes[count] = finish(Math.imul(0x811c9dc5 ^ code, 0x01000193))
    seconds[count] = finish(Math.imul(code, 0x5bd1e995))
    lengths[count] = 1
    starts[count] = at
    kinds[count] = characterKind
    count++
  }
  return count
}

function hashTokens(scan: Scan): void {
  const { hashes, seconds, count } = scan
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  for (let index = 0; index < count; index++) {
    high = Math.imul(high ^ (hashes[index] ?? 0), 0x01000193) ^ (high >>> 15)
    low = Math.imul(low + (seconds[index] ?? 0), 0x85ebca77) ^ (low >>> 13)
  }
  scan.high = finish(high ^ count) >>> 2
  scan.low = finish(low) >>> 2
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
