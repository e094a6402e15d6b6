import { HubError } from '../errors.ts'
import { asWord, tokenize } from './words.ts'

/** What to search for, read from the words of a person. `terms` are the tokens to highlight, phrase by phrase. */
export interface Query {
  match: string
  terms: { tokens: string[]; isPrefix: boolean }[]
}

/** Whose turns are searched. */
export type SearchRole = 'any' | 'user' | 'assistant'

/**
 * Reads a search: words that must all occur, "phrases", beginnings*, -excluded words. Words of scripts without spaces, and code such as `c++`,
 * become phrases of their parts.
 * @throws HubError 422 `InvalidParameter` where nothing is searched for.
 */
export function readQuery(text: string, role: SearchRole): Query {
  const wanted: string[] = []
  const excluded: string[] = []
  const terms: Query['terms'] = []
  for (const match of text.slice(0, 1000).matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)) {
    const [, minus, phrase, word = ''] = match
    const isPrefix = phrase === undefined && /[\p{L}\p{N}]\*$/u.test(word)
    const tokens = tokenize(phrase ?? (isPrefix ? word.slice(0, -1) : word)).map((token) => token.text)
    if (tokens.length === 0) continue
    // Tokens hold letters and digits alone, so quotes cannot be broken out of.
    const term = `"${tokens.map(asWord).join(' ')}"${isPrefix ? '*' : ''}`
    if (minus) excluded.push(term)
    else {
      wanted.push(term)
      terms.push({ tokens, isPrefix })
    }
  }
  if (wanted.length === 0) throw new HubError(422, 'InvalidParameter', "Parameter 'query' has no word to search for.")
  const both = excluded.length > 0 ? `(${wanted.join(' AND ')}) NOT (${excluded.join(' OR ')})` : wanted.join(' AND ')
  return { match: role === 'any' ? both : `{${role === 'user' ? 'spoken_user' : 'spoken_assistant'}} : (${both})`, terms }
}

/** Where a query's terms stand in a text, as [start, end) in UTF-16 units, at most 50. */
export function highlight(text: string, query: Query): [number, number][] {
  const tokens = tokenize(text)
  const found: [number, number][] = []
  for (let at = 0; at < tokens.length && found.length < 50; at += 1) {
    for (const term of query.terms) {
      const isHit = term.tokens.every((wanted, offset) => {
        const seen = tokens[at + offset]?.text
        return seen === wanted || (term.isPrefix && offset === term.tokens.length - 1 && seen?.startsWith(wanted) === true)
      })
      const start = tokens[at]?.start
      const end = tokens[at + term.tokens.length - 1]?.end
      if (isHit && start !== undefined && end !== undefined) found.push([start, end])
    }
  }
  return found
}
