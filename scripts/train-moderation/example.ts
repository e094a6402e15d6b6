import { createHash } from 'node:crypto'
import { categories } from '../../src/curate/moderation/categories.ts'

/** Outputs of the model: the eleven and "any of them". */
export const outputs = categories.length + 1

/** A text with what is known of it: 0–1 per output, NaN where the set does not say. */
export interface Example {
  text: string
  targets: Float32Array
  weight: number
  set: string
  part: 'train' | 'calibrate' | 'test'
}

const codes: Record<string, number> = { R: 0, RT: 1, H: 2, HT: 3, F: 4, FN: 5, FI: 6, S: 7, M: 8, V: 9, G: 10 }
const parents: Record<string, string> = { RT: 'R', HT: 'H', FN: 'F', FI: 'F', M: 'S', G: 'V' }

/**
 * Targets from labels such as `V G S? R=.6`: named categories (and the ones that they are part of) are 1 or the number, `?` leaves one open,
 * `*` all; the rest are 0.
 */
export function targetsOf(labels: string): Float32Array {
  const targets = new Float32Array(outputs)
  for (const label of labels.split(' ')) {
    const [, name = '', mark = '', value] = /^([A-Z]+|\*|-)(\?|=)?([\d.]+)?$/.exec(label) ?? []
    if (name === '-') continue
    if (name === '*') return targets.fill(Number.NaN)
    const index = codes[name]
    if (index === undefined) throw new Error(`Label '${label}' is not known.`)
    targets[index] = mark === '?' ? Number.NaN : Number(value ?? 1)
    const parent = codes[parents[name] ?? '']
    if (parent !== undefined && targets[parent] === 0) targets[parent] = targets[index] ?? 0
  }
  let any = 0
  for (let at = 0; at < categories.length; at += 1) {
    const target = targets[at] ?? 0
    if (Number.isNaN(target)) any = any >= 0.5 ? any : Number.NaN
    else if (!(any >= target)) any = Number.isNaN(any) && target < 0.5 ? any : target
  }
  targets[outputs - 1] = any
  return targets
}

/** 0–1, the same for the same text. */
export function fractionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32
}

/** An example for training, of which one in seven is kept for calibration. */
export function example(set: string, text: string, labels: string, weight = 1): Example {
  return { text, targets: targetsOf(labels), weight, set, part: fractionOf(text) < 1 / 7 ? 'calibrate' : 'train' }
}
