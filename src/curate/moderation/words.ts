import { hashLetter, hashPair, hashWord, mix } from './hash.ts'
import { ageConcept, findConcepts, type Lexicon, mentionConcept } from './lexicon.ts'
import { isKnown, type Vocabulary } from './vocabulary.ts'
import type { WindowBuilder } from './window.ts'

/** Remembers what the letter sequences of a word add up to, since words repeat. Words are told apart by 32 bits of hash. */
export interface LetterMemory {
  /** Number of the word's letter sequences, which it counts in; -1 when the word is new. */
  recall(word: number): number
  /** Takes in a new word's letter sequences: `grams` from `from` to `to`. */
  learn(word: number, grams: Int32Array, from: number, to: number): void
}

const numberHash = hashWord('#')
const ageUnits = new Set(['year', 'years', 'yr', 'yrs', 'yo', 'y', "year's"].map(hashWord))
const ageHeads = new Set(['age', 'aged', 'turned', 'im', "i'm", "she's", "he's"].map(hashWord))

/** Makes what turns words, one after the other, into features of the window: its hash, its pair with the word before, its letters, its concepts. */
export function createWords(parts: {
  lexicon: Lexicon
  vocabulary: Vocabulary
  builder: WindowBuilder
  onWord?: ((hash: number) => void) | undefined
  memory?: LetterMemory | undefined
}) {
  const { lexicon, vocabulary, builder, onWord, memory } = parts
  const { window, addGram, addConcept, addConcepts } = builder
  const { grams, tokens } = window
  let previous = 0
  let pair = 0
  let triple = 0
  let age = 0
  let repeats = 0

  /** Forgets the words before: a new text begins. */
  const start = () => {
    previous = 0
    pair = 0
    triple = 0
    age = 0
    repeats = 0
  }

  const addLetterGrams = (word: Uint16Array, count: number) => {
    word[0] = 60
    word[count + 1] = 62
    const end = count + 2
    for (let start = 0; start + 3 <= end; start += 1) {
      let hash = 0x1b873593
      for (let k = start; k < end && k < start + 5; k += 1) {
        hash = hashLetter(hash, word[k] ?? 0)
        if (k >= start + 2) addGram(mix(hash))
      }
    }
  }

  const next = (hash: number, two = hashPair(previous, hash), three = hashPair(pair, hash)) => {
    addGram(hash)
    if (previous !== 0) addGram(two)
    tokens[window.words] = hash
    triple = pair === 0 ? 0 : three
    pair = previous === 0 ? 0 : two
    previous = hash
    window.words += 1
  }

  /** Takes in a word of letters, which are those of the hash; of one that stands many times in a row only the first two. */
  const addWord = (word: Uint16Array, count: number, hash: number) => {
    repeats = hash === previous ? repeats + 1 : 0
    if (repeats > 1) return
    addAgeOf(age, hash)
    age = 0
    onWord?.(hash)
    window.letterWords += 1
    if (isKnown(vocabulary, hash)) window.knownWords += 1
    const two = hashPair(previous, hash)
    const three = hashPair(pair, hash)
    addConcepts(findConcepts(lexicon, hash), window.words)
    if (previous !== 0) addConcepts(findConcepts(lexicon, two), window.words)
    if (pair !== 0) addConcepts(findConcepts(lexicon, three), window.words)
    if (triple !== 0) addConcepts(findConcepts(lexicon, hashPair(triple, hash)), window.words)
    if (count >= 3) {
      const recalled = memory === undefined ? -1 : memory.recall(hash)
      if (recalled >= 0) window.recalledGrams += recalled
      else {
        const from = window.gramCount
        addLetterGrams(word, count)
        if (memory !== undefined) {
          memory.learn(hash, grams, from, window.gramCount)
          window.recalledGrams += window.gramCount - from
          window.gramCount = from
        }
      }
    }
    next(hash, two, three)
  }

  const addNumber = (value: number) => {
    age = value
    if (isChild(age) && ageHeads.has(previous)) addAge()
    next(numberHash)
  }

  const addMention = () => {
    addConcept(mentionConcept, window.words)
    tokens[window.words++] = 0
  }

  /** Notes a child's age where a unit of age follows the number (`15yo`). */
  const addAgeOf = (value: number, unit: number) => {
    if (isChild(value) && ageUnits.has(unit)) addAge()
  }

  const addAge = () => addConcepts(ageConcept | 0xffffff00, window.words)

  return { start, addWord, addNumber, addMention, addAgeOf }
}

function isChild(age: number): boolean {
  return age > 0 && age < 18
}
