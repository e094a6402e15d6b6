import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findBuckets, visitBuckets } from '../../../src/curate/duplicates/buckets.ts'

test('texts with the same key are one bucket, texts alone or without a key are in none', () => {
  const key = fc.oneof(fc.constantFrom(-1, 0, 1, 32_767, 32_768, 2 ** 30 - 1), fc.integer({ min: 0, max: 2 ** 30 - 1 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(key, key), { maxLength: 60 }), (texts) => {
      const keys = Int32Array.from(texts, ([own]) => own)
      const others = Int32Array.from(texts, ([, other]) => Math.max(other, 0))
      const ranks = Int32Array.from(texts.keys(), (number) => texts.length - number)
      const isCandidate = new Uint8Array(texts.length)
      const groups = new Map<number, number[]>()
      for (const [number, own] of keys.entries()) if (own >= 0) groups.set(own, [...(groups.get(own) ?? []), number])
      const expected = [...groups]
        .sort(([one], [two]) => one - two)
        .flatMap(([, members]) => (members.length < 2 ? [] : [members]))
        .map((members) => (members.length > 3 ? members.sort((a, b) => (others[a] ?? 0) - (others[b] ?? 0) || b - a) : members))
      const found: number[][] = []
      visitBuckets(
        findBuckets({ keys, others, ranks, whole: 3, isCandidate }),
        (members, length) => void found.push([...members.slice(0, length)]),
      )
      expect(found).toEqual(expected)
      expect([...isCandidate.keys()].filter((number) => isCandidate[number] === 1)).toEqual(expected.flat().sort((one, two) => one - two))
    }),
  )
})

test('a bucket may hold any number of texts', () => {
  const keys = new Int32Array(5000).fill(9)
  const ranks = Int32Array.from(keys.keys())
  let seen = 0
  visitBuckets(findBuckets({ keys, others: keys, ranks, whole: 48, isCandidate: new Uint8Array(5000) }), (_, length) => {
    seen += length
  })
  expect(seen).toBe(5000)
})
