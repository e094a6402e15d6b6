/** Scripts written without spaces: each character is a token, and a word of them is a phrase of its characters. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}]\p{M}*/u

const token = new RegExp(`${unspaced.source}|[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_]*|[^\\s\\p{L}\\p{N}\\p{M}\\p{C}_]`, 'gu')

/** A token of a text: as it is searched (lower case, without accents of Latin, Greek and Cyrillic letters), and where it stands, in UTF-16 units. */
export interface Token {
  text: string
  start: number
  end: number
}

/** The tokens of a text: words of every script, numbers, single characters of scripts without spaces, and each symbol by itself, so that code is found. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  eachToken(text, (word, start, end) => tokens.push({ text: word, start, end }))
  return tokens
}

/** Calls `take` for every token: without an object for each, since an index is made of hundreds of millions. */
export function eachToken(text: string, take: (word: string, start: number, end: number) => void): void {
  const { length } = text
  for (let at = 0; at < length; ) {
    if (text.charCodeAt(at) <= 32) {
      at += 1
      continue
    }
    let end = at
    let isPlain = true
    for (; end < length; end += 1) {
      const code = text.charCodeAt(end)
      if (code <= 32) break
      if (code > 126) isPlain = false
    }
    if (isPlain) plainTokens(text, at, end, take)
    else otherTokens(text.slice(at, end), at, take)
    at = end
  }
}

function plainTokens(text: string, from: number, end: number, take: (word: string, start: number, end: number) => void): void {
  for (let at = from; at < end; ) {
    const start = at
    while (at < end && isPlainWord(text.charCodeAt(at))) at += 1
    if (at > start) take(text.slice(start, at).toLowerCase(), start, at)
    else {
      at += 1
      take(text.slice(start, at), start, at)
    }
  }
}

/** A–Z, a–z, 0–9 and _. */
function isPlainWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
}

function otherTokens(text: string, offset: number, take: (word: string, start: number, end: number) => void): void {
  for (const match of text.matchAll(token)) {
    const start = offset + match.index
    // A word may run into a script without spaces: `GPT模型` is `gpt`, `模`, `型`.
    for (const part of splitScripts(match[0])) take(foldOnce(part.text), start + part.start, start + part.start + part.text.length)
  }
}

const folded = new Map<string, string>()
const KEPT = 50_000

/** Words repeat, and folding one asks four expressions. */
function foldOnce(text: string): string {
  const known = folded.get(text)
  if (known !== undefined) return known
  const result = fold(text)
  if (folded.size >= KEPT) folded.clear()
  folded.set(text, result)
  return result
}

function splitScripts(text: string): { text: string; start: number }[] {
  const parts: { text: string; start: number }[] = []
  let word = ''
  let at = 0
  const single = new RegExp(unspaced.source, 'uy')
  for (let index = 0; index < text.length; ) {
    single.lastIndex = index
    const found = single.exec(text)?.[0]
    if (found) {
      if (word) parts.push({ text: word, start: at })
      word = ''
      parts.push({ text: found, start: index })
      index += found.length
      at = index
      continue
    }
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0)
    if (!word) at = index
    word += character
    index += character.length
  }
  if (word) parts.push({ text: word, start: at })
  return parts
}

/** Accents are dropped where they only decorate (Latin, Greek, Cyrillic): in Devanagari or Thai a mark is part of the word. */
function fold(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase()
  return /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{N}\p{sc=Inherited}_]+$/u.test(lower)
    ? lower.normalize('NFD').replace(/\p{Mn}/gu, '')
    : lower
}
