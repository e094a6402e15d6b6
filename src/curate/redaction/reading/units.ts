/** Classes of UTF-16 units, as the tokenizer needs them. */
export const unit = {
  other: 0,
  lower: 1,
  upper: 2,
  uncased: 3,
  digit: 4,
  han: 5,
  kana: 6,
  thai: 7,
  space: 8,
  newline: 9,
  joiner: 10,
  ignorable: 11,
  punctuation: 12,
} as const

const size = 0x10000

/** Class of every UTF-16 unit. Built once per process in some 20 ms. */
export const unitClass: Uint8Array = buildClasses()

/** Lower-case form of every UTF-16 unit where that is one unit, with accents kept. */
export const lowerUnit: Uint16Array = buildLower()

function classOf(letter: string): number {
  if (/[\n\r\u2028\u2029]/.test(letter)) return unit.newline
  if (/\s/.test(letter)) return unit.space
  // Zero-width and direction marks hide inside words; a word means the same without them.
  if (/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\ufe0f/.test(letter)) return unit.ignorable
  if (/[\p{Script=Han}]/u.test(letter)) return unit.han
  if (/[\p{Script=Katakana}\p{Script=Hiragana}ー]/u.test(letter)) return unit.kana
  if (/[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(letter)) return unit.thai
  if (/[\p{Lu}\p{Lt}]/u.test(letter)) return unit.upper
  if (/\p{Ll}/u.test(letter)) return unit.lower
  if (/[\p{L}\p{M}]/u.test(letter)) return /\p{M}/u.test(letter) && letter < '\u0370' ? unit.ignorable : unit.uncased
  if (/\p{Nd}/u.test(letter)) return unit.digit
  if (/['’ʼ`´\u2010\u2011-]/.test(letter)) return unit.joiner
  return /[\p{P}\p{S}]/u.test(letter) ? unit.punctuation : unit.other
}

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(size)
  for (let code = 0; code < size; code++) {
    if (code < 0xd800 || code > 0xf8ff) classes[code] = classOf(String.fromCharCode(code))
  }
  return classes
}

function buildLower(): Uint16Array {
  const lower = new Uint16Array(size)
  for (let code = 0; code < size; code++) {
    const letter = code >= 0xd800 && code < 0xe000 ? '' : String.fromCharCode(code).toLowerCase()
    lower[code] = letter.length === 1 ? letter.charCodeAt(0) : code
  }
  return lower
}
