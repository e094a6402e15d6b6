import { isSameName, type PersonName, parsePersonName } from './names/person-name.ts'

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
  const persons = linkPersons(mentions)
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

interface Entity {
  /** The fullest form seen. */
  name: PersonName
}

/**
 * Entities of the persons' mentions: first the full names found one, then each shorter form joins the full name that it fits and that was named
 * last before it (else first after it). A form that fits none is somebody else.
 */
function linkPersons(mentions: readonly Mention[]): (number | undefined)[] {
  const entities: Entity[] = []
  const assigned: (number | undefined)[] = mentions.map(() => undefined)
  const names = mentions.map((mention) => (mention.kind === 'PERSON' ? parsePersonName(mention.text) : undefined))
  const byForm = new Map<string, number>()
  for (const [index, name] of names.entries()) {
    if (!name || name.parts.length < 2) continue
    const form = name.parts.join(' ')
    let entity = byForm.get(form)
    if (entity === undefined) {
      const found = entities.findIndex((other) => isSameName(name, other.name))
      entity = found >= 0 ? found : entities.push({ name }) - 1
      const known = entities[entity]
      if (known && name.parts.length > known.name.parts.length) known.name = name
      byForm.set(form, entity)
    }
    assigned[index] = entity
  }
  const single = new Map<string, number[]>()
  const fullAt = assigned.flatMap((entity, index) => (entity === undefined ? [] : [[index, entity] as const]))
  for (const [index, name] of names.entries()) {
    if (!name || assigned[index] !== undefined) continue
    const form = `${name.title ?? ''}|${name.parts.join(' ')}`
    let candidates = single.get(form)
    if (!candidates) {
      candidates = entities.flatMap((entity, number) => (isSameName(name, entity.name) ? [number] : []))
      // Where the family name comes first (Szekeres Réka), a title stands before the first part.
      if (candidates.length === 0 && name.title) {
        candidates = entities.flatMap((entity, number) => (isSameName({ parts: name.parts }, entity.name) ? [number] : []))
      }
      if (candidates.length === 0) candidates = [entities.push({ name }) - 1]
      single.set(form, candidates)
    }
    assigned[index] = candidates.length === 1 ? candidates[0] : nearest(fullAt, index, candidates)
  }
  return assigned
}

/** Of several fitting entities, the one whose full name stands last before the mention; with none before it, the first after it. */
function nearest(fullAt: readonly (readonly [number, number])[], index: number, candidates: readonly number[]): number | undefined {
  let before: number | undefined
  let after: number | undefined
  for (const [at, entity] of fullAt) {
    if (!candidates.includes(entity)) continue
    if (at < index) before = entity
    else after ??= entity
  }
  return before ?? after ?? candidates[0]
}
