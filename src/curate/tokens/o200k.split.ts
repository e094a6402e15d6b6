const UPPER = 1
const LOWER = 2
const LETTER = 4
const NUMBER = 8
const SPACE = 16
const BREAK = 32
const KNOWN = 128

const APOSTROPHE = 0x27
const SLASH = 0x2f
const BLANK = 0x20

/** Class bits by code point, filled as characters are met. */
const classes = new Uint8Array(0x110000)

/**
 * End of the piece of o200k's pre-tokeniser that starts at `start` (UTF-16 units; every position of a text starts one). Gives what the
 * pattern below gives, without its backtracking; the alternatives are named in its order.
 *
 *     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+('s|'d|'m|'t|'ll|'ve|'re)?     word
 *     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*('s|'d|'m|'t|'ll|'ve|'re)?     capitals
 *     \p{N}{1,3}|  ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
 *
 * @see gpt-tokenizer, `O200K_TOKEN_SPLIT_REGEX`
 */
export function endOfPiece(text: string, start: number): number {
  const first = classAt(text, start)
  const second = start + widthAt(text, start)
  const mayLead = (first & (LETTER | NUMBER | BREAK)) === 0
  const mayBegin = (first & (UPPER | LOWER)) !== 0
  let end = mayLead ? endOfWord(text, second) : 0
  if (end === 0 && mayBegin) end = endOfWord(text, start)
  if (end === 0 && mayLead) end = endOfCapitals(text, second)
  if (end === 0 && mayBegin) end = endOfCapitals(text, start)
  if (end > 0) return endOfContraction(text, end)
  if (first & NUMBER) return endOfDigits(text, start)
  end = endOfSigns(text, text.charCodeAt(start) === BLANK ? start + 1 : start)
  return end > 0 ? end : endOfSpace(text, start)
}

/** `U*W+`: greedy, else back to the last character of the first run that is of both classes. 0 when there is none. */
function endOfWord(text: string, start: number): number {
  let lastOfBoth = 0
  let at = start
  let kind = classAt(text, at)
  while (kind & UPPER) {
    at += widthAt(text, at)
    if (kind & LOWER) lastOfBoth = at
    kind = classAt(text, at)
  }
  if ((kind & LOWER) === 0) return lastOfBoth
  do at += widthAt(text, at)
  while (classAt(text, at) & LOWER)
  return at
}

/** `U+W*` where `U*W+` has failed, so that nothing of the second class follows. 0 when there is none. */
function endOfCapitals(text: string, start: number): number {
  let at = start
  while (classAt(text, at) & UPPER) at += widthAt(text, at)
  return at > start ? at : 0
}

function endOfContraction(text: string, end: number): number {
  if (text.charCodeAt(end) !== APOSTROPHE) return end
  const one = text.charCodeAt(end + 1) | 0x20
  if (end + 1 < text.length && isAsciiLetter(text.charCodeAt(end + 1)) && (one === 0x73 || one === 0x64 || one === 0x6d || one === 0x74))
    return end + 2
  if (end + 2 >= text.length || !isAsciiLetter(text.charCodeAt(end + 1)) || !isAsciiLetter(text.charCodeAt(end + 2))) return end
  const two = text.charCodeAt(end + 2) | 0x20
  const isSuffix = (one === 0x6c && two === 0x6c) || (one === 0x76 && two === 0x65) || (one === 0x72 && two === 0x65)
  return isSuffix ? end + 3 : end
}

function isAsciiLetter(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)
}

function endOfDigits(text: string, start: number): number {
  let at = start
  for (let digits = 0; digits < 3 && classAt(text, at) & NUMBER; digits++) at += widthAt(text, at)
  return at
}

/** `[^\s\p{L}\p{N}]+[\r\n/]*`; 0 when the first part is empty. */
function endOfSigns(text: string, start: number): number {
  let at = start
  while (at < text.length && (classAt(text, at) & (SPACE | LETTER | NUMBER)) === 0) at += widthAt(text, at)
  if (at === start) return 0
  while (at < text.length && (classAt(text, at) & BREAK || text.charCodeAt(at) === SLASH)) at++
  return at
}

/** White space (one UTF-16 unit each): up to the last line break of the run; else all of it but the last, which leads the next piece. */
function endOfSpace(text: string, start: number): number {
  let at = start
  let afterBreak = 0
  for (let kind = classAt(text, at); kind & SPACE; kind = classAt(text, at)) {
    at++
    if (kind & BREAK) afterBreak = at
  }
  if (afterBreak > 0) return afterBreak
  return at < text.length && at - start > 1 ? at - 1 : at
}

function widthAt(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit < 0xd800 || unit > 0xdbff ? 1 : (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

/** Class bits of the character at a position; 0 after the end. */
function classAt(text: string, at: number): number {
  let code = text.charCodeAt(at)
  if (code >= 0xd800 && code <= 0xdbff) code = text.codePointAt(at) ?? code
  // Past the end the code is NaN, which no class has.
  const known = classes[code]
  if (known === undefined) return 0
  return known === 0 ? classify(code) : known
}

function classify(code: number): number {
  const character = String.fromCodePoint(code)
  let bits = KNOWN
  if (/[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]/u.test(character)) bits |= UPPER
  if (/[\p{Ll}\p{Lm}\p{Lo}\p{M}]/u.test(character)) bits |= LOWER
  if (/\p{L}/u.test(character)) bits |= LETTER
  if (/\p{N}/u.test(character)) bits |= NUMBER
  if (/\s/u.test(character)) bits |= SPACE
  if (character === '\r' || character === '\n') bits |= BREAK
  classes[code] = bits
  return bits
}
