import { alphabet, characterKind, encodeId, finish, type Scan, wordKind } from './scan.ts'

/** Bands of a text: `bands` keys of `rows` minima each. Two texts of Jaccard similarity J share a key with probability 1 - (1 - J^rows)^bands. */
export interface Banding {
  bands: number
  rows: number
}

/** Bands over word shingles, for every text: a shared key with probability .69 at J = .45, .84 at .5, .98 at .6, .9995 at .7; .003 at .1. */
export const wordBanding: Banding = { bands: 28, rows: 4 }
/** Bands over 4-character shingles, for short texts, where one changed letter changes most word shingles: .47 at J = .5, .80 at .6, .97 at .7; .03 at .27. */
export const characterBanding: Banding = { bands: 20, rows: 5 }
/** Shingles kept in a sketch: up to so many the similarity is exact, beyond it is estimated with a standard error of at most .044. */
export const sketchSize = 128
/** Texts of at most so many tokens are short: compared word by word, not by shingles. */
export const shortTokens = 24

/** What is kept of one text for finding its near duplicates. */
export interface Signature {
  /** Hash of the normalised text: equal for texts that differ in case, white space and punctuation only. */
  id: string
  /** Keys (32 bits) of the word bands, then, for a short text, of the character bands. */
  bands: number[]
  /** Number of distinct shingles. */
  shingles: number
  /** The `sketchSize` smallest shingle hashes, ascending, 24 bits in 4 characters each. */
  sketch: string
  /** The normalised text of a short text, tokens parted by spaces; else empty. */
  short: string
}

/**
 * Signs scanned texts. A text's shingles are its pairs of neighbouring tokens, its words of five letters or more, and, in scripts without spaces,
 * its runs of three characters.
 */
export function createSigner(): (scan: Scan) => Signature {
  const words = createMinima(wordBanding, 0x1b873593)
  const characters = createMinima(characterBanding, 0x38b34ae5)
  let buffer = new Uint32Array(4096)
  return (scan) => {
    const { count, hashes, lengths, kinds } = scan
    if (buffer.length < count * 2 + 1) buffer = new Uint32Array(count * 3)
    let filled = 0
    for (let index = 0; index < count; index++) {
      const hash = hashes[index] ?? 0
      const next = hashes[index + 1] ?? 0
      const isCharacter = kinds[index] === characterKind
      if (index + 1 < count) buffer[filled++] = finish(Math.imul(hash, 5) + next)
      if (isCharacter) {
        if (index + 2 < count) buffer[filled++] = finish(Math.imul(Math.imul(hash, 5) + next, 7) + (hashes[index + 2] ?? 0))
      } else if ((lengths[index] ?? 0) >= 5 && kinds[index] === wordKind) buffer[filled++] = finish(hash ^ 0x5f356495)
    }
    if (filled === 0 && count > 0) buffer[filled++] = finish(hashes[0] ?? 0)
    const shingles = distinct(buffer, filled)
    const isShort = count > 0 && count <= shortTokens
    const short = isShort ? joinTokens(scan) : ''
    return {
      id: encodeId(scan.high, scan.low),
      bands: isShort ? [...words(buffer, shingles), ...characters(...characterShingles(short))] : words(buffer, shingles),
      shingles,
      sketch: encodeSketch(buffer, Math.min(shingles, sketchSize)),
      short,
    }
  }
}

/** The normalised text: tokens parted by single spaces. */
export function joinTokens({ text, starts, lengths, count }: Scan): string {
  let joined = ''
  for (let index = 0; index < count; index++) {
    const start = starts[index] ?? 0
    joined += (index > 0 ? ' ' : '') + text.slice(start, start + (lengths[index] ?? 0))
  }
  return joined
}

/** Sorts the first `length` values and moves the distinct ones to the front; gives their number. */
function distinct(values: Uint32Array, length: number): number {
  const part = values.subarray(0, length).sort()
  let kept = 0
  let last = -1
  for (let index = 0; index < length; index++) {
    const value = part[index] ?? 0
    if (value === last) continue
    values[kept++] = value
    last = value
  }
  return kept
}

const characterBuffer = new Uint32Array(8192)

function characterShingles(short: string): [Uint32Array, number] {
  const text = ` ${short} `
  const length = Math.min(Math.max(text.length - 3, 1), characterBuffer.length)
  for (let at = 0; at < length; at++) {
    let hash = 0x811c9dc5
    for (let offset = 0; offset < 4; offset++) hash = Math.imul(hash ^ (text.charCodeAt(at + offset) || 0), 0x01000193)
    characterBuffer[at] = finish(hash)
  }
  return [characterBuffer, distinct(characterBuffer, length)]
}

/** MinHash with one random multiply-add permutation of 32 bits a row; gives the band keys. `bands * rows` is a multiple of four. */
function createMinima({ bands, rows }: Banding, seed: number): (values: Uint32Array, length: number) => number[] {
  const size = bands * rows
  const factors = Int32Array.from({ length: size }, (_, index) => finish(seed + index * 2) | 1)
  const offsets = Int32Array.from({ length: size }, (_, index) => finish(seed + index * 2 + 1))
  const minima = new Int32Array(size)
  return (values, length) => {
    // Four permutations a pass: the values are loaded a quarter as often, which measured about 1.5 times as fast.
    for (let slot = 0; slot < size; slot += 4) {
      const factor0 = factors[slot] ?? 0
      const factor1 = factors[slot + 1] ?? 0
      const factor2 = factors[slot + 2] ?? 0
      const factor3 = factors[slot + 3] ?? 0
      const offset0 = offsets[slot] ?? 0
      const offset1 = offsets[slot + 1] ?? 0
      const offset2 = offsets[slot + 2] ?? 0
      const offset3 = offsets[slot + 3] ?? 0
      let least0 = 0x7fffffff
      let least1 = 0x7fffffff
      let least2 = 0x7fffffff
      let least3 = 0x7fffffff
      for (let index = 0; index < length; index++) {
        const value = values[index] ?? 0
        const value0 = (Math.imul(value, factor0) + offset0) | 0
        const value1 = (Math.imul(value, factor1) + offset1) | 0
        const value2 = (Math.imul(value, factor2) + offset2) | 0
        const value3 = (Math.imul(value, factor3) + offset3) | 0
        if (value0 < least0) least0 = value0
        if (value1 < least1) least1 = value1
        if (value2 < least2) least2 = value2
        if (value3 < least3) least3 = value3
      }
      minima[slot] = least0
      minima[slot + 1] = least1
      minima[slot + 2] = least2
      minima[slot + 3] = least3
    }
    const keys: number[] = []
    for (let band = 0; band < bands; band++) {
      let key = band
      for (let slot = band * rows; slot < (band + 1) * rows; slot++) key = Math.imul(key ^ finish(minima[slot] ?? 0), 0x01000193)
      keys.push(finish(key) | 0)
    }
    return keys
  }
}

const codes = Buffer.from(alphabet, 'latin1')
// A sketch is put together in bytes: joining strings character by character made garbage that cost more than the hashing.
const bytes = Buffer.alloc(4 * sketchSize)

function encodeSketch(values: Uint32Array, length: number): string {
  for (let index = 0; index < length; index++) {
    const value = (values[index] ?? 0) >>> 8
    bytes[index * 4] = codes[value >>> 18] ?? 0
    bytes[index * 4 + 1] = codes[(value >>> 12) & 63] ?? 0
    bytes[index * 4 + 2] = codes[(value >>> 6) & 63] ?? 0
    bytes[index * 4 + 3] = codes[value & 63] ?? 0
  }
  return bytes.toString('latin1', 0, length * 4)
}
