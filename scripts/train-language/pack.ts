import { brotliCompressSync, constants } from 'node:zlib'
import type { Features } from './features.ts'

/** One script's part of the asset. */
export interface Part {
  script: string
  /** ISO codes; language l of the features is `codes[l]`. */
  codes: readonly string[]
  features: Features
}

/** A weight of 1 in the asset is this much log-odds; finer steps gain nothing. */
const step = 0.25
/** Weights nearer to 0 are not stored: a tenth of the asset's size for no loss. */
const least = 0.3

/**
 * The asset: Brotli over a JSON head (its length as uint32 before it) and, for each script, four streams: gaps between the sorted hashes (LEB128),
 * number of entries of each gram (LEB128), languages of the entries (uint8), weights (int8, in steps of `step`). Grams with no weight left are stored, too, since reading stops at
 * the first beginning that is not.
 */
export function packModel(parts: readonly Part[]): { bytes: Buffer; entries: number; grams: number } {
  const head: { step: number; parts: { script: string; codes: readonly string[]; streams: number[] }[] } = { step, parts: [] }
  const streams: Uint8Array[] = []
  let entries = 0
  let grams = 0
  for (const { script, codes, features } of parts) {
    const gaps: number[] = []
    const sizes: number[] = []
    const languages: number[] = []
    const levels: number[] = []
    const order = [...features.hashes.keys()].sort((a, b) => ((features.hashes[a] ?? 0) >>> 0) - ((features.hashes[b] ?? 0) >>> 0))
    let last = 0
    for (const id of order) {
      let size = 0
      for (let at = features.starts[id] ?? 0; at < (features.starts[id + 1] ?? 0); at++) {
        const level = Math.max(-127, Math.min(127, Math.round((features.weights[at] ?? 0) / step)))
        if (level === 0 || Math.abs(features.weights[at] ?? 0) < least) continue
        languages.push(features.languages[at] ?? 0)
        levels.push(level & 255)
        size++
      }
      const hash = (features.hashes[id] ?? 0) >>> 0
      pushNumber(gaps, hash - last)
      pushNumber(sizes, size)
      last = hash
      grams++
    }
    entries += levels.length
    const own = [gaps, sizes, languages, levels].map((bytes) => Uint8Array.from(bytes))
    head.parts.push({ script, codes, streams: own.map((stream) => stream.length) })
    streams.push(...own)
  }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const bytes = brotliCompressSync(Buffer.concat([length, text, ...streams]), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
  })
  return { bytes, entries, grams }
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}
