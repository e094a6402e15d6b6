import { readFileSync } from 'node:fs'

/** What the gazetteer knows of a word: one bit each. Built by scripts/build-redaction-gazetteer.ts. */
export const known = {
  given: 1 << 0,
  family: 1 << 1,
  /** Also an everyday word, in lower case, in running text. */
  common: 1 << 2,
  veryCommon: 1 << 3,
  /** Town, street or region. */
  place: 1 << 4,
  /** Country, its people or language. */
  country: 1 << 5,
  /** Month or weekday. */
  calendar: 1 << 6,
  /** Mr, Dr., Herr, señora, г-н. */
  title: 1 << 7,
  /** President, actor, król: what stands before or behind a person's name. */
  role: 1 << 8,
  /** Son, wife, Bruder. */
  kin: 1 << 9,
  /** Says, wrote, sagte. */
  speech: 1 << 10,
  /** Born, married, died, elected. */
  life: 1 << 11,
  /** In, at, near, nach, w. */
  inside: 1 << 12,
  /** By, with, von, par: before persons as often as not. */
  by: 1 << 13,
  /** University, bank, GmbH, FC: the head of an organisation's name. */
  organisation: 1 << 14,
  /** River, street, Mount, lac: the head of a place's name. */
  geography: 1 << 15,
  /** Film, album, Roman, song. */
  work: 1 << 16,
  /** Hi, dear, thanks, saludos, 'kind regards'. */
  greeting: 1 << 17,
  /** Name, called, heiße, llamo. */
  cue: 1 << 18,
  /** Von, van, de, bin, al. */
  particle: 1 << 19,
  /** And, und, et, y, i, и. */
  and: 1 << 20,
  /** Articles, pronouns and other small words of the language. */
  small: 1 << 21,
  /** Product, framework, model, site: capitalised and nobody. */
  product: 1 << 22,
  /** He, she, his, her, who, él, ihr. */
  pronoun: 1 << 23,
  /** Given name that is one of a few hundred most borne. */
  frequent: 1 << 24,
  /** No listed word, but one to three letters longer than a listed name: Goethes, Пушкина, Kowalskiego. Set while reading, never stored. */
  derived: 1 << 25,
  /** In lower case here, and mostly written with a capital in English: kevin, lebron. Set while reading, never stored. */
  proper: 1 << 26,
  /** In lower case here, and nowhere known. Set while reading, never stored. */
  unheard: 1 << 27,
  /** As `derived`, of a place or country: Moskwę, Африке. Set while reading, never stored. */
  derivedPlace: 1 << 28,
  /** With a capital here, and mostly in lower case elsewhere: Then, Additionally. Set while reading, never stored. */
  lowly: 1 << 29,
} as const

/** A hashed dictionary from words to bits of `known`. Two words share a hash once in some 50,000 look-ups of unknown words. */
export interface Gazetteer {
  /** Bits of the word with this hash; 0 for an unknown one. */
  flagsOf(hash: number): number
}

/**
 * Reads the packed gazetteer: `count` uint32, then `count` hashes ascending, then as many flag words, little-endian.
 */
export function unpackGazetteer(bytes: Uint8Array): Gazetteer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0, true)
  let size = 1
  while (size < count * 2) size *= 2
  const keys = new Uint32Array(size)
  const flags = new Uint32Array(size)
  const mask = size - 1
  for (let index = 0; index < count; index++) {
    const hash = view.getUint32(4 + index * 4, true)
    let at = hash & mask
    while (keys[at] !== 0) at = (at + 1) & mask
    keys[at] = hash
    flags[at] = view.getUint32(4 + (count + index) * 4, true)
  }
  return {
    flagsOf(hash) {
      for (let at = hash & mask; keys[at] !== 0; at = (at + 1) & mask) if (keys[at] === hash) return flags[at] ?? 0
      return 0
    },
  }
}

/** The gazetteer in the package's assets, with its bytes for the fingerprint. */
export function loadGazetteer(): { gazetteer: Gazetteer; bytes: Uint8Array } {
  const bytes = readFileSync(new URL('../../../../assets/redaction-gazetteer.bin', import.meta.url))
  return { gazetteer: unpackGazetteer(bytes), bytes }
}
