import { conceptSlots } from './lexicon.ts'
import type { Window } from './window.ts'

/** Words to the left and right that a filter sees, and the word itself. */
export const reach = 3

/**
 * The weights of the second stage: vectors of words (int8, times `scale`), filters over three neighbouring words and their concepts, the highest value of
 * each filter in the window beside the weighted mean vector of its words, one hidden layer, and the outputs of the linear stage.
 */
export interface Network {
  dimensions: number
  filters: number
  hidden: number
  scale: number
  /** Hash of each word that has a vector. */
  words: Int32Array
  /** Word by word. */
  vectors: Int8Array
  /** [reach][filters][dimensions] */
  convolution: Float32Array
  /** [reach][concepts][filters] */
  concepts: Float32Array
  /** [filters] */
  filterBias: Float32Array
  /** [hidden][filters + dimensions], then [hidden] */
  hiddenWeights: Float32Array
  /** [outputs][hidden], then [outputs] */
  outputWeights: Float32Array
  /** [dimensions]: e to the power of a word's product with it, from e⁻⁴ to e⁴, is what the word counts in the mean. */
  gate: Float32Array
}

/** Longest window that is read, in words; the scanner's are shorter. */
const longest = 126

/**
 * Makes the second stage: it writes the logits of a window to `logits`. What a word adds to the filters and, by the mean vector, to the hidden layer is
 * worked out when it is first met and kept, so that a window costs a few additions a word.
 */
export function createNetwork(network: Network): (window: Window, logits: Float64Array) => void {
  const { dimensions, filters, hidden, filterBias, hiddenWeights, outputWeights } = network
  const rows = indexWords(network.words)
  const count = network.words.length
  const stride = reach * filters + hidden
  const width = filters + dimensions
  // One row more than there are words: it stands for a word without vector, and for no word at all.
  const parts = new Float32Array((count + 1) * stride)
  parts.set(filterBias, count * stride)
  // What a ready word counts in the mean; 0: not yet met.
  const shares = new Float32Array(count)
  const bases = new Int32Array(longest + 4)
  const added = new Float32Array((longest + reach) * filters)
  const isAdded = new Uint8Array(longest + reach)
  const highest = new Float64Array(filters)
  const inner = new Float64Array(hidden)
  const filterWeights = Float32Array.from({ length: hidden * filters }, (_, at) => {
    const h = Math.floor(at / filters)
    return hiddenWeights[h * width + at - h * filters] as number
  })

  // [concept][reach][filters]: what a concept adds to three places in a row lies in a row.
  const conceptParts = Float32Array.from(network.concepts, (_, at) => {
    const concept = Math.floor(at / (reach * filters))
    const offset = Math.floor(at / filters) % reach
    return network.concepts[(offset * conceptSlots + concept) * filters + (at % filters)] as number
  })

  const prepare = (row: number) => {
    const from = row * stride
    const force = dot(network.vectors, row * dimensions, network.gate, 0, dimensions) * network.scale
    const share = Math.exp(Math.max(-4, Math.min(4, force)))
    shares[row] = share
    for (let at = 0; at < reach * filters; at += 1)
      parts[from + at] = dot(network.vectors, row * dimensions, network.convolution, at * dimensions, dimensions) * network.scale
    // Each place takes the first part of exactly one row, so the bias goes there.
    for (let f = 0; f < filters; f += 1) parts[from + f] = (parts[from + f] as number) + (filterBias[f] as number)
    for (let h = 0; h < hidden; h += 1)
      parts[from + reach * filters + h] =
        share * dot(network.vectors, row * dimensions, hiddenWeights, h * width + filters, dimensions) * network.scale
  }

  return (window, logits) => {
    const length = Math.min(window.words, longest)
    bases.fill(count * stride, 0, length + 4)
    inner.fill(0)
    let total = 0
    for (let place = 0; place < length; place += 1) {
      const row = findRow(rows, window.tokens[place] as number)
      if (row < 0) continue
      if (shares[row] === 0) prepare(row)
      total += shares[row] as number
      bases[place + 2] = row * stride
      addTo(inner, parts, row * stride + reach * filters, hidden)
    }
    for (let index = 0; index < window.firedCount; index += 1) {
      const found = window.fired[index] as number
      const place = Math.min(found >>> 8, length)
      isAdded.fill(1, place, place + reach)
      addConcept(added, place * filters, conceptParts, (found & 255) * reach * filters, reach * filters)
    }
    added.fill(0, (length + 2) * filters)
    isAdded.fill(0, length + 2)
    highest.fill(0)
    for (let place = 0; place < length + 2; place += 1) {
      const own = bases[place + 2] as number
      const before = (bases[place + 1] as number) + filters
      const earlier = (bases[place] as number) + 2 * filters
      if (isAdded[place] === 0) raise(highest, parts, own, before, earlier)
      else {
        raiseWith(highest, parts, own, before, earlier, added, place * filters)
        added.fill(0, place * filters, (place + 1) * filters)
        isAdded[place] = 0
      }
    }
    for (let h = 0; h < hidden; h += 1) {
      const sum = (inner[h] as number) / (total === 0 ? 1 : total) + (hiddenWeights[hidden * width + h] as number)
      inner[h] = Math.max(0, sum + dotWith(highest, filterWeights, h * filters))
    }
    for (let k = 0; k < logits.length; k += 1)
      logits[k] = (outputWeights[logits.length * hidden + k] as number) + dotWith(inner, outputWeights, k * hidden)
  }
}

// The loops below are where the time goes: functions of their own, so that they are compiled once for all readers.

function raise(highest: Float64Array, parts: Float32Array, own: number, before: number, earlier: number): void {
  for (let f = 0; f < highest.length; f += 1) {
    const value = (parts[own + f] as number) + (parts[before + f] as number) + (parts[earlier + f] as number)
    if (value > (highest[f] as number)) highest[f] = value
  }
}

function raiseWith(
  highest: Float64Array,
  parts: Float32Array,
  own: number,
  before: number,
  earlier: number,
  added: Float32Array,
  from: number,
): void {
  for (let f = 0; f < highest.length; f += 1) {
    const words = (parts[own + f] as number) + (parts[before + f] as number) + (parts[earlier + f] as number)
    const value = words + (added[from + f] as number)
    if (value > (highest[f] as number)) highest[f] = value
  }
}

function addTo(sums: Float64Array, values: Float32Array, from: number, count: number): void {
  for (let at = 0; at < count; at += 1) sums[at] = (sums[at] as number) + (values[from + at] as number)
}

function addConcept(sums: Float32Array, to: number, values: Float32Array, from: number, count: number): void {
  for (let at = 0; at < count; at += 1) sums[to + at] = (sums[to + at] as number) + (values[from + at] as number)
}

function dot(bytes: Int8Array, at: number, weights: Float32Array, from: number, count: number): number {
  let sum = 0
  for (let d = 0; d < count; d += 1) sum += (bytes[at + d] as number) * (weights[from + d] as number)
  return sum
}

function dotWith(input: Float64Array, weights: Float32Array, from: number): number {
  let sum = 0
  for (let at = 0; at < input.length; at += 1) sum += (input[at] as number) * (weights[from + at] as number)
  return sum
}

/** A table from hash to number, open addressing. */
interface Rows {
  keys: Int32Array
  values: Int32Array
}

function indexWords(words: Int32Array): Rows {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, words.length) * 1.6))
  const keys = new Int32Array(size)
  const values = new Int32Array(size)
  words.forEach((word, row) => {
    let at = word & (size - 1)
    while (keys[at] !== 0) at = (at + 1) & (size - 1)
    keys[at] = word
    values[at] = row
  })
  return { keys, values }
}

function findRow({ keys, values }: Rows, word: number): number {
  if (word === 0) return -1
  const mask = keys.length - 1
  for (let at = word & mask; ; at = (at + 1) & mask) {
    const key = keys[at]
    if (key === word) return values[at] as number
    if (key === 0) return -1
  }
}
