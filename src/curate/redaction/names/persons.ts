import { readFileSync } from 'node:fs'
import { append } from '../../../append.ts'
import type { Finding, Page } from '../finding.ts'
import type { Reader } from '../reading/reader.ts'
import { createTokens } from '../reading/tokens.ts'
import { unpackChain } from './chain.ts'
import { findEastAsianNames, readEastAsianLists } from './east-asian.ts'
import { createKnownFinder, type KnownFinder } from './known.ts'
import { createTagger } from './tagger.ts'

/** Finds persons' names. Holds buffers of its own, so one finder serves one thread. */
export interface PersonFinder {
  find(page: Page): Finding[]
  /** Finds other mentions of persons whose names, in these forms, are known from elsewhere in the conversation. */
  seek(forms: readonly string[]): KnownFinder
  /** The assets' bytes, for the fingerprint. */
  readonly weights: readonly Uint8Array[]
}

/** In code a name is mostly a variable's or an example's: the model must be this much surer there. */
const codeDoubt = 0.45

/** The finder over what a reader knows and the package's model; names below `threshold` are near misses. */
export function createPersonFinder({ lists, lexicon }: Reader, threshold: number): PersonFinder {
  const model = readFileSync(new URL('../../../../assets/redaction-names.bin', import.meta.url))
  const tagger = createTagger({ ...lists, lexicon }, unpackChain(model), threshold)
  const tokens = createTokens()
  return {
    weights: [model, readEastAsianLists()],
    find(page) {
      const found = tagger.tag(page.tokens)
      for (const finding of found) if (page.isCode(finding.start)) finding.confidence *= codeDoubt
      append(found, findEastAsianNames(page))
      return found
    },
    seek: (forms) => createKnownFinder(forms, lists.gazetteer, tokens),
  }
}
