import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { conceptSlots } from '../../src/curate/moderation/lexicon.ts'
import { modelOutputs } from '../../src/curate/moderation/model.ts'
import type { Network } from '../../src/curate/moderation/network.ts'
import { reach } from '../../src/curate/moderation/network.ts'
import type { Example } from './example.ts'
import type { Features } from './fit.ts'
import type { Vectors } from './vectors.ts'

/** As many words of a window as the second stage reads. */
const longest = 126

/** Writes windows, their texts' labels and the words' vectors for fit-moderation.py: a JSON of names and lengths, and the arrays one after the other. */
export function writeWindows(folder: string, features: readonly Features[], examples: readonly Example[], vectors: Vectors): void {
  const allRows = features.flatMap(({ rows }) => rows)
  const allFired = features.flatMap(({ fired }) => fired)
  const lengths = Uint8Array.from(allRows, (row) => Math.min(longest, row.length))
  const rows = Uint16Array.from(allRows.flatMap((row) => [...row.subarray(0, longest)].map((place) => (place < 0 ? 65535 : place))))
  const counts = Uint16Array.from(allFired, (list) => list.length)
  const fired = Uint16Array.from(allFired.flatMap((list) => [...list]))
  const targets = new Float32Array(examples.length * modelOutputs)
  for (const [at, example] of examples.entries()) targets.set(example.targets, at * modelOutputs)
  const arrays = {
    owner: Int32Array.from(features.flatMap(({ owner }) => [...owner])),
    targets,
    weights: Float32Array.from(examples, ({ weight }) => weight),
    words: vectors.words,
    rows,
    counts,
    fired,
    lengths,
    parts: Uint8Array.from(examples, ({ part }) => ['train', 'calibrate', 'test'].indexOf(part)),
    vectors: vectors.bytes,
  }
  const places = Object.entries(arrays).map(([name, array]) => ({ name, type: array.constructor.name, length: array.length }))
  writeFileSync(join(folder, 'windows.json'), JSON.stringify({ places, sets: examples.map(({ set }) => set), scale: vectors.scale }))
  const bytes = Buffer.concat(Object.values(arrays).map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)))
  writeFileSync(join(folder, 'windows.bin.gz'), gzipSync(bytes, { level: 4 }))
}

/** The second stage that fit-moderation.py wrote. */
export function readNetwork(path: string): Network {
  const file = readFileSync(path)
  const headLength = file.readUInt32LE(0)
  const { dimensions, filters, hidden, scale, count } = JSON.parse(file.toString('utf8', 4, 4 + headLength)) as Record<
    'dimensions' | 'filters' | 'hidden' | 'scale' | 'count',
    number
  >
  const body = new Uint8Array(file.subarray(4 + headLength)).buffer
  let at = 0
  const take = (bytes: number) => {
    at += bytes
    return at - bytes
  }
  const floats = (length: number) => new Float32Array(body, take(length * 4), length)
  return {
    dimensions,
    filters,
    hidden,
    scale,
    words: new Int32Array(body, take(count * 4), count),
    convolution: floats(reach * filters * dimensions),
    concepts: floats(reach * conceptSlots * filters),
    filterBias: floats(filters),
    hiddenWeights: floats(hidden * (filters + dimensions) + hidden),
    outputWeights: floats(modelOutputs * hidden + modelOutputs),
    gate: floats(dimensions),
    vectors: new Int8Array(body, take(count * dimensions), count * dimensions),
  }
}
