import { known } from './gazetteer.ts'
import type { Segment } from './segments.ts'
import { shape, type Tokens } from './tokens.ts'
import type { Words } from './words.ts'

/** A text's tokens with what the lists know of them. */
export interface Reading {
  tokens: Tokens
  /** Bits of `known` of each token. */
  flags: Uint32Array
  words: Words
  /** Place of each token in `words`; filled by `placeWords` two tokens around the segments that are read. */
  places: Uint32Array
}

/** Features are hashed into this many places. */
export const featureBits = 18

/** At most this many features a token. */
export const maxFeatures = 192

const nameBits = known.given | known.family | known.common | known.veryCommon | known.place | known.country | known.frequent
const spread = 0x9e3779b1

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

/** A word's hash; tags count alike whatever their number, and so do the text's edges. */
function wordAt(tokens: Tokens, index: number): number {
  return index < 0 || index >= tokens.count ? 7 : tokens.shape[index] === shape.tag ? 11 : (tokens.hash[index] ?? 0)
}

function formAt(tokens: Tokens, index: number): number {
  return index < 0 || index >= tokens.count ? 15 : (tokens.shape[index] ?? 0)
}

function bitsAt(tokens: Tokens, flags: Uint32Array, index: number): number {
  return index < 0 || index >= tokens.count ? 0 : (flags[index] ?? 0)
}

/**
 * Writes the hashed features of one token into `out` and gives their number. They look two tokens to each side, at the segment as a whole and at
 * what stands before and behind it, and at the spelling.
 */
export function extractFeatures({ tokens, flags, words, places }: Reading, segment: Segment, at: number, out: Int32Array): number {
  target = out
  count = 0
  const own = bitsAt(tokens, flags, at)
  const left = bitsAt(tokens, flags, at - 1)
  const right = bitsAt(tokens, flags, at + 1)
  const ownForm = formAt(tokens, at)
  const leftForm = formAt(tokens, at - 1)
  const rightForm = formAt(tokens, at + 1)
  const leftWord = wordAt(tokens, at - 1)
  const rightWord = wordAt(tokens, at + 1)
  const beforeWord = wordAt(tokens, segment.first - 1)
  const behindWord = wordAt(tokens, segment.last + 1)
  const beforeBits = bitsAt(tokens, flags, segment.first - 1)
  const ownName = own & nameBits
  const coarse = (own & (known.given | known.family | known.common | known.place)) | (ownForm << 26)
  const isStart = at === 0 || leftForm === shape.newline || (leftForm === shape.punctuation && !isInnerMark(leftWord))
  add(1, 0)
  add(2, wordAt(tokens, at))
  add(3, leftWord)
  add(4, rightWord)
  add(5, wordAt(tokens, at - 2))
  add(6, wordAt(tokens, at + 2))
  addEachBit(7, own)
  addEachBit(8, left)
  addEachBit(9, right)
  addEachBit(10, bitsAt(tokens, flags, at - 2))
  addEachBit(11, bitsAt(tokens, flags, at + 2))
  add(12, (ownForm << 8) | (leftForm << 4) | rightForm)
  add(13, (formAt(tokens, at - 2) << 8) | (ownForm << 4) | formAt(tokens, at + 2))
  add(14, ownName | (ownForm << 26))
  add(15, Math.imul(ownName | (ownForm << 26), 31) ^ (right & nameBits) ^ (rightForm << 27))
  add(16, Math.imul(ownName | (ownForm << 26), 31) ^ (left & nameBits) ^ (leftForm << 27))
  add(17, (left >>> 6) ^ Math.imul(coarse, 7))
  add(18, (right >>> 6) ^ Math.imul(coarse, 7))
  add(19, leftWord ^ Math.imul(coarse, 13))
  add(20, rightWord ^ Math.imul(coarse, 13))
  add(21, leftWord ^ Math.imul(wordAt(tokens, at - 2), 3))
  add(22, rightWord ^ Math.imul(wordAt(tokens, at + 2), 3))
  add(23, (isStart ? 1 : 0) ^ Math.imul(ownName | (ownForm << 26), 5))
  // The segment: what it holds, and what stands around it.
  const { first, last, bits: within } = segment
  const place = (at === first ? 1 : 0) | (at === last ? 2 : 0)
  const length = Math.min(last - first, 5)
  const telling =
    within & (known.given | known.frequent | known.title | known.organisation | known.geography | known.product | known.place | known.work)
  add(24, (length << 2) | place)
  add(25, beforeWord ^ (place << 1))
  add(26, behindWord ^ (place << 1))
  addEachBit(27, beforeBits)
  addEachBit(28, bitsAt(tokens, flags, last + 1))
  add(29, telling ^ (place << 28))
  add(30, telling ^ Math.imul(coarse, 17))
  add(31, (beforeBits >>> 6) ^ Math.imul((length << 2) | place, 101))
  add(32, beforeWord ^ Math.imul(behindWord, 5) ^ length)
  add(33, segment.caps ^ (ownForm << 4) ^ ((ownName & 7) << 8))
  add(34, segment.lineWords ^ (place << 4) ^ ((ownName & 7) << 8))
  add(35, (segment.isWholeLine ? 1 : 0) ^ (length << 2) ^ ((own & 3) << 8))
  spell(tokens, at)
  addCompany(words, placeAt(places, tokens.count, at - 1), places[at] ?? 0, placeAt(places, tokens.count, at + 1), ownForm)
  if (formAt(tokens, at - 1) >= shape.lower) add(48, suffixHash(tokens, at - 1, 3))
  if (formAt(tokens, at + 1) >= shape.lower) add(49, suffixHash(tokens, at + 1, 3))
  return count
}

/** Clusters of the word and its neighbours, whole and by their upper branches, and how the word is mostly written. */
function addCompany(words: Words, left: number, own: number, right: number, form: number): void {
  const { english, german, spanish } = words
  const habits = words.habits[own] ?? 0
  const [ownEnglish, ownGerman, ownSpanish] = [english[own] ?? 0, german[own] ?? 0, spanish[own] ?? 0]
  add(50, ownEnglish)
  add(51, ownGerman)
  add(52, ownSpanish)
  add(53, ownEnglish & 63)
  add(54, ownGerman & 63)
  add(55, ownSpanish & 63)
  add(56, habits | (form << 8))
  add(57, (english[left] ?? 0) | (1 << 16))
  add(58, (german[left] ?? 0) | (1 << 16))
  add(59, (spanish[left] ?? 0) | (1 << 16))
  add(60, (english[right] ?? 0) | (1 << 16))
  add(61, (german[right] ?? 0) | (1 << 16))
  add(62, (spanish[right] ?? 0) | (1 << 16))
  add(63, Math.imul(ownGerman, 31) ^ (german[right] ?? 0))
  add(64, Math.imul(ownGerman, 31) ^ (german[left] ?? 0))
  add(65, Math.imul(ownEnglish, 31) ^ (english[right] ?? 0))
  add(66, Math.imul(ownEnglish, 31) ^ (english[left] ?? 0))
  add(67, (habits | (form << 8)) ^ ((words.habits[right] ?? 0) << 16))
  add(68, (habits | (form << 8)) ^ ((words.habits[left] ?? 0) << 16))
  add(69, ownEnglish ^ (form << 17))
  add(70, ownGerman ^ (form << 17))
}

/** Looks the words of the tokens [first, last] up; gives `places`, or a larger array when it is too short. */
export function placeWords(tokens: Tokens, words: Words, first: number, last: number, places: Uint32Array): Uint32Array {
  const out = places.length >= tokens.count ? places : new Uint32Array(tokens.start.length)
  for (let at = Math.max(0, first); at <= last && at < tokens.count; at++) {
    const form = tokens.shape[at] ?? 0
    out[at] = form >= shape.lower && form <= shape.uncased ? words.placeOf(tokens.hash[at] ?? 0) : 0
  }
  return out
}

function placeAt(places: Uint32Array, count: number, index: number): number {
  return index < 0 || index >= count ? 0 : (places[index] ?? 0)
}

/** Comma, hyphen, quotes and brackets stand inside sentences; full stops and colons end them. */
function isInnerMark(unit: number): boolean {
  return unit === 44 || unit === 45 || unit === 39 || unit === 40 || unit === 38 || unit === 47 || unit === 0x2019
}

function spell(tokens: Tokens, at: number): void {
  const length = (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0)
  add(40, Math.min(length, 12))
  if (length < 2) return
  add(41, suffixHash(tokens, at, 1))
  add(42, suffixHash(tokens, at, 2))
  add(43, suffixHash(tokens, at, 3))
  if (length > 4) add(44, suffixHash(tokens, at, 4))
  add(45, prefixHash(tokens, at, 2))
  add(46, prefixHash(tokens, at, 3))
  if (length > 5) add(47, prefixHash(tokens, at, 4))
}

function suffixHash(tokens: Tokens, at: number, length: number): number {
  const end = tokens.end[at] ?? 0
  return unitsHash(tokens.text, Math.max(tokens.start[at] ?? 0, end - length), end)
}

function prefixHash(tokens: Tokens, at: number, length: number): number {
  const start = tokens.start[at] ?? 0
  return unitsHash(tokens.text, start, Math.min(tokens.end[at] ?? 0, start + length))
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
