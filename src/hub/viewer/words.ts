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
  for (const match of text.matchAll(token)) {
    const start = match.index
    // A word may run into a script without spaces: `GPT模型` is `gpt`, `模`, `型`.
    for (const part of splitScripts(match[0])) {
      tokens.push({ text: fold(part.text), start: start + part.start, end: start + part.start + part.text.length })
    }
  }
  return tokens
}

/** A text as the index stores it: its tokens with single spaces between. Symbols get a letter form, since SQLite's tokenizer drops some of them. */
export function indexText(text: string): string {
  return tokenize(text)
    .map((one) => asWord(one.text))
    .join(' ')
}

/** A token in letters and digits alone, as the index keeps it. */
export function asWord(text: string): string {
  return /^[\p{L}\p{N}\p{M}_]/u.test(text) ? text.replaceAll('_', 'ʔ') : `ʘ${text.codePointAt(0)?.toString(36) ?? ''}`
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
