import { emptyGram, extendGram, wordEnd, wordStart } from '../../src/curate/language/grams.ts'
import type { GramCounts } from './counts.ts'

/** Grams worth storing: for each its hash, and the languages it speaks for (`starts[f]` to `starts[f + 1]` in `languages` and `rates`). */
export interface Features {
  hashes: Int32Array
  lengths: Uint8Array
  starts: Int32Array
  languages: Uint8Array
  /** Occurrences a word of the language's corpus. */
  rates: Float32Array
}

/** Collects the grams of several languages of one script. */
export interface GramCollector {
  /** Languages are numbered in the order they are added, from 0. */
  add(counts: GramCounts): void
  /** The `most` grams that tell the most, best first. */
  select(most: number): Features
}

/** Hash of a gram in the notation of counts.ts (`^` start, `$` end). */
export function hashGram(gram: string): number {
  let hash = emptyGram
  for (let at = 0; at < gram.length; at++) {
    const unit = gram.charCodeAt(at)
    hash = extendGram(hash, unit === 0x5e ? wordStart : unit === 0x24 ? wordEnd : unit)
  }
  return hash
}

const slots = 1 << 24

/** A collector for up to 12 million distinct grams. */
export function collectGrams(): GramCollector {
  const keys = new Int32Array(slots)
  const ids = new Int32Array(slots).fill(-1)
  const hashes: number[] = []
  const lengths: number[] = []
  const prefixes: number[] = []
  const suffixes: number[] = []
  const entryFeature: number[] = []
  const entryLanguage: number[] = []
  const entryRate: number[] = []
  let language = 0

  const find = (hash: number): number => {
    let slot = hash & (slots - 1)
    while (ids[slot] !== -1 && keys[slot] !== hash) slot = (slot + 1) & (slots - 1)
    return slot
  }
  const idOf = (gram: string): number => (gram === '' || gram === '^' || gram === '$' ? -1 : (ids[find(hashGram(gram))] ?? -1))

  return {
    add({ grams, words }) {
      // Rare long grams of the large corpora are typing errors and names; the small corpora need all they have.
      const least = words > 3_000_000 ? [0, 1, 1, 1, 2, 3] : [0, 1, 1, 1, 1, 2]
      for (let n = 1; n <= 5; n++) {
        for (const [gram, count] of grams[n] ?? []) {
          if (count < (least[n] ?? 1)) continue
          const slot = find(hashGram(gram))
          let id = ids[slot] ?? -1
          if (id === -1) {
            id = hashes.length
            ids[slot] = id
            keys[slot] = hashGram(gram)
            hashes.push(hashGram(gram))
            lengths.push(n)
            prefixes.push(idOf(gram.slice(0, -1)))
            suffixes.push(idOf(gram.slice(1)))
          }
          entryFeature.push(id)
          entryLanguage.push(language)
          entryRate.push((count - 0.5) / words)
        }
      }
      language++
    },

    select(most) {
      const starts = new Int32Array(hashes.length + 1)
      for (const id of entryFeature) starts[id + 1] = (starts[id + 1] ?? 0) + 1
      for (let id = 0; id < hashes.length; id++) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0)
      const next = starts.slice()
      const languages = new Uint8Array(entryFeature.length)
      const rates = new Float32Array(entryFeature.length)
      for (let entry = 0; entry < entryFeature.length; entry++) {
        const id = entryFeature[entry] ?? 0
        const to = next[id] ?? 0
        next[id] = to + 1
        languages[to] = entryLanguage[entry] ?? 0
        rates[to] = entryRate[entry] ?? 0
      }
      const all = { starts, languages, rates }
      const scores = new Float64Array(hashes.length)
      for (let id = 0; id < hashes.length; id++) {
        const prefix = prefixes[id] ?? -1
        const suffix = suffixes[id] ?? -1
        scores[id] =
          (lengths[id] ?? 0) === 1
            ? Number.POSITIVE_INFINITY
            : Math.min(
                prefix < 0 ? Number.POSITIVE_INFINITY : gain(all, id, prefix),
                suffix < 0 ? Number.POSITIVE_INFINITY : gain(all, id, suffix),
              )
      }
      const best = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, most)
      return keep(all, hashes, lengths, best)
    },
  }
}

type Entries = Pick<Features, 'starts' | 'languages' | 'rates'>

// Evidence counts by rate^0.7: words of running text are few and frequent, and the rest of the vocabulary matters, too.
const temper = 0.7

/** What a gram tells about the language beyond its shorter gram: how often it comes up, times the divergence of the two distributions over languages. */
function gain({ starts, languages, rates }: Entries, id: number, shorter: number): number {
  const from = starts[id] ?? 0
  const to = starts[id + 1] ?? 0
  let sum = 0
  for (let at = from; at < to; at++) sum += (rates[at] ?? 0) ** temper
  let shorterSum = 0
  for (let at = starts[shorter] ?? 0; at < (starts[shorter + 1] ?? 0); at++) shorterSum += (rates[at] ?? 0) ** temper
  let total = 0
  let other = starts[shorter] ?? 0
  for (let at = from; at < to; at++) {
    while (languages[other] !== languages[at] && other < (starts[shorter + 1] ?? 0)) other++
    const rate = (rates[at] ?? 0) ** temper
    total += rate * Math.log(rate / sum / ((rates[other] ?? 1) ** temper / shorterSum))
  }
  return total
}

/** The chosen grams; of each, the languages where it is not far rarer than where it is most frequent (the others' weight is 0). */
function keep(
  { starts, languages, rates }: Entries,
  hashes: readonly number[],
  lengths: readonly number[],
  chosen: readonly number[],
): Features {
  const share = [0, 0, 0, 0.005, 0.01, 0.02]
  const kept: number[] = []
  const ends: number[] = [0]
  for (const id of chosen) {
    let top = 0
    for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at++) top = Math.max(top, rates[at] ?? 0)
    const least = top * (share[lengths[id] ?? 0] ?? 0)
    for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at++) if ((rates[at] ?? 0) >= least) kept.push(at)
    ends.push(kept.length)
  }
  return {
    hashes: Int32Array.from(chosen, (id) => hashes[id] ?? 0),
    lengths: Uint8Array.from(chosen, (id) => lengths[id] ?? 0),
    starts: Int32Array.from(ends),
    languages: Uint8Array.from(kept, (at) => languages[at] ?? 0),
    rates: Float32Array.from(kept, (at) => rates[at] ?? 0),
  }
}
