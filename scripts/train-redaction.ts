/**
 * Trains the person tagger and writes assets/redaction-names.bin.
 *
 * usage: npx tsx scripts/train-redaction.ts PII_DIR [--epochs 1] [--synthetic 20000,30000,40000,60000] [--seed 1] [--without gazetteer|synthetic|public|spelling] [--select]
 *
 * PII_DIR holds wnut17-*.conll, btc-*.conll and wikigold.conll. btc-a, btc-e, wnut17-dev and every fifth document part of wikigold are held out; with
 * --select so is a fifth of the other social text, by which settings are chosen.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Chain, labels, packChain, unpackChain, weightCount } from '../src/curate/redaction/names/chain.ts'
import { extractFeatures, featureBits, maxFeatures } from '../src/curate/redaction/names/features.ts'
import { findSegments } from '../src/curate/redaction/names/segments.ts'
import { createTagger } from '../src/curate/redaction/names/tagger.ts'
import { known, loadGazetteer } from '../src/curate/redaction/reading/gazetteer.ts'
import { createLexicon } from '../src/curate/redaction/reading/lexicon.ts'
import { createTokens, shape, tokenize } from '../src/curate/redaction/reading/tokens.ts'
import { loadWords } from '../src/curate/redaction/reading/words.ts'
import { createRandom, type Example, generate, generateNameless } from './train-redaction-text.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    epochs: { type: 'string', default: '1' },
    synthetic: { type: 'string', default: '20000,30000,40000,60000' },
    seed: { type: 'string', default: '1' },
    least: { type: 'string', default: '4' },
    rate: { type: 'string', default: '0.1' },
    decay: { type: 'string', default: '0.00001' },
    without: { type: 'string', default: '' },
    show: { type: 'string', default: '' },
    out: { type: 'string', default: '' },
    select: { type: 'boolean', default: false },
  },
})
const folder = positionals[0]
if (!folder) throw new Error('usage: train-redaction.ts PII_DIR [--epochs 1] [--synthetic 20000,30000,40000,60000] [--seed 1]')
const random = createRandom(Number(values.seed))
const { gazetteer } = loadGazetteer()
const { words } = loadWords()
const lexicon = createLexicon({ gazetteer, words })

interface Sentence {
  words: string[]
  tags: ('B' | 'I' | 'O')[]
}

function readConll(name: string): Sentence[] {
  const sentences: Sentence[] = []
  let sentence: Sentence = { words: [], tags: [] }
  let previous = 'O'
  for (const line of readFileSync(join(folder ?? '', name), 'utf8').split(/\r?\n/)) {
    const [word, tag = 'O'] = line.trim().split(/[\t ]+/)
    if (!word) {
      if (sentence.words.length > 0) sentences.push(sentence)
      sentence = { words: [], tags: [] }
      previous = 'O'
      continue
    }
    const isPerson = /-per/i.test(tag)
    sentence.words.push(word)
    sentence.tags.push(!isPerson ? 'O' : tag.startsWith('B') || previous === 'O' ? 'B' : 'I')
    previous = isPerson ? 'P' : 'O'
  }
  if (sentence.words.length > 0) sentences.push(sentence)
  return sentences
}

/** Words joined by spaces, or as people write: no space before marks and endings. Accounts (`@name`) are no persons' names. */
function toExample({ words, tags }: Sentence, isWritten: boolean): Example {
  let text = ''
  const spans: [number, number][] = []
  for (const [index, word] of words.entries()) {
    const isGlued = isWritten && /^(?:[.,!?:;)\]%]|'s|’s|n't|'m|'re|'ve|'ll|'d)$/i.test(word)
    const afterOpen = isWritten && /^[([@#$]$/.test(words[index - 1] ?? '')
    if (index > 0 && !isGlued && !afterOpen) text += ' '
    const start = text.length
    text += word
    const isAccount = word.startsWith('@') || words[index - 1] === '@'
    if (tags[index] === 'B' && !isAccount) spans.push([start, text.length])
    else if (tags[index] === 'I' && spans.length > 0 && !isAccount) (spans.at(-1) ?? [0, 0])[1] = text.length
  }
  return { text, spans }
}

/** A third in lower case, as many people type. */
function lowered(example: Example): Example {
  const text = example.text.toLowerCase()
  return random() < 0.35 && text.length === example.text.length ? { ...example, text } : example
}

const isHeldOut = (index: number) => Math.floor(index / 20) % 5 === 0
const wikigold = readConll('wikigold.conll')
const messages = readConll('wnut17-train.conll')
const tweets = ['b', 'f', 'g', 'h'].flatMap((part) => readConll(`btc-${part}.conll`))
const isChosenFrom = (_: Sentence, index: number) => values.select && isHeldOut(index)
const isTrainedOn = (one: Sentence, index: number) => !isChosenFrom(one, index)
const publicTrain = [
  ...messages.filter(isTrainedOn),
  ...messages.filter(isTrainedOn),
  ...messages.filter(isTrainedOn),
  ...tweets.filter(isTrainedOn),
  ...wikigold.filter((_, index) => !isHeldOut(index)),
  ...wikigold.filter((_, index) => !isHeldOut(index)),
]
const held: Record<string, Example[]> = {
  'btc-a': readConll('btc-a.conll').map((one) => toExample(one, false)),
  'btc-e': readConll('btc-e.conll').map((one) => toExample(one, false)),
  'wnut17-dev': readConll('wnut17-dev.conll').map((one) => toExample(one, false)),
  'wikigold-held': wikigold.filter((_, index) => isHeldOut(index)).map((one) => toExample(one, false)),
  generated: generate(1500, createRandom(99)),
  ...(values.select && {
    selection: [...messages.filter(isChosenFrom), ...tweets.filter(isChosenFrom)].map((one) => toExample(one, false)),
  }),
}

/** One segment ready for training: features of each token, flattened, and the gold labels. */
interface Sample {
  features: Int32Array[]
  gold: Uint8Array
}

const tokens = createTokens()
const buffer = new Int32Array(maxFeatures)
let missed = 0
let covered = 0

function toSamples(example: Example, dropout: number): Sample[] {
  tokenize(example.text, tokens)
  lexicon.read(tokens)
  const { flags } = tokens
  const places = Uint32Array.from({ length: tokens.count }, (_, at) => lexicon.places[tokens.entry[at] ?? 0] ?? 0)
  const gold = new Uint8Array(tokens.count)
  for (const [start, end] of example.spans) {
    let isFirst = true
    for (let at = 0; at < tokens.count; at++) {
      if ((tokens.start[at] ?? 0) < start || (tokens.end[at] ?? 0) > end) continue
      gold[at] = isFirst ? 1 : 2
      isFirst = false
    }
  }
  // Names that no list holds, and words never met: the model must also learn from spelling and surroundings. Alike for names and others, lest the
  // gap itself tell them apart.
  const bare = ~(known.given | known.family | known.frequent | known.derived | known.proper)
  let isDropped = false
  for (let at = 0; at < tokens.count; at++) {
    if (gold[at] !== 2) isDropped = values.without === 'gazetteer' || (dropout > 0 && random() < dropout)
    if (isDropped) flags[at] = (flags[at] ?? 0) & bare
    if (dropout > 0 && (tokens.shape[at] ?? 0) > shape.lower && random() < 0.25) tokens.hash[at] = 5
    if (dropout > 0 && random() < dropout) places[at] = 0
  }
  const samples: Sample[] = []
  const seen = new Uint8Array(tokens.count)
  for (const segment of findSegments(tokens, flags)) {
    const features: Int32Array[] = []
    for (let at = segment.first; at <= segment.last; at++) {
      seen[at] = 1
      features.push(buffer.slice(0, extractFeatures({ tokens, words, places }, segment, at, buffer)))
    }
    const labelled = gold.slice(segment.first, segment.last + 1)
    if (labelled[0] === 2) labelled[0] = 1
    for (let at = 1; at < labelled.length; at++) if (labelled[at] === 2 && labelled[at - 1] === 0) labelled[at] = 1
    samples.push({ features, gold: labelled })
  }
  for (let at = 0; at < tokens.count; at++) if ((gold[at] ?? 0) > 0) seen[at] ? covered++ : missed++
  return samples
}

/** Name tokens of a held-out set that no segment holds: what no model can find. */
function reportGate(): void {
  for (const [name, examples] of Object.entries(held)) {
    missed = 0
    covered = 0
    for (const example of examples) toSamples(example, 0)
    console.log(`${name}: ${missed} of ${missed + covered} name tokens outside of segments`)
  }
  missed = 0
  covered = 0
}
reportGate()

let chain: Chain = { weights: new Float32Array(weightCount), transitions: new Float32Array(12), scale: 1 }
let squares = new Float32Array(weightCount)
let transitionSquares = new Float32Array(12)
const rate = Number(values.rate)
const decay = Number(values.decay)

/** Segments of the public sentences, freshly disguised, and of so many generated ones. */
function draw(generated: number): Sample[] {
  const synthetic = values.without === 'synthetic' ? [] : [...generate(generated, random), ...generateNameless(generated / 3, random)]
  const publicExamples =
    values.without === 'public' ? [] : [...publicTrain, ...publicTrain].map((one) => lowered(toExample(one, random() < 0.5)))
  const samples = [...publicExamples.flatMap((one) => toSamples(one, 0.12)), ...synthetic.flatMap((one) => toSamples(one, 0.12))]
  console.log(
    `${publicExamples.length} public and ${synthetic.length} generated sentences; ${samples.length} segments; gate misses ${missed} of ${missed + covered} name tokens`,
  )
  // A feature seen two or three times is remembered, not learned.
  const counts = new Uint32Array(1 << featureBits)
  for (const { features } of samples)
    for (const active of features) for (const feature of active) counts[feature] = (counts[feature] ?? 0) + 1
  const least = Number(values.least)
  for (const sample of samples)
    sample.features = sample.features.map((active) => active.filter((feature) => (counts[feature] ?? 0) >= least))
  return samples
}

function learn({ features, gold }: Sample): number {
  const length = features.length
  const scores = new Float64Array(length * labels)
  for (const [place, active] of features.entries()) {
    for (const feature of active)
      for (let label = 0; label < labels; label++)
        scores[place * labels + label] = (scores[place * labels + label] ?? 0) + (chain.weights[feature * labels + label] ?? 0)
  }
  const { transitions } = chain
  const alpha = new Float64Array(length * labels)
  const beta = new Float64Array(length * labels)
  const sum = (a: number, b: number, c: number) => {
    const most = Math.max(a, b, c)
    return most + Math.log(Math.exp(a - most) + Math.exp(b - most) + Math.exp(c - most))
  }
  const s = (place: number, label: number) => scores[place * labels + label] ?? 0
  const a = (place: number, label: number) => alpha[place * labels + label] ?? 0
  const b = (place: number, label: number) => beta[place * labels + label] ?? 0
  const t = (from: number, to: number) => transitions[from * 3 + to] ?? 0
  for (let label = 0; label < 3; label++) alpha[label] = (transitions[9 + label] ?? 0) + s(0, label)
  for (let place = 1; place < length; place++)
    for (let to = 0; to < 3; to++)
      alpha[place * 3 + to] = s(place, to) + sum(a(place - 1, 0) + t(0, to), a(place - 1, 1) + t(1, to), a(place - 1, 2) + t(2, to))
  for (let place = length - 2; place >= 0; place--)
    for (let from = 0; from < 3; from++)
      beta[place * 3 + from] = sum(
        t(from, 0) + s(place + 1, 0) + b(place + 1, 0),
        t(from, 1) + s(place + 1, 1) + b(place + 1, 1),
        t(from, 2) + s(place + 1, 2) + b(place + 1, 2),
      )
  const z = sum(a(length - 1, 0), a(length - 1, 1), a(length - 1, 2))
  let loss = z
  const step = (index: number, gradient: number) => {
    const weight = chain.weights[index] ?? 0
    const g = gradient + decay * weight
    const square = (squares[index] ?? 0) + g * g
    squares[index] = square
    chain.weights[index] = weight - (rate * g) / Math.sqrt(square)
  }
  const stepTransition = (index: number, gradient: number) => {
    if (index === 2 || index === 11) return
    transitionSquares[index] = (transitionSquares[index] ?? 0) + gradient * gradient
    transitions[index] = (transitions[index] ?? 0) - (rate * gradient) / Math.sqrt(transitionSquares[index] ?? 1)
  }
  const steps = new Float64Array(12)
  for (let place = 0; place < length; place++) {
    const right = gold[place] ?? 0
    loss -= s(place, right) + (place === 0 ? (transitions[9 + right] ?? 0) : t(gold[place - 1] ?? 0, right))
    if (place === 0)
      for (let label = 0; label < 3; label++) steps[9 + label] = Math.exp(a(0, label) + b(0, label) - z) - (label === right ? 1 : 0)
    else
      for (let from = 0; from < 3; from++)
        for (let to = 0; to < 3; to++)
          steps[from * 3 + to] =
            (steps[from * 3 + to] ?? 0) +
            Math.exp(a(place - 1, from) + t(from, to) + s(place, to) + b(place, to) - z) -
            (from === gold[place - 1] && to === right ? 1 : 0)
  }
  for (let place = 0; place < length; place++) {
    for (let label = 0; label < 3; label++) {
      const gradient = Math.exp(a(place, label) + b(place, label) - z) - (label === gold[place] ? 1 : 0)
      if (Math.abs(gradient) > 1e-4) for (const feature of features[place] ?? []) step(feature * labels + label, gradient)
    }
  }
  for (let index = 0; index < 12; index++) stepTransition(index, steps[index] ?? 0)
  return loss
}

// Weights are averaged over the course of training, eight times an epoch from the middle of the first on, and over all draws: steadier than the last ones.
const sums = { weights: new Float64Array(weightCount), transitions: new Float64Array(12), count: 0 }
function remember(): void {
  sums.count++
  for (let index = 0; index < weightCount; index++) sums.weights[index] = (sums.weights[index] ?? 0) + (chain.weights[index] ?? 0)
  for (let index = 0; index < 12; index++) sums.transitions[index] = (sums.transitions[index] ?? 0) + (chain.transitions[index] ?? 0)
}

function average(): Chain {
  const mean = (values: Float64Array) => Float32Array.from(values, (value) => value / sums.count)
  return { scale: 1, weights: mean(sums.weights), transitions: mean(sums.transitions) }
}

function measure(threshold: number): void {
  const quantised = unpackChain(packChain(average()))
  const tagger = createTagger({ words, lexicon }, quantised, threshold, threshold)
  const cells: string[] = []
  for (const [name, examples] of Object.entries(held)) {
    let [hit, found, gold] = [0, 0, 0]
    for (const example of examples) {
      tokenize(example.text, tokens)
      lexicon.read(tokens)
      const spans = tagger.tag(tokens)
      found += spans.length
      gold += example.spans.length
      hit += spans.filter((span) => example.spans.some(([start, end]) => start === span.start && end === span.end)).length
    }
    const [precision, recall] = [hit / Math.max(1, found), hit / Math.max(1, gold)]
    cells.push(
      `${name} ${precision.toFixed(3)}/${recall.toFixed(3)}/${((2 * precision * recall) / Math.max(1e-9, precision + recall)).toFixed(3)}`,
    )
  }
  console.log(`  t=${threshold}  ${cells.join('  ')}`)
}

for (const generated of values.synthetic.split(',').map(Number)) {
  const samples = draw(generated)
  chain = { weights: new Float32Array(weightCount), transitions: new Float32Array(12), scale: 1 }
  chain.transitions[2] = -1e4
  chain.transitions[11] = -1e4
  squares = new Float32Array(weightCount).fill(0.1)
  transitionSquares = new Float32Array(12).fill(0.1)
  for (let epoch = 0; epoch < Number(values.epochs); epoch++) {
    for (let index = samples.length - 1; index > 0; index--) {
      const other = Math.floor(random() * (index + 1))
      const sample = samples[index]
      const swapped = samples[other]
      if (sample && swapped) [samples[index], samples[other]] = [swapped, sample]
    }
    let loss = 0
    const eighth = Math.ceil(samples.length / 8)
    for (const [index, sample] of samples.entries()) {
      loss += learn(sample)
      if ((index + 1) % eighth === 0 && (epoch > 0 || index > samples.length / 2)) remember()
    }
    remember()
    console.log(`epoch ${epoch + 1}: loss ${(loss / samples.length).toFixed(4)}`)
    measure(0.5)
  }
}
measure(0.25)
measure(0.35)
measure(0.65)
if (values.show) {
  const tagger = createTagger({ words, lexicon }, unpackChain(packChain(average())), 0.5, 0.5)
  for (const example of held[values.show] ?? []) {
    tokenize(example.text, tokens)
    lexicon.read(tokens)
    const spans = tagger.tag(tokens)
    const wrong = spans
      .filter((span) => !example.spans.some(([start, end]) => start === span.start && end === span.end))
      .map((span) => `+${example.text.slice(span.start, span.end)}`)
    const missing = example.spans
      .filter(([start, end]) => !spans.some((span) => start === span.start && end === span.end))
      .map(([start, end]) => `-${example.text.slice(start, end)}`)
    if (wrong.length + missing.length > 0) console.log(`${[...missing, ...wrong].join(' ')}   | ${example.text}`)
  }
}
const out = values.out || new URL('../assets/redaction-names.bin', import.meta.url)
writeFileSync(out, packChain(average()))
