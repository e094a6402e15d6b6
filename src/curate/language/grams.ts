/** Stands before a word's first letter in its grams. Not a letter, so it meets no text. */
export const wordStart = 1
/** Stands after a word's last letter in its grams. */
export const wordEnd = 2
/** Grams have 1 to 5 units, marks of start and end included: what Lingua's tables (1 to 5 letters) give exactly. */
export const longestGram = 5
/** Hash of the gram of no letters. */
export const emptyGram = 0x811c9dc5 | 0

/**
 * Hash of a gram one UTF-16 unit longer: 32 bits, signed. The same in the training script and at run time, since the asset stores hashes, not letters.
 * Multiply and shift (Fibonacci hashing): with some 10^5 stored grams, about one foreign gram in 10^4 is taken for a stored one.
 */
export function extendGram(hash: number, unit: number): number {
  const mixed = Math.imul(hash ^ unit, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}
