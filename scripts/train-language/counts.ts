import type { LinguaTable } from './tables.ts'

/** Counts of one language's grams of 1–5 units, word start and end included as `^` and `$`, in the corpus that Lingua was trained on. */
export interface GramCounts {
  /** By length; the end mark alone is among the single letters, as often as there are words. */
  grams: Map<string, number>[]
  /** Words in the corpus. */
  words: number
}

/**
 * Gives Lingua's relative frequencies back as the whole counts they came from, word boundaries included.
 *
 * Fractions multiply up the lengths to counts: the largest denominator of the single letters is the corpus's number of letters, and the count of a
 * longer gram is its fraction times the count of the gram before. Tables hold every gram of the corpus, so what a gram has more than all of its
 * extensions to the left together stood at the start of a word; to the right, at the end; and whole words of 1–3 letters follow by inclusion and
 * exclusion. (Checked: all counts come out whole, none negative, starts equal ends.)
 */
export function countGrams(table: LinguaTable): GramCounts {
  const inner = innerCounts(table)
  const grams: Map<string, number>[] = [new Map(), new Map(), new Map(), new Map(), new Map(), new Map()]
  const longer = (n: number, cut: (gram: string) => string) => {
    const sums = new Map<string, number>()
    for (const [gram, count] of inner[n] ?? []) sums.set(cut(gram), (sums.get(cut(gram)) ?? 0) + count)
    return sums
  }
  let words = 0
  for (let n = 1; n <= 5; n++) {
    const left = longer(n + 1, (gram) => gram.slice(1))
    const right = longer(n + 1, (gram) => gram.slice(0, -1))
    const both = longer(n + 2, (gram) => gram.slice(1, -1))
    for (const [gram, count] of inner[n] ?? []) {
      grams[n]?.set(gram, count)
      const starts = n < 5 ? count - (left.get(gram) ?? 0) : 0
      const ends = n < 5 ? count - (right.get(gram) ?? 0) : 0
      const whole = n < 4 ? starts + ends - count + (both.get(gram) ?? 0) : 0
      if (starts > 0) grams[n + 1]?.set(`^${gram}`, starts)
      if (ends > 0) grams[n + 1]?.set(`${gram}$`, ends)
      if (whole > 0) grams[n + 2]?.set(`^${gram}$`, whole)
      if (n === 1) words += starts
    }
  }
  grams[1]?.set('$', words)
  return { grams, words }
}

function innerCounts({ grams }: LinguaTable): Map<string, number>[] {
  const letters = Object.keys(grams[1] ?? {}).reduce((most, fraction) => Math.max(most, Number(fraction.split('/')[1])), 1)
  const counts: Map<string, number>[] = []
  for (let n = 1; n <= 5; n++) {
    const found = new Map<string, number>()
    for (const [fraction, list] of Object.entries(grams[n] ?? {})) {
      const [above = 0, below = 1] = fraction.split('/').map(Number)
      for (const gram of list.split(' ')) {
        const before = n === 1 ? letters : (counts[n - 1]?.get(gram.slice(0, -1)) ?? 0)
        found.set(gram, Math.round((above / below) * before))
      }
    }
    counts[n] = found
  }
  return counts
}
