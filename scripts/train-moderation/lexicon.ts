import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { foldTable } from '../../src/curate/moderation/fold.ts'
import { hashPhrase } from '../../src/curate/moderation/hash.ts'
import { ageConcept, buildLexicon, conceptSlots, type Lexicon } from '../../src/curate/moderation/lexicon.ts'

/** The lexicon in words, for the grammar, and as hashes, for the scanner. */
export interface Words {
  concepts: ReadonlyMap<string, readonly string[]>
  names: readonly string[]
  lexicon: Lexicon
}

/** Grammar rather than content: counts with its neighbours only. */
const grammar = ['i', 'you', 'he', 'she', 'they', 'we', 'neg', 'howto', 'deserve', 'threat']

/** Reads lexicon.txt (`[concept flags]`, then terms) and adds inflections, starred spellings and ages in words. */
export function readWords(path: URL): Words {
  const sections = readFileSync(path, 'utf8').split(/^\[/m).slice(1)
  const read = sections.map((section) => {
    const [head = '', ...lines] = section.trim().split('\n')
    const [name = '', flags = ''] = head.replace(']', '').split(' ')
    const terms = lines
      .join(' ')
      .split(/\s+/)
      .map((term) => (flags.includes('r') ? rot13(term) : term))
    return { name, flags, terms: terms.map((term) => term.replaceAll('_', ' ')) }
  })
  read.push({ name: 'rude', flags: '', terms: [] })
  read.sort((a, b) => grammar.indexOf(a.name) - grammar.indexOf(b.name))
  if (read.length > conceptSlots - 4) throw new Error(`${read.length} concepts; there is room for ${conceptSlots - 4}.`)
  const entries = new Map<number, number[]>()
  const add = (term: string, concept: number) => {
    const words = term.split(' ')
    if (words.length > 4) throw new Error(`'${term}' has more than four words.`)
    const hash = hashPhrase(words)
    const list = entries.get(hash) ?? []
    if (!list.includes(concept)) list.push(concept)
    entries.set(hash, list)
  }
  read.forEach(({ flags, terms }, concept) => {
    for (const term of terms) {
      for (const form of flags.includes('i') ? inflect(term) : [term]) add(form, concept)
      if (flags.includes('r')) for (const starred of star(term)) add(starred, concept)
    }
  })
  const rude = read.findIndex(({ name }) => name === 'rude')
  for (const term of rudeWords()) {
    const words = foldWords(term)
    const known = words.length <= 4 && words.length > 0 ? entries.get(hashPhrase(words)) : []
    if (known === undefined || (known.length < 4 && known.length > 0)) add(words.join(' '), rude)
  }
  const ages = ['six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen']
  for (const age of ages) for (const unit of ['year', 'years', 'yr']) add(`${age} ${unit}`, ageConcept)
  const concepts = new Map(read.map(({ name, terms }) => [name, terms]))
  return {
    concepts,
    names: read.map(({ name }) => name),
    lexicon: buildLexicon(
      entries,
      read.findIndex(({ name }) => grammar.includes(name)),
    ),
  }
}

function inflect(term: string): string[] {
  if (!/^[a-z]{3,}$/.test(term)) return /^[a-z ]+[a-z]{3}$/.test(term) && !/s$/.test(term) ? [term, `${term}s`] : [term]
  const plural = /(s|x|z|ch|sh)$/.test(term) ? `${term}es` : /[^aeiou]y$/.test(term) ? `${term.slice(0, -1)}ies` : `${term}s`
  const stem = term.endsWith('e') ? term.slice(0, -1) : term
  const past = /[^aeiou]y$/.test(term) ? `${term.slice(0, -1)}ied` : `${stem}ed`
  const doubled = /[^aeiou][aeiou][bdglmnprt]$/.test(term) ? ['ed', 'ing', 'er', 'y'].map((end) => `${term}${term.at(-1)}${end}`) : []
  return [term, plural, past, `${stem}ing`, `${stem}in`, `${stem}er`, `${stem}ers`, ...doubled]
}

/** Spellings with two asterisks or more; the scanner itself fills in one vowel. */
function star(term: string): string[] {
  if (!/^[a-z]{4,}$/.test(term)) return []
  const [first] = term
  const stars = '*'.repeat(term.length - 2)
  return [`${first}**${term.slice(3)}`, `${first}${stars}${term.at(-1)}`, `${first}${stars}*`]
}

function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97))
}

/** The word lists of the package naughty-words: 28 languages, mostly sexual. Not all are rude in every sense, so it is a concept of its own. */
function rudeWords(): string[] {
  const lists: unknown = createRequire(import.meta.url)('naughty-words')
  return Object.values(lists as Record<string, unknown>).flatMap((list) => (Array.isArray(list) ? list.map(String) : []))
}

/** A term as the scanner sees it: folded, and letters of scripts without spaces alone. */
function foldWords(term: string): string[] {
  const fold = foldTable()
  const folded = [...term].map((character) => String.fromCharCode(fold[character.charCodeAt(0)] ?? 32)).join('')
  return folded
    .replace(/[\u2e80-\ud7a3]/g, ' $& ')
    .split(/[\s\0]+/)
    .filter(Boolean)
}
