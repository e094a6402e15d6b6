import { cacheWords } from './cache.ts'
import { readGreeting } from './greetings.ts'
import { gramLanguages, type Language, scriptLanguages, unknownLanguage } from './languages.ts'
import { scripts } from './letters.ts'
import type { GramTable, LanguageModel } from './model.ts'
import { findProse } from './prose.ts'
import { scanWords, type WordSink } from './scan.ts'
import { scoreVowelSigns } from './vowel-signs.ts'

/** The language of one text. */
export interface Detection extends Language {
  /** Probability that the name is right, 0–1, as measured on held-out text (docs/language.md). */
  confidence: number
  /** Letters that were read: how much the answer rests on. */
  letters: number
  /** Where the answer is not certain: the next likely languages and their probabilities, 4 at most. */
  others?: readonly (Language & { confidence: number })[]
}

/** Tells languages; keeps buffers and frequent words, so one serves a thread. */
export interface Detector {
  detect(text: string): Detection
}

/** Scripts that count as one: what is written in any of them is decided together. */
const family = scripts.map((script) => (script === 'Hiragana' || script === 'Katakana' ? 'Han' : script))
// What a letter weighs when scripts meet in one text. Latin letters stand in every language's technical text; a Han or Hangul sign is a syllable or more.
const letterWeight: Readonly<Record<string, number>> = { Latin: 0.4, Han: 2.5, Hangul: 2 }
/** Log-odds that a kana speaks for Japanese. */
const kanaEvidence = 3
/** Log-odds for Chinese where there are no kana: Japanese without any is rare. */
const hanPrior = 3

// Judged, not measured: "no" and "ok" are said in many languages.
const greetingConfidence = 0.8

/** A detector on trained weights. */
export function createDetector(model: LanguageModel): Detector {
  const evidence = scripts.map((script) => openEvidence(script, model))
  const letters = new Float64Array(scripts.length + 2)
  const words = new Float64Array(scripts.length + 2)
  const han = scripts.indexOf('Han')
  const single = new Uint16Array(3)

  const sink: WordSink = {
    word(script, units, length) {
      letters[script] = (letters[script] ?? 0) + length
      words[script] = (words[script] ?? 0) + 1
      const { table, sums } = evidence[script - 1] ?? {}
      if (!table || !sums) return
      if (script - 1 !== han) return table.score(units, length, sums)
      for (let at = 1; at <= length; at++) {
        single[1] = units[at] ?? 0
        table.score(single, 1, sums)
      }
    },
  }

  const read = (text: string) => {
    letters.fill(0)
    words.fill(0)
    for (const { sums } of evidence) sums?.fill(0)
    let codeLetters = 0
    let hasLooseAccents = false
    for (const { start, end } of findProse(text)) {
      const counts = scanWords(text, start, end, sink)
      codeLetters += counts.codeLetters
      hasLooseAccents ||= counts.hasLooseAccents
    }
    return { codeLetters, hasLooseAccents }
  }

  return {
    detect(text) {
      const greeting = readGreeting(text)
      if (greeting) return { ...greeting, confidence: greetingConfidence, letters: text.length }
      let { codeLetters, hasLooseAccents } = read(text)
      if (hasLooseAccents) {
        const prose = findProse(text).map(({ start, end }) => text.slice(start, end))
        codeLetters = read(prose.join(' ').normalize('NFC')).codeLetters
      }
      return decide(codeLetters)
    },
  }

  function decide(codeLetters: number): Detection {
    const masses = new Map<string, number>()
    let total = 0
    let count = 0
    for (let script = 1; script < letters.length; script++) {
      const found = letters[script] ?? 0
      if (found === 0) continue
      const name = family[script - 1] ?? 'other'
      const mass = found * (letterWeight[name] ?? 1)
      masses.set(name, (masses.get(name) ?? 0) + mass)
      total += mass
      count += found
    }
    if (count === 0) return { ...unknownLanguage, confidence: codeLetters > 0 ? 0.9 : 1, letters: 0 }
    const [best = 'other', mass = 0] = [...masses].reduce((a, b) => (b[1] > a[1] ? b : a))
    if (best === 'Latin' && count < codeLetters / 4) return { ...unknownLanguage, confidence: 0.8, letters: count }
    const share = mass / total
    const answer = answerOf(best)
    return { ...answer, confidence: Math.round(answer.confidence * Math.sqrt(share) * 1e4) / 1e4, letters: count }
  }

  function answerOf(name: string): Omit<Detection, 'letters'> {
    const script = scripts.indexOf(name)
    const known = scriptLanguages[name]
    if (known) return { name: known[0], code: known[1], confidence: 0.99 }
    const { table, sums, names } = evidence[script] ?? {}
    if (!table || !sums || !names) return { ...unknownLanguage, confidence: 0.5 }
    if (name === 'Han') {
      const kana = (letters[scripts.indexOf('Hiragana') + 1] ?? 0) + (letters[scripts.indexOf('Katakana') + 1] ?? 0)
      const japanese = table.codes.indexOf('ja')
      sums[japanese] = (sums[japanese] ?? 0) + Math.round((kana > 0 ? kana * kanaEvidence : -hanPrior) / model.step)
    }
    return softmax(sums, names, model.step / heat(words[script + 1] ?? 1))
  }
}

/**
 * By how much evidence is overstated: letters of a word, and words of a text, are not independent. Least log-loss on 26,000 texts of known language was at
 * 2 for one word, 3 for two, 5 for 14, 8 for 30 (docs/language.md).
 */
function heat(words: number): number {
  return Math.min(8, 2.3 + 0.13 * words)
}

interface Evidence {
  table?: GramTable
  sums?: Int32Array
  names?: Language[]
}

function openEvidence(script: string, model: LanguageModel): Evidence {
  const table = model.tables.get(script)
  if (!table) return {}
  const known = Object.values(gramLanguages).flat()
  const names = table.codes.map((code) => ({ name: known.find((row) => row[1] === code)?.[0] ?? code, code }))
  const own = script === 'Devanagari' ? scoreVowelSigns(table) : table
  return { table: script === 'Han' ? table : cacheWords(own), sums: new Int32Array(table.codes.length), names }
}

/** Under this, what else it could be is told, too. */
const certain = 0.9
const mostOthers = 4
const shares = new Float64Array(64)

function softmax(sums: Int32Array, names: readonly Language[], scale: number): Omit<Detection, 'letters'> {
  let best = 0
  for (let at = 1; at < names.length; at++) if ((sums[at] ?? 0) > (sums[best] ?? 0)) best = at
  let total = 0
  for (let at = 0; at < names.length; at++) {
    const share = Math.exp(((sums[at] ?? 0) - (sums[best] ?? 0)) * scale)
    shares[at] = share
    total += share
  }
  const answer = { ...(names[best] ?? unknownLanguage), confidence: 1 / total }
  if (answer.confidence >= certain) return answer
  const others: (Language & { confidence: number })[] = []
  shares[best] = 0
  for (let count = 0; count < mostOthers; count++) {
    let next = 0
    for (let at = 1; at < names.length; at++) if ((shares[at] ?? 0) > (shares[next] ?? 0)) next = at
    const name = names[next]
    if (name) others.push({ name: name.name, code: name.code, confidence: (shares[next] ?? 0) / total })
    shares[next] = 0
  }
  return { ...answer, others }
}
