import { conceptSlots } from '../../src/curate/moderation/lexicon.ts'
import { type Network, reach } from '../../src/curate/moderation/network.ts'
import { mulberry } from '../../src/mulberry.ts'
import { type Example, outputs } from './example.ts'
import type { Features } from './fit.ts'
import type { Vectors } from './vectors.ts'

/** How the second stage is fitted. */
export interface NetworkOptions {
  filters: number
  hidden: number
  epochs: number
  rate: number
  batch: number
  wordDropout: number
  conceptDropout: number
  featureDropout: number
  decay: number
  seed: number
}

/** Share of the steps after which the weights count: their mean has less of chance than those of the last step. */
const lateFrom = 0.6

interface Parameter {
  values: Float32Array
  gradient: Float32Array
  mean: Float32Array
  square: Float32Array
  /** Sum of the values after each of the last steps. */
  late: Float64Array
}

/** Fits filters, hidden layer and outputs on fixed word vectors: Adam, weighted logistic loss, unknown targets give no push; the mean of late steps. */
export function fitNetwork(features: Features, examples: readonly Example[], vectors: Vectors, options: NetworkOptions): Network {
  const { filters, hidden, batch } = options
  const { dimensions } = vectors
  const next = mulberry(options.seed)
  const stride = reach * filters
  const parameter = (size: number, spread: number): Parameter => ({
    values: Float32Array.from({ length: size }, () => (next() + next() + next() - 1.5) * 2 * spread),
    gradient: new Float32Array(size),
    mean: new Float32Array(size),
    square: new Float32Array(size),
    late: new Float64Array(size),
  })
  const convolution = parameter(stride * dimensions, 1 / Math.sqrt(reach * dimensions))
  const concepts = parameter(reach * conceptSlots * filters, 0.1)
  const filterBias = parameter(filters, 0)
  const width = filters + dimensions
  const hiddenWeights = parameter(hidden * width + hidden, 1 / Math.sqrt(width))
  const outputWeights = parameter(outputs * hidden + outputs, 1 / Math.sqrt(hidden))
  hiddenWeights.values.fill(0, hidden * width)
  outputWeights.values.fill(-2, outputs * hidden)
  const all = [convolution, concepts, filterBias, hiddenWeights, outputWeights]

  const windowsOf = new Int32Array(examples.length)
  for (const owner of features.owner) windowsOf[owner] = (windowsOf[owner] ?? 0) + 1
  const order = Int32Array.from(features.owner.keys())
  const placeOf = new Int32Array(vectors.words.length).fill(-1)
  const sums = new Float32Array(140 * filters)
  const best = new Int32Array(filters)
  const kept = new Int32Array(140)
  const highest = new Float32Array(width)
  const inner = new Float32Array(hidden)
  const innerPush = new Float32Array(hidden)
  const push = new Float32Array(outputs)
  const filterPush = new Float32Array(filters)
  let steps = 0
  let lateSteps = 0

  const learn = (members: Int32Array, rate: number) => {
    // A word's part in the filters is worked out once a batch.
    const rows: number[] = []
    for (const index of members)
      for (const row of features.rows[index] as Int32Array) {
        if (row >= 0 && placeOf[row] === -1) {
          placeOf[row] = rows.length
          rows.push(row)
        }
      }
    const parts = new Float32Array(rows.length * stride)
    rows.forEach((row, at) => {
      for (let k = 0; k < stride; k += 1) {
        let sum = 0
        for (let d = 0; d < dimensions; d += 1)
          sum += (vectors.values[row * dimensions + d] as number) * (convolution.values[k * dimensions + d] as number)
        parts[at * stride + k] = sum
      }
    })
    for (const parameter of all) parameter.gradient.fill(0)
    let total = 0
    for (const index of members) {
      const owner = features.owner[index] ?? 0
      const { targets, weight } = examples[owner] as Example
      const words = features.rows[index] as Int32Array
      const fired = features.fired[index] as Int32Array
      const length = Math.min(words.length, 126)
      const useConcepts = next() >= options.conceptDropout
      sums.fill(0, 0, (length + 2) * filters)
      kept.fill(-1)
      highest.fill(0)
      let known = 0
      for (let place = 0; place < length; place += 1) {
        const row = words[place] as number
        if (row < 0 || next() < options.wordDropout) continue
        kept[place] = row
        known += 1
        for (let d = 0; d < dimensions; d += 1)
          highest[filters + d] = (highest[filters + d] as number) + (vectors.values[row * dimensions + d] as number)
        const to = place * filters
        const from = (placeOf[row] as number) * stride
        for (let at = 0; at < stride; at += 1) sums[to + at] = (sums[to + at] as number) + (parts[from + at] as number)
      }
      if (useConcepts)
        for (const found of fired) {
          const place = Math.min(found >>> 8, length)
          for (let offset = 0; offset < reach && place + offset <= length + 1; offset += 1) {
            const to = (place + offset) * filters
            const from = (offset * conceptSlots + (found & 255)) * filters
            for (let f = 0; f < filters; f += 1) sums[to + f] = (sums[to + f] as number) + (concepts.values[from + f] as number)
          }
        }
      best.fill(-1)
      for (let d = filters; d < width; d += 1) highest[d] = (highest[d] as number) / Math.max(1, known)
      for (let place = 0; place < length + 2; place += 1) {
        const from = place * filters
        for (let f = 0; f < filters; f += 1) {
          const value = (sums[from + f] as number) + (filterBias.values[f] as number)
          if (value <= (highest[f] as number)) continue
          highest[f] = value
          best[f] = place
        }
      }
      for (let f = 0; f < filters; f += 1) {
        const isKept = next() >= options.featureDropout
        highest[f] = isKept ? (highest[f] as number) / (1 - options.featureDropout) : 0
        if (!isKept) best[f] = -1
      }
      for (let h = 0; h < hidden; h += 1) {
        let sum = hiddenWeights.values[hidden * width + h] as number
        for (let f = 0; f < width; f += 1) sum += (hiddenWeights.values[h * width + f] as number) * (highest[f] as number)
        inner[h] = Math.max(sum, 0)
      }
      const share = weight / Math.sqrt(windowsOf[owner] ?? 1)
      total += share
      innerPush.fill(0)
      for (let k = 0; k < outputs; k += 1) {
        const target = targets[k] ?? Number.NaN
        if (Number.isNaN(target)) continue
        let logit = outputWeights.values[outputs * hidden + k] as number
        for (let h = 0; h < hidden; h += 1) logit += (outputWeights.values[k * hidden + h] as number) * (inner[h] as number)
        push[k] = share * (1 / (1 + Math.exp(-logit)) - target)
        const force = push[k] as number
        const bias = outputs * hidden + k
        outputWeights.gradient[bias] = (outputWeights.gradient[bias] as number) + force
        for (let h = 0; h < hidden; h += 1) {
          const at = k * hidden + h
          outputWeights.gradient[at] = (outputWeights.gradient[at] as number) + force * (inner[h] as number)
          innerPush[h] = (innerPush[h] as number) + force * (outputWeights.values[at] as number)
        }
      }
      filterPush.fill(0)
      for (let h = 0; h < hidden; h += 1) {
        if ((inner[h] as number) <= 0) continue
        const force = innerPush[h] as number
        const bias = hidden * width + h
        hiddenWeights.gradient[bias] = (hiddenWeights.gradient[bias] as number) + force
        for (let f = 0; f < width; f += 1) {
          const at = h * width + f
          hiddenWeights.gradient[at] = (hiddenWeights.gradient[at] as number) + force * (highest[f] as number)
          if (f < filters) filterPush[f] = (filterPush[f] as number) + force * (hiddenWeights.values[at] as number)
        }
      }
      for (let f = 0; f < filters; f += 1) {
        const place = best[f] as number
        if (place < 0) continue
        const force = (filterPush[f] as number) / (1 - options.featureDropout)
        filterBias.gradient[f] = (filterBias.gradient[f] as number) + force
        for (let offset = 0; offset < reach; offset += 1) {
          const row = kept[place - offset] ?? -1
          if (row < 0) continue
          const to = (offset * filters + f) * dimensions
          const from = row * dimensions
          for (let d = 0; d < dimensions; d += 1)
            convolution.gradient[to + d] = (convolution.gradient[to + d] as number) + force * (vectors.values[from + d] as number)
        }
      }
      if (useConcepts)
        for (const found of fired) {
          const place = Math.min(found >>> 8, length)
          for (let offset = 0; offset < reach && place + offset <= length + 1; offset += 1) {
            const from = (offset * conceptSlots + (found & 255)) * filters
            for (let f = 0; f < filters; f += 1) {
              if (best[f] !== place + offset) continue
              concepts.gradient[from + f] =
                (concepts.gradient[from + f] as number) + (filterPush[f] as number) / (1 - options.featureDropout)
            }
          }
        }
    }
    for (const row of rows) placeOf[row] = -1
    steps += 1
    for (const parameter of all) step(parameter, rate, 1 / Math.max(1, total), steps, options.decay)
  }

  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = Math.floor(next() * (at + 1))
      const kept = order[at] ?? 0
      order[at] = order[other] ?? 0
      order[other] = kept
    }
    for (let from = 0; from < order.length; from += batch) {
      const share = (epoch + from / order.length) / options.epochs
      learn(
        order.subarray(from, Math.min(order.length, from + batch)),
        options.rate * Math.min(1, 10 * share + 0.1) * (0.02 + 0.98 * (1 - share)),
      )
      if (share < lateFrom) continue
      lateSteps += 1
      for (const { values, late } of all)
        for (let at = 0; at < values.length; at += 1) late[at] = (late[at] as number) + (values[at] as number)
    }
  }
  for (const { values, late } of all) values.set(late.map((sum) => sum / lateSteps))
  return {
    dimensions,
    filters,
    hidden,
    scale: vectors.scale,
    words: vectors.words,
    vectors: vectors.bytes,
    convolution: convolution.values,
    concepts: concepts.values,
    filterBias: filterBias.values,
    hiddenWeights: hiddenWeights.values,
    outputWeights: outputWeights.values,
    gate: new Float32Array(dimensions),
  }
}

/** One step of Adam with decoupled decay. */
function step({ values, gradient, mean, square }: Parameter, rate: number, scale: number, steps: number, decay: number): void {
  const first = 1 - 0.9 ** steps
  const second = 1 - 0.999 ** steps
  for (let at = 0; at < values.length; at += 1) {
    const g = (gradient[at] as number) * scale
    const m = 0.9 * (mean[at] as number) + 0.1 * g
    const s = 0.999 * (square[at] as number) + 0.001 * g * g
    mean[at] = m
    square[at] = s
    values[at] = (values[at] as number) * (1 - rate * decay) - (rate * (m / first)) / (Math.sqrt(s / second) + 1e-8)
  }
}
