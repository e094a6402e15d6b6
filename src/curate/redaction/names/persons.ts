import { readFileSync } from 'node:fs'
import type { Finding, Page } from '../finding.ts'
import { unpackChain } from './chain.ts'
import { findEastAsianNames, readEastAsianLists } from './east-asian.ts'
import { loadGazetteer } from './gazetteer.ts'
import { findKnownPersons } from './known.ts'
import { createTagger } from './tagger.ts'
import { createTokens, tokenize } from './tokens.ts'
import { loadWords } from './words.ts'

/** Finds persons' names. Holds buffers of its own, so one finder serves one thread. */
export interface PersonFinder {
  find(page: Page): Finding[]
  /** Other mentions of persons whose names, in these forms, are known from elsewhere in the conversation. */
  findKnown(text: string, forms: readonly string[]): Finding[]
  /** The assets' bytes, for the fingerprint. */
  readonly weights: readonly Uint8Array[]
}

/** In code a name is mostly a variable's or an example's: the model must be this much surer there. */
const codeDoubt = 0.45

/** The finder over the package's gazetteer and model; names below `threshold` are near misses. */
export function createPersonFinder(threshold: number): PersonFinder {
  const { gazetteer, bytes } = loadGazetteer()
  const model = readFileSync(new URL('../../../../assets/redaction-names.bin', import.meta.url))
  const { words, bytes: wordBytes } = loadWords()
  const tagger = createTagger({ gazetteer, words }, unpackChain(model), threshold)
  const tokens = createTokens()
  return {
    weights: [bytes, wordBytes, model, readEastAsianLists()],
    find(page) {
      tokenize(page.text, tokens)
      const found = tagger.tag(tokens)
      for (const finding of found) if (page.isCode(finding.start)) finding.confidence *= codeDoubt
      found.push(...findEastAsianNames(page.text))
      return found
    },
    findKnown: (text, forms) => findKnownPersons(text, forms, gazetteer, tokens),
  }
}
