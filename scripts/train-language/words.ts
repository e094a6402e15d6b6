import { wordEnd, wordStart } from '../../src/curate/language/grams.ts'
import type { GramCounts } from './counts.ts'

/** Words as UTF-16 units, each with its marks of start and end; word w is `units[starts[w]]` to `units[starts[w + 1]]`. */
export interface Words {
  units: Uint16Array
  starts: Int32Array
}

interface Successors {
  letters: string
  sums: number[]
}

// Share of each distinct successor that goes to shorter contexts, so that words hold unseen grams as real unseen words do.
const discount = 0.6
const longestWord = 30

/**
 * Words as the language's letters follow each other (5-gram chain with back-off, starts and ends included). Short words, most of running text, are
 * thinned: half of those under five letters.
 */
export function makeWords({ grams }: GramCounts, count: number, random: () => number): Words {
  const contexts = new Map<string, Successors>()
  for (let n = 1; n <= 5; n++) {
    for (const [gram, times] of grams[n] ?? []) {
      const context = gram.slice(0, -1)
      const found = contexts.get(context)
      if (!found) contexts.set(context, { letters: gram.slice(-1), sums: [times] })
      else {
        found.letters += gram.slice(-1)
        found.sums.push((found.sums.at(-1) ?? 0) + times)
      }
    }
  }
  const next = (word: string): string => {
    for (let context = word.slice(-4); ; context = context.slice(1)) {
      const found = contexts.get(context)
      if (!found) continue
      const pick = random() * (found.sums.at(-1) ?? 0)
      if (context !== '' && pick < discount * found.sums.length) continue
      const again = random() * (found.sums.at(-1) ?? 0)
      let low = 0
      let high = found.sums.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if ((found.sums[middle] ?? 0) > again) high = middle
        else low = middle + 1
      }
      return found.letters[low] ?? '$'
    }
  }
  const units = new Uint16Array(count * (longestWord + 2))
  const starts = new Int32Array(count + 1)
  let at = 0
  for (let word = 0; word < count; ) {
    let text = '^'
    while (text.length <= longestWord && !text.endsWith('$')) text += next(text)
    if (!text.endsWith('$')) text += '$'
    if (text.length < 3 || (text.length < 7 && random() < 0.5)) continue
    units[at++] = wordStart
    for (let letter = 1; letter < text.length - 1; letter++) units[at++] = text.charCodeAt(letter)
    units[at++] = wordEnd
    starts[++word] = at
  }
  return { units: units.slice(0, at), starts }
}
