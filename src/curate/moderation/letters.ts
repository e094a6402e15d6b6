import { latinLookalike } from './fold.ts'
import { hashLetter, hashStart, mix } from './hash.ts'

// A word's letters stand in an array from place 1 on, so that its bounds can be put around it.

const leet = new Map([...'0o1i3e4a5s7t8b9g@a$s!i'.matchAll(/(.)(.)/g)].map((pair) => [pair[0].charCodeAt(0), pair[0].charCodeAt(1)]))

/** The asterisk's code. */
export const star = 42

/** The hash of `count` letters from `start` on. */
export function hashOf(letters: Uint16Array, start: number, count: number): number {
  let hash = hashStart
  for (let at = start; at < start + count; at += 1) hash = hashLetter(hash, letters[at] ?? 0)
  return mix(hash)
}

/** Cuts runs of three or more of a letter to `run`; gives the new length. */
export function squeeze(letters: Uint16Array, length: number, run: number): number {
  let kept = 0
  for (let at = 1; at <= length; ) {
    const code = letters[at] ?? 0
    let end = at + 1
    while (end <= length && letters[end] === code) end += 1
    const count = end - at
    for (let k = 0; k < (count >= 3 ? run : count); k += 1) letters[++kept] = code
    at = end
  }
  return kept
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

/** Reads digits and signs as the letters that l33t writes them for; `1` and `!` as `upright`, for they stand for i as for l. */
export function fromLeet(letters: Uint16Array, length: number, upright: 'i' | 'l'): void {
  for (let at = 1; at <= length; at += 1) {
    const code = letters[at] ?? 0
    letters[at] = code === 49 || code === 33 ? upright.charCodeAt(0) : (leet.get(code) ?? code)
  }
}

/** Takes out a sign that stands between all letters (`k*i*l*l`); gives the new length. */
export function closeUp(letters: Uint16Array, length: number): number {
  const sign = letters[2] ?? 0
  if (length < 5 || length % 2 === 0 || sign >= 97 || (sign >= 48 && sign <= 57)) return length
  for (let at = 2; at < length; at += 2) if (letters[at] !== sign) return length
  for (let at = 1; at <= length; at += 2) letters[(at + 1) / 2] = letters[at] ?? 0
  return (length + 1) / 2
}

/** How long the word is without the asterisks at its end, where three letters or more stay (`**bold**`); `f***` keeps them. */
export function withoutClosingStars(letters: Uint16Array, length: number): number {
  let end = length
  while (end > 0 && letters[end] === star) end -= 1
  return end >= 3 ? end : length
}
