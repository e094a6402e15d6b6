import type { Lexicon } from '../reading/lexicon.ts'
import type { Tokens } from '../reading/tokens.ts'
import type { Words } from '../reading/words.ts'
import { type Chain, labels } from './chain.ts'
import { extractBits, extractPart, extractTogether, faceOf, maxFeatures, parts } from './features.ts'
import type { Segment } from './segments.ts'

/** Scores tokens by a chain's weights. */
export interface Scorer {
  /** Writes the scores of the tokens [first, last] of a segment, `[place * 3 + label]`. */
  score(tokens: Tokens, segment: Segment, first: number, last: number, out: Float64Array): void
}

const width = parts.length * labels

/**
 * The scorer. Two thirds of the features depend on one token's form alone: their weights are summed once for each entry of the lexicon and part that
 * it plays, and remembered as long as the entry. Only what several tokens make together is hashed in place. The weights are whole numbers of
 * eight bits, so that the order of summing changes nothing and sums of a few dozen fit sixteen.
 */
export function createScorer(chain: Chain, words: Words, lexicon: Lexicon): Scorer {
  const { weights, scale } = chain
  /** What a token's features give that stand in no slot: those it makes with others, and bits that its neighbours gave it. */
  const own = new Int32Array(labels)
  const features = new Int32Array(maxFeatures)
  /** By entry of the lexicon, its slot in `sums`; 0 where it has none yet. Most entries are everyday words that no name stands beside. */
  let slots = new Uint32Array(0)
  let sums = new Int16Array(1024 * width)
  let used = 0
  let generation = -1
  let places: Uint32Array = new Uint32Array(4096)

  /** Room for all entries; nothing is known after the lexicon forgot. */
  const prepare = () => {
    const room = lexicon.bits.length
    if (generation === lexicon.generation && slots.length === room) return
    const larger = new Uint32Array(room)
    if (generation === lexicon.generation && slots.length < room) larger.set(slots)
    else used = 0
    slots = larger
    generation = lexicon.generation
  }

  const addWeights = (count: number, out: Int16Array | Int32Array, at: number) => {
    let [outside, begin, inside] = [0, 0, 0]
    for (let index = 0; index < count; index++) {
      const place = (features[index] ?? 0) * labels
      outside += weights[place] ?? 0
      begin += weights[place + 1] ?? 0
      inside += weights[place + 2] ?? 0
    }
    out[at] = (out[at] ?? 0) + outside
    out[at + 1] = (out[at + 1] ?? 0) + begin
    out[at + 2] = (out[at + 2] ?? 0) + inside
  }

  /** The place in `sums` of the token's entry; they are made where they are not known. Outside the text stands entry 0. */
  const slotOf = (tokens: Tokens, index: number, entry: number): number => {
    const known = slots[entry] ?? 0
    if (known !== 0) return (known - 1) * width
    const slot = used++
    slots[entry] = used
    if (used * width > sums.length) {
      const larger = new Int16Array(sums.length * 2)
      larger.set(sums)
      sums = larger
    }
    const face = { ...faceOf({ tokens, words, places }, index), bits: lexicon.bits[entry] ?? 0, place: lexicon.places[entry] ?? 0 }
    sums.fill(0, slot * width, (slot + 1) * width)
    for (let part = 0; part < parts.length; part++) addWeights(extractPart(part, face, words, features), sums, slot * width + part * labels)
    return slot * width
  }

  /** Where the sums of a token in one part stand; what bits that only its neighbours gave it add goes to `own`. */
  const place = (tokens: Tokens, index: number, part: number): number => {
    const entry = index < 0 || index >= tokens.count ? 0 : (tokens.entry[index] ?? 0)
    const given = entry === 0 ? 0 : (tokens.flags[index] ?? 0) & ~(lexicon.bits[entry] ?? 0)
    if (given !== 0) addWeights(extractBits(part, given, features), own, 0)
    return slotOf(tokens, index, entry) + part * labels
  }

  return {
    score(tokens, segment, first, last, out) {
      prepare()
      if (places.length < tokens.start.length) places = new Uint32Array(tokens.start.length)
      for (let at = Math.max(0, first - 1); at <= last + 1 && at < tokens.count; at++)
        places[at] = lexicon.places[tokens.entry[at] ?? 0] ?? 0
      const reading = { tokens, words, places }
      for (let at = first; at <= last; at++) {
        own[0] = 0
        own[1] = 0
        own[2] = 0
        const p0 = place(tokens, at, 0)
        const p1 = place(tokens, at - 1, 1)
        const p2 = place(tokens, at + 1, 2)
        const p3 = place(tokens, at - 2, 3)
        const p4 = place(tokens, at + 2, 4)
        const p5 = place(tokens, segment.first - 1, 5)
        const p6 = place(tokens, segment.last + 1, 6)
        addWeights(extractTogether(reading, segment, at, features), own, 0)
        const to = (at - first) * labels
        for (let label = 0; label < labels; label++)
          out[to + label] =
            ((own[label] ?? 0) +
              (sums[p0 + label] ?? 0) +
              (sums[p1 + label] ?? 0) +
              (sums[p2 + label] ?? 0) +
              (sums[p3 + label] ?? 0) +
              (sums[p4 + label] ?? 0) +
              (sums[p5 + label] ?? 0) +
              (sums[p6 + label] ?? 0)) *
            scale
      }
    },
  }
}
