import { Converter } from 'opencc-js/t2cn'
import type { GramCounts } from './counts.ts'
import { type Features, hashGram } from './features.ts'

/**
 * Chinese and Japanese by single signs, all that the tables have of them: the log of how much more frequent a sign is in one than in the other, parted
 * between the two. The Chinese corpus is in traditional signs; turned into simplified ones it counts a second time. Needs no training.
 */
export function weighSigns(chinese: GramCounts, japanese: GramCounts): Features {
  const counts = [bothWays(signsOf(chinese)), signsOf(japanese)]
  const totals = counts.map((list) => [...list.values()].reduce((sum, count) => sum + count, 0))
  const signs = [...new Set(counts.flatMap((list) => [...list.keys()]))]
  // 20 is added so that a sign must be common, not only present, to count as one language's own.
  const rates = signs.flatMap((sign) => counts.map((list, language) => ((list.get(sign) ?? 0) + 20) / (totals[language] ?? 1)))
  const weights = Float32Array.from(rates, (rate, at) => Math.log(rate / (rates[at ^ 1] ?? 1)) / 2)
  return {
    hashes: Int32Array.from(signs, hashGram),
    starts: Int32Array.from({ length: signs.length + 1 }, (_, sign) => 2 * sign),
    languages: Uint8Array.from(rates, (_, at) => at & 1),
    weights,
  }
}

function signsOf({ grams }: GramCounts): Map<string, number> {
  return new Map([...(grams[1] ?? [])].filter(([sign]) => /^\p{Script=Han}$/u.test(sign)))
}

function bothWays(traditional: ReadonlyMap<string, number>): Map<string, number> {
  const simplify = Converter({ from: 't', to: 'cn' })
  const both = new Map(traditional)
  for (const [sign, count] of traditional) {
    const simple = simplify(sign)
    both.set(simple, (both.get(simple) ?? 0) + count)
  }
  return both
}
