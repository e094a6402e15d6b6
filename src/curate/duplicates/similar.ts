import { digits } from './alphabet.ts'
import { sketchSize } from './signature.ts'

/** Two texts are near duplicates from this Jaccard similarity of their shingles on. */
export const leastJaccard = 0.45

/** Shingle hashes of one text, ascending: `length` of the values from `start` on. */
export interface Sketch {
  values: Uint32Array
  start: number
  length: number
}

/** Reads the characters of a sketch into the shingle hashes that they hold; gives how many. */
export function decodeSketch(characters: Uint8Array, into: Uint32Array, start: number): number {
  const length = characters.length >>> 2
  for (let index = 0; index < length; index++) {
    const at = index * 4
    into[start + index] =
      ((digits[characters[at] ?? 0] ?? 0) << 18) |
      ((digits[characters[at + 1] ?? 0] ?? 0) << 12) |
      ((digits[characters[at + 2] ?? 0] ?? 0) << 6) |
      (digits[characters[at + 3] ?? 0] ?? 0)
  }
  return length
}

/**
 * Jaccard similarity (0–1) of two shingle sets from their sketches: exact when both sets are whole in them, else the bottom-k estimate over the
 * smallest `sketchSize` hashes of the union, standard error √(J(1-J)/128) ≤ .044.
 */
export function compareSketches(one: Sketch, two: Sketch): number {
  const isWhole = one.length < sketchSize && two.length < sketchSize
  const limit = isWhole ? one.length + two.length : sketchSize
  const firsts = one.values
  const seconds = two.values
  const leftEnd = one.start + one.length
  const rightEnd = two.start + two.length
  let left = one.start
  let right = two.start
  let union = 0
  let shared = 0
  while (union < limit && (left < leftEnd || right < rightEnd)) {
    const first = left < leftEnd ? (firsts[left] ?? 0) : 0x1000000
    const second = right < rightEnd ? (seconds[right] ?? 0) : 0x1000000
    if (first === second) shared++
    if (first <= second) left++
    if (second <= first) right++
    union++
  }
  return union === 0 ? 0 : shared / union
}
