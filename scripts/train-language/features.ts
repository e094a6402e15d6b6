import { emptyGram, extendGram, wordEnd, wordStart } from '../../src/curate/language/grams.ts'
import { chainProbabilities, pruneChain } from './chain.ts'
import type { GramCounts } from './counts.ts'

/** Grams worth storing: for each its hash, and the languages it speaks for (`starts[f]` to `starts[f + 1]` in `languages` and `weights`). */
export interface Features {
  hashes: Int32Array
  starts: Int32Array
  languages: Uint8Array
  /** Log-odds, natural: what the gram adds to the language's score. */
  weights: Float32Array
}

/** Collects the grams of several languages of one script. */
export interface GramCollector {
  /** Languages are numbered in the order they are added, from 0. */
  add(counts: GramCounts): void
  /** The `most` grams that tell the most (and their beginnings), weighted so that they sum to a word's log-probability in each language's chain. */
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

/** Room of a collector: distinct grams (a power of two) and entries (grams times languages). */
export interface Room {
  grams: number
  entries: number
}

/** A collector with room for 49 languages of Lingua's tables, unless told otherwise; it takes 600 MB. */
export function collectGrams({ grams: mostGrams, entries: mostEntries }: Room = { grams: 1 << 23, entries: 24_000_000 }): GramCollector {
  const slots = mostGrams * 2
  const keys = new Int32Array(slots)
  const ids = new Int32Array(slots).fill(-1)
  const hashes = new Int32Array(mostGrams)
  const lengths = new Uint8Array(mostGrams)
  const prefixes = new Int32Array(mostGrams)
  const suffixes = new Int32Array(mostGrams)
  const entryGram = new Int32Array(mostEntries)
  const entryRate = new Float32Array(mostEntries)
  const entryChain = new Float32Array(mostEntries)
  /** Where each language's entries start; its grams come shorter before longer. */
  const languageStarts = [0]
  /** Of each language, where its grams of each length end, counted from its start. */
  const lengthEnds: number[][] = []
  let grams = 0
  let entries = 0

  const find = (hash: number): number => {
    let slot = hash & (slots - 1)
    while (ids[slot] !== -1 && keys[slot] !== hash) slot = (slot + 1) & (slots - 1)
    return slot
  }
  const idOf = (gram: string): number => (gram === '' ? -1 : (ids[find(hashGram(gram))] ?? -1))
  const push = (gram: string, rate: number, probability: number) => {
    const hash = hashGram(gram)
    const slot = find(hash)
    let id = ids[slot] ?? -1
    if (id === -1) {
      if (grams === hashes.length || entries === mostEntries) throw new Error('More grams than the collector has room for: give it more.')
      id = grams++
      ids[slot] = id
      keys[slot] = hash
      hashes[id] = hash
      lengths[id] = gram.length
      prefixes[id] = idOf(gram.slice(0, -1))
      suffixes[id] = idOf(gram.slice(1))
    }
    entryGram[entries] = id
    entryRate[entries] = rate
    entryChain[entries] = probability
    entries++
  }

  return {
    add(counts) {
      // Rare long grams of the large corpora are typing errors and names; the small corpora need all they have.
      const least = counts.words > 3_000_000 ? [0, 1, 1, 1, 2, 3] : [0, 1, 1, 1, 1, 2]
      const chain = chainProbabilities(counts)
      // The start alone is nothing to predict, but a context.
      const ends = [0]
      push('^', 1, 1)
      for (let n = 1; n <= 5; n++) {
        for (const [gram, count] of counts.grams[n] ?? []) {
          if (count >= (least[n] ?? 1)) push(gram, (count - 0.5) / counts.words, chain[n]?.get(gram) ?? 0)
        }
        ends.push(entries - (languageStarts.at(-1) ?? 0))
      }
      lengthEnds.push(ends)
      languageStarts.push(entries)
    },

    select(most) {
      const languageCount = languageStarts.length - 1
      const all = byGram(grams, entryGram.subarray(0, entries), entryRate, languageStarts)
      const scores = new Float64Array(grams)
      for (let id = 0; id < grams; id++) {
        const shorter = [prefixes[id] ?? -1, suffixes[id] ?? -1].filter((other) => other >= 0)
        scores[id] = lengths[id] === 1 ? Number.POSITIVE_INFINITY : Math.min(...shorter.map((other) => gain(all, id, other)))
      }
      const chosen = new Uint8Array(grams)
      const threshold = grams > most ? (scores.slice().sort()[grams - most] ?? 0) : Number.NEGATIVE_INFINITY
      for (let id = 0; id < grams; id++) {
        if ((scores[id] ?? 0) < threshold) continue
        // Without its beginning as a gram of its own, a gram's back-off would have no place.
        for (let start = id; start >= 0; start = prefixes[start] ?? -1) chosen[start] = 1
      }
      const top = new Float32Array(grams)
      for (let at = 0; at < entries; at++) top[entryGram[at] ?? 0] = Math.max(top[entryGram[at] ?? 0] ?? 0, entryRate[at] ?? 0)

      const places = new Int32Array(grams + 1)
      const keptGrams: number[] = []
      for (let id = 0; id < grams; id++) if (chosen[id]) keptGrams.push(id)
      const lists: { id: number; language: number; weight: number }[][] = []
      const kept = new Uint8Array(grams)
      for (let language = 0; language < languageCount; language++) {
        const from = languageStarts[language] ?? 0
        const to = languageStarts[language + 1] ?? 0
        kept.fill(0)
        for (let at = from; at < to; at++) {
          const id = entryGram[at] ?? 0
          if (chosen[id] && (entryRate[at] ?? 0) >= (top[id] ?? 0) * (leastShare[lengths[id] ?? 0] ?? 0)) kept[id] = 1
        }
        const weights = new Float32Array(grams)
        pruneChain(
          {
            ids: entryGram.subarray(from, to),
            ends: lengthEnds[language] ?? [],
            probabilities: entryChain.subarray(from, to),
            isKept: (id) => kept[id] === 1,
            prefixes,
            suffixes,
          },
          weights,
        )
        const list: { id: number; language: number; weight: number }[] = []
        for (let at = from; at < to; at++) {
          const id = entryGram[at] ?? 0
          if (!chosen[id] || Math.abs(weights[id] ?? 0) < 0.02) continue
          list.push({ id, language, weight: weights[id] ?? 0 })
          places[id + 1] = (places[id + 1] ?? 0) + 1
        }
        lists.push(list)
      }
      for (let id = 0; id < grams; id++) places[id + 1] = (places[id + 1] ?? 0) + (places[id] ?? 0)
      const next = places.slice()
      const languages = new Uint8Array(places[grams] ?? 0)
      const weights = new Float32Array(places[grams] ?? 0)
      for (const list of lists) {
        for (const { id, language, weight } of list) {
          const to = next[id] ?? 0
          next[id] = to + 1
          languages[to] = language
          weights[to] = weight
        }
      }
      return {
        hashes: Int32Array.from(keptGrams, (id) => hashes[id] ?? 0),
        starts: Int32Array.from([...keptGrams.map((id) => places[id] ?? 0), weights.length]),
        languages,
        weights,
      }
    },
  }
}

// A language where a gram is this much rarer than where it is most frequent is not stored with it, by length.
const leastShare = [0, 0, 0, 0.005, 0.01, 0.02]

interface Entries {
  starts: Int32Array
  languages: Uint8Array
  rates: Float32Array
}

/** Entries sorted by gram, and by language within one. */
function byGram(grams: number, entryGram: Int32Array, entryRate: Float32Array, languageStarts: readonly number[]): Entries {
  const starts = new Int32Array(grams + 1)
  for (const id of entryGram) starts[id + 1] = (starts[id + 1] ?? 0) + 1
  for (let id = 0; id < grams; id++) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0)
  const next = starts.slice()
  const languages = new Uint8Array(entryGram.length)
  const rates = new Float32Array(entryGram.length)
  let language = 0
  entryGram.forEach((id, entry) => {
    while (entry >= (languageStarts[language + 1] ?? Number.POSITIVE_INFINITY)) language++
    const to = next[id] ?? 0
    next[id] = to + 1
    languages[to] = language
    rates[to] = (entryRate[entry] ?? 0) ** temper
  })
  return { starts, languages, rates }
}

// Evidence counts by rate^0.7: words of running text are few and frequent, and the rest of the vocabulary matters, too.
const temper = 0.7

/** What a gram tells about the language beyond its shorter gram: how often it comes up, times the divergence of the two distributions over languages. */
function gain({ starts, languages, rates }: Entries, id: number, shorter: number): number {
  const from = starts[id] ?? 0
  const to = starts[id + 1] ?? 0
  const shorterEnd = starts[shorter + 1] ?? 0
  let sum = 0
  for (let at = from; at < to; at++) sum += rates[at] ?? 0
  let shorterSum = 0
  for (let at = starts[shorter] ?? 0; at < shorterEnd; at++) shorterSum += rates[at] ?? 0
  let total = 0
  let other = starts[shorter] ?? 0
  for (let at = from; at < to; at++) {
    while (languages[other] !== languages[at] && other < shorterEnd) other++
    total += (rates[at] ?? 0) * Math.log((rates[at] ?? 0) / sum / ((rates[other] ?? 1) / shorterSum))
  }
  return total
}
