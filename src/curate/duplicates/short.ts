import { finish } from './scan.ts'
import { createUnits } from './units.ts'

/** Two short texts are near duplicates from this share of equal words on (see `compareShort`). */
export const leastShort = 0.8

/**
 * A short normalised text made ready for comparing, as numbers that threads can share. From `at` on: how many words it has, how many letters, a hash of
 * its numbers whatever their order, a hash of each word, where each word starts and where one more would start, and its UTF-16 units, two a number. A hash of
 * 32 bits stands for its word.
 */
export interface Short {
  values: Uint32Array
  /** The same memory, in UTF-16 units. */
  units: Uint16Array
  at: number
}

const header = 3
const read = createUnits()

/** Parts a short normalised text, its words parted by single spaces, as a `Short` at 0. */
export function packShort(text: string): Uint32Array {
  let count = 1
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) count++
  const { units, pairs } = read(text)
  const half = (text.length + 1) >> 1
  const values = new Uint32Array(header + 2 * count + 1 + half)
  let numbers = 0
  let start = 0
  for (let word = 0; word < count; word++) {
    let end = start
    let hash = 0x811c9dc5
    for (; end < text.length && units[end] !== 32; end++) hash = Math.imul(hash ^ (units[end] ?? 0), 0x01000193)
    const mixed = finish(hash)
    if (isNumber(text, units[start] ?? 0, start, end)) numbers = (numbers + finish(mixed ^ 0x2545f491)) >>> 0
    values[header + word] = mixed
    values[header + count + word] = start
    start = end + 1
  }
  values[header + 2 * count] = start
  values[0] = count
  values[1] = text.length - count + 1
  values[2] = numbers
  values.set(pairs.subarray(0, half), header + 2 * count + 1)
  return values
}

/** Words of plain letters, nearly all, are passed over without the pattern. */
function isNumber(text: string, first: number, start: number, end: number): boolean {
  return (first >= 48 && first <= 57) || first > 127 ? /^\p{Nd}+$/u.test(text.slice(start, end)) : false
}

/** Some words of a text: `hashes` and `starts` are where those of its word 0 stand in its values, `letters` where its units begin. */
interface Part {
  values: Uint32Array
  units: Uint16Array
  hashes: number
  starts: number
  letters: number
  start: number
  length: number
}

const createPart = (): Part => ({
  values: new Uint32Array(),
  units: new Uint16Array(),
  hashes: 0,
  starts: 0,
  letters: 0,
  start: 0,
  length: 0,
})

/** The two sides of a comparison, kept between calls: texts are compared by the million. */
const left = createPart()
const right = createPart()

/**
 * Similarity (0–1; 0 also stands for anything surely under `leastShort`) of two short normalised texts: the share of letters in words that stand in both in
 * the same order, where a word may have a typing error. A word put in place of another counts twice against, since 'capital of France' and 'capital of Spain'
 * are two questions; numbers must be the same.
 */
export function compareShort(one: Short, two: Short): number {
  const first = one.values[one.at + 1] ?? 0
  const second = two.values[two.at + 1] ?? 0
  const total = first + second
  // No alignment can match more letters than the shorter text has.
  if (2 * Math.min(first, second) < leastShort * total || one.values[one.at + 2] !== two.values[two.at + 2]) return 0
  open(left, one)
  open(right, two)
  narrow()
  const leftLetters = lettersOf(left)
  const rightLetters = lettersOf(right)
  const outside = total - leftLetters - rightLetters
  if (outside + 2 * Math.min(leftLetters, rightLetters) < leastShort * total) return 0
  const { matched, replaced } = align()
  return (outside + matched) / (total + replaced)
}

function open(part: Part, { values, units, at }: Short): void {
  const count = values[at] ?? 0
  part.values = values
  part.units = units
  part.hashes = at + header
  part.starts = part.hashes + count
  part.letters = 2 * (part.starts + count + 1)
  part.start = 0
  part.length = count
}

/** Leaves out the words that both sides begin with and end with. */
function narrow(): void {
  const shorter = Math.min(left.length, right.length)
  let start = 0
  while (start < shorter && left.values[left.hashes + start] === right.values[right.hashes + start]) start++
  const leftLast = left.hashes + left.length - 1
  const rightLast = right.hashes + right.length - 1
  let end = 0
  while (end < shorter - start && left.values[leftLast - end] === right.values[rightLast - end]) end++
  left.start = start
  right.start = start
  left.length -= start + end
  right.length -= start + end
}

/** The table of `align`, kept between calls. */
let best = new Int32Array(1024)

/** Letters in matched words of both sides, and in words that stand in place of others, by the best alignment of the two parts. */
function align(): { matched: number; replaced: number } {
  if (left.length === 0 || right.length === 0) return { matched: 0, replaced: 0 }
  const width = right.length + 1
  if (best.length < (left.length + 1) * width) best = new Int32Array((left.length + 1) * width * 2)
  best.fill(0, left.length * width, (left.length + 1) * width)
  for (let row = left.length - 1; row >= 0; row--) {
    best[row * width + right.length] = 0
    for (let column = right.length - 1; column >= 0; column--) {
      const along = isSameWord(row, column) ? lengthOf(left, row) + lengthOf(right, column) + bestAt((row + 1) * width + column + 1) : 0
      best[row * width + column] = Math.max(along, bestAt((row + 1) * width + column), bestAt(row * width + column + 1))
    }
  }
  let replaced = 0
  let row = 0
  let column = 0
  let gapLeft = 0
  let gapRight = 0
  while (row < left.length || column < right.length) {
    const here = bestAt(row * width + column)
    if (
      row < left.length &&
      column < right.length &&
      isSameWord(row, column) &&
      here === lengthOf(left, row) + lengthOf(right, column) + bestAt((row + 1) * width + column + 1)
    ) {
      replaced += 2 * Math.min(gapLeft, gapRight)
      gapLeft = 0
      gapRight = 0
      row++
      column++
    } else if (row < left.length && (column === right.length || here === bestAt((row + 1) * width + column))) {
      gapLeft += lengthOf(left, row)
      row++
    } else {
      gapRight += lengthOf(right, column)
      column++
    }
  }
  return { matched: bestAt(0), replaced: replaced + 2 * Math.min(gapLeft, gapRight) }
}

const bestAt = (place: number): number => best[place] ?? 0

/** Equal, or one typing error (insertion, deletion, replacement, swap) apart in a word of at least five letters with the same first letter. */
function isSameWord(row: number, column: number): boolean {
  if (left.values[left.hashes + left.start + row] === right.values[right.hashes + right.start + column]) return true
  const one = lengthOf(left, row)
  const two = lengthOf(right, column)
  if (one < 5 || two < 5 || Math.abs(one - two) > 1) return false
  const first = left.letters + (left.values[left.starts + left.start + row] ?? 0)
  const second = right.letters + (right.values[right.starts + right.start + column] ?? 0)
  const a = left.units
  const b = right.units
  if (a[first] !== b[second]) return false
  const shorter = Math.min(one, two)
  let start = 1
  while (start < shorter && a[first + start] === b[second + start]) start++
  let end = 0
  while (end < shorter - start && a[first + one - 1 - end] === b[second + two - 1 - end]) end++
  const restOne = one - start - end
  const restTwo = two - start - end
  if (restOne <= 1 && restTwo <= 1) return true
  return restOne === 2 && restTwo === 2 && a[first + start] === b[second + start + 1] && a[first + start + 1] === b[second + start]
}

/** Letters of a part's word. */
function lengthOf({ values, starts, start }: Part, word: number): number {
  const at = starts + start + word
  return (values[at + 1] ?? 0) - (values[at] ?? 0) - 1
}

function lettersOf({ values, starts, start, length }: Part): number {
  return (values[starts + start + length] ?? 0) - (values[starts + start] ?? 0) - length
}
