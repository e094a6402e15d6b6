import { extractFeatures, maxFeatures } from '../../src/curate/redaction/names/features.ts'
import { findSegments } from '../../src/curate/redaction/names/segments.ts'
import { known } from '../../src/curate/redaction/reading/gazetteer.ts'
import type { Lexicon } from '../../src/curate/redaction/reading/lexicon.ts'
import { createTokens, shape, tokenize } from '../../src/curate/redaction/reading/tokens.ts'
import type { Words } from '../../src/curate/redaction/reading/words.ts'
import type { Example } from './text.ts'

/** One segment ready for training: the features and the label of each token. */
export interface Sample {
  features: Int32Array[]
  gold: Uint8Array
}

/** Makes samples and counts the name tokens that segments hold and miss: those that no model can find. */
export interface Sampler {
  sample(example: Example, dropout: number): Sample[]
  gate: { missed: number; covered: number }
}

interface Sources {
  words: Words
  lexicon: Lexicon
  random: () => number
  withoutLists: boolean
}

// Names that no list holds, and words never met: the model must also learn from spelling and surroundings. Alike for names and others, lest the
// gap itself tell them apart.
const bare = ~(known.given | known.family | known.frequent | known.derived | known.proper)

export function createSampler({ words, lexicon, random, withoutLists }: Sources): Sampler {
  const tokens = createTokens()
  const buffer = new Int32Array(maxFeatures)
  const gate = { missed: 0, covered: 0 }
  return {
    gate,
    sample(example, dropout) {
      tokenize(example.text, tokens)
      lexicon.read(tokens)
      const { flags } = tokens
      const places = Uint32Array.from({ length: tokens.count }, (_, at) => lexicon.places[tokens.entry[at] ?? 0] ?? 0)
      const gold = new Uint8Array(tokens.count)
      for (const [start, end] of example.spans) {
        let isFirst = true
        for (let at = 0; at < tokens.count; at++) {
          if ((tokens.start[at] ?? 0) < start || (tokens.end[at] ?? 0) > end) continue
          gold[at] = isFirst ? 1 : 2
          isFirst = false
        }
      }
      let isDropped = false
      for (let at = 0; at < tokens.count; at++) {
        if (gold[at] !== 2) isDropped = withoutLists || (dropout > 0 && random() < dropout)
        if (isDropped) flags[at] = (flags[at] ?? 0) & bare
        if (dropout > 0 && (tokens.shape[at] ?? 0) > shape.lower && random() < 0.25) tokens.hash[at] = 5
        if (dropout > 0 && random() < dropout) places[at] = 0
      }
      const samples: Sample[] = []
      const seen = new Uint8Array(tokens.count)
      for (const segment of findSegments(tokens, flags)) {
        const features: Int32Array[] = []
        for (let at = segment.first; at <= segment.last; at++) {
          seen[at] = 1
          features.push(buffer.slice(0, extractFeatures({ tokens, words, places }, segment, at, buffer)))
        }
        samples.push({ features, gold: startNames(gold.slice(segment.first, segment.last + 1)) })
      }
      for (let at = 0; at < tokens.count; at++) if ((gold[at] ?? 0) > 0) seen[at] ? gate.covered++ : gate.missed++
      return samples
    },
  }
}

/** A name that began outside of the segment begins with it. */
function startNames(gold: Uint8Array): Uint8Array {
  for (const [place, label] of gold.entries()) if (label === 2 && (gold[place - 1] ?? 0) === 0) gold[place] = 1
  return gold
}
