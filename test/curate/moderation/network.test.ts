import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashWord } from '../../../src/curate/moderation/hash.ts'
import { conceptSlots } from '../../../src/curate/moderation/lexicon.ts'
import { decodeModel, encodeModel, modelOutputs, modelUrl } from '../../../src/curate/moderation/model.ts'
import { createNetwork, type Network, reach } from '../../../src/curate/moderation/network.ts'
import type { Window } from '../../../src/curate/moderation/window.ts'

const vocabulary = ['river', 'stone', 'bird', 'light', 'water']
const [dimensions, filters, hidden] = [3, 4, 5]

/** Numbers between -1 and 1 that look random, and are the same each time. */
function numbers(count: number, seed: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0
    return ((state >>> 8) & 0xffff) / 32768 - 1
  })
}

const network: Network = {
  dimensions,
  filters,
  hidden,
  scale: 0.02,
  words: Int32Array.from(vocabulary, hashWord),
  vectors: Int8Array.from(numbers(vocabulary.length * dimensions, 1), (value) => value * 127),
  convolution: Float32Array.from(numbers(reach * filters * dimensions, 2)),
  concepts: Float32Array.from(numbers(reach * conceptSlots * filters, 3)),
  filterBias: Float32Array.from(numbers(filters, 4)),
  hiddenWeights: Float32Array.from(numbers(hidden * (filters + dimensions) + hidden, 5)),
  outputWeights: Float32Array.from(numbers(modelOutputs * hidden + modelOutputs, 6)),
  gate: Float32Array.from(numbers(dimensions, 7), (value) => 4 * value),
}

function windowOf(words: readonly string[], fired: readonly (readonly [number, number])[]): Window {
  return {
    grams: new Int32Array(0),
    gramCount: 0,
    recalledGrams: 0,
    concepts: new Int32Array(0),
    conceptCount: 0,
    words: words.length,
    letterWords: 0,
    knownWords: 0,
    tokens: Int32Array.from(words, hashWord),
    fired: Int32Array.from(fired, ([place, concept]) => place * 256 + concept),
    firedCount: fired.length,
  }
}

/** The same network by its definition, place by place. */
function byDefinition(words: readonly string[], fired: readonly (readonly [number, number])[]): number[] {
  const vectorOf = (word: string | undefined) => {
    const row = vocabulary.indexOf(word ?? '')
    return row < 0 ? undefined : [...network.vectors.slice(row * dimensions, (row + 1) * dimensions)].map((value) => value * network.scale)
  }
  const known = words.map(vectorOf).filter((vector) => vector !== undefined)
  const shares = known.map((vector) => {
    const force = vector.reduce((sum, value, d) => sum + value * (network.gate[d] ?? 0), 0)
    return Math.exp(Math.max(-4, Math.min(4, force)))
  })
  const total = shares.reduce((sum, share) => sum + share, 0)
  const mean = Array.from({ length: dimensions }, (_, d) =>
    known.reduce((sum, vector, at) => sum + ((vector[d] ?? 0) * (shares[at] ?? 0)) / total, 0),
  )
  const highest = Array.from({ length: filters }, (_, f) => {
    const values = Array.from({ length: words.length + 2 }, (__, place) => {
      let sum = network.filterBias[f] ?? 0
      for (let offset = 0; offset < reach; offset += 1) {
        vectorOf(words[place - offset])?.forEach((value, d) => {
          sum += value * (network.convolution[(offset * filters + f) * dimensions + d] ?? 0)
        })
        for (const [at, concept] of fired)
          if (Math.min(at, words.length) === place - offset) sum += network.concepts[(offset * conceptSlots + concept) * filters + f] ?? 0
      }
      return sum
    })
    return Math.max(0, ...values)
  })
  const layer = (input: readonly number[], weights: Float32Array, count: number) =>
    Array.from({ length: count }, (_, k) =>
      input.reduce((sum, value, at) => sum + value * (weights[k * input.length + at] ?? 0), weights[count * input.length + k] ?? 0),
    )
  const inner = layer([...highest, ...mean], network.hiddenWeights, hidden).map((value) => Math.max(0, value))
  return layer(inner, network.outputWeights, modelOutputs)
}

test('the network gives what its definition says, for known and unknown words, and concepts at any place', () => {
  const ask = createNetwork(network)
  const logits = new Float64Array(modelOutputs)
  const words = fc.array(fc.constantFrom(...vocabulary, 'unknown', 'other'), { maxLength: 64 })
  const fired = fc.array(fc.tuple(fc.nat(70), fc.nat(conceptSlots - 1)), { maxLength: 20 })
  fc.assert(
    fc.property(words, fired, (text, found) => {
      ask(windowOf(text, found), logits)
      byDefinition(text, found).forEach((value, k) => {
        expect(logits[k]).toBeCloseTo(value, 3)
      })
    }),
    { numRuns: 100 },
  )
})

test('a model file reads back as it was written; a cut one is told', () => {
  const file = readFileSync(modelUrl)
  expect(Buffer.from(encodeModel(decodeModel(file))).equals(file)).toBe(true)
  expect(() => decodeModel(file.subarray(0, file.length - 4))).toThrow()
})
