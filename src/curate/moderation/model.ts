import { readFileSync } from 'node:fs'
import { AppError } from '../../errors.ts'
import { categories, type PerCategory } from './categories.ts'
import type { Lexicon } from './lexicon.ts'
import { conceptFeatures, type Vocabulary } from './scan.ts'

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
  /** Per output: weights of the highest window, the mean of windows, ln(windows), and a constant; gives the calibrated logit of a message. */
  calibration: [number, number, number, number][]
  thresholds: PerCategory<number>
  sizes: { grams: number; concepts: number; keys: number; values: number; vocabulary: number }
  /** One line of measured quality. */
  quality: string
}

/** The classifier's weights: int8 rows of twelve per feature, the hashed lexicon, the known words. */
export interface Model {
  header: ModelHeader
  grams: Int8Array
  concepts: Int8Array
  lexicon: Lexicon
  vocabulary: Vocabulary
}

/** Where the package keeps its model. */
export const modelUrl = new URL('../../../assets/moderation.bin', import.meta.url)

/**
 * Reads a model file: header length (uint32, little-endian), header (JSON, padded to four bytes), then the arrays in the order of `sizes`.
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
export function encodeModel({ header, grams, concepts, lexicon, vocabulary }: Model): Uint8Array {
  const json = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(4 + Math.ceil(json.length / 4) * 4, 32)
  head.writeUInt32LE(head.length - 4, 0)
  json.copy(head, 4)
  const views = [grams, concepts, lexicon.keys, lexicon.values, vocabulary.bits]
  return Buffer.concat([head, ...views.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength))])
}

function decodeModel(file: Buffer): Model {
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
  const model = {
    header,
    grams: new Int8Array(body, take(sizes.grams), sizes.grams),
    concepts: new Int8Array(body, take(sizes.concepts), sizes.concepts),
    lexicon: {
      keys: new Int32Array(body, take(sizes.keys * 4), sizes.keys),
      values: new Int32Array(body, take(sizes.values * 4), sizes.values),
      firstGrammar: header.firstGrammar,
    },
    vocabulary: { bits: new Uint8Array(body, take(sizes.vocabulary), sizes.vocabulary) },
  }
  if (sizes.concepts !== conceptFeatures * modelOutputs || at !== body.byteLength)
    throw new Error('The file has another shape than this code.')
  return model
}
