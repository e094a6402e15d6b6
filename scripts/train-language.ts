// Makes assets/language.bin from the n-gram tables of @bluzzi/lingua. How to run it and what it gives: docs/language.md.
import { writeFileSync } from 'node:fs'
import { type GramScript, gramLanguages } from '../src/curate/language/languages.ts'
import { countGrams } from './train-language/counts.ts'
import { collectGrams } from './train-language/features.ts'
import { fitWeights } from './train-language/fit.ts'
import { type Part, packModel } from './train-language/pack.ts'
import { readLinguaTables } from './train-language/tables.ts'
import { makeWords, seededRandom, type Words } from './train-language/words.ts'

/** Grams, made words a language, and training steps of each script. */
const plans: Partial<Record<GramScript, { grams: number; words: number; steps: number }>> = {
  Latin: { grams: Number(process.env.GRAMS ?? 400_000), words: 100_000, steps: Number(process.env.STEPS ?? 6_000_000) },
  Cyrillic: { grams: 100_000, words: 100_000, steps: 1_000_000 },
  Arabic: { grams: 40_000, words: 100_000, steps: 500_000 },
  Devanagari: { grams: 10_000, words: 100_000, steps: 300_000 },
}

const [packageFolder, asset] = process.argv.slice(2)
if (!packageFolder || !asset) {
  process.stderr.write('usage: npx tsx scripts/train-language.ts FOLDER_OF_@bluzzi/lingua ASSET\n')
  process.exit(2)
}
const started = Date.now()
const log = (line: string) => void process.stderr.write(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s ${line}\n`)

const parts: Part[] = []
for (const [script, plan] of Object.entries(plans)) {
  const languages = gramLanguages[script as GramScript]
  const random = seededRandom(1)
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
  log(`${script}: ${features.hashes.length} grams, ${features.rates.length} entries`)
  const weights = fitWeights({ features, words, steps: plan.steps, random, log })
  parts.push({ script, codes, features, weights })
}
const { bytes, entries, grams } = packModel(parts)
writeFileSync(asset, bytes)
log(`${asset}: ${grams} grams, ${entries} weights, ${bytes.length} bytes`)
