import { createScanner, finish } from '../duplicates/scan.ts'
import type { BenchmarkItem } from './benchmark.ts'

/** Words in a row that count as a copy; shorter items must be there whole. */
export const copyWords = 10
/** Items of fewer words are not looked for word by word: too much of them is said by chance. */
export const leastWords = 5
/** Share of an item's runs that a copy has, or a run of `longRun` words. */
export const leastShare = 0.4
const longRun = 24

/** A copy found: the item's number, the share (0–1) of its runs of words that are in the text, and where the first lies (UTF-16 units of the lower-cased NFKC text). */
export interface Copy {
  item: number
  share: number
}

/** Finds items copied word for word, letter case, white space and punctuation aside. */
export interface VerbatimIndex {
  find(text: string): Copy[]
  /** Items that are too short to look for. */
  short: number[]
}

/** Indexes items by the hashes of their runs of words. Runs that stand in several items (a benchmark's own frame) are no evidence. */
export function indexVerbatim(items: readonly BenchmarkItem[]): VerbatimIndex {
  const scan = createScanner()
  const owners = new Map<number, number>()
  const runs = new Int32Array(items.length)
  const lengths = new Set<number>()
  const short: number[] = []
  for (const [number, { text }] of items.entries()) {
    const { count, hashes } = scan(text)
    if (count < leastWords) {
      short.push(number)
      continue
    }
    const width = Math.min(count, copyWords)
    lengths.add(width)
    for (let start = 0; start + width <= count; start++) {
      const key = hashRun(hashes, start, width)
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, number)
      else if (owner !== number) owners.set(key, shared)
    }
  }
  // Runs are counted once all owners are known, so that the order of items changes nothing.
  const counted = new Set<number>()
  for (const [key, owner] of owners) {
    if (owner === shared || counted.has(key)) continue
    counted.add(key)
    runs[owner] = (runs[owner] ?? 0) + 1
  }
  const widths = [...lengths].sort((one, two) => one - two)
  return {
    short,
    find(text) {
      const { count, hashes } = scan(text)
      const found = new Map<number, Set<number>>()
      const longest = new Map<number, { end: number; run: number; best: number }>()
      for (const width of widths) {
        for (let start = 0; start + width <= count; start++) {
          const key = hashRun(hashes, start, width)
          const owner = owners.get(key)
          if (owner === undefined || owner === shared) continue
          const keys = found.get(owner) ?? new Set()
          keys.add(key)
          found.set(owner, keys)
          const last = longest.get(owner) ?? { end: -1, run: 0, best: 0 }
          const run = last.end === start - 1 ? last.run + 1 : width
          longest.set(owner, { end: start, run, best: Math.max(last.best, run) })
        }
      }
      return [...found].flatMap(([item, keys]) => {
        const share = keys.size / (runs[item] ?? 1)
        return share >= leastShare || (longest.get(item)?.best ?? 0) >= longRun ? [{ item, share }] : []
      })
    },
  }
}

const shared = -1

function hashRun(hashes: Uint32Array, start: number, width: number): number {
  let high = width
  let low = 0x9e3779b9
  for (let index = start; index < start + width; index++) {
    const hash = hashes[index] ?? 0
    high = Math.imul(high ^ hash, 0x01000193) ^ (high >>> 15)
    low = Math.imul(low + hash, 0x85ebca77) ^ (low >>> 13)
  }
  // 53 bits: a number that Map keeps as it is.
  return (finish(high) >>> 11) * 2 ** 32 + finish(low)
}
