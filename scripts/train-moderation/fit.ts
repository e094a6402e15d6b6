import type { Lexicon } from '../../src/curate/moderation/lexicon.ts'
import { createScanner } from '../../src/curate/moderation/scan.ts'
import type { Vocabulary } from '../../src/curate/moderation/vocabulary.ts'
import { conceptFeatures } from '../../src/curate/moderation/window.ts'
import { mulberry } from '../../src/mulberry.ts'
import { type Example, outputs } from './example.ts'

/** Windows of examples as features, ready for many passes. */
export interface Features {
  grams: Int32Array[]
  concepts: Int32Array[]
  /** Row of each word's vector, -1 where it has none. */
  rows: Int32Array[]
  /** Concepts with their places, as the scanner gives them. */
  fired: Int32Array[]
  /** Example that the window is of. */
  owner: Int32Array
}

/** Weights of the linear stage, output by output within a feature. */
export interface Weights {
  grams: Float32Array
  concepts: Float32Array
  bias: Float32Array
}

/** Reads every example into windows, at most `maxWindows` of each. */
export function scanExamples(
  examples: readonly Example[],
  parts: { lexicon: Lexicon; vocabulary: Vocabulary; bucketBits: number },
  rowOf: ReadonlyMap<number, number>,
  maxWindows: number,
): Features {
  const scan = createScanner(parts)
  const grams: Int32Array[] = []
  const concepts: Int32Array[] = []
  const rows: Int32Array[] = []
  const fired: Int32Array[] = []
  const owner: number[] = []
  examples.forEach(({ text }, at) => {
    let windows = 0
    scan(text, (window) => {
      windows += 1
      if (windows > maxWindows) return
      grams.push(window.grams.slice(0, window.gramCount))
      concepts.push(window.concepts.slice(0, window.conceptCount))
      rows.push(window.tokens.slice(0, window.words).map((word) => rowOf.get(word) ?? -1))
      fired.push(window.fired.slice(0, window.firedCount))
      owner.push(at)
    })
  })
  return { grams, concepts, rows, fired, owner: Int32Array.from(owner) }
}

/** Weighted logistic regression for all outputs at once (Adagrad); unknown targets give no push. */
export function fitLinear(
  features: Features,
  examples: readonly Example[],
  options: { bucketBits: number; epochs: number; rate: number; conceptRate: number; gramDropout: number; decay: number; seed: number },
): Weights {
  const { bucketBits, epochs, rate, conceptRate, gramDropout, decay } = options
  const next = mulberry(options.seed)
  const weights: Weights = {
    grams: new Float32Array(2 ** bucketBits * outputs),
    concepts: new Float32Array(conceptFeatures * outputs),
    bias: new Float32Array(outputs).fill(-2),
  }
  const seenGrams = new Float32Array(weights.grams.length).fill(1e-2)
  const seenConcepts = new Float32Array(weights.concepts.length).fill(1e-2)
  const order = Int32Array.from(features.owner.keys())
  const windowsOf = new Int32Array(examples.length)
  for (const owner of features.owner) windowsOf[owner] = (windowsOf[owner] ?? 0) + 1
  const push = new Float32Array(outputs)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = Math.floor(next() * (at + 1))
      const kept = order[at] ?? 0
      order[at] = order[other] ?? 0
      order[other] = kept
    }
    const step = 1 - epoch / (epochs + 1)
    for (const index of order) {
      const owner = features.owner[index] ?? 0
      const { targets, weight } = examples[owner] as Example
      const grams = features.grams[index] as Int32Array
      const concepts = features.concepts[index] as Int32Array
      const useGrams = next() >= gramDropout
      const scale = useGrams && grams.length > 0 ? 1 / Math.sqrt(grams.length) : 0
      const logits = scoreWindow(weights, grams, concepts, useGrams)
      const share = weight / Math.sqrt(windowsOf[owner] ?? 1)
      for (let k = 0; k < outputs; k += 1) {
        const target = targets[k] ?? Number.NaN
        push[k] = Number.isNaN(target) ? 0 : share * (1 / (1 + Math.exp(-(logits[k] ?? 0))) - target)
        weights.bias[k] = (weights.bias[k] ?? 0) - 0.01 * step * (push[k] ?? 0)
      }
      for (let k = 0; k < outputs; k += 1) {
        const force = push[k] ?? 0
        if (Math.abs(force) < 1e-3) continue
        for (let g = 0; scale > 0 && g < grams.length; g += 1) {
          const place = (grams[g] ?? 0) * outputs + k
          const gradient = force * scale + decay * (weights.grams[place] ?? 0)
          const seen = (seenGrams[place] ?? 0) + gradient * gradient
          seenGrams[place] = seen
          weights.grams[place] = (weights.grams[place] ?? 0) - (rate * step * gradient) / Math.sqrt(seen)
        }
        for (let c = 0; c < concepts.length; c += 1) {
          const place = (concepts[c] ?? 0) * outputs + k
          const gradient = force + decay * 3 * (weights.concepts[place] ?? 0)
          const seen = (seenConcepts[place] ?? 0) + gradient * gradient
          seenConcepts[place] = seen
          weights.concepts[place] = (weights.concepts[place] ?? 0) - (conceptRate * step * gradient) / Math.sqrt(seen)
        }
      }
    }
  }
  return weights
}

/** Logits of one window. */
export function scoreWindow(weights: Weights, grams: Int32Array, concepts: Int32Array, useGrams = true): Float32Array {
  const logits = new Float32Array(outputs)
  if (useGrams && grams.length > 0) {
    for (let g = 0; g < grams.length; g += 1) {
      const place = (grams[g] ?? 0) * outputs
      for (let k = 0; k < outputs; k += 1) logits[k] = (logits[k] ?? 0) + (weights.grams[place + k] ?? 0)
    }
    const scale = 1 / Math.sqrt(grams.length)
    for (let k = 0; k < outputs; k += 1) logits[k] = (logits[k] ?? 0) * scale
  }
  for (let c = 0; c < concepts.length; c += 1) {
    const place = (concepts[c] ?? 0) * outputs
    for (let k = 0; k < outputs; k += 1) logits[k] = (logits[k] ?? 0) + (weights.concepts[place + k] ?? 0)
  }
  for (let k = 0; k < outputs; k += 1) logits[k] = (logits[k] ?? 0) + (weights.bias[k] ?? 0)
  return logits
}
