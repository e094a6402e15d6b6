import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { type BenchmarkItem, readBenchmark } from '../src/curate/contamination/benchmark.ts'
import { indexCandidates } from '../src/curate/contamination/candidates.ts'
import { bucketOf, buckets, commonnessUrl } from '../src/curate/contamination/commonness.ts'
import { featureNames } from '../src/curate/contamination/features.ts'
import { leafOf, scorePair, scorerUrl } from '../src/curate/contamination/scorer.ts'
import { cutWindows } from '../src/curate/contamination/windows.ts'
import { readTerms } from '../src/curate/contamination/words.ts'

/**
 * Makes the two data files of the contamination labeller from a folder of public data (benchmarks/ and conversations/ as the README of the folder names
 * them): how common terms are in conversations, and the pair scorer. Even items and conversations teach, odd ones test. Usage: npx tsx scripts/train-contamination.ts FOLDER
 */
async function train(folder: string): Promise<void> {
  const messages = readMessages(`${folder}/conversations`)
  writeTerms(messages.filter((_, index) => index % 2 === 0))
  const negatives = messages.map((message) => cutWindows(message).map(({ text }) => text))
  const humaneval = await readBenchmark({ path: `${folder}/benchmarks/humaneval.jsonl.gz` })
  const gsm8k = await readBenchmark({ path: `${folder}/benchmarks/gsm8k-test.jsonl` })
  const sets = [
    { name: 'GSM8K rephrased', items: gsm8k, texts: await texts(`${folder}/benchmarks/gsm8k-rephrased.jsonl`) },
    {
      name: 'HumanEval rephrased',
      items: humaneval,
      texts: await texts(`${folder}/benchmarks/humaneval-rephrased-python.jsonl`),
    },
    { name: 'HumanEval in C', items: humaneval, texts: await texts(`${folder}/benchmarks/humaneval-rephrased-c.jsonl`) },
    {
      name: 'HumanEval in JavaScript',
      items: humaneval,
      texts: await texts(`${folder}/benchmarks/humaneval-rephrased-js.jsonl`),
    },
  ].map((set) => ({ ...set, index: indexCandidates(set.items) }))
  const taught: Example[] = []
  for (const { texts, index } of sets) {
    // Each set weighs the same, however many texts it has.
    for (const [truth, text] of texts) {
      if (truth % 2 === 1) continue
      for (const { item, features } of index.find(readTerms(text), 8))
        taught.push({ inputs: features, isCopy: item === truth, weight: 500 / texts.length })
    }
    for (const [number, windows] of negatives.entries()) {
      if (number % 8 !== 0) continue
      for (const window of windows)
        for (const { features } of index.find(readTerms(window), 8).slice(0, 2)) taught.push({ inputs: features, isCopy: false, weight: 1 })
    }
  }
  const model = learn(taught)
  console.log(`${taught.length} pairs taught`)
  const thresholds = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
  const quality: string[] = []
  for (const { name, texts, items, index } of sets) {
    const hits: { score: number; right: boolean }[] = []
    for (const [truth, text] of texts) {
      if (truth % 2 === 0) continue
      const best = index
        .find(readTerms(text), 8)
        .map(({ item, features }) => ({ item, score: scorePair(model, features) }))
        .sort((one, two) => two.score - one.score)[0]
      hits.push({ score: best?.score ?? 0, right: best?.item === truth })
    }
    const false_ = negatives.flatMap((windows, number) =>
      number % 2 === 0
        ? []
        : [Math.max(0, ...windows.flatMap((window) => index.find(readTerms(window), 8).map(({ features }) => scorePair(model, features))))],
    )
    const rows = thresholds.map((threshold) => {
      const found = hits.filter(({ score, right }) => score >= threshold && right).length
      const wrong = hits.filter(({ score, right }) => score >= threshold && !right).length
      const alarms = false_.filter((score) => score >= threshold).length
      const f1 = ((2 * found) / (hits.length + found + wrong + alarms)).toFixed(3)
      if (threshold === 0.5) quality.push(`${name} F1 ${f1}`)
      return `${threshold}: F1 ${f1} found ${found}/${hits.length} wrong ${wrong} alarms ${alarms}/${false_.length}`
    })
    console.log(`${name} (${items.length} items)\n  ${rows.join('\n  ')}`)
  }
  writeFileSync(
    fileURLToPath(scorerUrl),
    `${JSON.stringify({ features: featureNames, bias: model.bias, trees: model.trees, threshold: 0.5, quality: quality.join('; ') })}\n`,
  )
}

interface Example {
  inputs: number[]
  isCopy: boolean
  weight: number
}

/** Rephrased items with the number of the item that each is; empty lines keep their number. */
async function texts(path: string): Promise<[number, string][]> {
  return (await readBenchmark({ path })).map(({ item, text }: BenchmarkItem) => [Number(item), text])
}

function readMessages(folder: string): string[] {
  const lines = (file: string) => {
    const bytes = readFileSync(`${folder}/${file}`)
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim().split('\n')
  }
  const bench = lines('mt-bench-101.jsonl').flatMap((line) =>
    (JSON.parse(line) as { history: { user: string; bot: string }[] }).history.flatMap(({ user, bot }) => [user, bot]),
  )
  const shared = (JSON.parse(readFileSync(`${folder}/sharegpt-500.json`, 'utf8')) as { conversations: { value: string }[] }[]).flatMap(
    ({ conversations }) => conversations.map(({ value }) => value),
  )
  const harmless = lines('hh-harmless-test.jsonl.gz').flatMap((line) =>
    (JSON.parse(line) as { chosen: string }).chosen.split(/\n\n(?:Human|Assistant): /),
  )
  const answers = ['gpt-4-0613', 'gpt-3.5-turbo-0125'].flatMap((model) =>
    lines(`arena-hard-answers-${model}.jsonl.gz`).flatMap((line) => stringsOf(JSON.parse(line))),
  )
  return [...bench, ...shared, ...harmless, ...answers].filter((text) => text.length > 20)
}

/** Every long string in a record: answers lie at different depths in different files. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 60 ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsOf)
}

function writeTerms(messages: readonly string[]): void {
  const counts = new Uint32Array(buckets)
  for (const message of messages) {
    const { words, numbers } = readTerms(message)
    for (const bucket of new Set([...words, ...numbers].map(bucketOf))) counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  const table = Uint8Array.from(counts, (count) => Math.min(255, Math.round(25 * Math.log((messages.length + 1) / (count + 0.5)))))
  writeFileSync(fileURLToPath(commonnessUrl), table)
  console.log(`${messages.length} messages counted`)
}

/** Gradient boosting: trees of depth three fitted to the slope of the logistic loss, leaves by Newton's step, a tenth of each added. */
function learn(examples: readonly Example[]): { bias: number; trees: number[][] } {
  const positive = examples.reduce((sum, { isCopy, weight }) => sum + (isCopy ? weight : 0), 0)
  const total = examples.reduce((sum, { weight }) => sum + weight, 0)
  const bias = Math.log(positive / (total - positive))
  const sums = new Float64Array(examples.length).fill(bias)
  const trees: number[][] = []
  const binned = bin(examples)
  for (let round = 0; round < 150; round++) {
    const slopes = Float64Array.from(
      examples,
      ({ isCopy, weight }, at) => weight * ((isCopy ? 1 : 0) - 1 / (1 + Math.exp(-(sums[at] ?? 0)))),
    )
    const curves = Float64Array.from(examples, ({ weight }, at) => {
      const probability = 1 / (1 + Math.exp(-(sums[at] ?? 0)))
      return weight * probability * (1 - probability)
    })
    const tree = growTree(examples, binned, slopes, curves)
    trees.push(tree)
    for (const [at, { inputs }] of examples.entries()) sums[at] = (sums[at] ?? 0) + (tree[14 + leafOf(tree, inputs)] ?? 0)
  }
  return { bias: Number(bias.toFixed(4)), trees }
}

const penalty = 4

function growTree(examples: readonly Example[], binned: Binned, slopes: Float64Array, curves: Float64Array): number[] {
  const tree: number[] = new Array<number>(22).fill(0)
  const members: number[][] = [[...examples.keys()]]
  for (let node = 0; node < 7; node++) {
    const here = members[node] ?? []
    const { feature, threshold } = findSplit(binned, slopes, curves, here)
    tree[2 * node] = feature
    tree[2 * node + 1] = threshold
    members[2 * node + 1] = here.filter((at) => (examples[at]?.inputs[feature] ?? 0) <= threshold)
    members[2 * node + 2] = here.filter((at) => (examples[at]?.inputs[feature] ?? 0) > threshold)
  }
  for (let leaf = 0; leaf < 8; leaf++) {
    let slope = 0
    let curve = penalty
    for (const at of members[7 + leaf] ?? []) {
      slope += slopes[at] ?? 0
      curve += curves[at] ?? 0
    }
    tree[14 + leaf] = Number(((0.1 * slope) / curve).toFixed(5))
  }
  return tree
}

/** The best of at most 31 thresholds of each figure; no split (a threshold above all) where none helps. */
function findSplit(binned: Binned, slopes: Float64Array, curves: Float64Array, here: readonly number[]) {
  let best = { feature: 0, threshold: 1e9, gain: 1e-6 }
  for (const [feature, { bins, edges }] of binned.entries()) {
    const slopeSums = new Float64Array(32)
    const curveSums = new Float64Array(32)
    for (const at of here) {
      const bin = bins[at] ?? 0
      slopeSums[bin] = (slopeSums[bin] ?? 0) + (slopes[at] ?? 0)
      curveSums[bin] = (curveSums[bin] ?? 0) + (curves[at] ?? 0)
    }
    const allSlope = slopeSums.reduce((sum, value) => sum + value, 0)
    const allCurve = curveSums.reduce((sum, value) => sum + value, 0)
    let slope = 0
    let curve = 0
    for (const [bin, threshold] of edges.entries()) {
      slope += slopeSums[bin] ?? 0
      curve += curveSums[bin] ?? 0
      const gain =
        slope ** 2 / (curve + penalty) + (allSlope - slope) ** 2 / (allCurve - curve + penalty) - allSlope ** 2 / (allCurve + penalty)
      if (gain > best.gain) best = { feature, threshold, gain }
    }
  }
  return best
}

type Binned = { bins: Uint8Array; edges: number[] }[]

/** Each figure's values in up to 32 bins of equal size. */
function bin(examples: readonly Example[]): Binned {
  return featureNames.map((_, feature) => {
    const values = examples.map(({ inputs }) => inputs[feature] ?? 0).sort((one, two) => one - two)
    const edges = [
      ...new Set(
        Array.from({ length: 31 }, (_, index) => Number((values[Math.floor((values.length * (index + 1)) / 32)] ?? 0).toFixed(3))),
      ),
    ]
    const bins = Uint8Array.from(examples, ({ inputs }) => {
      const at = edges.findIndex((edge) => (inputs[feature] ?? 0) <= edge)
      return at < 0 ? edges.length : at
    })
    return { bins, edges }
  })
}

const [folder] = process.argv.slice(2)
if (folder) await train(folder)
else console.error('Usage: npx tsx scripts/train-contamination.ts FOLDER')
