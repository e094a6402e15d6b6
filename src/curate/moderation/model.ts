import { readFileSync } from 'node:fs'
import { AppError } from '../../errors.ts'
import { categories, type PerCategory } from './categories.ts'
import { conceptSlots, type Lexicon } from './lexicon.ts'
import { type Network, reach } from './network.ts'
import type { Vocabulary } from './vocabulary.ts'
import { conceptFeatures } from './window.ts'

/** Outputs of the linear stage: the eleven, then "any of them". */
export const modelOutputs = categories.length + 1

/** What a model file says of itself. */
export interface ModelHeader {
  version: string
  bucketBits: number
  firstGrammar: number
  gramScales: number[]
  conceptScales: number[]
  bias: number[]
  /** Per output: weights of what `calibrationInputs` gives; their sum is the calibrated logit of a message. */
  calibration: [number, number, number, number, number, number][]
  thresholds: PerCategory<number>
  sizes: { grams: number; concepts: number; keys: number; values: number; vocabulary: number; words: number }
  network: { dimensions: number; filters: number; hidden: number; scale: number }
  /** One line of measured quality. */
  quality: string
}

/** The classifier's weights: int8 rows of twelve per feature, the hashed lexicon, the known words, the second stage. */
export interface Model {
  header: ModelHeader
  grams: Int8Array
  concepts: Int8Array
  lexicon: Lexicon
  vocabulary: Vocabulary
  network: Network
}

/** Where the package keeps its model. */
export const modelUrl = new URL('../../../assets/moderation.bin', import.meta.url)

/**
 * Reads a model file: header length (uint32, little-endian), header (JSON, padded to four bytes), then the arrays as encodeModel() has them.
 * @throws AppError `moderation-model` when the file is missing or cut.
 */
export function readModel(path: URL = modelUrl): Model {
  try {
    return decodeModel(readFileSync(path))
  } catch (error) {
    throw new AppError(
      'moderation-model',
      `The moderation weights ${path.pathname.split('/').at(-1)} cannot be read. Install the package again.`,
      {
        cause: error,
      },
    )
  }
}

/** The bytes of a model file. */
export function encodeModel({ header, grams, concepts, lexicon, vocabulary, network }: Model): Uint8Array {
  const json = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(4 + Math.ceil(json.length / 4) * 4, 32)
  head.writeUInt32LE(head.length - 4, 0)
  json.copy(head, 4)
  const views = [
    lexicon.keys,
    lexicon.values,
    network.words,
    network.convolution,
    network.concepts,
    network.filterBias,
    network.hiddenWeights,
    network.outputWeights,
    network.gate,
    grams,
    concepts,
    vocabulary.bits,
    network.vectors,
  ]
  return Buffer.concat([head, ...views.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength))])
}

/** A model from the bytes of its file. */
export function decodeModel(file: Buffer): Model {
  const headLength = file.readUInt32LE(0)
  const header = JSON.parse(file.toString('utf8', 4, 4 + headLength)) as ModelHeader
  const { sizes } = header
  // A copy of its own: aligned for Int32Array, and free of the file buffer's pool.
  const body = new Uint8Array(file.subarray(4 + headLength)).buffer
  let at = 0
  const take = (bytes: number) => {
    at += bytes
    return at - bytes
  }
  const integers = (length: number) => new Int32Array(body, take(length * 4), length)
  const floats = (length: number) => new Float32Array(body, take(length * 4), length)
  const bytes = (length: number) => new Int8Array(body, take(length), length)
  const { dimensions, filters, hidden, scale } = header.network
  // In the order of the file: numbers of four bytes first, so that they lie aligned.
  const lexicon = { keys: integers(sizes.keys), values: integers(sizes.values), firstGrammar: header.firstGrammar }
  const words = integers(sizes.words)
  const convolution = floats(reach * filters * dimensions)
  const filterConcepts = floats(reach * conceptSlots * filters)
  const filterBias = floats(filters)
  const hiddenWeights = floats(hidden * (filters + dimensions) + hidden)
  const outputWeights = floats(modelOutputs * hidden + modelOutputs)
  const gate = floats(dimensions)
  const model: Model = {
    header,
    grams: bytes(sizes.grams),
    concepts: bytes(sizes.concepts),
    lexicon,
    vocabulary: { bits: new Uint8Array(body, take(sizes.vocabulary), sizes.vocabulary) },
    network: {
      dimensions,
      filters,
      hidden,
      scale,
      words,
      vectors: bytes(sizes.words * dimensions),
      convolution,
      concepts: filterConcepts,
      filterBias,
      hiddenWeights,
      outputWeights,
      gate,
    },
  }
  if (sizes.concepts !== conceptFeatures * modelOutputs || at !== body.byteLength)
    throw new Error('The file has another shape than this code.')
  return model
}
