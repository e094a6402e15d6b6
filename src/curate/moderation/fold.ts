/** What fold() gives for a character that is left out: accents, zero-width characters, variation selectors. */
export const dropped = 0
/** What it gives for one that ends a word. */
export const separator = 32

/** Letters of other scripts that are drawn like Latin ones; used for words that mix scripts. */
const lookalikes: Record<string, string> = {
  а: 'a', в: 'b', с: 'c', е: 'e', һ: 'h', і: 'i', ј: 'j', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', ѕ: 's', т: 't', у: 'y', х: 'x', ԁ: 'd', ԛ: 'q', ԝ: 'w',
  α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ω: 'w', ɡ: 'g', ı: 'i', ո: 'n', օ: 'o', ս: 'u',
} // biome-ignore format: a table

const smallCapitals = 'ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz'
const smallCapitalCodes = new Map(
  [...smallCapitals.matchAll(/(.)(.)/g)].map(([, from = '', to = '']) => [from.charCodeAt(0), to.charCodeAt(0)]),
)

const kept = new Set([...".!?\n@$*'"].map((character) => character.charCodeAt(0)))

/**
 * Folds one UTF-16 unit for matching: NFKC, lower case, no accents; punctuation becomes `separator` but for `. ! ? @ $ * '` and line ends.
 * 64 Ki entries, made once (about 30 ms).
 */
export function foldTable(): Uint16Array {
  table ??= buildTable()
  return table
}

/** Folds a surrogate pair: mathematical letters (𝐚, 𝒶, 𝔞, …) and letters in squares and circles (🄰, 🅐, 🅰); all else is a separator. */
export function foldPair(high: number, low: number): number {
  if (high === 0xd835) return foldTable()[String.fromCharCode(high, low).normalize('NFKC').charCodeAt(0)] ?? separator
  const place = high === 0xd83c ? low - firstEnclosed : -1
  return place >= 0 && place < 90 && place % 32 < 26 ? 97 + (place % 32) : separator
}

/** Low unit of 🄰. */
const firstEnclosed = 0xdd30

/** The Latin letter that this folded letter is drawn like, or the letter itself. */
export function latinLookalike(code: number): number {
  return lookalikeCodes.get(code) ?? code
}

let table: Uint16Array | undefined
const lookalikeCodes = new Map(Object.entries(lookalikes).map(([from, to]) => [from.charCodeAt(0), to.charCodeAt(0)]))

function buildTable(): Uint16Array {
  const folded = new Uint16Array(65536)
  const isLetter = /[\p{L}\p{N}]/u
  for (let code = 0; code < 65536; code += 1) {
    if (code >= 0xac00 && code <= 0xd7a3) folded[code] = code
    else if (code >= 0xd800 && code <= 0xdfff) folded[code] = separator
    else folded[code] = foldCode(code, isLetter)
  }
  for (const quote of [0x2018, 0x2019, 0x02bc, 0x60, 0xb4]) folded[quote] = 39
  return folded
}

function foldCode(code: number, isLetter: RegExp): number {
  if (kept.has(code)) return code
  const small = smallCapitalCodes.get(code)
  if (small !== undefined) return small
  if (code === 0xad || (code >= 0x200b && code <= 0x200f) || code === 0x2060 || code === 0xfeff) return dropped
  if (code >= 0xfe00 && code <= 0xfe0f) return dropped
  const plain = String.fromCharCode(code).normalize('NFKD').toLowerCase().normalize('NFKD')
  if (/^\p{M}/u.test(plain)) return /^[\u0300-\u036f]/.test(plain) ? dropped : code
  const first = plain.charCodeAt(0)
  if (kept.has(first)) return first
  return isLetter.test(plain.charAt(0)) ? first : separator
}
