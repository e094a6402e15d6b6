import { linkPersons } from './link.persons.ts'
import { parsePersonName } from './names/person-name.ts'

/** A mention of something to be replaced, in reading order over the whole conversation. */
export interface Mention {
  kind: string
  /** The text as it stands. */
  text: string
}

/**
 * Gives each mention the number of its entity within its kind, from 0 in order of first appearance. Persons are joined across forms (full name,
 * given name, title and family name); everything else by its normalised value.
 */
export function linkMentions(mentions: readonly Mention[]): number[] {
  const persons = linkPersons(mentions.map(({ kind, text }) => (kind === 'PERSON' ? parsePersonName(text) : undefined)))
  const numbers = new Map<string, Map<string, number>>()
  return mentions.map(({ kind, text }, index) => {
    const key = kind === 'PERSON' ? `#${persons[index]}` : normalise(kind, text)
    const ofKind = numbers.get(kind) ?? new Map<string, number>()
    numbers.set(kind, ofKind)
    const number = ofKind.get(key) ?? ofKind.size
    ofKind.set(key, number)
    return number
  })
}

/** What makes two values of a kind the same: digits of numbers (the last nine of a telephone number), letters without case elsewhere. */
function normalise(kind: string, text: string): string {
  if (kind === 'PHONE')
    return text
      .replace(/\s*(?:x|ext).*$/i, '')
      .replace(/\D/g, '')
      .slice(-9)
  if (kind === 'SECRET') return text
  if (kind === 'EMAIL' || kind === 'IP') return text.toLowerCase()
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}
