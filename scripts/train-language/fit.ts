import { emptyGram, extendGram, longestGram } from '../../src/curate/language/grams.ts'
import type { Features } from './features.ts'
import type { Words } from './words.ts'

/** What is to be learnt, and how long. */
export interface Fit {
  features: Features
  /** Made words of each language; the last 2 % are held out. */
  words: Words[]
  steps: number
  /** Pace of learning, in log-odds: many languages need more unlearning of what pruning left uneven than few. */
  rate: number
  /** Squared slope that each weight starts with: the less, the farther the first steps go. */
  caution: number
  random: () => number
  log: (line: string) => void
}

const tiny = 0.002

/**
 * Weights of each feature for each of its languages (same places as `features.weights`): softmax regression on texts of 1 to 3 made
 * words, languages alike often, by AdaGrad from the chain's weights.
 */
export function fitWeights({ features, words, steps, rate, caution, random, log }: Fit): Float32Array {
  const { starts, languages } = features
  const weights = features.weights.slice()
  const squares = new Float32Array(weights.length).fill(caution)
  const find = indexFeatures(features)
  const count = words.length
  const logits = new Float64Array(count)
  const found = new Int32Array(1024)
  const addWord = (list: Words, word: number, length: number): number => {
    const end = list.starts[word + 1] ?? 0
    let size = length
    for (let from = list.starts[word] ?? 0; from < end; from++) {
      let hash = emptyGram
      for (let at = from; at < Math.min(end, from + longestGram); at++) {
        hash = extendGram(hash, list.units[at] ?? 0)
        const id = find(hash)
        if (id >= 0 && size < found.length) found[size++] = id
      }
    }
    return size
  }
  const forward = (size: number): number => {
    logits.fill(0)
    for (let at = 0; at < size; at++) {
      const id = found[at] ?? 0
      for (let entry = starts[id] ?? 0, end = starts[id + 1] ?? 0; entry < end; entry++) {
        const language = languages[entry] ?? 0
        logits[language] = (logits[language] ?? 0) + (weights[entry] ?? 0)
      }
    }
    let best = 0
    for (let language = 1; language < count; language++) if ((logits[language] ?? 0) > (logits[best] ?? 0)) best = language
    return best
  }
  const split = words.map((list) => Math.floor((list.starts.length - 1) * 0.98))
  const test = (when: string) => {
    let tests = 0
    let good = 0
    words.forEach((list, truth) => {
      for (let word = split[truth] ?? 0; word < list.starts.length - 1; word++) {
        tests++
        if (forward(addWord(list, word, 0)) === truth) good++
      }
    })
    log(`  ${when}: ${((100 * good) / tests).toFixed(2)} % of ${tests} held-out made words`)
  }
  test('before learning')
  let right = 0
  for (let step = 1; step <= steps; step++) {
    const truth = Math.floor(random() * count)
    const list = words[truth]
    if (!list) continue
    const draw = random()
    let size = 0
    for (let k = draw < 0.6 ? 1 : draw < 0.9 ? 2 : 3; k > 0; k--) size = addWord(list, Math.floor(random() * (split[truth] ?? 1)), size)
    const best = forward(size)
    if (best === truth) right++
    const top = logits[best] ?? 0
    let sum = 0
    for (let language = 0; language < count; language++) sum += logits[language] = Math.exp((logits[language] ?? 0) - top)
    for (let language = 0; language < count; language++) logits[language] = (language === truth ? 1 : 0) - (logits[language] ?? 0) / sum
    const pace = rate * (1 - (0.9 * step) / steps)
    for (let at = 0; at < size; at++) {
      const id = found[at] ?? 0
      for (let entry = starts[id] ?? 0, end = starts[id + 1] ?? 0; entry < end; entry++) {
        const slope = logits[languages[entry] ?? 0] ?? 0
        // Most languages are out of the question for most texts; leaving their weights alone is three times as fast and costs nothing.
        if (slope > -tiny && slope < tiny) continue
        const square = (squares[entry] ?? 0) + slope * slope
        squares[entry] = square
        weights[entry] = (weights[entry] ?? 0) + (pace * slope) / Math.sqrt(square)
      }
    }
    if (step % 500_000 === 0) {
      log(`  step ${step}: ${((100 * right) / 500_000).toFixed(2)} % right while learning`)
      right = 0
    }
  }
  test('after learning')
  return weights
}

function indexFeatures({ hashes }: Features): (hash: number) => number {
  let size = 1024
  while (size < hashes.length * 2) size *= 2
  const ids = new Int32Array(size).fill(-1)
  for (let id = 0; id < hashes.length; id++) {
    let slot = (hashes[id] ?? 0) & (size - 1)
    while (ids[slot] !== -1) slot = (slot + 1) & (size - 1)
    ids[slot] = id
  }
  return (hash) => {
    for (let slot = hash & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const id = ids[slot] ?? -1
      if (id === -1 || hashes[id] === hash) return id
    }
  }
}
