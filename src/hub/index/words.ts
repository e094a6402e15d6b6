/** Scripts written without spaces: each character is a token, and a word of them is a phrase of its characters. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}]/u
const inWord = /[\p{L}\p{N}_]/u
const mark = /\p{M}/u
const symbol = /[^\s\p{L}\p{N}\p{M}\p{C}_]/u

// What a character is, as bits; asked once for each character, since the expressions take most of the time of an index otherwise.
const UNSPACED = 1
const WORD = 2
const MARK = 4
const SYMBOL = 8
const FIXED = 16
const UNKNOWN = 255
const kinds = new Uint8Array(0x110000).fill(UNKNOWN)

function kindOf(code: number): number {
  const known = kinds[code] ?? 0
  if (known !== UNKNOWN) return known
  const character = String.fromCodePoint(code)
  const test = (expression: RegExp, bit: number) => (expression.test(character) ? bit : 0)
  const kind = test(unspaced, UNSPACED) | test(inWord, WORD) | test(mark, MARK) | test(symbol, SYMBOL) | (isFixed(character) ? FIXED : 0)
  kinds[code] = kind
  return kind
}

/** Whether folding leaves a character as it is, whatever stands behind it that is no mark: conjoining parts of Korean syllables become one. */
const isFixed = (character: string) => fold(character) === character && character.normalize('NFD') === character && !jamo.test(character)
const jamo = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/

/** Whether the first unit of the token [start, end) is also that of its folded word. */
export function keepsFirst(text: string, start: number, end: number): boolean {
  if (!(kindOf(text.charCodeAt(start)) & FIXED)) return false
  const next = start + 1 < end ? text.charCodeAt(start + 1) : 0
  return (next < 0xd800 || next > 0xdfff) && !(kindOf(next) & MARK)
}

/** Whether a word, as it is searched, is a character of a script without spaces. */
export const isUnspaced = (word: string): boolean => (kindOf(word.codePointAt(0) ?? 0) & UNSPACED) !== 0

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

/** Calls `take` for every token: without an object for each. */
function eachToken(text: string, take: (word: string, start: number, end: number) => void): void {
  eachSpan(text, (start, end) => take(foldOnce(text.slice(start, end)), start, end))
}

/**
 * Calls `take` with where every token stands, which `foldOnce` makes a word of: a character of a script without spaces with its marks, letters and
 * digits in a row (`GPT模型` is `GPT`, `模`, `型`), or one symbol.
 */
export function eachSpan(text: string, take: (start: number, end: number) => void): void {
  const { length } = text
  for (let at = 0; at < length; ) {
    const code = codeAt(text, at)
    const kind = kindOf(code)
    let end = at + widthOf(code)
    if (kind & UNSPACED) {
      for (; end < length; ) {
        const next = codeAt(text, end)
        if (!(kindOf(next) & MARK)) break
        end += widthOf(next)
      }
      take(at, end)
    } else if (kind & WORD) {
      for (; end < length; ) {
        const next = codeAt(text, end)
        const nextKind = kindOf(next)
        if (!(nextKind & (WORD | MARK)) || nextKind & UNSPACED) break
        end += widthOf(next)
      }
      take(at, end)
    } else if (kind & SYMBOL) take(at, end)
    at = end
  }
}

/** The code point at a place; half of a pair alone stands for itself. */
function codeAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 0xd800 || code > 0xdbff ? code : (text.codePointAt(at) ?? code)
}

const widthOf = (code: number) => (code > 0xffff ? 2 : 1)

const folded = new Map<string, string>()
const KEPT = 50_000

/** A word as it is searched. Words repeat, and folding one asks several expressions. */
export function foldOnce(text: string): string {
  const known = folded.get(text)
  if (known !== undefined) return known
  const result = fold(text)
  if (folded.size >= KEPT) folded.clear()
  folded.set(text, result)
  return result
}

/** Accents are dropped where they only decorate (Latin, Greek, Cyrillic): in Devanagari or Thai a mark is part of the word. */
function fold(text: string): string {
  const compatible = text.normalize('NFKC')
  // Some characters stand for several words (ﷺ) or for a space with an accent (˘); a token stays one.
  const lower = (/\s/.test(compatible) ? text.normalize('NFC') : compatible).toLowerCase()
  if (!/^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{N}\p{sc=Inherited}_]+$/u.test(lower)) return lower
  // Of marks alone, such as the half-wide ones of Katakana, nothing would be left.
  return lower.normalize('NFD').replace(/\p{Mn}/gu, '') || lower
}
