import { featureBits } from './features.ts'

/** Labels of a token: outside, beginning of a name, inside one. */
export const labels = 3

/** A linear-chain conditional random field over three labels, its weights hashed and quantised. */
export interface Chain {
  /** `[feature * 3 + label]` */
  weights: Float32Array | Int8Array
  /** What one step of a quantised weight is worth. */
  scale: number
  /** `[from * 3 + to]`, and `[9 + label]` for the first token of a segment. */
  transitions: Float32Array
}

/** Number of weights. */
export const weightCount = (1 << featureBits) * labels

/** An outside-to-inside step is impossible: a name begins with B. */
export const impossible = -1e4

/**
 * Probabilities of the labels at each place of a segment, `[place * 3 + label]`, by forward and backward passes over the given scores (same layout).
 * Gives the logarithm of the normaliser.
 */
export function computeMarginals(
  scores: Float64Array,
  length: number,
  transitions: Float32Array,
  out: Float64Array,
  alpha: Float64Array,
): number {
  for (let label = 0; label < labels; label++) alpha[label] = (transitions[9 + label] ?? 0) + (scores[label] ?? 0)
  for (let place = 1; place < length; place++) {
    for (let to = 0; to < labels; to++) {
      alpha[place * labels + to] = (scores[place * labels + to] ?? 0) + logSum(alpha, (place - 1) * labels, transitions, to, 3)
    }
  }
  const end = (length - 1) * labels
  const normaliser = logSum3(alpha[end] ?? 0, alpha[end + 1] ?? 0, alpha[end + 2] ?? 0)
  let [b0, b1, b2] = [0, 0, 0]
  for (let place = length - 1; place >= 0; place--) {
    const at = place * labels
    out[at] = Math.exp((alpha[at] ?? 0) + b0 - normaliser)
    out[at + 1] = Math.exp((alpha[at + 1] ?? 0) + b1 - normaliser)
    out[at + 2] = Math.exp((alpha[at + 2] ?? 0) + b2 - normaliser)
    const [s0, s1, s2] = [(scores[at] ?? 0) + b0, (scores[at + 1] ?? 0) + b1, (scores[at + 2] ?? 0) + b2]
    b0 = logSum3((transitions[0] ?? 0) + s0, (transitions[1] ?? 0) + s1, (transitions[2] ?? 0) + s2)
    b1 = logSum3((transitions[3] ?? 0) + s0, (transitions[4] ?? 0) + s1, (transitions[5] ?? 0) + s2)
    b2 = logSum3((transitions[6] ?? 0) + s0, (transitions[7] ?? 0) + s1, (transitions[8] ?? 0) + s2)
  }
  return normaliser
}

function logSum(alpha: Float64Array, from: number, transitions: Float32Array, to: number, step: number): number {
  return logSum3(
    (alpha[from] ?? 0) + (transitions[to] ?? 0),
    (alpha[from + 1] ?? 0) + (transitions[step + to] ?? 0),
    (alpha[from + 2] ?? 0) + (transitions[2 * step + to] ?? 0),
  )
}

function logSum3(a: number, b: number, c: number): number {
  const most = Math.max(a, b, c)
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most) + Math.exp(c - most))
}

/** Reads packed weights: `scale` and 12 transitions as float32, then one int8 a weight; little-endian. */
export function unpackChain(bytes: Uint8Array): Chain {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const transitions = new Float32Array(12)
  for (let index = 0; index < 12; index++) transitions[index] = view.getFloat32(4 + index * 4, true)
  return { scale: view.getFloat32(0, true), transitions, weights: new Int8Array(bytes.buffer, bytes.byteOffset + 52, weightCount) }
}

/** The reverse of `unpackChain`, rounding weights to 127 steps either way. */
export function packChain({ weights, transitions }: Chain): Uint8Array {
  let most = 0
  for (const weight of weights) most = Math.max(most, Math.abs(weight))
  const scale = Math.min(most, 5) / 127
  const bytes = Buffer.alloc(52 + weights.length)
  bytes.writeFloatLE(scale, 0)
  for (const [index, value] of transitions.entries()) bytes.writeFloatLE(value, 4 + index * 4)
  for (const [index, weight] of weights.entries()) bytes.writeInt8(Math.max(-127, Math.min(127, Math.round(weight / scale))), 52 + index)
  return bytes
}
