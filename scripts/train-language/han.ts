import type { GramCounts } from './counts.ts'
import { type Features, hashGram } from './features.ts'

/**
 * Chinese and Japanese by single signs, all that the tables have of them: the log of how much more frequent a sign is in one than in the other, parted
 * between the two. Needs no training.
 */
export function weighSigns(chinese: GramCounts, japanese: GramCounts): { features: Features; weights: Float32Array } {
  const counts = [chinese, japanese].map(({ grams }) => grams[1] ?? new Map<string, number>())
  const totals = counts.map((list) => [...list.values()].reduce((sum, count) => sum + count, 0))
  const signs = [...new Set(counts.flatMap((list) => [...list.keys()]))].filter((sign) => /^\p{Script=Han}$/u.test(sign))
  const rates = signs.flatMap((sign) => counts.map((list, language) => ((list.get(sign) ?? 0) + 1) / (totals[language] ?? 1)))
  const weights = Float32Array.from(rates, (rate, at) => Math.log(rate / (rates[at ^ 1] ?? 1)) / 2)
  return {
    features: {
      hashes: Int32Array.from(signs, hashGram),
      lengths: new Uint8Array(signs.length).fill(1),
      starts: Int32Array.from({ length: signs.length + 1 }, (_, sign) => 2 * sign),
      languages: Uint8Array.from(rates, (_, at) => at & 1),
      rates: Float32Array.from(rates),
    },
    weights,
  }
}
