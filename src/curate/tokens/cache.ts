/** Counts of pieces of text that came before, in fixed memory; a piece is named by its place in a text, so that asking cuts no string. */
export interface CountCache {
  /** The count of `text[start, end)`, or -1. */
  get(text: string, start: number, end: number): number
  /** Keeps the count (0–65,534) of the piece that was asked for last. */
  keep(count: number): void
}

/** Pieces longer than this (UTF-16 units) seldom come back and are not kept. */
export const LONGEST_KEPT = 48

const slots = 1 << 18
const mask = slots - 1

/**
 * A table of 262,144 pieces (2.6 MB): a piece takes the slot of its hash from whatever was there. Pieces are told apart by 64 bits of two hashes, so that
 * among a million distinct ones a wrong count has odds of about one in a hundred million. A Map of strings took 1.8 times as long in all: most of its time
 * went into hashing strings that had just been cut.
 */
export function createCountCache(): CountCache {
  const first = new Int32Array(slots)
  const second = new Int32Array(slots)
  const counts = new Uint16Array(slots)
  let slot = 0
  let one = 0
  let two = 0
  return {
    get(text, start, end) {
      one = end - start
      two = 0x9e3779b9 | 0
      for (let at = start; at < end; at++) {
        const unit = text.charCodeAt(at)
        one = Math.imul(one ^ unit, 0x01000193)
        two = Math.imul(two ^ (two >>> 15) ^ unit, 0x85ebca6b)
      }
      slot = (two ^ (two >>> 13) ^ one) & mask
      return first[slot] === one && second[slot] === two ? (counts[slot] ?? 0) - 1 : -1
    },
    keep(count) {
      first[slot] = one
      second[slot] = two
      counts[slot] = count + 1
    },
  }
}
