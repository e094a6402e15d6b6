import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { type Grammar, parseGrammar } from './grammar.ts'

const languageShape = z.object({
  code: z.string(),
  name: z.string(),
  weight: z.number(),
  unitsPerToken: z.number(),
  clauses: z.array(z.string()),
  given: z.array(z.string()),
  family: z.array(z.string()),
  cities: z.array(z.string()),
  streets: z.array(z.string()),
  states: z.array(z.string()),
})

const dataShape = z.object({
  languages: z.array(languageShape),
  words: z.record(z.string(), z.array(z.string())),
  /** Country, international form, national form; all validate. */
  phones: z.array(z.tuple([z.string(), z.string(), z.string()])),
  ibans: z.array(z.string()),
})

/** A language: its share, clauses of real text, names and places (empty lists where there are none). */
export type Language = z.infer<typeof languageShape>

/** Everything that texts are made of. */
export interface SynthData extends z.infer<typeof dataShape> {
  grammar: Grammar
}

const assets = new URL('../../../assets/synth/', import.meta.url)

/** Reads the assets (made by scripts/build-synth-data.ts; grammar and frames are written by hand). */
export function loadSynthData(): SynthData {
  const read = (name: string) => readFileSync(new URL(name, assets))
  const grammar = parseGrammar(`${read('grammar.txt').toString('utf8')}\n${read('frames.txt').toString('utf8')}`)
  const data = dataShape.parse(JSON.parse(gunzipSync(read('data.json.gz')).toString('utf8')))
  const { noun = [], verb = [] } = data.words
  return { ...data, words: { ...data.words, nouns: noun.map(addS), verbs: verb.map(addS), verbed: verb.map(addEd) }, grammar }
}

/** Plural of a noun, third person of a verb: the regular forms are enough for invented text. */
function addS(word: string): string {
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}

function addEd(word: string): string {
  if (word.endsWith('e')) return `${word}d`
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ied` : `${word}ed`
}
