/**
 * Builds assets/redaction-words.bin: words with their Brown clusters and how they are capitalised, in English (Reddit), German and Spanish (Wikipedia
 * and news), from spacy-lookups-data (MIT): words that stand in like places share a cluster, so that surnames, given names, towns and verbs part; and
 * with their clusters of meaning, from all-MiniLM-L6-v2 (Apache-2.0).
 *
 * usage: npx tsx scripts/build-redaction-words.ts LOOKUPS_DIR SENSES.tsv
 *
 * LOOKUPS_DIR holds {en,de,es}_lexeme_{prob,cluster}.json.gz of the Python package spacy-lookups-data 1.0.5 (pip download, unzip); build-redaction-senses.py
 * writes SENSES.tsv.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { hashWord } from '../src/curate/redaction/reading/tokens.ts'
import { packWords, type WordFacts } from '../src/curate/redaction/reading/words.ts'

const [folder, senses] = process.argv.slice(2)
if (!folder || !senses) throw new Error('usage: build-redaction-words.ts LOOKUPS_DIR SENSES.tsv')

/** Natural logarithms of probabilities from which a word is taken. */
const least = { en: -17, de: -14.2, es: -14.2 } as const
const tongues = ['en', 'de', 'es'] as const

interface Forms {
  capital: number
  lower: number
  capitalCluster: number
  lowerCluster: number
}

const absent = -25
const isWord = (word: string) => /^\p{L}[\p{L}\p{M}'’-]{1,19}$/u.test(word)

function read(tongue: string, table: 'prob' | 'cluster'): Record<string, number> {
  return JSON.parse(gunzipSync(readFileSync(join(folder ?? '', `${tongue}_lexeme_${table}.json.gz`))).toString('utf8'))
}

function readForms(tongue: (typeof tongues)[number]): Map<string, Forms> {
  const clusters = read(tongue, 'cluster')
  const forms = new Map<string, Forms>()
  for (const [word, probability] of Object.entries(read(tongue, 'prob'))) {
    if (probability < least[tongue] || !isWord(word)) continue
    const key = word.toLowerCase().replace(/’/g, "'").normalize('NFC')
    const known = forms.get(key) ?? { capital: absent, lower: absent, capitalCluster: 0, lowerCluster: 0 }
    const cluster = clusters[word] ?? 0
    if (word === word.toLowerCase()) Object.assign(known, { lower: probability, lowerCluster: cluster })
    else if (probability > known.capital) Object.assign(known, { capital: probability, capitalCluster: cluster })
    forms.set(key, known)
  }
  return forms
}

/** 0 unknown, 1 mostly lower case, 2 both, 3 mostly with a capital. */
function habit({ capital, lower }: Forms): number {
  const surplus = capital - lower
  return surplus < -1 ? 1 : surplus < 1 ? 2 : 3
}

const words = new Map<number, WordFacts>()
for (const [place, tongue] of tongues.entries()) {
  for (const [word, forms] of readForms(tongue)) {
    const hash = hashWord(word)
    const facts = words.get(hash) ?? { clusters: [0, 0, 0], habits: 0, senses: [0, 0, 0] }
    const cluster = forms.capital > forms.lower ? forms.capitalCluster || forms.lowerCluster : forms.lowerCluster || forms.capitalCluster
    facts.clusters[place] = cluster & 0xffff
    facts.habits |= habit(forms) << (place * 2)
    words.set(hash, facts)
  }
}
for (const line of readFileSync(senses, 'utf8').split('\n')) {
  const [word = '', ...numbers] = line.split('\t')
  const [broad = 0, middle = 0, narrow = 0] = numbers.map(Number)
  const facts = words.get(hashWord(word))
  if (facts) facts.senses = [broad, middle, narrow]
}
const packed = packWords(words)
writeFileSync(new URL('../assets/redaction-words.bin', import.meta.url), packed)
console.log(`${words.size} words, ${packed.length} bytes`)
