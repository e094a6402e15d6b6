/** Fills the templates, and takes sentences that name nobody from the Universal Declaration of Human Rights: text with the exact places of persons' names, for training and for a held-out check. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { allLocales } from '@faker-js/faker'
import { lexicon } from '../build-redaction-lexicon.ts'
import { plain } from './templates.plain.ts'
import { social } from './templates.social.ts'
import { templates } from './templates.ts'
import { encyclopedia } from './templates.wiki.ts'

export interface Example {
  text: string
  /** Persons' names, [start, end) in UTF-16 units. */
  spans: [number, number][]
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(strings)
  if (value && typeof value === 'object') return 'value' in value ? strings(value.value) : Object.values(value).flatMap(strings)
  return []
}

interface Pool {
  given: string[]
  family: string[]
  cities: string[]
}

const clean = (list: string[]) => list.filter((name) => !name.includes('{{') && name.length > 1)
const pools = new Map<string, Pool>()
for (const [locale, definition] of Object.entries(allLocales)) {
  const given = clean(strings(definition.person?.first_name))
  const family = clean(strings(definition.person?.last_name))
  if (given.length > 0)
    pools.set(locale, { given, family: family.length > 0 ? family : given, cities: clean(strings(definition.location?.city_name)) })
}
const words = (kind: string) => (lexicon[kind] ?? '').split(/\s+/)
const capitalise = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const isLatin = (word: string) => /^[a-zà-ÿāăąćčđęěğīıłńňőřśšťůűźżž]+$/.test(word)
const places = words('place').filter((word) => word.length > 3)
const frequentGiven = words('given')
const frequentFamily = words('family')
const products = words('product')
  .filter((word) => word.length > 3)
  .map(capitalise)
const organisations = words('organisation').filter((word) => word.length > 3)
const works = [...words('work'), ...words('common')].filter((word) => word.length > 2)
const countries = new Map<string, string[]>()
function countriesOf(language: string): string[] {
  const known = countries.get(language)
  if (known) return known
  const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const list = letters.flatMap((a) => letters.map((b) => names.of(a + b) ?? '')).filter((name) => name !== '')
  countries.set(language, list)
  return list
}

const nouns: Record<string, string> = {
  de: 'Haus Schule Arbeit Zeit Leben Welt Stadt Land Kind Mutter Vater Geschichte Wissenschaft Technik Musik Kunst Wasser Straße Regierung Gesetz Recht Freiheit Gesellschaft Wirtschaft Unternehmen Kunde Mitarbeiter Bericht Daten Rechner Programm Sprache Wort Satz Text Bild Film Buch Zeitung Spiel Mannschaft Verein Sieg Niederlage Krieg Frieden Vertrag Partei Wahl Minister Kirche Gemeinde Dorf Burg Schloss Fluss Berg Wald Garten Tier Pflanze Baum Blume Essen Getränk Brot Käse Auto Zug Flugzeug Reise Urlaub Sommer Winter Tag Nacht Woche Monat Jahr Jahrhundert Entwicklung Forschung Universität Student Professor Arzt Krankheit Gesundheit Problem Lösung Frage Antwort Beispiel Ergebnis Methode Modell Theorie Bedeutung Unterschied Vorteil Nachteil',
}
const months: Record<string, string[]> = {}
function monthOf(language: string, random: () => number): string {
  months[language] ??= Array.from({ length: 12 }, (_, month) =>
    new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, month, 15))),
  )
  return pick(months[language] ?? ['May'], random)
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)]
  if (item === undefined) throw new Error('empty list')
  return item
}

/** Case endings of Slavic names, so that the tagger meets Пушкина and Kowalskiego, too. */
function inflect(name: string, language: string, random: () => number): string {
  if (language === 'ru') {
    if (/[аы]$/.test(name)) return name.slice(0, -1) + pick(['ы', 'е', 'у', 'ой'], random)
    if (/[яй]$/.test(name)) return name.slice(0, -1) + pick(['я', 'ю', 'и', 'ем', 'ей'], random)
    return /[бвгджзклмнпрстфхцчшщ]$/.test(name) ? name + pick(['а', 'у', 'ом', 'е', 'ым'], random) : name
  }
  if (/(?:sk|ck|dzk)i$/.test(name)) return name + pick(['ego', 'emu', 'm'], random)
  if (/a$/.test(name)) return name.slice(0, -1) + pick(['y', 'ę', 'ą', 'ie', 'o'], random)
  return /[bcdfghjklmnprstwzż]$/.test(name) ? name + pick(['a', 'owi', 'em', 'ie'], random) : name
}

/** Places stand in oblique cases as often as not. */
function bend(place: string, language: string, random: () => number): string {
  if ((language !== 'ru' && language !== 'pl') || random() < 0.5) return place
  return random() < 0.3 && language === 'pl' && /[bcdfghjklmnprstwz]$/.test(place) ? `${place}u` : inflect(place, language, random)
}

function fullName(pool: Pool, language: string, random: () => number): string {
  const given =
    random() < 0.08 && isLatin(frequentGiven[0] ?? '') && /^(?:en|de|fr|es|it|pt|nl|pl)$/.test(language)
      ? capitalise(pick(frequentGiven.filter(isLatin), random))
      : pick(pool.given, random)
  const family =
    random() < 0.1 && /^(?:en|de|fr|es|it|pt|nl|pl)$/.test(language)
      ? capitalise(pick(frequentFamily.filter(isLatin), random))
      : pick(pool.family, random)
  const form = random()
  if (language === 'hu') return `${family} ${given}`
  if (language === 'ru') {
    if (form < 0.2) return `${given.charAt(0)}. ${pick(pool.given, random).charAt(0)}. ${family}`
    if (form < 0.45) return `${inflect(given, 'ru', random)} ${inflect(family, 'ru', random)}`
    return `${given} ${family}`
  }
  if (language === 'pl' && form < 0.25) return `${inflect(given, 'pl', random)} ${inflect(family, 'pl', random)}`
  if (!/^\p{Script=Latin}/u.test(given)) return `${given} ${family}`
  if (form < 0.06) return `${given} ${pick([...'ABCDEFGHJKLMNPRSTW'], random)}. ${family}`
  if (form < 0.09) return `${given.charAt(0)}. ${family}`
  if (form < 0.11) return `${given.charAt(0)}. ${pick([...'ABCDEFGHJKLMRST'], random)}. ${family}`
  if (form < 0.16) return `${given} ${pick(pool.given, random)} ${family}`
  if (form < 0.21)
    return `${given} ${pick(['von', 'van', 'de', 'di', 'van der', 'da', 'bin', 'al', 'del', 'von der', 'de la', 'dos', 'le', "O'", 'Mc'], random)} ${family}`.replace(
      /(O'|Mc) /,
      '$1',
    )
  if (form < 0.25) return `${given} ${family}-${pick(pool.family, random)}`
  if (form < 0.27) return `${given} ${family} ${pick(['Jr.', 'Sr.', 'III'], random)}`
  if ((language === 'es' || language === 'pt') && form < 0.5) return `${given} ${family} ${pick(pool.family, random)}`
  return `${given} ${family}`
}

function place(pool: Pool, random: () => number): string {
  const town = pool.cities.length > 0 && random() < 0.6 ? pick(pool.cities, random) : undefined
  const isCyrillic = /^\p{Script=Cyrillic}/u.test(pool.given[0] ?? '')
  if (town) return town
  const chosen = pick(
    places.filter((word) => isCyrillic === /^\p{Script=Cyrillic}/u.test(word)),
    random,
  )
  const form = random()
  if (form < 0.06) return `San ${pick(pool.given, random)}`
  if (form < 0.1)
    return `${pick(['Bad', 'New', 'Saint', 'Port', 'Villa', 'Monte', 'Santa', 'North', 'Upper', 'Fort'], random)} ${capitalise(chosen)}`
  return capitalise(chosen)
}

function organisation(pool: Pool, random: () => number): string {
  const town = place(pool, random)
  const family = pick(pool.family, random)
  return pick(
    [
      () =>
        `${pick(['University of', 'Bank of', 'Museum of', 'FC', 'AC', 'Real', 'Universität', 'Université de', 'Universidad de', 'Banco de', 'Università di', 'Uniwersytet', 'Dinamo', 'Radio', 'Stadtwerke'], random)} ${town}`,
      () =>
        `${family} ${pick(['Inc.', 'Ltd.', 'GmbH', 'AG', 'LLC', 'Group', 'S.A.', 'Corp', '& Co', 'Industries', 'Holdings', 'SpA', 'BV', 'Foundation', 'Institute'], random)}`,
      () => `${family} & ${pick(pool.family, random)}`,
      () => `${family}, ${pick(pool.family, random)} and ${pick(pool.family, random)}`,
      () => `${family}-${pick(pool.family, random)}`,
      () => `${town} ${capitalise(pick(organisations, random))}`,
      () => `${capitalise(pick(works, random))} ${capitalise(pick(organisations, random))}`,
      () =>
        pick(
          [
            'NATO',
            'UNESCO',
            'BBC',
            'NASA',
            'SPD',
            'CDU',
            'ONU',
            'FIFA',
            'UEFA',
            'FBI',
            'IBM',
            'SAP',
            'BMW',
            'ZDF',
            'RAI',
            'PSOE',
            'CNRS',
            'МГУ',
            'ООН',
            'СССР',
            'НАТО',
            'EU',
            'MIT',
            'EMI',
            'RCA',
          ],
          random,
        ),
      () => pick(products, random),
      () =>
        pick(
          [
            'Reuters',
            'Universal Music',
            'Sony Music',
            'Warner Bros.',
            'Springer',
            'Penguin Books',
            'Red Bull',
            'Bayern',
            'Chelsea',
            'Juventus',
            'Ajax',
            'Barcelona',
            'Benfica',
            'Spartak',
            'Legia',
            'Volkswagen',
            'Siemens',
            'Renault',
            'Fiat',
            'Philips',
            'Shell',
            'Santander',
            'Gazprom',
            'Walmart',
            'Boeing',
            'Pixar',
            'Disney',
            'Marvel',
          ],
          random,
        ),
    ],
    random,
  )()
}

function work(language: string, pool: Pool, random: () => number): string {
  const pieces = Array.from({ length: 1 + Math.floor(random() * 3) }, () => capitalise(pick(works.filter(isLatin), random)))
  const title =
    random() < 0.25 ? `${pick(['The', 'Der', 'La', 'Le', 'El', 'Il', 'O', 'De', 'A'], random)} ${pieces.join(' ')}` : pieces.join(' ')
  const chosen = random() < 0.12 ? `${title} ${pick(['of', 'de', 'von', 'di', 'in'], random)} ${place(pool, random)}` : title
  if (language === 'ru')
    return pick(
      ['Война и мир', 'Чёрный квадрат', 'Тихий Дон', 'Мастер', 'Звезда', 'Белая гвардия', 'Ночь', 'Время вперёд', 'Идиот', 'Весна', 'Дом'],
      random,
    )
  const quotes = random()
  return quotes < 0.3 ? `"${chosen}"` : quotes < 0.4 ? `„${chosen}“` : quotes < 0.45 ? `«${chosen}»` : chosen
}

/** Capitalised and nobody: products, nouns (German above all), words at the head of a heading. */
function thing(language: string, random: () => number): string {
  const own = nouns[language]
  if (own && random() < 0.75) return pick(own.split(' '), random)
  if (/^(?:ru|el|ar|he|hi|ka)$/.test(language)) return pick(products, random)
  return random() < 0.6 ? pick(products, random) : capitalise(pick(works.filter(isLatin), random))
}

const cyrillic = new Set(['ru', 'uk', 'mk'])
const latinPools = [...pools].filter(([, { given, family }]) => isWestern(given) && isWestern(family)).map(([locale]) => locale)
function isWestern(names: readonly string[]): boolean {
  return names.slice(0, 40).every((name) => /^\p{Script=Latin}/u.test(name))
}

/** Locales whose names a text of this locale may borrow: those in its script. */
function strangers(locale: string): readonly string[] {
  return cyrillic.has(locale) ? [...cyrillic] : latinPools.includes(locale) ? latinPools : [locale]
}

const insideBefore =
  /^(?: & | (?:Institute?o?|Instituut|Bridge|Museum|Prize|Inc\.|Street|County|Glacier)|straat|kerk|college|prijs|-Platz|-Gymnasium|'s Church)/
const insideBehind =
  /(?:^|[\s(])(?:[Vv]ia|[Rr]ue|[Cc]alle|Rua|[Aa]venida|[Uu]lica|aleja|Улица|имени|Lake|Mount|Instituto|Istituto|Instytut|[Ll]iceo|lycée|Escola Secundária|San|São|Santa|Sint-|Saint-|St\.|св\.|św\.|Святого|prix|premio|prémio|Nagrodę|ponte|Académie|Gospel of|Book of) $|(?:Sint-|Saint-|kabinet-)$/

function fill(template: string, language: string, locale: string, random: () => number): Example {
  const pool = pools.get(locale) ?? pools.get('en')
  if (!pool) throw new Error(`no names for ${locale}`)
  const foreign = strangers(locale)
  // In every language people speak of people from elsewhere.
  const poolOf = () => (random() < 0.22 ? (pools.get(pick(foreign, random)) ?? pool) : pool)
  const nameOf = () => {
    const own = poolOf()
    return fullName(own, own === pool ? language : 'other', random)
  }
  const names = [nameOf(), nameOf()]
  const spans: [number, number][] = []
  let text = ''
  let at = 0
  for (const match of template.matchAll(/\{([NGFCKOWXYDM])\}/g)) {
    text += template.slice(at, match.index)
    at = match.index + match[0].length
    const slot = match[1]
    const isPerson = slot === 'N' || slot === 'G' || slot === 'F'
    let value = ''
    if (slot === 'N') value = random() < 0.5 ? pick(names, random) : nameOf()
    else if (slot === 'G') value = random() < 0.12 ? pick(poolOf().family, random) : pick(poolOf().given, random)
    else if (slot === 'F') value = random() < 0.05 ? pick(poolOf().given, random) : pick(poolOf().family, random)
    else if (slot === 'C') value = bend(place(pool, random), language, random)
    else if (slot === 'K') value = bend(pick(countriesOf(language), random), language, random)
    else if (slot === 'O') value = organisation(pool, random)
    else if (slot === 'W') value = work(language, pool, random)
    else if (slot === 'X') value = thing(language, random)
    else if (slot === 'Y') value = String(1700 + Math.floor(random() * 325))
    else if (slot === 'D') value = String(1 + Math.floor(random() * 28))
    else value = monthOf(language, random)
    if (isPerson && (language === 'ru' || language === 'pl') && slot !== 'N' && random() < 0.3) value = inflect(value, language, random)
    const after = template.slice(at)
    // 'the {F} Museum', 'Via {F}', '{F} & Sons', '{G}s church': names inside other things are theirs, not a person's.
    const isInside =
      (slot !== 'N' && insideBefore.test(after)) || insideBehind.test(text.slice(-24)) || (slot === 'N' && /^laan/.test(after))
    if (isPerson && !isInside) spans.push([text.length, text.length + value.length])
    text += value
  }
  return { text: text + template.slice(at), spans }
}

/** Typing as people do: all lower case, all capitals, without accents. Lengths stay, so spans stay. */
export function disguise(example: Example, random: () => number): Example {
  const form = random()
  if (form < 0.1) return change(example, (text) => text.toLowerCase())
  if (form < 0.125) return change(example, (text) => text.toUpperCase())
  if (form < 0.17) return change(example, (text) => text.normalize('NFD').replace(/\p{M}/gu, ''))
  return example
}

function change(example: Example, letters: (text: string) => string): Example {
  const text = letters(example.text)
  return text.length === example.text.length ? { text, spans: example.spans } : example
}

const declaration: { languages: { code: string; clauses: string[] }[] } = JSON.parse(
  gunzipSync(readFileSync(new URL('../../assets/synth/data.json.gz', import.meta.url))).toString('utf8'),
)

const openers =
  'Desigur|Βεβαίως|Tentu|Selbstverständlich|Oczywiście|Конечно|Natürlich|Certainement|Claro|Certamente|Natuurlijk|Elbette|Samozřejmě|Naturligtvis|Természetesen|Звичайно|Разбира се|Naravno|Tất nhiên|Absolutely|Roughly|Luckily|Fatally|Powerfully|Wisely|Obviously|Surely|Sadly|Interestingly|Meanwhile|Afterwards|Note|Answer|Question|Summary|Example|Tip|Warning|Hello|Okay|Great|Sorry|Thanks|Resumen|Antwort|Réponse|Risposta|Resposta|Antwoord|Odpowiedź|Ответ|Cevap'.split(
    '|',
  )

/** Running text in 91 languages without a single name: as much a lesson as names are. */
export function generateNameless(count: number, random: () => number): Example[] {
  const major = declaration.languages.filter(({ code }) => /^(?:en|de|fr|es|it|pt|nl|pl|ru)$/.test(code))
  return Array.from({ length: count }, () => {
    const { clauses } = pick(random() < 0.4 ? major : declaration.languages, random)
    const from = Math.floor(random() * clauses.length)
    const said = clauses.slice(from, from + 1 + Math.floor(random() * 3)).join(' ')
    const text = random() < 0.15 ? `${pick(openers, random)}${pick([', ', ': ', '! '], random)}${said}` : said
    return disguise({ text, spans: [] }, random)
  })
}

/** Generated sentences, one in three of them two joined together; languages by weight, the nine of encyclopedic text and English first. */
export function generate(count: number, random: () => number): Example[] {
  const weights: Record<string, number> = { en: 10, de: 5, fr: 4, es: 4, it: 4, pt: 4, nl: 4, pl: 4, ru: 5 }
  const languages = Object.keys(templates).flatMap((language) => Array.from({ length: weights[language] ?? 1 }, () => language))
  const lists = Object.fromEntries(
    Object.entries(templates).map(([language, { chat, wiki }]) => [
      language,
      { chat: chat.split('\n'), wiki: `${wiki}\n${encyclopedia[language] ?? ''}`.trim().split('\n') },
    ]),
  )
  const comments = social.split('\n')
  const sober = plain.split('\n')
  const one = (): Example => {
    const kind = random()
    if (kind < 0.08) return disguise(fill(pick(sober, random).replaceAll('\\n', '\n'), 'en', 'en', random), random)
    if (kind < 0.22) {
      const comment = fill(pick(comments, random), 'en', pick(templates.en?.locales ?? ['en'], random), random)
      return random() < 0.4 ? change(comment, (text) => text.toLowerCase()) : comment
    }
    const language = pick(languages, random)
    const { locales } = templates[language] ?? { locales: ['en'] }
    const list = lists[language]
    const template = pick((random() < 0.5 ? list?.chat : list?.wiki) ?? ['{N}'], random).replaceAll('\\n', '\n')
    return disguise(fill(template, language, pick(locales, random), random), random)
  }
  return Array.from({ length: count }, () => {
    const first = one()
    if (random() > 0.33) return first
    const second = one()
    const joint = random() < 0.7 ? ' ' : '\n'
    const shift = first.text.length + joint.length
    return {
      text: first.text + joint + second.text,
      spans: [...first.spans, ...second.spans.map(([start, end]): [number, number] => [start + shift, end + shift])],
    }
  })
}
