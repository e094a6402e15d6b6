/** Counts by piece of text, in bounded memory. */
export interface CountCache {
  get(piece: string): number | undefined
  set(piece: string, count: number): void
}

/** Pieces longer than this (UTF-16 units) seldom come back and are not kept. */
export const LONGEST_KEPT = 48

/**
 * A cache of two generations: when the young one is full, it becomes the old one, and the old one goes. What is asked for again is young
 * again, so that frequent words stay. Holds at most 2 × `size` pieces.
 */
export function createCountCache(size: number): CountCache {
  let young = new Map<string, number>()
  let old = new Map<string, number>()

  const keep = (piece: string, count: number) => {
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(piece, count)
  }
  return {
    get(piece) {
      const count = young.get(piece)
      if (count !== undefined) return count
      const before = old.get(piece)
      if (before !== undefined) keep(detach(piece), before)
      return before
    },
    set(piece, count) {
      if (piece.length <= LONGEST_KEPT) keep(detach(piece), count)
    },
  }
}

/** A copy that does not hold on to the message it was cut from (V8 keeps the whole parent of a slice of 13 units or more alive). */
function detach(piece: string): string {
  return piece.length < 13 ? piece : Buffer.from(piece, 'utf16le').toString('utf16le')
}
