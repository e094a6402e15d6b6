/** Places for concepts in the feature space; the lexicon uses fewer. */
export const conceptSlots = 80

/** An age under 18; the scanner finds this concept itself, as it does the next three. */
export const ageConcept = conceptSlots - 1
/** A question mark. */
export const questionConcept = conceptSlots - 2
/** An @name. */
export const mentionConcept = conceptSlots - 3
/** An exclamation mark. */
export const exclamationConcept = conceptSlots - 4

/** Words and phrases by hash, each with up to four concepts; no text. Open addressing; key 0 is an empty place. */
export interface Lexicon {
  keys: Int32Array
  /** Four concept slots a word, a byte each; 255 where there are fewer. */
  values: Int32Array
  /** Slots from here on are grammar (I, you, not, …) and count in neighbouring pairs only. */
  firstGrammar: number
}

/** The packed concepts of a word or phrase, or -1 (four times 255: none). */
export function findConcepts(lexicon: Lexicon, hash: number): number {
  const { keys, values } = lexicon
  const mask = keys.length - 1
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const key = keys[at]
    if (key === hash) return values[at] ?? -1
    if (key === 0) return -1
  }
}

/** Builds the table of a lexicon from hashes and their concepts. */
export function buildLexicon(entries: ReadonlyMap<number, readonly number[]>, firstGrammar: number): Lexicon {
  const size = 2 ** Math.ceil(Math.log2(entries.size * 2))
  const keys = new Int32Array(size)
  const values = new Int32Array(size).fill(-1)
  for (const [hash, concepts] of entries) {
    let at = hash & (size - 1)
    while (keys[at] !== 0) at = (at + 1) & (size - 1)
    keys[at] = hash
    values[at] = [0, 1, 2, 3].reduce((packed, byte) => packed | ((concepts[byte] ?? 255) << (8 * byte)), 0)
  }
  return { keys, values, firstGrammar }
}
