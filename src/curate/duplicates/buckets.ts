import { double } from '../../double.ts'

/** Groups of texts that share a band key: members one after the other, the first of each bucket marked. */
export type Buckets = Uint32Array

const mark = 0x80000000

/** The keys of one band of the texts numbered 0 … keys.length-1: 0 or more, -1 for none. `others` are the keys of another band. */
export interface Band {
  keys: Int32Array
  others: Int32Array
}

/**
 * The buckets of two and more texts, in the order of their keys; inside one the texts are in the order of their numbers, in those of more than `whole`
 * texts in that of their other keys, then numbers. Linear in time: two passes of counting by half of the key, 0.1 s for two million texts, where grouping, joining and
 * sorting in SQL took 0.9.
 */
export function findBuckets({ keys, others }: Band, whole: number): Buckets {
  const sorted = sortByKey(keys)
  const buckets = new Uint32Array(countShared(keys, sorted))
  let filled = 0
  for (let start = 0, end = 1; start < sorted.length; start = end, end++) {
    const key = keys[sorted[start] ?? 0]
    while (end < sorted.length && keys[sorted[end] ?? 0] === key) end++
    if (end - start < 2) continue
    const members = sorted.subarray(start, end)
    if (members.length > whole) members.sort((one, two) => (others[one] ?? 0) - (others[two] ?? 0) || one - two)
    buckets.set(members, filled)
    buckets[filled] = ((buckets[filled] ?? 0) | mark) >>> 0
    filled += members.length
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

function countShared(keys: Int32Array, sorted: Uint32Array): number {
  let shared = 0
  for (let index = 0; index < sorted.length; index++) {
    const key = keys[sorted[index] ?? 0]
    if (key === keys[sorted[index - 1] ?? -1] || key === keys[sorted[index + 1] ?? -1]) shared++
  }
  return shared
}

const digitBits = 15

/** The numbers of texts that have a key, by key, then number. Keys are under 2³⁰. */
function sortByKey(keys: Int32Array): Uint32Array {
  let present = 0
  for (let number = 0; number < keys.length; number++) if ((keys[number] ?? -1) >= 0) present++
  let from = new Uint32Array(present)
  present = 0
  for (let number = 0; number < keys.length; number++) if ((keys[number] ?? -1) >= 0) from[present++] = number
  let into = new Uint32Array(present)
  for (const shift of [0, digitBits]) {
    const places = new Uint32Array((1 << digitBits) + 1)
    for (let index = 0; index < present; index++) {
      const digit = ((keys[from[index] ?? 0] ?? 0) >>> shift) & ((1 << digitBits) - 1)
      places[digit + 1] = (places[digit + 1] ?? 0) + 1
    }
    for (let digit = 1; digit < places.length; digit++) places[digit] = (places[digit] ?? 0) + (places[digit - 1] ?? 0)
    for (let index = 0; index < present; index++) {
      const number = from[index] ?? 0
      const digit = ((keys[number] ?? 0) >>> shift) & ((1 << digitBits) - 1)
      const place = places[digit] ?? 0
      into[place] = number
      places[digit] = place + 1
    }
    ;[from, into] = [into, from]
  }
  return from
}
