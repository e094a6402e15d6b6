import { expect, test } from 'vitest'
import { pythonRandom, shuffleLikePython } from '../../src/curate/sample.ts'

// Expected values: CPython 3.11, `random.seed(42); random.getrandbits(32)` and `random.shuffle`.

test('draws the numbers of Python with seed 42', () => {
  const random = pythonRandom(42)
  expect([random.bits32(), random.bits32(), random.bits32()]).toEqual([2746317213, 478163327, 107420369])
})

test('shuffles twenty items as Python with seed 42', () => {
  const items = Uint32Array.from({ length: 20 }, (_, index) => index)
  shuffleLikePython(items, 42)
  expect([...items]).toEqual([19, 5, 14, 4, 9, 13, 15, 18, 6, 12, 17, 10, 1, 11, 2, 16, 7, 8, 0, 3])
})

test('shuffles a hundred thousand items as Python with seed 7', () => {
  const items = Uint32Array.from({ length: 100_000 }, (_, index) => index)
  shuffleLikePython(items, 7)
  expect([...items.slice(0, 5), items[99_999]]).toEqual([26567, 77215, 84363, 16229, 78976, 42445])
})
