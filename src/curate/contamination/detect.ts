import type { BenchmarkItem } from './benchmark.ts'
import { indexCandidates } from './candidates.ts'
import type { Neighbours } from './embedder.ts'
import type { Judge } from './judge.ts'
import { readScorer, scorePair } from './scorer.ts'
import { indexVerbatim } from './verbatim.ts'
import { cutWindows } from './windows.ts'
import { readTerms, type Terms } from './words.ts'

/** An item found in a message. */
export interface Detection {
  item: BenchmarkItem
  kind: 'verbatim' | 'rephrased' | 'translated'
  start: number
  end: number
  score: number
  method: string
}

/** Finds benchmark items in a message: each item at most once, in the order of the items. */
export type Detector = (message: string) => Promise<Detection[]>

const candidates = 8
/** A judge is asked about pairs from this share of the threshold on: it has the final word, and the scorer misses some. */
const judgedShare = 0.3

/**
 * Finds word-for-word copies by runs of words; copies in other words by the offline pair scorer, or by embeddings where given; a judge, where given, has
 * the final word on the latter. Benchmarks are indexed apart, so that one benchmark's frame does not hide another's.
 */
export function createDetector(
  items: readonly BenchmarkItem[],
  remote: { embedder?: Neighbours; threshold?: number; judge?: Judge } = {},
): Detector {
  const { embedder, judge } = remote
  const model = readScorer()
  const threshold = embedder ? (remote.threshold ?? 0.75) : model.threshold
  const least = judge ? threshold * (embedder ? 0.8 : judgedShare) : threshold
  const benchmarks = [...new Set(items.map(({ benchmark }) => benchmark))].map((name) => {
    const numbers = items.flatMap(({ benchmark }, number) => (benchmark === name ? [number] : []))
    const own = numbers.map((number) => items[number] ?? nothing)
    return { numbers, verbatim: indexVerbatim(own), candidates: embedder ? undefined : indexCandidates(own) }
  })
  return async (message) => {
    const found = new Map<number, Detection>()
    const add = (number: number, detection: Omit<Detection, 'item'>) => {
      const item = items[number]
      const known = found.get(number)
      if (item && (!known || detection.score > known.score)) found.set(number, { item, ...detection })
    }
    for (const { numbers, verbatim } of benchmarks) {
      for (const { item, share } of verbatim.find(message)) {
        add(numbers[item] ?? -1, { kind: 'verbatim', start: 0, end: message.length, score: 1 + share / 1e6, method: 'words' })
      }
    }
    const windows = cutWindows(message)
    const neighbours = embedder
      ? await embedder.find(
          windows.map(({ text }) => text),
          candidates,
        )
      : []
    for (const [index, window] of windows.entries()) {
      const terms = readTerms(window.text)
      const ranked = embedder ? [neighbours[index] ?? []] : benchmarks.map(({ numbers, candidates: near }) => rank(near, numbers, terms))
      for (const list of ranked) {
        // The best of a window only: other items of the benchmark are like it, not in it.
        const [best] = list
        if (!best || best.score < least || found.get(best.item)?.kind === 'verbatim') continue
        const item = items[best.item] ?? nothing
        if (judge && !(await judge(item.text, window.text))) continue
        const method = `${embedder ? 'embeddings' : 'scorer'}${judge ? '+judge' : ''}`
        add(best.item, {
          kind: kindOf(item.text, window.text),
          start: window.start,
          end: window.end,
          score: Math.min(1, best.score),
          method,
        })
      }
    }
    return [...found].sort(([one], [two]) => one - two).map(([, detection]) => ({ ...detection, score: Math.min(1, detection.score) }))
  }

  function rank(near: ReturnType<typeof indexCandidates> | undefined, numbers: readonly number[], terms: Terms) {
    const scored =
      near?.find(terms, candidates).map(({ item, features }) => ({ item: numbers[item] ?? -1, score: scorePair(model, features) })) ?? []
    return scored.sort((one, two) => two.score - one.score || one.item - two.item)
  }
}

const nothing: BenchmarkItem = { benchmark: '', item: '', text: '', solution: '' }

/** A copy is translated when it is in another script or another family of programming languages than the item. */
function kindOf(item: string, text: string): 'rephrased' | 'translated' {
  return scriptOf(item) === scriptOf(text) && syntaxOf(item) === syntaxOf(text) ? 'rephrased' : 'translated'
}

function scriptOf(text: string): string {
  let best = ''
  let most = 0
  for (const script of ['Latin', 'Han', 'Cyrillic', 'Arabic', 'Devanagari', 'Hangul', 'Hiragana', 'Thai', 'Greek', 'Hebrew']) {
    const count = text.match(new RegExp(`\\p{Script=${script}}`, 'gu'))?.length ?? 0
    if (count > most) {
      best = script
      most = count
    }
  }
  return best
}

function syntaxOf(text: string): string {
  if (/^\s*def \w+\(.*\).*:\s*$/m.test(text)) return 'python'
  if (/[;{]\s*$/m.test(text) && /^\s*\}/m.test(text)) return 'braces'
  return ''
}
