import { known } from '../reading/gazetteer.ts'
import { shape, type Tokens } from '../reading/tokens.ts'
import type { Words } from '../reading/words.ts'
import type { Segment } from './segments.ts'

/** A text's tokens with what the lists know of them. */
export interface Reading {
  tokens: Tokens
  words: Words
  /** Place of each token in `words`. */
  places: Uint32Array
}

/** What features see of one token. */
export interface Face {
  /** Its hash. All tags have one face whatever their number, and so have the text's edges. */
  word: number
  form: number
  /** Bits of `known`. */
  bits: number
  /** Place in `words`. */
  place: number
  text: string
  start: number
  end: number
}

/** Features are hashed into this many places. */
export const featureBits = 18

/** At most this many features a token. */
export const maxFeatures = 192

/** The parts a token plays for itself and its neighbours: features of one part depend on that one token alone. */
export const parts = ['own', 'left', 'right', 'farLeft', 'farRight', 'ahead', 'behind'] as const

const nameBits = known.given | known.family | known.common | known.veryCommon | known.place | known.country | known.frequent
const spread = 0x9e3779b1
const edge: Face = { word: 7, form: 15, bits: 0, place: 0, text: '', start: 0, end: 0 }

// Where features go while one token is examined: module variables, since closures made for each token cost more than the hashing.
let target: Int32Array = new Int32Array(maxFeatures)
let count = 0

function add(template: number, value: number): void {
  let hash = Math.imul(value ^ Math.imul(template, spread), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  if (count < maxFeatures) target[count++] = (hash ^ (hash >>> 16)) >>> (32 - featureBits)
}

function addEachBit(template: number, value: number): void {
  for (let rest = value; rest !== 0; rest &= rest - 1) add(template, 31 - Math.clz32(rest & -rest))
}

/** The token as features see it; outside the text, its edge. */
export function faceOf({ tokens, places }: Reading, index: number): Face {
  if (index < 0 || index >= tokens.count) return edge
  const form = tokens.shape[index] ?? 0
  if (form === shape.tag) return { ...edge, word: 11, form }
  return {
    word: tokens.hash[index] ?? 0,
    form,
    bits: tokens.flags[index] ?? 0,
    place: places[index] ?? 0,
    text: tokens.text,
    start: tokens.start[index] ?? 0,
    end: tokens.end[index] ?? 0,
  }
}

/**
 * Writes the hashed features of one token into `out` and gives their number. They look two tokens to each side, at the segment as a whole and at
 * what stands before and behind it, and at the spelling.
 */
export function extractFeatures(reading: Reading, segment: Segment, at: number, out: Int32Array): number {
  target = out
  count = 0
  const places = [at, at - 1, at + 1, at - 2, at + 2, segment.first - 1, segment.last + 1]
  for (const [part, index] of places.entries()) addPart(part, faceOf(reading, index), reading.words)
  addTogether(reading, segment, at)
  return count
}

/** Writes the features of one part (by its number in `parts`) that a token plays, and gives their number. */
export function extractPart(part: number, face: Face, words: Words, out: Int32Array): number {
  target = out
  count = 0
  addPart(part, face, words)
  return count
}

/** Writes the features of bits of `known` that a token has in one part, and gives their number. */
export function extractBits(part: number, bits: number, out: Int32Array): number {
  target = out
  count = 0
  addEachBit(bitTemplates[part] ?? 0, bits)
  return count
}

/** Writes the features that several tokens make together, and gives their number. */
export function extractTogether(reading: Reading, segment: Segment, at: number, out: Int32Array): number {
  target = out
  count = 0
  addTogether(reading, segment, at)
  return count
}

/** By part, the template of its bits. */
const bitTemplates = [7, 8, 9, 10, 11, 27, 28]

function addPart(part: number, face: Face, words: Words): void {
  addEachBit(bitTemplates[part] ?? 0, face.bits)
  if (part === 0) addOwn(face, words)
  else if (part <= 2) addBeside(part - 1, face, words)
  else if (part <= 4) add(2 + part, face.word)
}

/** The word, what the lists know of it, its clusters whole and by their upper branches, how it is mostly written, and its spelling. */
function addOwn({ word, form, bits, place, text, start, end }: Face, words: Words): void {
  const [english, german, spanish] = [words.english[place] ?? 0, words.german[place] ?? 0, words.spanish[place] ?? 0]
  add(1, 0)
  add(2, word)
  add(14, (bits & nameBits) | (form << 26))
  const length = end - start
  add(40, Math.min(length, 12))
  if (length >= 2) {
    for (let size = 1; size <= 3; size++) add(40 + size, unitsHash(text, Math.max(start, end - size), end))
    if (length > 4) add(44, unitsHash(text, end - 4, end))
    add(45, unitsHash(text, start, start + 2))
    add(46, unitsHash(text, start, Math.min(end, start + 3)))
    if (length > 5) add(47, unitsHash(text, start, start + 4))
  }
  add(50, english)
  add(51, german)
  add(52, spanish)
  add(53, english & 63)
  add(54, german & 63)
  add(55, spanish & 63)
  add(71, english & 1023)
  add(72, english & 8191)
  add(56, (words.habits[place] ?? 0) | (form << 8))
  add(69, english ^ (form << 17))
  add(70, german ^ (form << 17))
  add(79, words.broad[place] ?? 0)
  add(80, words.middle[place] ?? 0)
  add(81, words.narrow[place] ?? 0)
  add(82, (words.middle[place] ?? 0) ^ (form << 17))
}

/** A neighbour; `side` is 0 to the left and 1 to the right. */
function addBeside(side: number, { word, form, place, text, start, end }: Face, words: Words): void {
  add(3 + side, word)
  if (form >= shape.lower) add(48 + side, unitsHash(text, Math.max(start, end - 3), end))
  add(57 + 3 * side, (words.english[place] ?? 0) | (1 << 16))
  add(58 + 3 * side, (words.german[place] ?? 0) | (1 << 16))
  add(59 + 3 * side, (words.spanish[place] ?? 0) | (1 << 16))
  add(73 + side, (words.english[place] ?? 0) & 63)
  add(75 + side, (words.english[place] ?? 0) & 1023)
  add(77 + side, (words.habits[place] ?? 0) | (form << 8))
  add(83 + side, words.broad[place] ?? 0)
  add(85 + side, words.middle[place] ?? 0)
}

function wordAt(tokens: Tokens, index: number): number {
  return index < 0 || index >= tokens.count ? 7 : tokens.shape[index] === shape.tag ? 11 : (tokens.hash[index] ?? 0)
}

function formAt(tokens: Tokens, index: number): number {
  return index < 0 || index >= tokens.count ? 15 : (tokens.shape[index] ?? 0)
}

function bitsAt(tokens: Tokens, index: number): number {
  return index < 0 || index >= tokens.count ? 0 : (tokens.flags[index] ?? 0)
}

function placeAt(places: Uint32Array, tokens: Tokens, index: number): number {
  return index < 0 || index >= tokens.count ? 0 : (places[index] ?? 0)
}

function addTogether({ tokens, words, places }: Reading, segment: Segment, at: number): void {
  const own = bitsAt(tokens, at)
  const left = bitsAt(tokens, at - 1)
  const right = bitsAt(tokens, at + 1)
  const form = formAt(tokens, at)
  const leftForm = formAt(tokens, at - 1)
  const rightForm = formAt(tokens, at + 1)
  const leftWord = wordAt(tokens, at - 1)
  const rightWord = wordAt(tokens, at + 1)
  const ownName = own & nameBits
  const named = ownName | (form << 26)
  const coarse = (own & (known.given | known.family | known.common | known.place)) | (form << 26)
  const isStart = at === 0 || leftForm === shape.newline || (leftForm === shape.punctuation && !isInnerMark(leftWord))
  add(12, (form << 8) | (leftForm << 4) | rightForm)
  add(13, (formAt(tokens, at - 2) << 8) | (form << 4) | formAt(tokens, at + 2))
  add(15, Math.imul(named, 31) ^ (right & nameBits) ^ (rightForm << 27))
  add(16, Math.imul(named, 31) ^ (left & nameBits) ^ (leftForm << 27))
  add(17, (left >>> 6) ^ Math.imul(coarse, 7))
  add(18, (right >>> 6) ^ Math.imul(coarse, 7))
  add(19, leftWord ^ Math.imul(coarse, 13))
  add(20, rightWord ^ Math.imul(coarse, 13))
  add(21, leftWord ^ Math.imul(wordAt(tokens, at - 2), 3))
  add(22, rightWord ^ Math.imul(wordAt(tokens, at + 2), 3))
  add(23, (isStart ? 1 : 0) ^ Math.imul(named, 5))
  // The segment: what it holds, and what stands around it.
  const { first, last, bits: within } = segment
  const beforeWord = wordAt(tokens, first - 1)
  const behindWord = wordAt(tokens, last + 1)
  const place = (at === first ? 1 : 0) | (at === last ? 2 : 0)
  const length = Math.min(last - first, 5)
  const telling =
    within & (known.given | known.frequent | known.title | known.organisation | known.geography | known.product | known.place | known.work)
  add(24, (length << 2) | place)
  add(25, beforeWord ^ (place << 1))
  add(26, behindWord ^ (place << 1))
  add(29, telling ^ (place << 28))
  add(30, telling ^ Math.imul(coarse, 17))
  add(31, (bitsAt(tokens, first - 1) >>> 6) ^ Math.imul((length << 2) | place, 101))
  add(32, beforeWord ^ Math.imul(behindWord, 5) ^ length)
  add(33, segment.caps ^ (form << 4) ^ ((ownName & 7) << 8))
  add(34, segment.lineWords ^ (place << 4) ^ ((ownName & 7) << 8))
  add(35, (segment.isWholeLine ? 1 : 0) ^ (length << 2) ^ ((own & 3) << 8))
  // The company that the word and its neighbours keep.
  const [ownPlace, leftPlace, rightPlace] = [places[at] ?? 0, placeAt(places, tokens, at - 1), placeAt(places, tokens, at + 1)]
  const { english, german, habits } = words
  const written = (habits[ownPlace] ?? 0) | (form << 8)
  add(63, Math.imul(german[ownPlace] ?? 0, 31) ^ (german[rightPlace] ?? 0))
  add(64, Math.imul(german[ownPlace] ?? 0, 31) ^ (german[leftPlace] ?? 0))
  add(65, Math.imul(english[ownPlace] ?? 0, 31) ^ (english[rightPlace] ?? 0))
  add(66, Math.imul(english[ownPlace] ?? 0, 31) ^ (english[leftPlace] ?? 0))
  add(67, written ^ ((habits[rightPlace] ?? 0) << 16))
  add(68, written ^ ((habits[leftPlace] ?? 0) << 16))
}

/** Comma, hyphen, quotes and brackets stand inside sentences; full stops and colons end them. */
function isInnerMark(unit: number): boolean {
  return unit === 44 || unit === 45 || unit === 39 || unit === 40 || unit === 38 || unit === 47 || unit === 0x2019
}

/** Over lower-cased ASCII and other units as they are: spelling features tell scripts apart by themselves. */
function unitsHash(text: string, from: number, to: number): number {
  let hash = to - from
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193) ^ (code >= 65 && code <= 90 ? code | 32 : code)
  }
  return hash
}
