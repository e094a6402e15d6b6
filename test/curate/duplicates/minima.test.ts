import { expect, test } from 'vitest'
import { createBander, keyLength, readKey } from '../../../src/curate/duplicates/minima.ts'
import { finish } from '../../../src/curate/duplicates/scan.ts'

const bins = 112
const band = createBander({ bands: bins, rows: 1 }, 7)

/** Two sets of so many values each that share `shared` of them. */
function makePair(seed: number, size: number, shared: number): [Uint32Array, Uint32Array] {
  const values = Uint32Array.from({ length: 2 * size - shared }, (_, index) => finish(seed * 100_003 + index + 1))
  return [values.slice(0, size), values.slice(size - shared)]
}

test.each([
  [3, 1],
  [10, 7],
  [60, 20],
  [60, 50],
  [300, 100],
  [2000, 1500],
])('of %i values each with %i in common, the share of equal bins is J on average, and varies no more than MinHash does', (size, shared) => {
  const similarity = shared / (2 * size - shared)
  const shares = Array.from({ length: 400 }, (_, seed) => {
    const [one, two] = makePair(seed, size, shared)
    const [first, second] = [Buffer.from(band(one, one.length)), Buffer.from(band(two, two.length))]
    let equal = 0
    for (let bin = 0; bin < bins; bin++) if (readKey(first, bin) === readKey(second, bin)) equal++
    return equal / bins
  })
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length
  expect(Math.abs(mean - similarity)).toBeLessThan(0.012)
  expect(variance).toBeLessThan((1.25 * similarity * (1 - similarity)) / bins)
})

test('keys depend on the set of values alone', () => {
  const [one] = makePair(1, 50, 0)
  const keys = band(one, one.length)
  expect(keys).toHaveLength(bins * keyLength)
  expect(band(Uint32Array.from(one).reverse(), one.length)).toBe(keys)
})
