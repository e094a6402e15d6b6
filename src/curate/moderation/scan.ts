import { dropped, foldTable, separator } from './fold.ts'
import { hashLetter, hashPair, hashWord, mix } from './hash.ts'
import { fromLeet, hashOf, hashSqueezed, leadingDigits, numberOf, toLatin } from './letters.ts'
import { ageConcept, exclamationConcept, findConcepts, type Lexicon, mentionConcept, questionConcept } from './lexicon.ts'
import { isKnown, type Vocabulary } from './vocabulary.ts'
import { createWindow, type Window } from './window.ts'

/** Remembers what the letter sequences of a word add up to, since words repeat. Words are told apart by 32 bits of hash. */
export interface LetterMemory {
  /** Number of the word's letter sequences, which it counts in; -1 when the word is new. */
  recall(word: number): number
  /** Takes in a new word's letter sequences: `grams` from `from` to `to`. */
  learn(word: number, grams: Int32Array, from: number, to: number): void
}

const maxLetters = 24
const minWindow = 32
const maxWindow = 64
const numberHash = hashWord('#')
const ageUnits = new Set(['year', 'years', 'yr', 'yrs', 'yo', 'y', "year's"].map(hashWord))
const ageHeads = new Set(['age', 'aged', 'turned', 'im', "i'm", "she's", "he's"].map(hashWord))

/**
 * Makes a scanner: it reads a text once, in time linear in its length and memory that does not depend on it, and shows each window to `visit`.
 * Words are folded (fold.ts); l33t, look-alike letters, s p a c e d letters, and stretched letters are undone where that gives a word of the lexicon.
 */
export function createScanner(parts: {
  lexicon: Lexicon
  vocabulary: Vocabulary
  bucketBits: number
  onWord?: (hash: number) => void
  memory?: LetterMemory
}) {
  const { lexicon, vocabulary, bucketBits, onWord, memory } = parts
  const fold = foldTable()
  const letters = new Uint16Array(maxLetters + 2)
  const spelled = new Uint16Array(maxLetters)
  const { window, start, addGram, addConcept, addConcepts, addPairs } = createWindow({
    firstGrammar: lexicon.firstGrammar,
    bucketBits,
    maxWords: maxWindow + maxLetters,
  })
  const { grams, tokens } = window
  let length = 0
  let hasDigit = false
  let hasSymbol = false
  let hasLetter = false
  let hasForeign = false
  let hasLatin = false
  let hasRun = false
  let spelledLength = 0
  let previous = 0
  let pair = 0
  let triple = 0
  let age = 0
  let isMention = false
  let visit: (window: Window) => void = () => {}

  const endWindow = () => {
    if (window.words === 0 && window.conceptCount === 0) return
    addPairs()
    visit(window)
    start()
  }

  const endSpelled = () => {
    if (spelledLength >= 3) {
      const hash = hashOf(spelled, 0, spelledLength)
      const found = findConcepts(lexicon, hash)
      if (found !== -1) {
        addConcepts(found, window.words)
        addGram(hash)
      }
    }
    spelledLength = 0
  }

  const addLetterGrams = () => {
    letters[0] = 60
    letters[length + 1] = 62
    const end = length + 2
    for (let start = 0; start + 3 <= end; start += 1) {
      let hash = 0x1b873593
      for (let k = start; k < end && k < start + 5; k += 1) {
        hash = hashLetter(hash, letters[k] ?? 0)
        if (k >= start + 2) addGram(mix(hash))
      }
    }
  }

  /** The hash under which the lexicon knows the word, undoing disguises; else that of the word as it is. */
  const undisguise = (plain: number): number => {
    if (findConcepts(lexicon, plain) !== -1) return plain
    if (hasForeign && hasLatin) toLatin(letters, length)
    if (hasSymbol || hasDigit) fromLeet(letters, length)
    if (hasSymbol || hasDigit || (hasForeign && hasLatin)) {
      const hash = hashOf(letters, 1, length)
      if (findConcepts(lexicon, hash) !== -1) return hash
    }
    if (!hasRun) return plain
    for (const run of [2, 1]) {
      const squeezed = hashSqueezed(letters, length, run)
      if (squeezed !== undefined && findConcepts(lexicon, squeezed) !== -1) return squeezed
    }
    return plain
  }

  const endWord = () => {
    if (length === 0) return
    tokens[window.words] = 0
    if (isMention) {
      addConcept(mentionConcept, window.words)
      isMention = false
    } else if (hasDigit && !hasLetter) endNumber()
    else endLetters()
    window.words += 1
    length = 0
    hasDigit = false
    hasSymbol = false
    hasLetter = false
    hasForeign = false
    hasLatin = false
    hasRun = false
  }

  const endNumber = () => {
    endSpelled()
    age = length <= 2 ? numberOf(letters, length) : 0
    if (age > 0 && age < 18 && ageHeads.has(previous)) addConcepts(ageConcept | 0xffffff00, window.words)
    next(numberHash)
    window.knownWords += 1
  }

  const endLetters = () => {
    const plain = hashOf(letters, 1, Math.min(length, maxLetters))
    if (hasDigit && !hasSymbol) {
      const digits = leadingDigits(letters, length)
      if (digits > 0 && ageUnits.has(hashOf(letters, digits + 1, length - digits)) && numberOf(letters, digits) < 18) {
        addConcepts(ageConcept | 0xffffff00, window.words)
      }
    }
    if (age > 0 && age < 18 && ageUnits.has(plain)) addConcepts(ageConcept | 0xffffff00, window.words)
    age = 0
    if (length === 1 && hasLetter) {
      if (spelledLength < maxLetters) spelled[spelledLength++] = letters[1] ?? 0
    } else endSpelled()
    const hash = undisguise(plain)
    onWord?.(hash)
    if (isKnown(vocabulary, hash)) window.knownWords += 1
    const two = hashPair(previous, hash)
    const three = hashPair(pair, hash)
    addConcepts(findConcepts(lexicon, hash), window.words)
    if (previous !== 0) addConcepts(findConcepts(lexicon, two), window.words)
    if (pair !== 0) addConcepts(findConcepts(lexicon, three), window.words)
    if (triple !== 0) addConcepts(findConcepts(lexicon, hashPair(triple, hash)), window.words)
    if (length >= 3) {
      const recalled = memory === undefined ? -1 : memory.recall(plain)
      if (recalled >= 0) window.recalledGrams += recalled
      else {
        const from = window.gramCount
        addLetterGrams()
        if (memory !== undefined) {
          memory.learn(plain, grams, from, window.gramCount)
          window.recalledGrams += window.gramCount - from
          window.gramCount = from
        }
      }
    }
    next(hash, two, three)
  }

  const next = (hash: number, two = hashPair(previous, hash), three = hashPair(pair, hash)) => {
    addGram(hash)
    if (previous !== 0) addGram(two)
    tokens[window.words] = hash
    triple = pair === 0 ? 0 : three
    pair = previous === 0 ? 0 : two
    previous = hash
  }

  return (text: string, show: (window: Window) => void): void => {
    visit = show
    previous = 0
    pair = 0
    triple = 0
    age = 0
    spelledLength = 0
    start()
    let gap = 0
    for (let at = 0; at < text.length; at += 1) {
      const raw = text.charCodeAt(at)
      let code = fold[raw] ?? 0
      if (raw === 0xd835 && at + 1 < text.length) {
        // Mathematical letters (𝐚, 𝒶, 𝔞, …) sit outside the table's 64 Ki.
        code =
          fold[
            text
              .slice(at, at + 2)
              .normalize('NFKC')
              .charCodeAt(0)
          ] ?? 0
        at += 1
      }
      if (code === dropped) continue
      if (code > 57 ? code !== 64 : code >= 48) {
        if (code >= 0x2e80 && code <= 0xd7a3) endWord()
        if (code <= 57) hasDigit = true
        else {
          hasLetter = true
          if (code < 128) hasLatin = true
          else hasForeign = true
        }
        if (length === 0 && gap > 1 && spelledLength > 0) endSpelled()
        gap = 0
        if (length >= 2 && letters[length] === code && letters[length - 1] === code) hasRun = true
        if (length < maxLetters) letters[++length] = code
        if (code >= 0x2e80 && code <= 0xd7a3) endWord()
        continue
      }
      const following = fold[text.charCodeAt(at + 1)] ?? separator
      const isInside = length > 0 && (following >= 97 || following === 42)
      if (code === 39 && length > 0 && following >= 97 && length < maxLetters) letters[++length] = code
      else if (code !== 32 && code !== 46 && code !== 39 && code !== 63 && code !== 10 && (isInside || (code === 36 && following >= 97))) {
        hasSymbol = true
        if (length < maxLetters) letters[++length] = code
      } else {
        endWord()
        gap += 1
        if (code === 64 && following >= 97) isMention = true
        if (code === 63) addConcept(questionConcept, window.words)
        if (code === 33) addConcept(exclamationConcept, window.words)
        if (code === 33 || code === 63 || code === 46 || code === 10) {
          if (window.words >= minWindow) endWindow()
        }
      }
      if (window.words >= maxWindow) endWindow()
    }
    endWord()
    endSpelled()
    endWindow()
  }
}
