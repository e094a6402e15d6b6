import fc from 'fast-check'
import { compressors } from 'hyparquet-compressors'
import { expect, test } from 'vitest'
import { compressSnappy } from '../../src/storage/snappy.ts'

const decompress = (packed: Uint8Array, length: number): Uint8Array => {
  const unpack = compressors.SNAPPY
  if (!unpack) throw new Error('no Snappy reader')
  return unpack(packed, length)
}
const roundTrip = (input: Uint8Array) => Buffer.from(decompress(compressSnappy(input), input.length)).equals(Buffer.from(input))

test('what is compressed comes back, whatever the bytes', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 90 }),
    fc.constantFrom(...['the tides ', 'of the moon', 'aaaaaaaa'].map((text) => Buffer.from(text))),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 70 }), (pieces, repeats) => {
      const bytes = Buffer.concat(pieces)
      expect(roundTrip(Buffer.concat(Array.from({ length: repeats }, () => bytes)))).toBe(true)
    }),
    { numRuns: 400 },
  )
})

test('inputs over several blocks, of one byte, of noise and of nothing come back', () => {
  const noise = new Uint8Array(200_000)
  let state = 1
  for (let index = 0; index < noise.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    noise[index] = state >>> 24
  }
  for (const length of [0, 1, 15, 16, 17, 60, 61, 256, 257, 65_535, 65_536, 65_537, 200_000]) {
    expect(roundTrip(noise.subarray(3, 3 + length)), `noise ${length}`).toBe(true)
    expect(roundTrip(new Uint8Array(length).fill(7)), `same ${length}`).toBe(true)
  }
})

test('text becomes smaller, noise hardly larger', () => {
  const text = Buffer.from('Once upon a time there was a log of many conversations. '.repeat(1000))
  expect(compressSnappy(text).length).toBeLessThan(text.length / 10)
  const noise = Uint8Array.from({ length: 100_000 }, (_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 24)
  expect(compressSnappy(noise).length).toBeLessThan(noise.length * 1.01 + 32)
})
