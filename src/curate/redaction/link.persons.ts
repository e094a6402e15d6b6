import { firstAbove } from '../../bisect.ts'
import { isSameName, keysOfPart, type PersonName } from './names/person-name.ts'

/** Of the persons that share a part with a name, at most so many are compared: a text of thousands of Smiths stays linear. */
const mostCompared = 64

/**
 * Numbers the persons of a conversation's mentions, undefined where a mention is no person: first the full names found one, then each shorter form
 * joins the full name that it fits and that was named last before it (else first after it). A form that fits none is somebody else. Each name is
 * compared only with persons that share a part with it.
 */
export function linkPersons(names: readonly (PersonName | undefined)[]): (number | undefined)[] {
  const persons = createPersons()
  const assigned: (number | undefined)[] = names.map(() => undefined)
  /** By person, the places of its full names. */
  const fullAt = new Map<number, number[]>()
  for (const [index, name] of names.entries()) {
    if (!name || name.parts.length < 2) continue
    const person = persons.find(name)[0] ?? persons.add(name)
    persons.enrich(person, name)
    assigned[index] = person
    const places = fullAt.get(person)
    if (places) places.push(index)
    else fullAt.set(person, [index])
  }
  const candidatesOf = new Map<string, number[]>()
  for (const [index, name] of names.entries()) {
    if (!name || assigned[index] !== undefined) continue
    const form = `${name.title ?? ''}|${name.parts.join(' ')}`
    let candidates = candidatesOf.get(form)
    if (!candidates) {
      candidates = persons.find(name)
      // Where the family name comes first (Szekeres Réka), a title stands before the first part.
      if (candidates.length === 0 && name.title) candidates = persons.find({ parts: name.parts })
      if (candidates.length === 0) candidates = [persons.add(name)]
      candidatesOf.set(form, candidates)
    }
    assigned[index] = candidates.length === 1 ? candidates[0] : nearest(fullAt, index, candidates)
  }
  return assigned
}

/** The persons so far, by the parts of their names. */
function createPersons() {
  const fullest: PersonName[] = []
  const byKey = new Map<string, number[]>()
  const byForm = new Map<string, number>()
  const enter = (person: number, { parts }: PersonName) => {
    for (const key of keysOf(parts)) {
      const known = byKey.get(key)
      if (!known) byKey.set(key, [person])
      else if (known.at(-1) !== person && known.length < mostCompared) known.push(person)
    }
  }
  return {
    /** The persons that a name can be a form of, first named first. */
    find(name: PersonName): number[] {
      const { parts } = name
      if (parts.length >= 2) {
        const same = byForm.get(parts.join(' '))
        if (same !== undefined) return [same]
      }
      const keys = parts.length === 1 ? keysOfPart(parts[0] ?? '') : keysOf(parts).filter((key) => key.includes(' '))
      const near = new Set(keys.flatMap((key) => byKey.get(key) ?? []))
      return [...near].filter((person) => isSameName(name, fullest[person] ?? { parts: [] })).sort((a, b) => a - b)
    },
    add(name: PersonName): number {
      const person = fullest.push(name) - 1
      enter(person, name)
      return person
    },
    /** Keeps the fuller of a person's names, and remembers the form. */
    enrich(person: number, name: PersonName): void {
      byForm.set(name.parts.join(' '), person)
      if (name.parts.length <= (fullest[person]?.parts.length ?? 0)) return
      fullest[person] = name
      enter(person, name)
    },
  }
}

/** By which a name is found: each part, each two neighbours, and the last part with the first one's initial. */
function keysOf(parts: readonly string[]): string[] {
  const keys = parts.flatMap(keysOfPart)
  const [last = ''] = keysOfPart(parts.at(-1) ?? '')
  keys.push(`${(keysOfPart(parts[0] ?? '')[0] ?? '').charAt(0)}. ${last}`)
  for (let at = 0; at + 1 < parts.length; at++) keys.push(`${parts[at]} ${parts[at + 1]}`)
  return keys
}

/** Of several fitting persons, the one whose full name stands last before the mention; with none before it, the first after it. */
function nearest(fullAt: ReadonlyMap<number, readonly number[]>, index: number, candidates: readonly number[]): number | undefined {
  let [before, after]: ({ at: number; person: number } | undefined)[] = []
  for (const person of candidates) {
    const places = fullAt.get(person) ?? []
    const next = firstAbove(places, index)
    const [ahead, behind] = [places[next - 1], places[next]]
    if (ahead !== undefined && ahead > (before?.at ?? -1)) before = { at: ahead, person }
    if (behind !== undefined && behind < (after?.at ?? Number.POSITIVE_INFINITY)) after = { at: behind, person }
  }
  return (before ?? after)?.person ?? candidates[0]
}
