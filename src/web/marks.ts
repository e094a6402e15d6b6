/** A stretch of a text: plain, a replacement tag of the redaction, a search hit, or a control character made visible. */
export interface Stretch {
  text: string
  kind: 'plain' | 'tag' | 'hit' | 'control'
  /** What a tag stands for, such as `name`. */
  label?: string
}

/** Words of replacement tags that redaction writes, and those of other tools that read the same way. */
const tagWords =
  'NAME|PERSON|EMAIL|PHONE|ADDRESS|CARD|IBAN|ID|PASSPORT|LICENCE|PLATE|BIRTHDATE|IP|MAC|URL|HANDLE|WALLET|COORDINATES|SECRET|KEY|GEO|ACCOUNT'
/** Characters that turn the direction of text or hide in it: overrides, embeddings, isolates, tags, zero-width marks outside emoji and Indic joining. */
const controls =
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\u200b\\u200e\\u200f\\u061c\\ufeff\\u{e0000}-\\u{e007f}]'

/** Tags beside the built-in ones, with their kinds: what a release says that it replaced, such as `PROJECT_1` by a rule of its recipe. */
export type KnownTags = ReadonlyMap<string, string>

/**
 * Cuts a text into stretches. `hits` are words to highlight, without regard to case, as whole words where their script has spaces. Joined, the stretches are
 * the text; controls become their names.
 */
export function markText(text: string, hits: readonly string[], known: KnownTags = noTags): Stretch[] {
  const wanted = [...new Set(hits.filter((hit) => hit.trim() !== ''))].sort((a, b) => b.length - a.length).map(wholeWord)
  const others = [...known.keys()].filter((tag) => /^[\w-]{1,60}$/.test(tag)).sort((a, b) => b.length - a.length)
  const alternatives = [
    `(?<control>${controls})`,
    `(?<tag>\\b(?:${[...others.map((tag) => `${tag}(?!\\d)`), `(?:${tagWords})_\\d{1,5}`].join('|')})\\b)`,
    ...(wanted.length > 0 ? [`(?<hit>${wanted.join('|')})`] : []),
  ]
  const pattern = new RegExp(alternatives.join('|'), 'giu')
  const stretches: Stretch[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    const { control, tag, hit } = match.groups ?? {}
    // The flag i is for hits; tags are written in capitals.
    if (tag && tag !== tag.toUpperCase() && !hit) continue
    if (match.index > at) stretches.push({ text: text.slice(at, match.index), kind: 'plain' })
    at = match.index + match[0].length
    if (control) stretches.push({ text: controlName(control), kind: 'control' })
    else if (tag) stretches.push({ text: tag, kind: 'tag', label: (known.get(tag) ?? tag.replace(/_\d+$/, '')).toLowerCase() })
    else stretches.push({ text: match[0], kind: 'hit' })
  }
  if (at < text.length) stretches.push({ text: text.slice(at), kind: 'plain' })
  return stretches
}

/** The name of a character as `U+202E`. */
export const controlName = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const noTags: KnownTags = new Map()

/** Letters of scripts that put spaces between words. */
const spaced = /^[\p{L}\p{N}](?<![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}])$/u

/** A hit as a pattern: a whole word at an end that is a letter of a script with spaces, so that `in` does not light up inside `within`. */
function wholeWord(hit: string): string {
  const first = String.fromCodePoint(hit.codePointAt(0) ?? 0)
  const last = [...hit].at(-1) ?? ''
  const before = spaced.test(first) ? '(?<![\\p{L}\\p{N}_])' : ''
  return `${before}${escapePattern(hit)}${spaced.test(last) ? '(?![\\p{L}\\p{N}_])' : ''}`
}

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/**
 * Maths as models write it, `\( … \)` and `\[ … \]`, in the dollars that the Markdown reader knows. Code is left alone. A single dollar is money
 * far more often than maths, so it is never read as maths.
 */
export function normalizeMaths(markdown: string): string {
  return markdown
    .split(/(^ {0,3}(?:`{3,}|~{3,})[\s\S]*?(?:^ {0,3}(?:`{3,}|~{3,})[ \t]*$|$(?![\s\S]))|`[^`\n]+`)/m)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replace(/\\\[([\s\S]{1,5000}?)\\\]/g, (_, inner: string) => ['', '$$', inner.trim(), '$$', ''].join('\n'))
            .replace(/\\\(([^\n]{1,1000}?)\\\)/g, (_, inner: string) => ['$$', inner.trim(), '$$'].join('')),
    )
    .join('')
}

/** Whether a text may hold maths, so that the parts for it are worth loading. */
export const mayHoldMaths = (text: string): boolean => /\$\$|\\\(|\\\[/.test(text)
