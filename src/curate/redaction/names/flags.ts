import { type Gazetteer, known } from './gazetteer.ts'
import { hashStems, shape, type Tokens } from './tokens.ts'

const name = known.given | known.family
const stems = new Uint32Array(4)

/** Looks every word up; gives `flags`, or a larger array when it is too short. Names with an ending are marked as derived. */
export function lookUp(tokens: Tokens, gazetteer: Gazetteer, flags: Uint32Array): Uint32Array {
  const out = flags.length >= tokens.count ? flags : new Uint32Array(tokens.start.length)
  for (let at = 0; at < tokens.count; at++) {
    const here = tokens.shape[at] ?? 0
    if (here < shape.lower || here > shape.uncased) {
      out[at] = 0
      continue
    }
    const bits = gazetteer.flagsOf(tokens.hash[at] ?? 0)
    out[at] = bits === 0 && (here === shape.capital || here === shape.uncased) ? deriveFlags(tokens, gazetteer, at) : bits
  }
  return out
}

function deriveFlags(tokens: Tokens, gazetteer: Gazetteer, at: number): number {
  const count = hashStems(tokens.text, tokens.start[at] ?? 0, tokens.end[at] ?? 0, stems)
  let bits = 0
  for (let index = 0; index < count; index++) bits |= gazetteer.flagsOf(stems[index] ?? 0) & name
  return bits === 0 ? 0 : known.derived
}
