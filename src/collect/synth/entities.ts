import type { Language, SynthData } from './data.ts'
import { makeAddress, makeCard, makeCoordinates, makeSecret, makeWallet } from './entities.structured.ts'
import type { Random } from './random.ts'

/** Personal data by the grammar's marks, the same within one conversation. All of it is invented. */
export interface Cast {
  /**
   * The value of a mark such as `PERSON a.given`, and the id of the entity that it belongs to (`e1`, `e2`, … by first use). Where the conversation
   * has given one of a person's names alone and the form is the other one alone, the value is the full name: else nobody could tell who is meant.
   */
  valueOf(random: Random, kind: string, entity: string, form: string): { value: string; id: string }
  /** The same cast for one of several ways in which the conversation goes on: what is said there is not said in the others. */
  branch(): Cast
}

interface Person {
  given: string
  family: string
  full: string
}

/** Languages whose names English conversations bring along, beside English ones. */
const guests = ['es', 'de', 'fr', 'it', 'pt', 'pl', 'tr', 'id', 'vi', 'sv', 'cs', 'hu', 'da', 'ro', 'fi', 'nl', 'hr', 'no', 'az', 'yo']
/** Languages that write the family name first, with the sign between the two. */
const familyFirst: Record<string, string> = { zh: '', ko: '', ja: ' ', hu: ' ', vi: ' ' }
/** Whose names stand in where a language has no list of its own and shares the script. */
const substitutes: Record<string, string> = { hi: 'ne', mr: 'ne', bg: 'mk', sr: 'mk', be: 'uk', kk: 'ru', mn: 'ru', gl: 'es', ca: 'es' }

/** An empty cast for one conversation in a language. */
export function createCast(data: SynthData, language: Language): Cast {
  const people = new Map<string, Person>()
  const values = new Map<string, string>()
  const ids = new Map<string, string>()

  const personOf = (random: Random, entity: string): Person => {
    const known = people.get(entity)
    if (known) return known
    const isTaken = ({ given, family }: Person) => [...people.values()].some((other) => other.given === given || other.family === family)
    let person = makePerson(data, language, random)
    for (let tries = 1; tries < 10 && isTaken(person); tries++) person = makePerson(data, language, random)
    people.set(entity, person)
    return person
  }
  const valueFor = (random: Random, kind: string, entity: string, form: string): string => {
    if (kind === 'PERSON') return formOf(personOf(random, entity), form)
    const key = `${kind} ${entity}`
    const known = values.get(key)
    if (known !== undefined) return known
    const value = make(data, language, random, { kind, form, person: () => personOf(random, entity) })
    values.set(key, value)
    return value
  }
  const castWith = (told: Map<string, Name[]>): Cast => ({
    valueOf(random, kind, entity, form) {
      const value = valueFor(random, kind, entity, kind === 'PERSON' ? tiedForm(told, entity, form) : form)
      const key = `${kind} ${entity}`
      const id = ids.get(key) ?? `e${ids.size + 1}`
      ids.set(key, id)
      return { value, id }
    },
    branch: () => castWith(new Map(told)),
  })
  return castWith(new Map())
}

type Name = 'given' | 'family'

const namesIn: Record<string, Name[]> = { given: ['given'], lowergiven: ['given'], family: ['family'] }

/** The form, or the full name where the form shares no name with what was told of the person; notes what it tells. */
function tiedForm(told: Map<string, Name[]>, entity: string, form: string): string {
  const names = namesIn[form] ?? ['given', 'family']
  const known = told.get(entity)
  const isTied = !known || names.some((name) => known.includes(name))
  told.set(entity, isTied ? [...new Set([...(known ?? []), ...names])] : ['given', 'family'])
  if (isTied) return form
  return form.startsWith('lower') ? 'lower' : 'full'
}

function formOf({ given, family, full }: Person, form: string): string {
  switch (form) {
    case 'given':
      return given
    case 'family':
      return family
    case 'lower':
      return full.toLowerCase()
    case 'lowergiven':
      return given.toLowerCase()
    case 'initial':
      return `${given.charAt(0)}. ${family}`
    default:
      return full
  }
}

function makePerson(data: SynthData, language: Language, random: Random): Person {
  const code = language.code === 'en' && random.chance(0.28) ? random.pick(guests) : language.code
  const source =
    data.languages.find((item) => item.code === code && item.given.length > 0) ??
    data.languages.find((item) => item.code === (substitutes[code] ?? 'en')) ??
    language
  const given = random.pick(source.given)
  const family = random.pick(source.family)
  const between = familyFirst[source.code]
  return { given, family, full: between === undefined ? `${given} ${family}` : `${family}${between}${given}` }
}

interface Wanted {
  kind: string
  form: string
  person: () => Person
}

function make(data: SynthData, language: Language, random: Random, { kind, form, person }: Wanted): string {
  const digits = (count: number) => Array.from({ length: count }, () => random.below(10)).join('')
  const between = (low: number, high: number) => low + random.below(high - low + 1)
  const letters = (count: number) => Array.from({ length: count }, () => String.fromCharCode(65 + random.below(26))).join('')
  switch (kind) {
    case 'EMAIL':
      return `${loginOf(person(), random)}@${domainOf(data, random)}`
    case 'PHONE': {
      const own = data.phones.filter(([country]) => countriesOf[language.code]?.includes(country))
      const [, international, national] = random.pick(own.length > 0 && random.chance(0.75) ? own : data.phones)
      return own.length > 0 && random.chance(0.3) ? national : international
    }
    case 'ADDRESS':
      return makeAddress(language, data, random)
    case 'CARD':
      return makeCard(random)
    case 'IBAN': {
      const iban = random.pick(data.ibans)
      return random.chance(0.5) ? (iban.match(/.{1,4}/g) ?? [iban]).join(' ') : iban
    }
    case 'IP':
      return `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${between(1, 254)}`
    case 'MAC':
      return Array.from({ length: 6 }, (_, index) => (index === 0 ? '02' : random.below(256).toString(16).padStart(2, '0'))).join(':')
    case 'URL':
      return `https://${random.pick(['www.linkedin.com/in', 'github.com', 'www.facebook.com', 'www.instagram.com'])}/${loginOf(person(), random)}-${digits(4)}`
    case 'HANDLE':
      return `@${loginOf(person(), random).replaceAll('.', '_')}${digits(2)}`
    case 'ID':
      return `${String(between(1, 665)).padStart(3, '0')}-${String(between(1, 99)).padStart(2, '0')}-${String(between(1, 9999)).padStart(4, '0')}`
    case 'PASSPORT':
      return random.chance(0.5) ? `${letters(1)}${digits(8)}` : digits(9)
    case 'LICENCE':
      return `${letters(1)}${digits(7)}`
    case 'PLATE':
      return random.chance(0.5) ? `${between(1, 9)}${letters(3)}${digits(3)}` : `${letters(2)}${digits(2)} ${letters(3)}`
    case 'BIRTHDATE': {
      const [year, month, day] = [
        String(between(1945, 2004)),
        String(between(1, 12)).padStart(2, '0'),
        String(between(1, 28)).padStart(2, '0'),
      ]
      return random.pick([`${year}-${month}-${day}`, `${month}/${day}/${year}`, `${day}.${month}.${year}`])
    }
    case 'COORDINATES':
      return makeCoordinates(random)
    case 'WALLET':
      return makeWallet(random)
    case 'SECRET':
      return makeSecret(form, random, data.words.noun ?? ['word'])
    default:
      throw new RangeError(`The grammar plants '${kind}', a kind that has no maker.`)
  }
}

const countriesOf: Record<string, readonly string[]> = {
  en: ['US', 'GB', 'CA', 'AU', 'IE', 'IN', 'NZ', 'ZA'],
  es: ['ES', 'MX', 'AR', 'CO', 'CL'],
  pt: ['BR', 'PT'],
  de: ['DE', 'AT', 'CH'],
  fr: ['FR', 'BE', 'CH'],
  ru: ['RU'],
  zh: ['CN', 'TW', 'HK'],
  ja: ['JP'],
  ko: ['KR'],
  it: ['IT'],
  nl: ['NL', 'BE'],
  pl: ['PL'],
  tr: ['TR'],
  uk: ['UA'],
}

/** A login made from a name where it is Latin, else from a word; never longer than 30 units. */
function loginOf({ given, family }: Person, random: Random): string {
  const ascii = (text: string) =>
    text
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase()
  const [first, last] = [ascii(given), ascii(family)]
  const number = random.chance(0.4) ? String(random.below(1000)) : ''
  if (first.length < 2 || last.length < 2) return `user${random.below(100_000)}`
  return random.pick([`${first}.${last}${number}`, `${first.charAt(0)}${last}${number}`, `${first}_${last}`]).slice(0, 30)
}

/** Names that the standards set aside (RFC 2606): nobody's mailbox. */
function domainOf(data: SynthData, random: Random): string {
  if (random.chance(0.5)) return random.pick(['example.com', 'example.org', 'example.net', 'mail.example.com', 'uni.example.org'])
  const nouns = data.words.noun ?? ['word']
  return `${random.pick(nouns)}-${random.pick(nouns)}.example`
}
