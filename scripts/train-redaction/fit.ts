import { type Chain, labels, weightCount } from '../../src/curate/redaction/names/chain.ts'
import { featureBits } from '../../src/curate/redaction/names/features.ts'
import type { Sample } from './samples.ts'

/** How a chain is trained. */
export interface Fit {
  epochs: number
  /** Features seen less often are remembered, not learned: they are left out. */
  least: number
  rate: number
  decay: number
}

/** Weights summed over the course of trainings: their mean is steadier than the last ones. */
export interface Mean {
  add(chain: Chain): void
  chain(): Chain
}

export function createMean(): Mean {
  const weights = new Float64Array(weightCount)
  const transitions = new Float64Array(12)
  let count = 0
  return {
    add(chain) {
      count++
      for (let index = 0; index < weightCount; index++) weights[index] = (weights[index] ?? 0) + (chain.weights[index] ?? 0)
      for (let index = 0; index < 12; index++) transitions[index] = (transitions[index] ?? 0) + (chain.transitions[index] ?? 0)
    },
    chain() {
      const mean = (values: Float64Array) => Float32Array.from(values, (value) => value / count)
      return { scale: 1, weights: mean(weights), transitions: mean(transitions) }
    },
  }
}

/**
 * Trains a chain from nothing by AdaGrad, one segment at a time, and adds it to `mean` eight times an epoch from the middle of the first on. Gives
 * the loss of the last epoch.
 */
export function fitChain(samples: Sample[], { epochs, least, rate, decay }: Fit, random: () => number, mean: Mean): number {
  dropRare(samples, least)
  const chain = { weights: new Float32Array(weightCount), transitions: new Float32Array(12), scale: 1 }
  chain.transitions[2] = -1e4
  chain.transitions[11] = -1e4
  const squares = new Float32Array(weightCount).fill(0.1)
  const transitionSquares = new Float32Array(12).fill(0.1)
  let loss = 0
  const eighth = Math.ceil(samples.length / 8)
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(samples, random)
    loss = 0
    for (const [index, sample] of samples.entries()) {
      loss += learn(sample)
      if ((index + 1) % eighth === 0 && (epoch > 0 || index > samples.length / 2)) mean.add(chain)
    }
    mean.add(chain)
  }
  return loss / samples.length

  function learn({ features, gold }: Sample): number {
    const length = features.length
    const { weights, transitions } = chain
    const scores = new Float64Array(length * labels)
    for (const [place, active] of features.entries()) {
      for (const feature of active)
        for (let label = 0; label < labels; label++)
          scores[place * labels + label] = (scores[place * labels + label] ?? 0) + (weights[feature * labels + label] ?? 0)
    }
    const alpha = new Float64Array(length * labels)
    const beta = new Float64Array(length * labels)
    const s = (place: number, label: number) => scores[place * labels + label] ?? 0
    const a = (place: number, label: number) => alpha[place * labels + label] ?? 0
    const b = (place: number, label: number) => beta[place * labels + label] ?? 0
    const t = (from: number, to: number) => transitions[from * 3 + to] ?? 0
    const goal = (place: number, label: number) => (gold[place] === label ? 1 : 0)
    for (let label = 0; label < 3; label++) alpha[label] = (transitions[9 + label] ?? 0) + s(0, label)
    for (let place = 1; place < length; place++)
      for (let to = 0; to < 3; to++)
        alpha[place * 3 + to] = s(place, to) + logSum(a(place - 1, 0) + t(0, to), a(place - 1, 1) + t(1, to), a(place - 1, 2) + t(2, to))
    for (let place = length - 2; place >= 0; place--)
      for (let from = 0; from < 3; from++)
        beta[place * 3 + from] = logSum(
          t(from, 0) + s(place + 1, 0) + b(place + 1, 0),
          t(from, 1) + s(place + 1, 1) + b(place + 1, 1),
          t(from, 2) + s(place + 1, 2) + b(place + 1, 2),
        )
    const z = logSum(a(length - 1, 0), a(length - 1, 1), a(length - 1, 2))
    let loss = 0
    const steps = new Float64Array(12)
    for (let place = 0; place < length; place++) {
      for (let label = 0; label < 3; label++) {
        const chance = Math.exp(a(place, label) + b(place, label) - z)
        const wanted = goal(place, label)
        if (wanted > 0) loss -= wanted * Math.log(Math.max(chance, 1e-12))
        if (place === 0) steps[9 + label] = chance - wanted
        const gradient = chance - wanted
        if (Math.abs(gradient) <= 1e-4) continue
        for (const feature of features[place] ?? []) {
          const index = feature * labels + label
          const weight = weights[index] ?? 0
          const g = gradient + decay * weight
          const square = (squares[index] ?? 0) + g * g
          squares[index] = square
          weights[index] = weight - (rate * g) / Math.sqrt(square)
        }
      }
      if (place === 0) continue
      for (let from = 0; from < 3; from++)
        for (let to = 0; to < 3; to++)
          steps[from * 3 + to] =
            (steps[from * 3 + to] ?? 0) +
            Math.exp(a(place - 1, from) + t(from, to) + s(place, to) + b(place, to) - z) -
            goal(place - 1, from) * goal(place, to)
    }
    for (const [index, gradient] of steps.entries()) {
      if (index === 2 || index === 11) continue
      transitionSquares[index] = (transitionSquares[index] ?? 0) + gradient * gradient
      transitions[index] = (transitions[index] ?? 0) - (rate * gradient) / Math.sqrt(transitionSquares[index] ?? 1)
    }
    return loss
  }
}

function dropRare(samples: Sample[], least: number): void {
  const counts = new Uint32Array(1 << featureBits)
  for (const { features } of samples)
    for (const active of features) for (const feature of active) counts[feature] = (counts[feature] ?? 0) + 1
  for (const sample of samples)
    sample.features = sample.features.map((active) => active.filter((feature) => (counts[feature] ?? 0) >= least))
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const [one, two] = [items[index], items[other]]
    if (one !== undefined && two !== undefined) [items[index], items[other]] = [two, one]
  }
}

function logSum(a: number, b: number, c: number): number {
  const most = Math.max(a, b, c)
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most) + Math.exp(c - most))
}
