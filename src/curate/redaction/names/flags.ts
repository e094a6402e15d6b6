import { type Gazetteer, known } from './gazetteer.ts'
import { hashOpenStems, hashStems, shape, type Tokens } from './tokens.ts'
import type { Words } from './words.ts'

const name = known.given | known.family
const stems = new Uint32Array(4)

/** Looks every word up; gives `flags`, or a larger array when it is too short. Names with an ending are marked as derived. */
export function lookUp(tokens: Tokens, { gazetteer, words }: { gazetteer: Gazetteer; words: Words }, flags: Uint32Array): Uint32Array {
  const out = flags.length >= tokens.count ? flags : new Uint32Array(tokens.start.length)
  for (let at = 0; at < tokens.count; at++) {
    const here = tokens.shape[at] ?? 0
    if (here < shape.lower || here > shape.uncased) {
      out[at] = 0
      continue
    }
    const bits = gazetteer.flagsOf(tokens.hash[at] ?? 0)
    if (here === shape.lower && (bits === 0 || bits & name)) out[at] = bits | judgeLower(tokens, words, at, bits)
    else if (bits !== 0) out[at] = here === shape.capital && bits & name && isLowly(words, tokens.hash[at] ?? 0) ? bits | known.lowly : bits
    else out[at] = here === shape.capital || here === shape.uncased ? deriveFlags(tokens, gazetteer, at) : 0
  }
  return out
}

function deriveFlags(tokens: Tokens, gazetteer: Gazetteer, at: number): number {
  const [start, end] = [tokens.start[at] ?? 0, tokens.end[at] ?? 0]
  let bits = 0
  let count = hashStems(tokens.text, start, end, stems)
  for (let index = 0; index < count; index++) bits |= gazetteer.flagsOf(stems[index] ?? 0)
  const last = tokens.text.charCodeAt(end - 1)
  if (last > 0x2ff || slavicEnding[last] === 1) {
    count = hashOpenStems(tokens.text, start, end, stems)
    for (let index = 0; index < count; index++) bits |= gazetteer.flagsOf(stems[index] ?? 0)
  }
  return (bits & name ? known.derived : 0) | (bits & (known.place | known.country) ? known.derivedPlace : 0)
}

/** Last letters of Polish and Czech case endings: others cost no look-up. */
const slavicEnding = new Uint8Array(0x300)
for (const letter of 'aeiouyąęmhwóíéáůou') slavicEnding[letter.charCodeAt(0)] = 1

/**
 * Whether a word in lower case is one that English mostly writes with a capital, beside another English word: other languages have their own everyday
 * words. A listed name that is no everyday word may be written either way.
 */
function judgeLower(tokens: Tokens, words: Words, at: number, bits: number): number {
  const place = words.placeOf(tokens.hash[at] ?? 0)
  if (place === 0) return bits === 0 ? known.unheard : 0
  const habits = words.habits[place] ?? 0
  const english = habits & 3
  if (english !== 3 && (english !== 2 || bits === 0 || bits & known.common)) return 0
  if (((habits >> 2) & 3) === 1 || habits >> 4 === 1) return 0
  return isEnglish(tokens, words, at - 1) || isEnglish(tokens, words, at + 1) ? known.proper : 0
}

/** In lower case, and so written in English. */
function isEnglish(tokens: Tokens, words: Words, at: number): boolean {
  if (at < 0 || at >= tokens.count || tokens.shape[at] !== shape.lower) return false
  return ((words.habits[words.placeOf(tokens.hash[at] ?? 0)] ?? 0) & 3) === 1
}

/** Mostly in lower case in one of the three languages, and mostly with a capital in none. */
function isLowly(words: Words, hash: number): boolean {
  const habits = words.habits[words.placeOf(hash)] ?? 0
  const [english, german, spanish] = [habits & 3, (habits >> 2) & 3, habits >> 4]
  return (english === 1 || german === 1 || spanish === 1) && english !== 3 && german !== 3 && spanish !== 3
}
