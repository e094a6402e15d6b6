import { digits } from './alphabet.ts'
import { sketchSize } from './signature.ts'

/** Two texts are near duplicates from this Jaccard similarity of their shingles on. */
export const leastJaccard = 0.45
/** Two short texts are near duplicates from this share of equal words on (see `compareShort`). */
export const leastShort = 0.8

/** Shingle hashes that a sketch holds, ascending. */
export function decodeSketch(sketch: string): Uint32Array {
  const values = new Uint32Array(sketch.length >>> 2)
  for (let index = 0; index < values.length; index++) {
    const at = index * 4
    values[index] =
      ((digits[sketch.charCodeAt(at)] ?? 0) << 18) |
      ((digits[sketch.charCodeAt(at + 1)] ?? 0) << 12) |
      ((digits[sketch.charCodeAt(at + 2)] ?? 0) << 6) |
      (digits[sketch.charCodeAt(at + 3)] ?? 0)
  }
  return values
}

/**
 * Jaccard similarity (0–1) of two shingle sets from their sketches: exact when both sets are whole in them, else the bottom-k estimate over the
 * smallest `sketchSize` hashes of the union, standard error √(J(1-J)/128) ≤ .044.
 */
export function compareSketches(one: Uint32Array, two: Uint32Array): number {
  const isWhole = one.length < sketchSize && two.length < sketchSize
  const limit = isWhole ? one.length + two.length : sketchSize
  let union = 0
  let shared = 0
  let left = 0
  let right = 0
  while (union < limit && (left < one.length || right < two.length)) {
    const first = left < one.length ? (one[left] ?? 0) : 0x1000000
    const second = right < two.length ? (two[right] ?? 0) : 0x1000000
    if (first === second) shared++
    if (first <= second) left++
    if (second <= first) right++
    union++
  }
  return union === 0 ? 0 : shared / union
}

/** A short normalised text made ready for comparing. */
export interface Short {
  words: readonly string[]
  letters: number
  /** Its numbers, sorted. */
  numbers: string
}

/** Parts a short normalised text into its words. */
export function readShort(text: string): Short {
  const words = text.split(' ')
  let numbers: string[] | undefined
  for (const word of words) {
    const first = word.charCodeAt(0)
    // Words of plain letters, nearly all, are passed over without the pattern.
    if ((first >= 48 && first <= 57) || first > 127 ? /^\p{Nd}+$/u.test(word) : false) {
      numbers ??= []
      numbers.push(word)
    }
  }
  return { words, letters: text.length - words.length + 1, numbers: numbers ? numbers.sort().join(' ') : '' }
}

/**
 * Similarity (0–1; 0 also stands for anything surely under `leastShort`) of two short normalised texts: the share of letters in words that stand in both in the same order, where a word may have a
 * typing error. A word put in place of another counts twice against, since 'capital of France' and 'capital of Spain' are two questions; numbers must be the same.
 */
export function compareShort(one: Short, two: Short): number {
  const { words: first } = one
  const { words: second } = two
  // No alignment can match more letters than the shorter text has.
  if (2 * Math.min(one.letters, two.letters) < leastShort * (one.letters + two.letters) || one.numbers !== two.numbers) return 0
  let start = 0
  while (start < first.length && start < second.length && first[start] === second[start]) start++
  let end = 0
  while (end < first.length - start && end < second.length - start && first[first.length - 1 - end] === second[second.length - 1 - end])
    end++
  const left: Part = { words: first, start, length: first.length - end - start }
  const right: Part = { words: second, start, length: second.length - end - start }
  const total = one.letters + two.letters
  const leftLetters = lettersOf(left)
  const rightLetters = lettersOf(right)
  const outside = total - leftLetters - rightLetters
  if (outside + 2 * Math.min(leftLetters, rightLetters) < leastShort * total) return 0
  const { matched, replaced } = align(left, right)
  return (outside + matched) / (total + replaced)
}

/** Some words of a list, without a list of their own: texts are compared by the million. */
interface Part {
  words: readonly string[]
  start: number
  length: number
}

/** The table of `align`, kept between calls. */
let best = new Int32Array(1024)

/** Letters in matched words of both sides, and in words that stand in place of others, by the best alignment of two parts. */
function align(left: Part, right: Part): { matched: number; replaced: number } {
  if (left.length === 0 || right.length === 0) return { matched: 0, replaced: 0 }
  const width = right.length + 1
  if (best.length < (left.length + 1) * width) best = new Int32Array((left.length + 1) * width * 2)
  best.fill(0, left.length * width, (left.length + 1) * width)
  for (let row = left.length - 1; row >= 0; row--) {
    best[row * width + right.length] = 0
    for (let column = right.length - 1; column >= 0; column--) {
      const a = left.words[left.start + row] ?? ''
      const b = right.words[right.start + column] ?? ''
      const along = isSameWord(a, b) ? a.length + b.length + (best[(row + 1) * width + column + 1] ?? 0) : 0
      best[row * width + column] = Math.max(along, best[(row + 1) * width + column] ?? 0, best[row * width + column + 1] ?? 0)
    }
  }
  let replaced = 0
  let row = 0
  let column = 0
  let gapLeft = 0
  let gapRight = 0
  const closeGap = () => {
    replaced += 2 * Math.min(gapLeft, gapRight)
    gapLeft = 0
    gapRight = 0
  }
  while (row < left.length || column < right.length) {
    const here = best[row * width + column] ?? 0
    const a = left.words[left.start + row] ?? ''
    const b = right.words[right.start + column] ?? ''
    if (row < left.length && column < right.length && isSameWord(a, b)) {
      if (here === a.length + b.length + (best[(row + 1) * width + column + 1] ?? 0)) {
        closeGap()
        row++
        column++
        continue
      }
    }
    if (row < left.length && (column === right.length || here === (best[(row + 1) * width + column] ?? 0))) {
      gapLeft += a.length
      row++
    } else {
      gapRight += b.length
      column++
    }
  }
  closeGap()
  return { matched: best[0] ?? 0, replaced }
}

/** Equal, or one typing error (insertion, deletion, replacement, swap) apart in a word of at least five letters with the same first letter. */
function isSameWord(one: string, two: string): boolean {
  if (one === two) return true
  if (one.length < 5 || two.length < 5 || one[0] !== two[0] || Math.abs(one.length - two.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === two[start]) start++
  let end = 0
  while (end < Math.min(one.length, two.length) - start && one[one.length - 1 - end] === two[two.length - 1 - end]) end++
  const left = one.length - start - end
  const right = two.length - start - end
  if (left <= 1 && right <= 1) return true
  return left === 2 && right === 2 && one[start] === two[start + 1] && one[start + 1] === two[start]
}

function lettersOf({ words, start, length }: Part): number {
  let sum = 0
  for (let index = start; index < start + length; index++) sum += words[index]?.length ?? 0
  return sum
}
