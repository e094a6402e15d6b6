/** A person's name as written, taken apart: `title` where one stands before it, `parts` in lower case without particles and possessives. */
export interface PersonName {
  title?: string
  parts: string[]
}

const titles =
  /^(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|dame|lord|lady|mme|mlle|monsieur|madame|mademoiselle|herr|frau|hr|fr|sr|sra|srta|señor|señora|señorita|don|doña|dom|dona|senhor|senhora|signor|signora|sig|dott|dhr|mevr|meneer|mevrouw|pan|pani|rev|father|sister|brother|uncle|aunt|auntie|captain|capt|president|г-н|г-жа|господин|госпожа|пан|пані|bay|bayan|smt|shri|sri|श्री|السيد|السيدة|κ|κύριος|κυρία)\.?$/u
const particles = /^(?:von|van|de|der|den|del|della|di|da|do|dos|das|du|la|le|el|al|bin|ibn|ben|bint|af|av|zu|y|e|i)$/u
const generations = /^(?:jr|sr|ii|iii|iv)\.?$/u
/** Titles that stand behind the name: 田中さん, 王先生, 김철수 씨. */
const behind = /(?:さん|さま|様|くん|君|ちゃん|先生|氏|女士|小姐|同学|老师|总|씨|님|선생님)$/u

/** Takes a name apart. A name of titles and particles alone keeps them as its parts. */
export function parsePersonName(text: string): PersonName {
  const lower = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\u200b-\u200f\u00ad\u2060\ufeff]/g, '')
    .replace(/['’]s?$/u, '')
  const words = lower.split(/[\s.,·・]+/u).filter((word) => word.length > 0)
  const title = words.length > 1 && titles.test(words[0] ?? '') ? words[0] : undefined
  const suffix = behind.exec(lower)?.[0]
  const parts = words
    .map((word) => (suffix && word.endsWith(suffix) && word !== suffix ? word.slice(0, -suffix.length) : word))
    .filter(
      (word, index) =>
        !(titles.test(word) && index < words.length - 1) && !particles.test(word) && !generations.test(word) && word !== suffix,
    )
    .map((word) => word.replace(/['’]s$/u, ''))
  const kept = parts.length > 0 ? parts : words
  const named = title ?? suffix
  return named === undefined ? { parts: kept } : { title: named, parts: kept }
}

/**
 * Whether a name can be a form of another, fuller one: a single part is its given or family name (family name alone behind Mr and the like), and of
 * two or more parts the first and last agree, by initial where one is an initial, or one name stands whole in the other.
 */
export function isSameName(name: PersonName, full: PersonName): boolean {
  const [first, last] = [full.parts[0] ?? '', full.parts.at(-1) ?? '']
  const one = name.parts[0] ?? ''
  if (name.parts.length === 1) {
    if (full.parts.length === 1) return isSamePart(one, first)
    if (name.title && !/^(?:don|doña|dona|sir|dame|uncle|aunt|auntie|sister|father|brother|pan|pani|bay)$/.test(name.title))
      return isSamePart(one, last) || startsEastAsian(first, one)
    return full.parts.some((part) => part.length > 1 && isSamePart(one, part)) || startsEastAsian(first, one)
  }
  if (full.parts.length === 1) return false
  if (holdsInOrder(full.parts, name.parts) || holdsInOrder(name.parts, full.parts)) return true
  return isSameOrInitial(one, first) && isSamePart(name.parts.at(-1) ?? '', last)
}

/** Keys that two parts share whenever one can be the other: the folded part, of Greek and Cyrillic its beginning, and the first units of Han and Hangul. */
export function keysOfPart(part: string): string[] {
  if (/^[\u0370-\u04ff]/.test(part)) return [part.length < 4 ? fold(part) : part.slice(0, 3)]
  const folded = fold(part)
  return /^[\u3400-\u9fff\uac00-\ud7af]/.test(part) ? [folded, part.slice(0, 1), part.slice(0, 2)] : [folded]
}

/** Whether the shorter list stands whole in the longer one: 'Tú Anh' in 'Tăng Tú Anh'. */
function holdsInOrder(full: readonly string[], some: readonly string[]): boolean {
  if (some.length >= full.length) return false
  return full.some((_, from) => some.every((part, index) => full[from + index] === part))
}

function isSameOrInitial(a: string, b: string): boolean {
  return isSamePart(a, b) || ((a.length === 1 || b.length === 1) && a[0] === b[0])
}

/** Equal, but for Slavic and Greek endings: Иванову and Иванова. */
function isSamePart(a: string, b: string): boolean {
  if (a === b) return true
  if (a.length < 4 || b.length < 4 || !/^[\u0370-\u04ff]/.test(a)) return fold(a) === fold(b)
  const stem = Math.max(3, Math.min(a.length, b.length) - 2)
  return Math.abs(a.length - b.length) <= 2 && a.slice(0, stem) === b.slice(0, stem)
}

function startsEastAsian(full: string, one: string): boolean {
  return /^[\u3400-\u9fff\uac00-\ud7af]/.test(full) && one.length < full.length && one.length <= 2 && full.startsWith(one)
}

const fold = (part: string) => part.normalize('NFD').replace(/\p{M}/gu, '')
