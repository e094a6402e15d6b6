import type { Query, Term } from './query.ts'

/** No place is looked for once there are so many. */
export const MOST_PLACES = 50

/** Whether a text is nothing but ASCII. */
export const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text)

// Of ASCII a word is letters, digits and _, folding it makes capitals small, and each other character but spaces and controls is a token by itself.
const inWord = Uint8Array.from({ length: 128 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0))
const isWord = (text: string, at: number): boolean => inWord[text.charCodeAt(at)] === 1
/** Words of other texts may fold to several tokens of ASCII, `…` to three; those stand in no text of ASCII as one. */
const isToken = (word: string): boolean => /^(?:\w+|[!-~])$/.test(word)
const isBetween = (text: string, at: number): boolean => text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 127

/** Where a query's terms stand in a text of ASCII, as `highlight` gives them: found by the first word of each, which skips the text between. */
export function highlightAscii(text: string, { terms }: Query): [number, number][] {
  const lower = text.toLowerCase()
  const walks = terms.filter(({ tokens }) => tokens.every(isToken)).map((term) => placesOf(lower, term))
  const found: [number, number][] = []
  while (found.length < MOST_PLACES) {
    let first = Number.POSITIVE_INFINITY
    for (const { place } of walks) if (place && place[0] < first) first = place[0]
    if (first === Number.POSITIVE_INFINITY) break
    for (const walk of walks) {
      if (walk.place?.[0] !== first) continue
      found.push(walk.place)
      walk.next()
    }
  }
  return found
}

/** The places of one term, one after the other. */
function placesOf(text: string, term: Term): { place: [number, number] | undefined; next(): void } {
  const [first = ''] = term.tokens
  let from = 0
  const walk = {
    place: undefined as [number, number] | undefined,
    next() {
      walk.place = undefined
      for (let at = text.indexOf(first, from); at >= 0; at = text.indexOf(first, from)) {
        from = at + 1
        const end = isWord(text, at) && isWord(text, at - 1) ? -1 : endOf(text, at, term)
        if (end < 0) continue
        walk.place = [at, end]
        return
      }
      from = text.length
    },
  }
  walk.next()
  return walk
}

/** Where a term ends whose first token begins at a place, or -1 where it does not stand there. */
function endOf(text: string, start: number, { tokens, isPrefix }: Term): number {
  let at = start
  for (const [index, token] of tokens.entries()) {
    if (index > 0) while (at < text.length && isBetween(text, at)) at += 1
    if (!text.startsWith(token, at)) return -1
    at += token.length
    if (!isWord(token, 0)) continue
    if (isPrefix && index === tokens.length - 1) while (isWord(text, at)) at += 1
    else if (isWord(text, at)) return -1
  }
  return at
}
