import { latinLookalike } from './fold.ts'
import { hashLetter, hashStart, mix } from './hash.ts'

// A word's letters stand in an array from place 1 on, so that its bounds can be put around it.

const leet = new Map([...'0o1i3e4a5s7t8b9g@a$s!i'.matchAll(/(.)(.)/g)].map((pair) => [pair[0].charCodeAt(0), pair[0].charCodeAt(1)]))

/** The hash of `count` letters from `start` on. */
export function hashOf(letters: Uint16Array, start: number, count: number): number {
  let hash = hashStart
  for (let at = start; at < start + count; at += 1) hash = hashLetter(hash, letters[at] ?? 0)
  return mix(hash)
}

/** The hash of the word with runs of three or more of a letter cut to `run`; undefined where there is no such run. */
export function hashSqueezed(letters: Uint16Array, length: number, run: number): number | undefined {
  let hash = hashStart
  let changed = false
  for (let at = 1; at <= length; ) {
    const code = letters[at] ?? 0
    let end = at + 1
    while (end <= length && letters[end] === code) end += 1
    const count = end - at
    if (count >= 3) changed = true
    for (let k = 0; k < (count >= 3 ? run : count); k += 1) hash = hashLetter(hash, code)
    at = end
  }
  return changed ? mix(hash) : undefined
}

/** The number that the word's first `count` letters, all digits, are. */
export function numberOf(letters: Uint16Array, count: number): number {
  let value = 0
  for (let at = 1; at <= count; at += 1) value = value * 10 + (letters[at] ?? 48) - 48
  return value
}

/** How many digits the word begins with. */
export function leadingDigits(letters: Uint16Array, length: number): number {
  let count = 0
  while (count < length && (letters[count + 1] ?? 0) >= 48 && (letters[count + 1] ?? 0) <= 57) count += 1
  return count
}

/** Reads look-alike letters of other scripts as the Latin ones. */
export function toLatin(letters: Uint16Array, length: number): void {
  for (let at = 1; at <= length; at += 1) letters[at] = latinLookalike(letters[at] ?? 0)
}

/** Reads digits and signs as the letters that l33t writes them for. */
export function fromLeet(letters: Uint16Array, length: number): void {
  for (let at = 1; at <= length; at += 1) letters[at] = leet.get(letters[at] ?? 0) ?? letters[at] ?? 0
}
