// Trains the offline moderation classifier: npx tsx scripts/train-moderation.ts --data DIR [--out assets/moderation.bin]. About two minutes on one core.
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { perCategory } from '../src/curate/moderation/categories.ts'
import { createJudge } from '../src/curate/moderation/classifier.ts'
import { encodeModel, type Model } from '../src/curate/moderation/model.ts'
import { addKnown, createScanner, type Vocabulary } from '../src/curate/moderation/scan.ts'
import { chooseThreshold, fitCalibration, type Reading } from './train-moderation/calibrate.ts'
import { readExamples } from './train-moderation/data.ts'
import { type Example, outputs } from './train-moderation/example.ts'
import { type Features, fitLinear, scanExamples, scoreWindow, type Weights } from './train-moderation/fit.ts'
import { generate } from './train-moderation/grammar.ts'
import { readWords } from './train-moderation/lexicon.ts'
import { withMinors } from './train-moderation/minors.ts'
import { report } from './train-moderation/report.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string', default: 'assets/moderation.bin' } } })
if (values.data === undefined) throw new Error('--data DIR names the folder with the labelled sets.')

const bucketBits = 17
const precision = 0.8
const here = new URL('./train-moderation/', import.meta.url)
const words = readWords(new URL('lexicon.txt', here))
const real = readExamples(values.data, new URL('hand-labels.tsv', here))
const filler = real.filter(({ set }) => ['sharegpt', 'mt-bench-101', 'arena-hard', 'wikigold'].includes(set)).map(({ text }) => text)
const grammar = generate({ templates: new URL('templates.txt', here), words, filler, perTemplate: 25, seed: 7 })
const examples = [...real, ...grammar]

const vocabulary: Vocabulary = { bits: new Uint8Array(2 ** 16) }
const counts = new Map<number, number>()
const parts = { lexicon: words.lexicon, vocabulary, bucketBits }
const count = createScanner({ ...parts, onWord: (hash) => counts.set(hash, (counts.get(hash) ?? 0) + 1) })
for (const { text, part, set } of examples) if (part !== 'test' && set !== 'eld-tweets' && set !== 'catqa-vi') count(text, () => {})
for (const [hash, times] of counts) if (times >= 3) addKnown(vocabulary, hash)

const features = scanExamples(examples, parts, 12)
const training = select(features, (owner) => examples[owner]?.part === 'train')
const enlarged = withMinors(training, examples, words.names)
// Three fits from different orders, averaged: a linear model's mean is one again, with less of each one's chance.
const fits = [1, 2, 3].map((seed) =>
  fitLinear(enlarged.features, enlarged.examples, {
    bucketBits,
    epochs: 6,
    rate: 0.12,
    conceptRate: 0.05,
    gramDropout: 0.35,
    decay: 1e-5,
    seed,
  }),
)
const weights = meanOf(fits)

const { calibration, thresholds } = calibrate(features, examples)
const model: Model = {
  header: {
    version: '1',
    bucketBits,
    firstGrammar: words.lexicon.firstGrammar,
    gramScales: scalesOf(weights.grams),
    conceptScales: scalesOf(weights.concepts),
    bias: [...weights.bias],
    calibration,
    thresholds: perCategory((_, k) => thresholds[k] ?? 0.9),
    sizes: {
      grams: weights.grams.length,
      concepts: weights.concepts.length,
      keys: words.lexicon.keys.length,
      values: words.lexicon.values.length,
      vocabulary: vocabulary.bits.length,
    },
    quality: '',
  },
  grams: quantise(weights.grams),
  concepts: quantise(weights.concepts),
  lexicon: words.lexicon,
  vocabulary,
}
const { lines, quality } = report(createJudge(model), examples, model.header.thresholds)
model.header.quality = quality
mkdirSync(new URL('.', new URL(values.out, `file://${process.cwd()}/`)), { recursive: true })
writeFileSync(values.out, encodeModel(model))
process.stdout.write(`${lines.join('\n')}\n`)

function select({ grams, concepts, owner }: Features, keep: (owner: number) => boolean): Features {
  const places = [...owner.keys()].filter((at) => keep(owner[at] ?? 0))
  return {
    grams: places.map((at) => grams[at] as Int32Array),
    concepts: places.map((at) => concepts[at] as Int32Array),
    owner: Int32Array.from(places, (at) => owner[at] ?? 0),
  }
}

function calibrate(all: Features, texts: readonly Example[]) {
  const isUsed = ({ part, set }: Example) => part === 'calibrate' || (part === 'train' && set === 'hh-hand')
  const held = select(all, (owner) => isUsed(texts[owner] as Example))
  const byOwner = new Map<number, Float32Array[]>()
  held.owner.forEach((owner, at) => {
    const logits = scoreWindow(weights, held.grams[at] as Int32Array, held.concepts[at] as Int32Array)
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), logits])
  })
  const fitted = Array.from({ length: outputs }, (_, k) => {
    const readings = [...byOwner].flatMap(([owner, windows]): Reading[] => {
      const { targets, weight, set } = texts[owner] as Example
      const target = targets[k] ?? Number.NaN
      if (Number.isNaN(target)) return []
      const logits = windows.map((window) => window[k] ?? 0)
      const mean = logits.reduce((sum, logit) => sum + logit, 0) / logits.length
      return [{ highest: Math.max(...logits), mean, windows: windows.length, target, weight, isReal: !set.startsWith('grammar') }]
    })
    const [top, mean, many, constant] = fitCalibration(readings)
    // Text by grammar is easy, and promises more precision than there is: it counts only where people's text has too few cases.
    const people = readings.filter(({ isReal }) => isReal)
    const enough = people.filter(({ target }) => target >= 0.5).length >= 20
    const cases = (enough ? people : readings).map((reading) => ({
      score: 1 / (1 + Math.exp(-(top * reading.highest + mean * reading.mean + many * Math.log(reading.windows) + constant))),
      isPositive: reading.target >= 0.5,
    }))
    return { calibration: [top, mean, many, constant] as [number, number, number, number], threshold: chooseThreshold(cases, precision) }
  })
  return { calibration: fitted.map((one) => one.calibration), thresholds: fitted.map((one) => one.threshold) }
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

function scalesOf(values: Float32Array): number[] {
  const scales = new Array<number>(outputs).fill(1e-6)
  for (let at = 0; at < values.length; at += 1) scales[at % outputs] = Math.max(scales[at % outputs] ?? 0, Math.abs(values[at] ?? 0) / 127)
  return scales
}

function quantise(values: Float32Array): Int8Array {
  const scales = scalesOf(values)
  return Int8Array.from(values, (value, at) => Math.round(value / (scales[at % outputs] ?? 1)))
}
