import type { Tagger } from '../../src/curate/redaction/names/tagger.ts'
import type { Lexicon } from '../../src/curate/redaction/reading/lexicon.ts'
import { createTokens, tokenize } from '../../src/curate/redaction/reading/tokens.ts'
import type { Example } from './text.ts'

const tokens = createTokens()

function tag(tagger: Tagger, lexicon: Lexicon, text: string): [number, number][] {
  tokenize(text, tokens)
  lexicon.read(tokens)
  return tagger.tag(tokens).map(({ start, end }) => [start, end])
}

const isSame = ([a, b]: [number, number], [c, d]: [number, number]) => a === c && b === d
const isTouching = ([a, b]: [number, number], [c, d]: [number, number]) => a < d && c < b

/** Precision, recall and F1 of the model alone on one set, with the same boundaries and with overlap. */
export function measure(examples: readonly Example[], tagger: Tagger, lexicon: Lexicon): string {
  let [hit, touched, touching, found, gold] = [0, 0, 0, 0, 0]
  for (const { text, spans } of examples) {
    const given = tag(tagger, lexicon, text)
    found += given.length
    gold += spans.length
    hit += given.filter((one) => spans.some((span) => isSame(one, span))).length
    touching += given.filter((one) => spans.some((span) => isTouching(one, span))).length
    touched += spans.filter((span) => given.some((one) => isTouching(one, span))).length
  }
  const score = (right: number, reached: number) => {
    const [precision, recall] = [right / Math.max(1, found), reached / Math.max(1, gold)]
    return [precision, recall, (2 * precision * recall) / Math.max(1e-9, precision + recall)].map((value) => value.toFixed(3)).join('/')
  }
  return `${score(hit, hit)} overlap ${score(touching, touched)}`
}

/** What was missed (-) and what found wrongly (+), with the text. */
export function* listErrors(examples: readonly Example[], tagger: Tagger, lexicon: Lexicon): Iterable<string> {
  for (const { text, spans } of examples) {
    const given = tag(tagger, lexicon, text)
    const wrong = given.filter((one) => !spans.some((span) => isSame(one, span))).map((one) => `+${text.slice(...one)}`)
    const missing = spans.filter((span) => !given.some((one) => isSame(one, span))).map((span) => `-${text.slice(...span)}`)
    if (wrong.length + missing.length > 0) yield `${[...missing, ...wrong].join(' ')}   | ${text}`
  }
}
