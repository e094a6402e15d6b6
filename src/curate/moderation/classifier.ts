import { categories, type MessageModeration, moderationFrom, type PerCategory, perCategory } from './categories.ts'
import { type Model, modelOutputs } from './model.ts'
import { createNetwork } from './network.ts'
import { createScanner } from './scan.ts'
import type { Window } from './window.ts'
import type { LetterMemory } from './words.ts'

/** Share of known words below which the classifier does not claim to understand a text. */
const understood = 0.5

/** Scores of one text from our own weights. */
export interface Judged {
  scores: PerCategory<number>
  /** Share of the text's words of letters that training had; 1 for a text without any. */
  known: number
  words: number
}

/** What the two stages make of a text, before calibration: for each output the highest and the mean logit of its windows. */
export interface Reading {
  highest: Float64Array
  mean: Float64Array
  networkHighest: Float64Array
  networkMean: Float64Array
  windows: number
  words: number
  letterWords: number
  knownWords: number
}

/**
 * Logit of the first stage below which, for every output, a window counts as clean and the second stage is not asked: three in five windows of ordinary
 * chat, at a cost of .001 of AUPRC (docs/moderation.md).
 */
const surelyClean = -2

/**
 * Makes the reader of texts: hashed features and a linear stage for each window of 32–64 words, and a network over word vectors for those that are not
 * surely clean. Time linear in the text, memory independent of it. Not reentrant: one reader a thread; it gives the same object each time.
 */
export function createReader(model: Model): (text: string) => Reading {
  const { header, grams, concepts } = model
  const letterSums = new Int32Array(modelOutputs)
  const memory = rememberLetters(grams, letterSums)
  const scan = createScanner({ lexicon: model.lexicon, vocabulary: model.vocabulary, bucketBits: header.bucketBits, memory })
  const ask = createNetwork(model.network)
  const gramSums = new Int32Array(modelOutputs)
  const conceptSums = new Int32Array(modelOutputs)
  const linear = new Float64Array(modelOutputs)
  const second = new Float64Array(modelOutputs)
  const reading: Reading = {
    highest: new Float64Array(modelOutputs),
    mean: new Float64Array(modelOutputs),
    networkHighest: new Float64Array(modelOutputs),
    networkMean: new Float64Array(modelOutputs),
    windows: 0,
    words: 0,
    letterWords: 0,
    knownWords: 0,
  }

  const readWindow = (window: Window) => {
    sumRows(gramSums, grams, window.grams, 0, window.gramCount)
    sumRows(conceptSums, concepts, window.concepts, 0, window.conceptCount)
    const scale = 1 / Math.sqrt(Math.max(1, window.gramCount + window.recalledGrams))
    let top = Number.NEGATIVE_INFINITY
    for (let k = 0; k < modelOutputs; k += 1) {
      const logit =
        (header.bias[k] ?? 0) +
        ((gramSums[k] ?? 0) + (letterSums[k] ?? 0)) * (header.gramScales[k] ?? 0) * scale +
        (conceptSums[k] ?? 0) * (header.conceptScales[k] ?? 0)
      linear[k] = logit
      if (logit > top) top = logit
    }
    letterSums.fill(0)
    if (top >= surelyClean) ask(window, second)
    else second.set(linear)
    take(reading.highest, reading.mean, linear, reading.windows === 0)
    take(reading.networkHighest, reading.networkMean, second, reading.windows === 0)
    reading.windows += 1
    reading.words += window.words
    reading.letterWords += window.letterWords
    reading.knownWords += window.knownWords
  }

  return (text) => {
    reading.mean.fill(0)
    reading.networkMean.fill(0)
    reading.windows = 0
    reading.words = 0
    reading.letterWords = 0
    reading.knownWords = 0
    scan(text, readWindow)
    for (let k = 0; k < modelOutputs && reading.windows > 0; k += 1) {
      reading.mean[k] = (reading.mean[k] as number) / reading.windows
      reading.networkMean[k] = (reading.networkMean[k] as number) / reading.windows
    }
    return reading
  }
}

/** Takes a window's logits into the highest and the sum of a text's. */
function take(highest: Float64Array, sums: Float64Array, logits: Float64Array, isFirst: boolean): void {
  for (let k = 0; k < logits.length; k += 1) {
    const logit = logits[k] as number
    sums[k] = (sums[k] as number) + logit
    if (isFirst || logit > (highest[k] as number)) highest[k] = logit
  }
}

/** The numbers that calibration weighs for an output: highest and mean of the first stage, of the second, ln(windows), and 1. */
export function calibrationInputs(reading: Reading, output: number): [number, number, number, number, number, number] {
  return [
    reading.highest[output] ?? 0,
    reading.mean[output] ?? 0,
    reading.networkHighest[output] ?? 0,
    reading.networkMean[output] ?? 0,
    Math.log(reading.windows),
    1,
  ]
}

/** Makes the offline judge: a calibrated reading of a message's windows. Not reentrant: one judge a thread. */
export function createJudge(model: Model): (text: string) => Judged {
  const read = createReader(model)
  const { calibration } = model.header
  return (text) => {
    const reading = read(text)
    const { windows, words, letterWords, knownWords } = reading
    if (windows === 0) return { scores: perCategory(() => 0), known: 1, words: 0 }
    const score = (k: number) => {
      const weights = calibration[k] ?? []
      return sigmoid(calibrationInputs(reading, k).reduce((sum, input, at) => sum + input * (weights[at] ?? 0), 0))
    }
    const own = perCategory((_, k) => score(k))
    // The output "any of them" saw more labels than any category; the highest score meets it halfway, and the others keep their proportion to it.
    const best = Math.max(...categories.map((category) => own[category]))
    const lift = best > 0 ? (best + score(categories.length)) / (2 * best) : 0
    const scores = perCategory((category) => Math.min(1, own[category] * lift))
    return { scores, known: letterWords === 0 ? 1 : knownWords / letterWords, words }
  }
}

/** Judges a message and applies the thresholds; text that the classifier was not trained to read is marked `confidence: 'low'`. */
export function createClassifier(
  model: Model,
  thresholds: PerCategory<number> = model.header.thresholds,
): (text: string) => MessageModeration {
  const judge = createJudge(model)
  return (text) => {
    const { scores, known, words } = judge(text)
    const moderation = moderationFrom(scores, thresholds)
    const isBlank = words === 0 && text.trim() === ''
    return (words === 0 && !isBlank) || known < understood ? { ...moderation, confidence: 'low' } : moderation
  }
}

/** 8 Ki words by hash, each with its letter sequences' number and sums; a newer word takes an older one's place. */
function rememberLetters(weights: Int8Array, into: Int32Array): LetterMemory {
  const places = 8192
  const words = new Int32Array(places)
  const counts = new Int16Array(places).fill(-1)
  const kept = new Int16Array(places * modelOutputs)
  const fresh = new Int32Array(modelOutputs)
  const add = (place: number) => {
    const row = place * modelOutputs
    for (let k = 0; k < modelOutputs; k += 1) into[k] = (into[k] as number) + (kept[row + k] as number)
  }
  return {
    recall(word) {
      const place = word & (places - 1)
      if (words[place] !== word || counts[place] === -1) return -1
      add(place)
      return counts[place] as number
    },
    learn(word, grams, from, to) {
      const place = word & (places - 1)
      sumRows(fresh, weights, grams, from, to)
      words[place] = word
      counts[place] = to - from
      kept.set(fresh, place * modelOutputs)
      add(place)
    },
  }
}

/** Adds up rows of twelve int8 weights; written out because it is where the time goes. */
function sumRows(sums: Int32Array, weights: Int8Array, rows: Int32Array, from: number, to: number): void {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let s4 = 0
  let s5 = 0
  let s6 = 0
  let s7 = 0
  let s8 = 0
  let s9 = 0
  let s10 = 0
  let s11 = 0
  for (let at = from; at < to; at += 1) {
    const row = (rows[at] as number) * modelOutputs
    s0 += weights[row] as number
    s1 += weights[row + 1] as number
    s2 += weights[row + 2] as number
    s3 += weights[row + 3] as number
    s4 += weights[row + 4] as number
    s5 += weights[row + 5] as number
    s6 += weights[row + 6] as number
    s7 += weights[row + 7] as number
    s8 += weights[row + 8] as number
    s9 += weights[row + 9] as number
    s10 += weights[row + 10] as number
    s11 += weights[row + 11] as number
  }
  sums[0] = s0
  sums[1] = s1
  sums[2] = s2
  sums[3] = s3
  sums[4] = s4
  sums[5] = s5
  sums[6] = s6
  sums[7] = s7
  sums[8] = s8
  sums[9] = s9
  sums[10] = s10
  sums[11] = s11
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}
