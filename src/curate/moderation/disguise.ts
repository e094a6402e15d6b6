import { closeUp, fromLeet, hashOf, squeeze, star, toLatin } from './letters.ts'
import { findConcepts, type Lexicon } from './lexicon.ts'
import { isKnown, type Vocabulary } from './vocabulary.ts'

/** What the scanner noticed of a word's letters. */
export interface Signs {
  hasDigit: boolean
  hasSymbol: boolean
  /** Letters of another script among Latin ones. */
  isMixed: boolean
  /** Three or more of a letter in a row. */
  hasRun: boolean
  /** Bit n is set where letter n + 1 is a capital I after a small letter: it may stand for l. */
  innerCapitals: number
}

const vowels = [...'aeiou'].map((vowel) => vowel.charCodeAt(0))
const smallL = 108

/**
 * Makes the reader of disguised words: l33t, look-alike letters, starred vowels, signs between letters, stretched letters, I for l. Of the ways to read a
 * word it takes the first that the lexicon has; else, where the word as it stands is unknown, the first that the vocabulary has.
 */
export function createUndisguise({ lexicon, vocabulary }: { lexicon: Lexicon; vocabulary: Vocabulary }) {
  const kept = new Uint16Array(32)
  let length = 0

  const readings = [
    (letters: Uint16Array) => {
      length = closeUp(letters, length)
    },
    (letters: Uint16Array) => fromLeet(letters, length, 'i'),
    (letters: Uint16Array) => fromLeet(letters, length, 'l'),
    (letters: Uint16Array) => {
      fromLeet(letters, length, 'i')
      length = squeeze(letters, length, 2)
    },
    (letters: Uint16Array) => {
      fromLeet(letters, length, 'i')
      length = squeeze(letters, length, 1)
    },
  ]

  /** Rewrites the letters to what they stand for, and gives their new number. `plain` is their hash as they stand. */
  return (letters: Uint16Array, count: number, plain: number, signs: Signs): number => {
    if (signs.isMixed) toLatin(letters, count)
    kept.set(letters.subarray(0, count + 2))
    const restore = () => {
      letters.set(kept.subarray(0, count + 2))
      length = count
    }
    const tryAll = (isWord: (hash: number) => boolean): boolean => {
      restore()
      if (signs.isMixed && isWord(hashOf(letters, 1, length))) return true
      for (const read of readings) {
        restore()
        read(letters)
        if (isWord(hashOf(letters, 1, length))) return true
      }
      if (signs.innerCapitals !== 0) {
        restore()
        for (let at = 1; at <= length; at += 1) if ((signs.innerCapitals >>> (at - 1)) & 1) letters[at] = smallL
        if (isWord(hashOf(letters, 1, length))) return true
      }
      restore()
      return signs.hasSymbol && fillStars(letters, length, isWord)
    }
    if (tryAll((hash) => findConcepts(lexicon, hash) !== -1)) return length
    restore()
    if (isKnown(vocabulary, plain)) return length
    if (tryAll((hash) => isKnown(vocabulary, hash))) return length
    restore()
    return length
  }
}

/** Puts vowels for one or two inner asterisks until it is a word. */
function fillStars(letters: Uint16Array, length: number, isWord: (hash: number) => boolean): boolean {
  let first = 0
  let second = 0
  for (let at = 1; at <= length; at += 1) {
    if (letters[at] !== star) continue
    if (first === 0) first = at
    else if (second === 0) second = at
    else return false
  }
  if (first <= 1 || length < 3) return false
  for (const vowel of vowels) {
    letters[first] = vowel
    if (second === 0) {
      if (isWord(hashOf(letters, 1, length))) return true
      continue
    }
    for (const other of vowels) {
      letters[second] = other
      if (isWord(hashOf(letters, 1, length))) return true
    }
  }
  return false
}
