/**
 * Trains the person tagger and writes assets/redaction-names.bin.
 *
 * usage: npx tsx scripts/train-redaction.ts PII_DIR [--epochs 1] [--synthetic 20000,30000,40000,60000] [--seed 1] [--without gazetteer|synthetic|public] [--select]
 *
 * PII_DIR holds wnut17-*.conll, btc-*.conll and wikigold.conll. btc-a, btc-e, wnut17-dev and every fifth document part of wikigold are held out; with
 * --select so is a fifth of the other social text, by which settings are chosen.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { packChain, unpackChain } from '../src/curate/redaction/names/chain.ts'
import { createTagger } from '../src/curate/redaction/names/tagger.ts'
import { loadGazetteer } from '../src/curate/redaction/reading/gazetteer.ts'
import { createLexicon } from '../src/curate/redaction/reading/lexicon.ts'
import { loadWords } from '../src/curate/redaction/reading/words.ts'
import { mulberry } from '../src/mulberry.ts'
import { createMean, fitChain } from './train-redaction/fit.ts'
import { listErrors, measure } from './train-redaction/measure.ts'
import { createSampler, type Sample } from './train-redaction/samples.ts'
import { readSets, toExample } from './train-redaction/sets.ts'
import { type Example, generate, generateNameless } from './train-redaction/text.ts'

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
const random = mulberry(Number(values.seed))
const { gazetteer } = loadGazetteer()
const { words } = loadWords()
const lexicon = createLexicon({ gazetteer, words })
const { train, held } = readSets(folder, values.select)
const { sample, gate } = createSampler({ words, lexicon, random, withoutLists: values.without === 'gazetteer' })

for (const [name, examples] of Object.entries(held)) {
  gate.missed = gate.covered = 0
  for (const example of examples) sample(example, 0)
  console.log(`${name}: ${gate.missed} of ${gate.missed + gate.covered} name tokens outside of segments`)
}

/** A third in lower case, as many people type. */
function lowered(example: Example): Example {
  const text = example.text.toLowerCase()
  return random() < 0.35 && text.length === example.text.length ? { ...example, text } : example
}

/** Segments of the public sentences, freshly disguised, and of so many generated ones. */
function draw(generated: number): Sample[] {
  const synthetic = values.without === 'synthetic' ? [] : [...generate(generated, random), ...generateNameless(generated / 3, random)]
  const people = values.without === 'public' ? [] : [...train, ...train].map((one) => lowered(toExample(one, random() < 0.5)))
  const samples = [...people, ...synthetic].flatMap((one) => sample(one, 0.12))
  console.log(`${people.length} public and ${synthetic.length} generated sentences; ${samples.length} segments`)
  return samples
}

const mean = createMean()
const settings = {
  epochs: Number(values.epochs),
  least: Number(values.least),
  rate: Number(values.rate),
  decay: Number(values.decay),
}
for (const generated of values.synthetic.split(',').map(Number))
  console.log(`loss ${fitChain(draw(generated), settings, random, mean).toFixed(4)}`)

const packed = packChain(mean.chain())
for (const threshold of [0.25, 0.35, 0.5, 0.65]) {
  const tagger = createTagger({ words, lexicon }, unpackChain(packed), threshold, threshold)
  for (const [name, examples] of Object.entries(held)) console.log(`t=${threshold} ${name} ${measure(examples, tagger, lexicon)}`)
}
if (values.show) {
  const tagger = createTagger({ words, lexicon }, unpackChain(packed), 0.35, 0.35)
  for (const error of listErrors(held[values.show] ?? [], tagger, lexicon)) console.log(error)
}
writeFileSync(values.out || new URL('../assets/redaction-names.bin', import.meta.url), packed)
