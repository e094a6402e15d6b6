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
  const features = new Int32Array(maxFeatures)
  let sums = new Int16Array(0)
  let isKnown = new Uint8Array(0)
  let generation = -1
  let places: Uint32Array = new Uint32Array(4096)

  /** Room for all entries; nothing is known after the lexicon forgot. */
  const prepare = () => {
    const room = lexicon.bits.length
    if (generation !== lexicon.generation || isKnown.length > room) {
      if (isKnown.length === room) isKnown.fill(0)
      else [sums, isKnown] = [new Int16Array(room * width), new Uint8Array(room)]
      generation = lexicon.generation
    } else if (isKnown.length < room) {
      const [largerSums, largerKnown] = [new Int16Array(room * width), new Uint8Array(room)]
      largerSums.set(sums)
      largerKnown.set(isKnown)
      ;[sums, isKnown] = [largerSums, largerKnown]
    }
  }

  const addWeights = (count: number, out: Int16Array | Float64Array, at: number) => {
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

  /** The entry of the token; its sums are made where they are not known. Outside the text stands entry 0. */
  const entryOf = (tokens: Tokens, index: number): number => {
    const entry = index < 0 || index >= tokens.count ? 0 : (tokens.entry[index] ?? 0)
    if (isKnown[entry] === 1) return entry
    const face = { ...faceOf({ tokens, words, places }, index), bits: lexicon.bits[entry] ?? 0, place: lexicon.places[entry] ?? 0 }
    sums.fill(0, entry * width, (entry + 1) * width)
    for (let part = 0; part < parts.length; part++)
      addWeights(extractPart(part, face, words, features), sums, entry * width + part * labels)
    isKnown[entry] = 1
    return entry
  }

  /** What a token adds in one part, with the bits that only its neighbours gave it. */
  const addPart = (tokens: Tokens, index: number, part: number, out: Float64Array, at: number) => {
    const entry = entryOf(tokens, index)
    const from = entry * width + part * labels
    out[at] = (out[at] ?? 0) + (sums[from] ?? 0)
    out[at + 1] = (out[at + 1] ?? 0) + (sums[from + 1] ?? 0)
    out[at + 2] = (out[at + 2] ?? 0) + (sums[from + 2] ?? 0)
    if (entry === 0) return
    const given = (tokens.flags[index] ?? 0) & ~(lexicon.bits[entry] ?? 0)
    if (given !== 0) addWeights(extractBits(part, given, features), out, at)
  }

  return {
    score(tokens, segment, first, last, out) {
      prepare()
      if (places.length < tokens.start.length) places = new Uint32Array(tokens.start.length)
      for (let at = Math.max(0, first - 1); at <= last + 1 && at < tokens.count; at++)
        places[at] = lexicon.places[tokens.entry[at] ?? 0] ?? 0
      const reading = { tokens, words, places }
      for (let at = first; at <= last; at++) {
        const place = (at - first) * labels
        out.fill(0, place, place + labels)
        addPart(tokens, at, 0, out, place)
        addPart(tokens, at - 1, 1, out, place)
        addPart(tokens, at + 1, 2, out, place)
        addPart(tokens, at - 2, 3, out, place)
        addPart(tokens, at + 2, 4, out, place)
        addPart(tokens, segment.first - 1, 5, out, place)
        addPart(tokens, segment.last + 1, 6, out, place)
        addWeights(extractTogether(reading, segment, at, features), out, place)
        for (let label = 0; label < labels; label++) out[place + label] = (out[place + label] ?? 0) * scale
      }
    },
  }
}
