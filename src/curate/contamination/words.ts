import { thesaurus } from './words.thesaurus.ts'

/** What a text is about, as terms: stems of its words (`w:`), its numbers (`n:`) and pairs of neighbouring stems (`p:`), each once. */
export interface Terms {
  words: ReadonlySet<string>
  numbers: ReadonlySet<string>
  pairs: ReadonlySet<string>
  /** Forms of example data: how many entries each list has, with the list after it (`s:`). People who say a task again change the values, rarely the form. */
  shapes: ReadonlySet<string>
  /** Example data: what stands in quotes (`q:`), and runs of three numbers (`r:`). */
  literals: ReadonlySet<string>
  /** Words and numbers in all. */
  length: number
}

/**
 * Reads the terms of a text or a program: identifiers fall apart at underscores and capitals, words lose their endings, number words become digits, and
 * scripts without spaces give pairs of characters.
 */
export function readTerms(text: string): Terms {
  const words = new Set<string>()
  const numbers = new Set<string>()
  const pairs = new Set<string>()
  let length = 0
  let before = ''
  for (const [token] of text.normalize('NFKC').matchAll(tokenPattern)) {
    length++
    const number = readNumber(token)
    if (number !== undefined) {
      numbers.add(`n:${number}`)
      if (before) pairs.add(`p:${before} ${number}`)
      before = number
      continue
    }
    const stem = nameConcept(token.toLowerCase())
    words.add(`w:${stem}`)
    if (before) pairs.add(`p:${before} ${stem}`)
    before = stem
  }
  return { words, numbers, pairs, literals: readLiterals(text), shapes: readShapes(text), length }
}

function readShapes(text: string): Set<string> {
  const shapes = new Set<string>()
  let before = ''
  for (const [, inside = ''] of text.matchAll(/[[({]([^[\](){}\n]{0,300})[\])}]/g)) {
    if (!/^[\s\d"'-]/.test(inside)) continue
    const entries = inside.split(',').map((entry) => entry.trim())
    const kind = entries.every((entry) => /^-?\d+(?:\.\d+)?$/.test(entry)) ? 'n' : entries.every((entry) => /^["']/.test(entry)) ? 'q' : ''
    if (!kind) continue
    const shape = `${kind}${entries.length}`
    if (entries.length > 2) shapes.add(`s:${shape}`)
    if (before) shapes.add(`s:${before} ${shape}`)
    before = shape
  }
  return shapes
}

function readLiterals(text: string): Set<string> {
  const literals = new Set<string>()
  for (const [, , content = ''] of text.matchAll(/(["'])([^"'\n]{1,60}?)\1/g)) {
    const kept = content.trim().toLowerCase()
    if (kept.length > 1) literals.add(`q:${kept}`)
  }
  // Lists of numbers, whatever brackets a language writes around them.
  for (const [run] of text.matchAll(/-?\d+(?:\.\d+)?(?:\s*,\s*-?\d+(?:\.\d+)?){2,}/g)) {
    const values = run.split(',').map((value) => String(Number(value)))
    for (let at = 0; at + 2 < values.length; at++) literals.add(`r:${values.slice(at, at + 3).join(' ')}`)
  }
  return literals
}

const concepts = new Map(
  thesaurus.flatMap((line) => line.split(' ').map((word, _, words) => [stemOf(word), stemOf(words[0] ?? word)] as const)),
)

/** The stem of a word, or of the word that stands for it in the thesaurus. */
function nameConcept(word: string): string {
  const stem = stemOf(word)
  return concepts.get(stem) ?? stem
}

/** Numbers; runs of a cased script, parted at a change from small to capital letter; single characters of scripts without spaces; other words. */
const tokenPattern =
  /\d+(?:[.,]\d+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|\p{Lu}?[\p{Ll}\p{M}]+(?:['’]\p{Ll}+)?|\p{Lu}+(?!\p{Ll})|[\p{Lo}\p{M}]+|\p{L}/gu

function readNumber(token: string): string | undefined {
  const first = token.charCodeAt(0)
  if (first >= 48 && first <= 57) {
    const value = Number(token.replaceAll(',', ''))
    return Number.isFinite(value) ? String(value) : token
  }
  return numberWords[token.toLowerCase()]
}

/** A light English stemmer: endings of number, tense and degree go; enough to bring forms of one word together. */
export function stemOf(word: string): string {
  let stem = word.replace(/['’]\w+$/u, '')
  if (stem.length > 4 && stem.endsWith('ies')) stem = `${stem.slice(0, -3)}y`
  else if (stem.length > 4 && /(?:s|x|z|ch|sh)es$/.test(stem)) stem = stem.slice(0, -2)
  else if (stem.length > 3 && stem.endsWith('s') && !/(?:ss|us|is)$/.test(stem)) stem = stem.slice(0, -1)
  for (const ending of [
    'ational',
    'ization',
    'ations',
    'ation',
    'ingly',
    'edly',
    'ment',
    'ness',
    'ing',
    'ion',
    'est',
    'ive',
    'ely',
    'ed',
    'er',
    'ly',
  ]) {
    if (stem.length - ending.length < 3 || !stem.endsWith(ending)) continue
    stem = stem.slice(0, -ending.length)
    break
  }
  if (stem.length > 3 && stem.at(-1) === stem.at(-2) && !/[aeiouls]$/.test(stem)) stem = stem.slice(0, -1)
  return stem.length > 3 && stem.endsWith('e') ? stem.slice(0, -1) : stem
}

const numberWords: Readonly<Record<string, string>> = {
  zero: '0',
  one: '1',
  once: '1',
  two: '2',
  twice: '2',
  double: '2',
  doubled: '2',
  doubles: '2',
  couple: '2',
  pair: '2',
  three: '3',
  thrice: '3',
  triple: '3',
  triples: '3',
  tripled: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  dozen: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
  twenty: '20',
  thirty: '30',
  forty: '40',
  fifty: '50',
  sixty: '60',
  seventy: '70',
  eighty: '80',
  ninety: '90',
  hundred: '100',
  thousand: '1000',
  half: '0.5',
  halves: '0.5',
  quarter: '0.25',
  third: '3',
}
