import { codes } from './alphabet.ts'
import { type Banding, createBander } from './minima.ts'
import { characterKind, encodeId, finish, type Scan, wordKind } from './scan.ts'

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
  /** Keys of the word bands. */
  word_bands: string
  /** Keys of the character bands of a short text; else empty. */
  character_bands: string
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
  const words = createBander(wordBanding, 0x1b873593)
  const characters = createBander(characterBanding, 0x38b34ae5)
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
      word_bands: words(buffer, shingles),
      character_bands: isShort ? characters(...characterShingles(short)) : '',
      shingles,
      sketch: encodeSketch(buffer, Math.min(shingles, sketchSize)),
      short,
    }
  }
}

/** The normalised text: tokens parted by single spaces. */
function joinTokens({ text, starts, lengths, count }: Scan): string {
  let joined = ''
  for (let index = 0; index < count; index++) {
    const start = starts[index] ?? 0
    joined += (index > 0 ? ' ' : '') + text.slice(start, start + (lengths[index] ?? 0))
  }
  return joined
}

/** Up to so many values are thrown into as many places before they are sorted; more by the engine, since hashes made to meet in one place would take their square. */
const mostThrown = 4096
const thrown = new Uint32Array(mostThrown)
const places = new Uint32Array(mostThrown + 1)

/** Sorts the first `length` values, well mixed, and moves the distinct ones to the front; gives their number. */
function distinct(values: Uint32Array, length: number): number {
  if (length > mostThrown) values.subarray(0, length).sort()
  else throwAndSort(values, length)
  let kept = 0
  let last = -1
  for (let index = 0; index < length; index++) {
    const value = values[index] ?? 0
    if (value === last) continue
    values[kept++] = value
    last = value
  }
  return kept
}

/** Each value goes to a place by its highest bits, after which few are out of order: a third of the time of sorting by comparison. */
function throwAndSort(values: Uint32Array, length: number): void {
  const shift = Math.clz32(Math.max(length, 2) - 1)
  const size = 2 ** (32 - shift)
  places.fill(0, 0, size + 1)
  for (let index = 0; index < length; index++) {
    const place = ((values[index] ?? 0) >>> shift) + 1
    places[place] = (places[place] ?? 0) + 1
  }
  for (let place = 1; place < size; place++) places[place] = (places[place] ?? 0) + (places[place - 1] ?? 0)
  for (let index = 0; index < length; index++) {
    const value = values[index] ?? 0
    const place = value >>> shift
    const at = places[place] ?? 0
    thrown[at] = value
    places[place] = at + 1
  }
  for (let index = 0; index < length; index++) {
    const value = thrown[index] ?? 0
    let at = index
    for (; at > 0 && (values[at - 1] ?? 0) > value; at--) values[at] = values[at - 1] ?? 0
    values[at] = value
  }
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
