import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chainProbabilities, unseenLetter } from '../../../scripts/train-language/chain.ts'
import { countGrams } from '../../../scripts/train-language/counts.ts'
import { collectGrams, hashGram } from '../../../scripts/train-language/features.ts'
import type { LinguaTable } from '../../../scripts/train-language/tables.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'ß', 'д', 'ё'), minLength: 1, maxLength: 9 })
const corpus = fc.array(word, { minLength: 1, maxLength: 40 })

/** Lingua's table of a corpus: fractions, made as Lingua's own trainer makes them. */
function tableOf(words: readonly string[]): LinguaTable {
  const counts = countAll(words)
  const grams: (Record<string, string> | undefined)[] = [undefined]
  const letters = [...(counts[1]?.values() ?? [])].reduce((sum, count) => sum + count, 0)
  for (let n = 1; n <= 5; n++) {
    const byFraction: Record<string, string> = {}
    for (const [gram, count] of counts[n] ?? []) {
      const fraction = `${count}/${n === 1 ? letters : counts[n - 1]?.get(gram.slice(0, -1))}`
      byFraction[fraction] = byFraction[fraction] ? `${byFraction[fraction]} ${gram}` : gram
    }
    grams[n] = byFraction
  }
  return { language: 'TEST', grams }
}

function countAll(texts: readonly string[]): Map<string, number>[] {
  const counts = Array.from({ length: 6 }, () => new Map<string, number>())
  for (const text of texts) {
    for (let from = 0; from < text.length; from++) {
      for (let n = 1; n <= 5 && from + n <= text.length; n++) {
        const gram = text.slice(from, from + n)
        counts[n]?.set(gram, (counts[n]?.get(gram) ?? 0) + 1)
      }
    }
  }
  return counts
}

test('word starts and ends come back from tables that hold none', () => {
  fc.assert(
    fc.property(corpus, (words) => {
      const given = countGrams(tableOf(words))
      const true_ = countAll(words.map((text) => `^${text}$`))
      true_[1]?.delete('^')
      expect(given.words).toBe(words.length)
      for (let n = 1; n <= 5; n++) expect(new Map([...(given.grams[n] ?? [])].sort())).toEqual(new Map([...(true_[n] ?? [])].sort()))
    }),
  )
})

test('probabilities after a context sum to at most 1', () => {
  fc.assert(
    fc.property(corpus, (words) => {
      const chain = chainProbabilities(countGrams(tableOf(words)))
      for (let n = 1; n <= 5; n++) {
        const sums = new Map<string, number>()
        for (const [gram, probability] of chain[n] ?? []) sums.set(gram.slice(0, -1), (sums.get(gram.slice(0, -1)) ?? 0) + probability)
        for (const sum of sums.values()) expect(sum).toBeLessThan(1 + 1e-6)
      }
    }),
  )
})

test('with every gram kept, the weights of a seen word sum to its log-probability', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 2, maxLength: 10 }), (words) => {
      // Twice each: long grams that come once are left out.
      const counts = countGrams(tableOf([...words, ...words]))
      const chain = chainProbabilities(counts)
      const collector = collectGrams({ grams: 1 << 12, entries: 1 << 13 })
      collector.add(counts)
      const { hashes, starts, weights } = collector.select(1e9)
      const weightOf = new Map([...hashes].map((hash, at) => [hash, starts[at] === starts[at + 1] ? 0 : (weights[starts[at] ?? 0] ?? 0)]))
      const start = weightOf.get(hashGram('^')) ?? 0
      for (const text of words) {
        const marked = `^${text}$`
        let sum = 0
        let logProbability = 0
        for (let from = 0; from < marked.length; from++) {
          for (let to = from + 1; to <= Math.min(marked.length, from + 5); to++) sum += weightOf.get(hashGram(marked.slice(from, to))) ?? 0
        }
        for (let at = 1; at < marked.length; at++) {
          const gram = marked.slice(Math.max(0, at - 4), at + 1)
          logProbability += Math.log(chain[gram.length]?.get(gram) ?? 0)
        }
        // Every letter is counted against the unseen letter, the same for all languages; the start mark's own weight is a constant, too.
        const letters = marked.length - 1
        expect(sum - start + Math.log(unseenLetter) * letters + startBackOff(start)).toBeCloseTo(logProbability, 0)
      }
    }),
    { numRuns: 30 },
  )
})

/** The start mark's weight without its constant: its back-off as a context. */
function startBackOff(start: number): number {
  return start + Math.log(unseenLetter)
}
