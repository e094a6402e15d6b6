import { HubError } from '../errors.ts'
import { tokenize } from './words.ts'

/** Words that stand one behind the other; of the last one perhaps only the beginning. */
export interface Term {
  tokens: string[]
  isPrefix: boolean
}

/** What to search for, read from the words of a person: `terms` must all occur, `excluded` must not. */
export interface Query {
  terms: Term[]
  excluded: Term[]
}

/** Whose turns are searched. */
export type SearchRole = 'any' | 'user' | 'assistant'

/** More words than this are nobody's question. */
const MAX_LENGTH = 1000

/**
 * Reads a search: words that must all occur, "phrases", beginnings*, -excluded words. Words of scripts without spaces, and code such as `c++`,
 * become phrases of their parts.
 * @throws HubError 422 `InvalidParameter` where nothing is searched for.
 */
export function readQuery(text: string): Query {
  const query: Query = { terms: [], excluded: [] }
  for (const match of text.slice(0, MAX_LENGTH).matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)) {
    const [, minus, phrase, word = ''] = match
    const isPrefix = phrase === undefined && /[\p{L}\p{N}\p{M}]\*$/u.test(word)
    const tokens = tokenize(phrase ?? (isPrefix ? word.slice(0, -1) : word)).map((token) => token.text)
    if (tokens.length > 0) query[minus ? 'excluded' : 'terms'].push({ tokens, isPrefix })
  }
  if (query.terms.length === 0) throw new HubError(422, 'InvalidParameter', "Parameter 'query' has no word to search for.")
  return query
}
