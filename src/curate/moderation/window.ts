import { conceptSlots } from './lexicon.ts'

/** Size of the concept part: concepts, neighbouring pairs in order, pairs anywhere in the window. */
export const conceptFeatures = conceptSlots + 2 * conceptSlots * conceptSlots

/** The features of a stretch of 32–64 words that ends with a sentence where it can. The arrays are used again for the next one. */
export interface Window {
  /** Buckets of hashed words, word pairs and letter sequences. */
  grams: Int32Array
  gramCount: number
  /** Letter sequences of words that the letter memory knew; not in `grams`. */
  recalledGrams: number
  concepts: Int32Array
  conceptCount: number
  words: number
  /** Words that are neither numbers nor @names. */
  letterWords: number
  /** Of these, words that the training text has. */
  knownWords: number
  /** The words in order, by hash; `words` of them count. */
  tokens: Int32Array
  /** Concepts as they were found, doubles included: 256 times the word's place, and the concept. */
  fired: Int32Array
  firedCount: number
}

/** Collects the features of a window. */
export interface WindowBuilder {
  window: Window
  /** Empties the window. */
  start(): void
  addGram(hash: number): void
  /** Notes a concept at a word's place, alone and as the neighbour of those shortly before it. */
  addConcept(concept: number, place: number): void
  /** Notes up to four concepts of one word or phrase, packed as the lexicon has them; they are no neighbours of each other. */
  addConcepts(packed: number, place: number): void
  /** Notes which concepts stand anywhere in the window together: its last features. */
  addPairs(): void
}

/** Words between two concepts that count as neighbours. */
const near = 6

/** A window of at most `maxWords` words, with concepts below `firstGrammar` paired, and words hashed to 2^`bucketBits` buckets. */
export function createWindow({
  firstGrammar,
  bucketBits,
  maxWords,
}: {
  firstGrammar: number
  bucketBits: number
  maxWords: number
}): WindowBuilder {
  const bucketMask = 2 ** bucketBits - 1
  const window: Window = {
    grams: new Int32Array(8192),
    gramCount: 0,
    recalledGrams: 0,
    concepts: new Int32Array(4096),
    conceptCount: 0,
    words: 0,
    letterWords: 0,
    knownWords: 0,
    tokens: new Int32Array(maxWords),
    fired: new Int32Array(1024),
    firedCount: 0,
  }
  const { grams, concepts, fired } = window
  const stamps = new Int32Array(conceptFeatures)
  const present = new Int32Array(conceptSlots)
  const recentConcepts = new Int32Array(16)
  const recentPlaces = new Int32Array(16)
  let stamp = 0
  let presentCount = 0
  let recent = 0

  const addFeature = (feature: number) => {
    if (stamps[feature] === stamp || window.conceptCount >= concepts.length) return
    stamps[feature] = stamp
    concepts[window.conceptCount++] = feature
  }

  const addConcept = (concept: number, place: number) => {
    if (window.firedCount < fired.length) fired[window.firedCount++] = place * 256 + concept
    if (stamps[concept] !== stamp && concept < firstGrammar && presentCount < 24) present[presentCount++] = concept
    addFeature(concept)
    for (let back = 1; back <= 8; back += 1) {
      const slot = (recent - back) & 15
      if (place - (recentPlaces[slot] ?? 0) > near) break
      addFeature(conceptSlots + (recentConcepts[slot] ?? 0) * conceptSlots + concept)
    }
  }

  const addConcepts = (packed: number, place: number) => {
    if (packed === -1) return
    for (let shift = 0; shift < 32; shift += 8) {
      const concept = (packed >>> shift) & 255
      if (concept === 255) break
      addConcept(concept, place)
    }
    for (let shift = 0; shift < 32; shift += 8) {
      const concept = (packed >>> shift) & 255
      if (concept === 255) break
      recentConcepts[recent & 15] = concept
      recentPlaces[recent & 15] = place
      recent = (recent + 1) & 0xffffff
    }
  }

  const addPairs = () => {
    for (let a = 0; a < presentCount; a += 1) {
      for (let b = 0; b < presentCount; b += 1) {
        const first = present[a] ?? 0
        const second = present[b] ?? 0
        if (first < second) addFeature(conceptSlots + conceptSlots * conceptSlots + first * conceptSlots + second)
      }
    }
  }

  const start = () => {
    stamp += 1
    window.gramCount = 0
    window.recalledGrams = 0
    window.conceptCount = 0
    window.words = 0
    window.letterWords = 0
    window.knownWords = 0
    window.firedCount = 0
    presentCount = 0
    recentPlaces.fill(-1000)
  }

  const addGram = (hash: number) => {
    if (window.gramCount < grams.length) grams[window.gramCount++] = hash & bucketMask
  }

  return { window, start, addGram, addConcept, addConcepts, addPairs }
}
