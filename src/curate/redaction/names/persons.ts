import type { Finding, Page } from '../finding.ts'
import { type Gazetteer, known } from './gazetteer.ts'
import { findKnownPersons } from './known.ts'
import { createTokens, shape, tokenize } from './tokens.ts'

/** Finds persons' names. Holds buffers of its own, so one finder serves one thread. */
export interface PersonFinder {
  find(page: Page): Finding[]
  /** Other mentions of persons whose names, in these forms, are known from elsewhere in the conversation. */
  findKnown(text: string, forms: readonly string[]): Finding[]
}

/** The finder over a gazetteer. */
export function createPersonFinder(gazetteer: Gazetteer): PersonFinder {
  const tokens = createTokens()
  return {
    find(page) {
      tokenize(page.text, tokens)
      const found: Finding[] = []
      for (let index = 0; index < tokens.count; index++) {
        const here = tokens.shape[index] ?? 0
        if (here < shape.lower || page.isCode(tokens.start[index] ?? 0)) continue
        const flags = gazetteer.flagsOf(tokens.hash[index] ?? 0)
        const isName =
          (flags & (known.given | known.frequent)) !== 0 && (flags & (known.common | known.place | known.country | known.small)) === 0
        const before = gazetteer.flagsOf(tokens.hash[index - 1] ?? 0) | gazetteer.flagsOf(tokens.hash[index - 2] ?? 0)
        const following = tokens.shape[index + 1] === shape.capital ? gazetteer.flagsOf(tokens.hash[index + 1] ?? 0) : known.small
        const isFull = (flags & known.given) !== 0 && (following === 0 || (following & known.family) !== 0)
        const isCued = (before & (known.cue | known.title | known.greeting)) !== 0
        if (!(here === shape.capital && (isName || isFull)) && !(isCued && flags & known.given && (isName || here === shape.capital)))
          continue
        let last = index
        while (last + 1 < tokens.count && tokens.shape[last + 1] === shape.capital && tokens.spaced[last + 1] === 1) {
          const next = gazetteer.flagsOf(tokens.hash[last + 1] ?? 0)
          if (!(next & (known.given | known.family)) && next !== 0) break
          last++
        }
        found.push({
          start: tokens.start[index] ?? 0,
          end: tokens.end[last] ?? 0,
          kind: 'PERSON',
          confidence: isCued || last > index ? 0.9 : 0.7,
          rule: 'name-list',
        })
        index = last
      }
      return found
    },
    findKnown: (text, forms) => findKnownPersons(text, forms, gazetteer, tokens),
  }
}
