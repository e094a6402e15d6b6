import { randomBytes } from 'node:crypto'
import { isUnspaced } from './words.ts'

/** The name of two words that stand one behind the other: no word of a text is like it, and no beginning of one. */
export const pairName = (first: string, second: string): string => `\0${first}\0${second}`

/**
 * The words that lists are kept of for a run of words, with their places in it. Characters of scripts without spaces are in so many rows that finding two
 * beside each other by their places would read most of the index: such pairs have lists of their own. Together the parts say that all words stand there.
 */
export function partsOfPhrase(words: readonly string[]): { word: string; offset: number }[] {
  const isPair = (at: number) => at >= 0 && at + 1 < words.length && isUnspaced(words[at] ?? '') && isUnspaced(words[at + 1] ?? '')
  return words.flatMap((word, offset) => {
    if (isPair(offset)) return [{ word: pairName(word, words[offset + 1] ?? ''), offset }]
    return isPair(offset - 1) ? [] : [{ word, offset }]
  })
}

// Files come from strangers, who could else choose characters whose pairs all fall on one place.
const bytes = randomBytes(8)
const SEEDS = [bytes.readInt32LE(0), bytes.readInt32LE(4)] as const

/** Numbers of pairs of numbers. */
export class PairTable {
  /** For each place of the table a pair and 1 + its number, or 0. Its size is a power of two, at most half of it used. */
  private slots = new Uint32Array(3 << 16)
  private count = 0

  /** The number of a pair; `make` gives that of a new one. */
  idOf(first: number, second: number, make: () => number): number {
    const at = this.find(first, second)
    const { slots } = this
    const known = slots[at + 2] ?? 0
    if (known !== 0) return known - 1
    const id = make()
    slots.set([first, second, id + 1], at)
    this.count += 1
    if (this.count * 6 > slots.length) this.spread()
    return id
  }

  /** Where a pair is, or is to be. */
  private find(first: number, second: number): number {
    const { slots } = this
    const size = slots.length / 3
    let hash = Math.imul(first ^ SEEDS[0], 0x9e3779b1)
    hash = Math.imul((hash ^ (hash >>> 15)) + (second ^ SEEDS[1]), 0x85ebca6b)
    let slot = (hash ^ (hash >>> 13)) & (size - 1)
    for (;;) {
      const at = slot * 3
      if (slots[at + 2] === 0 || (slots[at] === first && slots[at + 1] === second)) return at
      slot = (slot + 1) & (size - 1)
    }
  }

  private spread(): void {
    const before = this.slots
    this.slots = new Uint32Array(before.length * 2)
    for (let at = 0; at < before.length; at += 3)
      if (before[at + 2] !== 0) this.slots.set(before.subarray(at, at + 3), this.find(before[at] ?? 0, before[at + 1] ?? 0))
  }
}
