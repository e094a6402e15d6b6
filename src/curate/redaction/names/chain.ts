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

/** Room for the passes of `computeMarginals` over segments of up to `longest` tokens. */
export interface Passes {
  own: Float64Array
  forward: Float64Array
}

/** The exponentials of a chain's transitions. */
export function openTransitions({ transitions }: Chain): Float64Array {
  return Float64Array.from(transitions, Math.exp)
}

/**
 * Probabilities of the labels at each place of a segment, `[place * 3 + label]`, by a forward and a backward pass over the given scores (same
 * layout) and the transitions' exponentials. Each place is scaled to a sum of one, so nothing overflows.
 */
export function computeMarginals(
  scores: Float64Array,
  length: number,
  steps: Float64Array,
  out: Float64Array,
  { own, forward }: Passes,
): void {
  let [a0, a1, a2] = [0, 0, 0]
  for (let place = 0; place < length; place++) {
    const at = place * labels
    const [s0, s1, s2] = [scores[at] ?? 0, scores[at + 1] ?? 0, scores[at + 2] ?? 0]
    const most = Math.max(s0, s1, s2)
    const [e0, e1, e2] = [Math.exp(s0 - most), Math.exp(s1 - most), Math.exp(s2 - most)]
    own[at] = e0
    own[at + 1] = e1
    own[at + 2] = e2
    const [b0, b1, b2] = place === 0 ? [steps[9] ?? 0, steps[10] ?? 0, steps[11] ?? 0] : stepForward(steps, a0, a1, a2)
    const [c0, c1, c2] = [e0 * b0, e1 * b1, e2 * b2]
    // Zero only where a label that cannot stand here outweighs all others by hundreds: then nothing is a name.
    const sum = c0 + c1 + c2
    a0 = sum > 0 ? c0 / sum : 1
    a1 = sum > 0 ? c1 / sum : 0
    a2 = sum > 0 ? c2 / sum : 0
    forward[at] = a0
    forward[at + 1] = a1
    forward[at + 2] = a2
  }
  let [b0, b1, b2] = [1, 1, 1]
  for (let place = length - 1; place >= 0; place--) {
    const at = place * labels
    const [p0, p1, p2] = [(forward[at] ?? 0) * b0, (forward[at + 1] ?? 0) * b1, (forward[at + 2] ?? 0) * b2]
    const sum = p0 + p1 + p2
    out[at] = sum > 0 ? p0 / sum : 1
    out[at + 1] = sum > 0 ? p1 / sum : 0
    out[at + 2] = sum > 0 ? p2 / sum : 0
    const [c0, c1, c2] = [(own[at] ?? 0) * b0, (own[at + 1] ?? 0) * b1, (own[at + 2] ?? 0) * b2]
    const scale = c0 + c1 + c2 > 0 ? 1 / (c0 + c1 + c2) : 1
    b0 = scale * ((steps[0] ?? 0) * c0 + (steps[1] ?? 0) * c1 + (steps[2] ?? 0) * c2)
    b1 = scale * ((steps[3] ?? 0) * c0 + (steps[4] ?? 0) * c1 + (steps[5] ?? 0) * c2)
    b2 = scale * ((steps[6] ?? 0) * c0 + (steps[7] ?? 0) * c1 + (steps[8] ?? 0) * c2)
  }
}

function stepForward(steps: Float64Array, a0: number, a1: number, a2: number): [number, number, number] {
  return [
    a0 * (steps[0] ?? 0) + a1 * (steps[3] ?? 0) + a2 * (steps[6] ?? 0),
    a0 * (steps[1] ?? 0) + a1 * (steps[4] ?? 0) + a2 * (steps[7] ?? 0),
    a0 * (steps[2] ?? 0) + a1 * (steps[5] ?? 0) + a2 * (steps[8] ?? 0),
  ]
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
