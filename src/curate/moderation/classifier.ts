import { categories, type MessageModeration, moderationFrom, type PerCategory, perCategory } from './categories.ts'
import { type Model, modelOutputs } from './model.ts'
import { createScanner, type LetterMemory, type Window } from './scan.ts'

/** Share of known words below which the classifier does not claim to understand a text. */
const understood = 0.55

/** Scores of one text from our own weights. */
export interface Judged {
  scores: PerCategory<number>
  /** Share of the text's words that training had; 1 for a text without words. */
  known: number
  words: number
}

/**
 * Makes the offline judge: hashed features, one linear stage per window of 32–64 words, and a calibrated reading of a message's windows.
 * Time linear in the text, memory independent of it. Not reentrant: one judge a thread.
 */
export function createJudge(model: Model): (text: string) => Judged {
  const { header, grams, concepts } = model
  const letterSums = new Int32Array(modelOutputs)
  const memory = rememberLetters(grams, letterSums)
  const scan = createScanner({ lexicon: model.lexicon, vocabulary: model.vocabulary, bucketBits: header.bucketBits, memory })
  const gramSums = new Int32Array(modelOutputs)
  const conceptSums = new Int32Array(modelOutputs)
  const highest = new Float64Array(modelOutputs)
  const sums = new Float64Array(modelOutputs)
  let windows = 0
  let words = 0
  let known = 0

  const readWindow = (window: Window) => {
    sumRows(gramSums, grams, window.grams, 0, window.gramCount)
    sumRows(conceptSums, concepts, window.concepts, 0, window.conceptCount)
    const scale = 1 / Math.sqrt(Math.max(1, window.gramCount + window.recalledGrams))
    for (let k = 0; k < modelOutputs; k += 1) {
      const logit =
        (header.bias[k] ?? 0) +
        ((gramSums[k] ?? 0) + (letterSums[k] ?? 0)) * (header.gramScales[k] ?? 0) * scale +
        (conceptSums[k] ?? 0) * (header.conceptScales[k] ?? 0)
      sums[k] = (sums[k] ?? 0) + logit
      if (windows === 0 || logit > (highest[k] ?? 0)) highest[k] = logit
    }
    letterSums.fill(0)
    windows += 1
    words += window.words
    known += window.knownWords
  }

  return (text) => {
    sums.fill(0)
    windows = 0
    words = 0
    known = 0
    scan(text, readWindow)
    if (windows === 0) return { scores: perCategory(() => 0), known: 1, words: 0 }
    const read = (k: number) => {
      const [top = 0, mean = 0, many = 0, constant = 0] = header.calibration[k] ?? []
      return sigmoid(top * (highest[k] ?? 0) + (mean * (sums[k] ?? 0)) / windows + many * Math.log(windows) + constant)
    }
    const own = perCategory((_, k) => read(k))
    // The output "any of them" saw more labels than any category; the highest score meets it halfway, and the others keep their proportion to it.
    const best = Math.max(...categories.map((category) => own[category]))
    const lift = best > 0 ? (best + read(categories.length)) / (2 * best) : 0
    const scores = perCategory((category) => Math.min(1, own[category] * lift))
    return { scores, known: words === 0 ? 1 : known / words, words }
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
