/** Hash of no letters; word hashes start here. */
export const hashStart = 0x811c9dc5 | 0

/** FNV-1a over UTF-16 units: the hash with one more letter. */
export function hashLetter(hash: number, code: number): number {
  return Math.imul(hash ^ code, 16777619)
}

/** Spreads a hash over 32 bits (the finisher of MurmurHash3). */
export function mix(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Hash of a sequence from that of its beginning and that of what follows. */
export function hashPair(first: number, second: number): number {
  return mix(Math.imul(first, 0x9e3779b1) ^ second)
}

/** Hash of a folded word. */
export function hashWord(word: string): number {
  let hash = hashStart
  for (let at = 0; at < word.length; at += 1) hash = hashLetter(hash, word.charCodeAt(at))
  return mix(hash)
}

/** Hash of a phrase of folded words, as the scanner combines them. */
export function hashPhrase(words: readonly string[]): number {
  return words.map(hashWord).reduce((phrase, word) => hashPair(phrase, word))
}
