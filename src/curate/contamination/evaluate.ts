import { type BenchmarkItem, readBenchmark } from './benchmark.ts'
import { createDetector, type Detector } from './detect.ts'

/** How well items of a benchmark are found in one file of copies. */
export interface ContaminationFigures {
  /** The file of copies, or what was made of the benchmark itself. */
  copies: string
  /** Copies looked at, found as their own item, found as another item. */
  cases: number
  found: number
  wrong: number
  /** Texts that hold no item, and how many of them were taken for one. */
  clean: number
  alarms: number
  precision: number
  recall: number
  f1: number
}

/**
 * Measures the detector on a benchmark: word-for-word copies made from its items (letter case and spacing changed, put inside other text), files of copies in
 * other words whose line n is item n, and clean texts that hold none of the items.
 */
export async function evaluateContamination(options: {
  benchmark: string
  copies: readonly string[]
  clean: readonly string[]
  detector?: (items: readonly BenchmarkItem[]) => Promise<Detector>
}): Promise<ContaminationFigures[]> {
  const items = await readBenchmark({ path: options.benchmark })
  const numbers = new Map(items.map(({ item }, number) => [item, number]))
  const detect = options.detector ? await options.detector(items) : createDetector(items)
  let alarms = 0
  for (const text of options.clean) if ((await detect(text)).length > 0) alarms++
  const sets: { copies: string; cases: [number, string][] }[] = [
    { copies: 'word for word', cases: items.flatMap(({ text }, number) => (isLong(text) ? [[number, disguise(text, number)]] : [])) },
  ]
  for (const path of options.copies) {
    const copies = await readBenchmark({ path })
    sets.push({ copies: path.split('/').at(-1) ?? path, cases: copies.map(({ item, text }) => [Number(item), text]) })
  }
  const figures: ContaminationFigures[] = []
  for (const { copies, cases } of sets) {
    let found = 0
    let wrong = 0
    for (const [truth, text] of cases) {
      const hits = (await detect(text)).map(({ item }) => numbers.get(item.item))
      if (hits.includes(truth)) found++
      if (hits.some((hit) => hit !== truth && items[hit ?? -1]?.text !== items[truth]?.text)) wrong++
    }
    const precision = found / (found + wrong + alarms || 1)
    const recall = found / (cases.length || 1)
    const f1 = (2 * precision * recall) / (precision + recall || 1)
    figures.push({ copies, cases: cases.length, found, wrong, clean: options.clean.length, alarms, precision, recall, f1 })
  }
  return figures
}

function isLong(text: string): boolean {
  return text.split(/\s+/).length >= 8
}

/** A copy as people paste it: other letter case, line breaks and words around it. */
function disguise(text: string, number: number): string {
  const spaced = number % 2 === 0 ? text.replace(/\s+/g, '  ') : text
  const cased = number % 3 === 0 ? spaced.toLowerCase() : spaced
  return `Hi! I have a question for you, please answer step by step.\n\n${cased}\n\nThank you in advance.`
}
