import { double } from '../../double.ts'

/** This module's tasks, for worker threads. */
export const findBucketsTask = { module: import.meta.url, task: 'findBuckets' }

/** Groups of texts that share a band key: members one after the other, the first of each bucket marked. In memory that threads can share. */
export type Buckets = Uint32Array

const mark = 0x80000000

/** The keys of one band of the texts numbered 0 … keys.length-1: 0 or more, -1 for none; and what orders the texts of large buckets. */
export interface Band {
  keys: Int32Array
  /** Keys of another band. */
  others: Int32Array
  /** Each text's place in an order that does not depend on where it was read. */
  ranks: Int32Array
  /** Buckets of more texts than this are in the order of the other keys, then ranks. */
  whole: number
  /** Gets a 1 for each text that is in a bucket. */
  isCandidate: Uint8Array
}

/**
 * Worker task: the buckets of two and more texts, in the order of their keys; inside one the texts are in the order of their numbers, in large ones in that
 * of their other keys, then ranks. Linear in time: texts whose key nobody else has are mostly left out by a table of bits, the others sorted by three passes of
 * counting.
 */
export function findBuckets({ keys, others, ranks, whole, isCandidate }: Band): Buckets {
  const sorted = sortByKey(pickShared(keys))
  const sortedKeys = sorted.keys
  const buckets = new Uint32Array(new SharedArrayBuffer(4 * countShared(sortedKeys)))
  let filled = 0
  for (let start = 0, end = 1; start < sortedKeys.length; start = end, end++) {
    const key = sortedKeys[start]
    while (end < sortedKeys.length && sortedKeys[end] === key) end++
    if (end - start < 2) continue
    if (end - start > whole) sorted.numbers.set(sortBy(others, sortBy(ranks, sorted.numbers.slice(start, end))), start)
    for (let index = start; index < end; index++) {
      const number = sorted.numbers[index] ?? 0
      isCandidate[number] = 1
      buckets[filled++] = index === start ? (number | mark) >>> 0 : number
    }
  }
  return buckets
}

/** Calls back with each bucket's members; the array is reused. */
export function visitBuckets(buckets: Buckets, visit: (members: Int32Array, length: number) => void): void {
  let members = new Int32Array(1024)
  let filled = 0
  for (let index = 0; index < buckets.length; index++) {
    const entry = buckets[index] ?? 0
    if (entry >= mark && filled > 0) {
      visit(members, filled)
      filled = 0
    }
    if (filled === members.length) members = double(members)
    members[filled++] = entry & 0x7fffffff
  }
  if (filled > 0) visit(members, filled)
}

/** Texts with their keys, side by side: looking a key up by its text's number costs more than moving both. */
interface Keyed {
  keys: Int32Array
  numbers: Uint32Array
}

/** Bits of a key's hash that the table of `pickShared` tells apart: 2 MiB each for keys seen once and twice. */
const tableBits = 24

/** Texts whose key another text may have, too, by number: all that share one, and of the others as many as the table takes for them. */
function pickShared(keys: Int32Array): Keyed {
  const once = new Uint32Array(1 << (tableBits - 5))
  const twice = new Uint32Array(1 << (tableBits - 5))
  let present = 0
  for (let number = 0; number < keys.length; number++) {
    const key = keys[number] ?? -1
    if (key < 0) continue
    const place = key & ((1 << tableBits) - 1)
    const bit = 1 << (place & 31)
    if (((once[place >>> 5] ?? 0) & bit) === 0) once[place >>> 5] = (once[place >>> 5] ?? 0) | bit
    else {
      twice[place >>> 5] = (twice[place >>> 5] ?? 0) | bit
      present++
    }
  }
  // Each place that is taken twice also has a first text, which was not counted: at most as many again.
  const picked: Keyed = { keys: new Int32Array(2 * present), numbers: new Uint32Array(2 * present) }
  let filled = 0
  for (let number = 0; number < keys.length; number++) {
    const key = keys[number] ?? -1
    if (key < 0) continue
    const place = key & ((1 << tableBits) - 1)
    if (((twice[place >>> 5] ?? 0) & (1 << (place & 31))) === 0) continue
    picked.keys[filled] = key
    picked.numbers[filled++] = number
  }
  return { keys: picked.keys.subarray(0, filled), numbers: picked.numbers.subarray(0, filled) }
}

function countShared(keys: Int32Array): number {
  let shared = 0
  for (let index = 0; index < keys.length; index++) if (keys[index] === keys[index - 1] || keys[index] === keys[index + 1]) shared++
  return shared
}

/** Numbers in the order of what stands at them; those with the same stay as they are. What is given is used up. */
function sortBy(values: Int32Array, numbers: Uint32Array): Uint32Array {
  const keys = new Int32Array(numbers.length)
  for (let index = 0; index < numbers.length; index++) keys[index] = values[numbers[index] ?? 0] ?? 0
  return sortByKey({ keys, numbers }).numbers
}

const digitBits = 10
const digits = 2 ** digitBits
const places = new Uint32Array(digits + 1)

/** Sorts by key, under 2³⁰; those with the same stay in their order. What is given is used up. */
function sortByKey(given: Keyed): Keyed {
  const { length } = given.keys
  let from = given
  let into: Keyed = { keys: new Int32Array(length), numbers: new Uint32Array(length) }
  for (let shift = 0; shift < 30; shift += digitBits) {
    const { keys, numbers } = from
    const { keys: toKeys, numbers: toNumbers } = into
    places.fill(0)
    for (let index = 0; index < length; index++) {
      const digit = ((keys[index] ?? 0) >>> shift) & (digits - 1)
      places[digit + 1] = (places[digit + 1] ?? 0) + 1
    }
    for (let digit = 1; digit < digits; digit++) places[digit] = (places[digit] ?? 0) + (places[digit - 1] ?? 0)
    for (let index = 0; index < length; index++) {
      const key = keys[index] ?? 0
      const digit = (key >>> shift) & (digits - 1)
      const place = places[digit] ?? 0
      toKeys[place] = key
      toNumbers[place] = numbers[index] ?? 0
      places[digit] = place + 1
    }
    ;[from, into] = [into, from]
  }
  return from
}
