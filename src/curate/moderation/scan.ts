import { createUndisguise, type Signs } from './disguise.ts'
import { dropped, foldPair, foldTable, separator } from './fold.ts'
import { hashOf, leadingDigits, numberOf, star, withoutClosingStars } from './letters.ts'
import { exclamationConcept, findConcepts, type Lexicon, questionConcept } from './lexicon.ts'
import { createSpeller, longestRun } from './spelled.ts'
import type { Vocabulary } from './vocabulary.ts'
import { createWindow, type Window } from './window.ts'
import { createWords, type LetterMemory } from './words.ts'

const maxLetters = 24
const minWindow = 32
const maxWindow = 64
/** Chinese, Japanese and Korean signs are words of their own from here … */
const firstIdeograph = 0x2e80
/** … to here. */
const lastSyllable = 0xd7a3

/**
 * Makes a scanner: it reads a text once, in time linear in its length and memory that does not depend on it, and shows each window to `visit`.
 * Words are folded (fold.ts), and disguised and spelled-out ones read as what they stand for (disguise.ts, spelled.ts).
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
  const undisguise = createUndisguise({ lexicon, vocabulary })
  const spell = createSpeller({ lexicon, vocabulary })
  const letters = new Uint16Array(maxLetters + 2)
  const spelled = new Uint16Array(maxLetters + 2)
  const run = new Uint16Array(longestRun)
  const builder = createWindow({ firstGrammar: lexicon.firstGrammar, bucketBits, maxWords: maxWindow + longestRun })
  const { window, start, addConcept, addPairs } = builder
  const words = createWords({ lexicon, vocabulary, builder, onWord, memory })
  const signs: Signs = { hasDigit: false, hasSymbol: false, isMixed: false, hasRun: false, innerCapitals: 0 }
  let length = 0
  let hasLetter = false
  let hasForeign = false
  let hasLatin = false
  let runLength = 0
  let runSign = 0
  let sign = 0
  // After a word that was spelled out two letters are one, too.
  let isSpelling = false
  let isMention = false
  let visit: (window: Window) => void = () => {}

  const endWindow = () => {
    if (window.words === 0 && window.conceptCount === 0) return
    addPairs()
    visit(window)
    start()
  }

  const addSpelled = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) spelled[at - from + 1] = run[at] ?? 0
    words.addWord(spelled, to - from, hashOf(spelled, 1, to - from))
  }

  /** Takes in the letters that stood alone, as words of one letter or as what they spell; all but the last word or letter where `keepsLast`. */
  const endRun = (keepsLast = false) => {
    if (runLength === 0) return
    let from = 0
    if (runLength < (isSpelling ? 2 : 3)) {
      for (const count = runLength - (keepsLast ? 1 : 0); from < count; from += 1) addSpelled(from, from + 1)
    } else {
      isSpelling = true
      const [ends, count] = spell(run, runLength)
      for (let word = 0; word < count - (keepsLast ? 1 : 0); word += 1) {
        const to = ends[word] ?? 0
        addSpelled(from, to)
        from = to
      }
    }
    run.copyWithin(0, from, runLength)
    runLength -= from
    runSign = 0
  }

  /** A letter alone: one more of a run where the same sign stands between all of them; another sign than a space binds closer. */
  const addToRun = (letter: number) => {
    if (runLength > 0 && runSign !== 0 && runSign !== sign) {
      const last = run[runLength - 1] ?? 0
      if (sign > 32) runLength -= 1
      endRun()
      if (sign > 32) run[runLength++] = last
    }
    if (runLength > 0) runSign = sign
    if (runLength === longestRun) endRun(true)
    if (runLength > 0) runSign = sign
    run[runLength++] = letter
  }

  const endWord = () => {
    if (length === 0) return
    if (isMention && !isWordAfterAt()) {
      endRun()
      words.addMention()
    } else if (signs.hasDigit && !hasLetter) {
      endRun()
      words.addNumber(length <= 2 ? numberOf(letters, length) : 0)
    } else endLetters()
    isMention = false
    length = 0
    hasLetter = false
    hasForeign = false
    hasLatin = false
    signs.hasDigit = false
    signs.hasSymbol = false
    signs.hasRun = false
    signs.innerCapitals = 0
  }

  /** Whether the @ of what looks like a name stands for an a: then it is put before the letters. */
  const isWordAfterAt = (): boolean => {
    if (length >= maxLetters) return false
    letters.copyWithin(2, 1, length + 1)
    letters[1] = 97
    length += 1
    const hash = hashOf(letters, 1, length)
    if (findConcepts(lexicon, hash) !== -1) return true
    if (signs.hasSymbol || signs.hasDigit) {
      length = undisguise(letters, length, hash, signs)
      if (findConcepts(lexicon, hashOf(letters, 1, length)) !== -1) return true
    }
    letters.copyWithin(1, 2, length + 1)
    length -= 1
    return false
  }

  const endLetters = () => {
    const first = letters[1] ?? 0
    if (length === 1 && first < firstIdeograph) {
      addToRun(first)
      return
    }
    endRun()
    isSpelling = false
    if (signs.hasDigit && !signs.hasSymbol) {
      const digits = leadingDigits(letters, length)
      if (digits > 0) words.addAgeOf(numberOf(letters, digits), hashOf(letters, digits + 1, length - digits))
    }
    if (signs.hasSymbol) length = withoutClosingStars(letters, length)
    let hash = hashOf(letters, 1, length)
    signs.isMixed = hasForeign && hasLatin
    if (signs.hasDigit || signs.hasSymbol || signs.isMixed || signs.hasRun || signs.innerCapitals !== 0) {
      if (findConcepts(lexicon, hash) === -1) {
        length = undisguise(letters, length, hash, signs)
        hash = hashOf(letters, 1, length)
      }
    }
    words.addWord(letters, length, hash)
  }

  const addLetter = (code: number, raw: number, before: number) => {
    if (code >= firstIdeograph && code <= lastSyllable) endWord()
    if (code <= 57) signs.hasDigit = true
    else {
      hasLetter = true
      if (code < 128) hasLatin = true
      else hasForeign = true
      if (raw === 73 && length > 0 && ((before >= 97 && before <= 122) || (signs.innerCapitals >>> (length - 1)) & 1))
        signs.innerCapitals |= 1 << length
    }
    if (length >= 2 && letters[length] === code && letters[length - 1] === code) signs.hasRun = true
    if (length < maxLetters) letters[++length] = code
    if (code >= firstIdeograph && code <= lastSyllable) endWord()
  }

  /** Whether `! $ * @` belongs to the word: between letters, a $ before or after them, `@$`, and * once more at the end (`f***`). */
  const isPartOfWord = (code: number, following: number): boolean => {
    if (code !== 33 && code !== 36 && code !== star && code !== 64) return false
    if (code === 36 && following >= 97) return true
    if (length === 0) return code === 64 && following === 36
    if (following >= 97 || following === star || following === 36 || following === 64) return true
    if (following >= 48 && following <= 57) return code !== 36
    return (letters[length] === code && (code === star || code === 36)) || (code === 36 && hasLetter && length > 2)
  }

  return (text: string, show: (window: Window) => void): void => {
    visit = show
    words.start()
    runLength = 0
    isSpelling = false
    isMention = false
    start()
    let gap = 0
    for (let at = 0; at < text.length; at += 1) {
      const raw = text.charCodeAt(at)
      let code = fold[raw] ?? 0
      if ((raw === 0xd835 || raw === 0xd83c) && at + 1 < text.length) {
        at += 1
        code = foldPair(raw, text.charCodeAt(at))
      }
      if (code === dropped) continue
      if (code >= 97 || (code >= 48 && code <= 57)) {
        if (length === 0 && gap > 1) endRun()
        gap = 0
        addLetter(code, raw, text.charCodeAt(at - 1))
        continue
      }
      const following = fold[text.charCodeAt(at + 1)] ?? separator
      if (code === 39 && length > 0 && following >= 97) {
        if (length < maxLetters) letters[++length] = code
      } else if (isPartOfWord(code, following)) {
        signs.hasSymbol = true
        if (length < maxLetters) letters[++length] = code
      } else {
        endWord()
        gap += 1
        sign = raw
        if (code === 64 && following >= 97) isMention = true
        if (code === 63 || code === 33) {
          endRun()
          addConcept(code === 63 ? questionConcept : exclamationConcept, window.words)
        }
        const isEnd = code === 33 || code === 63 || code === 10 || (code === 46 && !(runLength > 0 && following >= 97))
        if (isEnd && window.words >= minWindow) {
          endRun()
          endWindow()
        }
      }
      if (window.words >= maxWindow) endWindow()
    }
    endWord()
    endRun()
    endWindow()
  }
}
