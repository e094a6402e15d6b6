import type { Page } from '../finding.ts'
import { findCode } from './code.ts'
import { loadGazetteer } from './gazetteer.ts'
import { createLexicon, type Lexicon, type Lists } from './lexicon.ts'
import { survey } from './survey.ts'
import { createTokens, tokenize } from './tokens.ts'
import { loadWords } from './words.ts'

/** Reads texts over the package's lists. Holds buffers of its own, so one reader serves one thread. */
export interface Reader {
  /** Splits a text, looks its words up and surveys it. The page holds until the next one is opened. Where code stands, a part of a text must be told. */
  open(text: string, isCode?: Page['isCode']): Page
  readonly lists: Lists
  readonly lexicon: Lexicon
  /** The assets' bytes, for the fingerprint. */
  readonly assets: readonly Uint8Array[]
}

/** A reader; the lists are read once. */
export function createReader(): Reader {
  const { gazetteer, bytes } = loadGazetteer()
  const { words, bytes: wordBytes } = loadWords()
  const lists = { gazetteer, words }
  const lexicon = createLexicon(lists)
  const tokens = createTokens()
  return {
    lists,
    lexicon,
    assets: [bytes, wordBytes],
    open(text, isCode = findCode(text)) {
      tokenize(text, tokens)
      lexicon.read(tokens)
      return { text, tokens, survey: survey(tokens, lexicon), isCode }
    },
  }
}
