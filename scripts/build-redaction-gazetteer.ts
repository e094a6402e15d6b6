/**
 * Builds assets/redaction-gazetteer.bin: words hashed, with what is known of each.
 * Sources: the locales of @faker-js/faker (MIT), country, language, month and weekday names of ICU (in Node), the hand-written lexicon beside this
 * file, the packages that build-redaction-lists.ts names, and lower-case word counts from two folders of public text.
 *
 * usage: npx tsx scripts/build-redaction-gazetteer.ts CONVERSATIONS_DIR LANGUAGE_DIR LISTS_DIR
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { allLocales } from '@faker-js/faker'
import { known } from '../src/curate/redaction/reading/gazetteer.ts'
import { createTokens, hashStem, hashWord, shape, tokenize } from '../src/curate/redaction/reading/tokens.ts'
import { lexicon } from './build-redaction-lexicon.ts'
import { readLists } from './build-redaction-lists.ts'

const [conversations, languages, packages] = process.argv.slice(2)
if (!conversations || !languages || !packages)
  throw new Error('usage: build-redaction-gazetteer.ts CONVERSATIONS_DIR LANGUAGE_DIR LISTS_DIR')

const flags = new Map<string, number>()
const isWord = (word: string) => /^[\p{L}\p{M}'’.-]+$/u.test(word)

function add(word: string, flag: number): void {
  const key = word.toLowerCase().replace(/’/g, "'").normalize('NFC')
  if (key.length > 0 && isWord(key)) flags.set(key, (flags.get(key) ?? 0) | flag)
}

/** Every word of an entry: 'Kim Chi', 'Jean-Luc' and its halves. */
function addEntry(entry: string, flag: number): void {
  for (const word of entry.split(/[\s,/()]+/)) {
    if (word.length < 2 || /^(?:de|la|van|von|der|da|do|dos|le|el|al|du|des|di|del|y|e|i)$/i.test(word)) continue
    add(word, flag)
    for (const part of word.split('-')) if (part.length > 2 && flag !== known.family) add(part, flag)
    add(word.normalize('NFD').replace(/\p{M}/gu, ''), flag)
  }
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(strings)
  if (value && typeof value === 'object') return 'value' in value ? strings(value.value) : Object.values(value).flatMap(strings)
  return []
}

for (const [locale, definition] of Object.entries(allLocales)) {
  const person = definition.person ?? {}
  const location = definition.location ?? {}
  if (/^(?:zh|ja)/.test(locale)) continue
  for (const name of strings(person.first_name)) if (!name.includes('{{')) addEntry(name, known.given)
  for (const name of strings(person.last_name)) if (!name.includes('{{')) addEntry(name, known.family)
  for (const city of strings(location.city_name)) {
    const words = city.split(/\s+/)
    if (words.length <= 2) for (const word of words) if (word.length > 3) add(word, known.place)
  }
  for (const word of strings(location.state)) if (!/\s/.test(word) && word.length > 3) add(word, known.place)
  for (const word of strings(location.country)) for (const part of word.split(/\s+/)) if (part.length > 3) add(part, known.country)
  for (const word of strings(location.street_suffix)) if (word.length > 2) add(word, known.geography)
  for (const title of strings(person.prefix)) add(title.replace(/\.$/, ''), known.title)
  for (const word of [...strings(definition.lorem?.word ?? []), ...strings(definition.word ?? {})])
    if (/^\p{Ll}+$/u.test(word)) add(word, known.common)
}

const lists = readLists(packages)
// Long lists hold everything that somebody is called: 'The' is no name for our purposes.
const functionWords = new Set((lexicon.small ?? '').split(/\s+/))
for (const name of lists.given) if (!functionWords.has(name.toLowerCase())) addEntry(name, known.given)
for (const name of lists.family) if (!functionWords.has(name.toLowerCase())) addEntry(name, known.family)
for (const [town, population] of lists.towns) {
  const words = town.split(/[\s-]+/)
  // Of a name of many words the words are everybody's; a hamlet's name is anybody's.
  if (words.length === 1 || population >= 100_000)
    for (const word of words) if (word.length > 3 && /^[\p{Lu}\p{Lo}]/u.test(word)) add(word, known.place)
}

const tongues = [
  'af',
  'ar',
  'az',
  'be',
  'bg',
  'bn',
  'ca',
  'cs',
  'cy',
  'da',
  'de',
  'el',
  'en',
  'es',
  'et',
  'eu',
  'fa',
  'fi',
  'fr',
  'ga',
  'gl',
  'he',
  'hi',
  'hr',
  'hu',
  'hy',
  'id',
  'is',
  'it',
  'ka',
  'kk',
  'ko',
  'lt',
  'lv',
  'mk',
  'ms',
  'nb',
  'nl',
  'pl',
  'pt',
  'ro',
  'ru',
  'sk',
  'sl',
  'sq',
  'sr',
  'sv',
  'sw',
  'ta',
  'te',
  'th',
  'tr',
  'uk',
  'ur',
  'uz',
  'vi',
]
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
for (const tongue of tongues) {
  const regions = new Intl.DisplayNames([tongue], { type: 'region', fallback: 'none' })
  for (const a of letters)
    for (const b of letters) {
      const name = regions.of(a + b)
      if (name) for (const part of name.split(/[\s()-]+/)) if (part.length > 3 && !/^\p{Ll}/u.test(part)) add(part, known.country)
    }
  const tongueNames = new Intl.DisplayNames([tongue], { type: 'language', fallback: 'none' })
  for (const other of tongues) {
    const name = tongueNames.of(other)
    if (name) for (const part of name.split(/[\s()-]+/)) if (part.length > 3) add(part, known.country)
  }
  for (let month = 0; month < 12; month++) {
    for (const options of [{ month: 'long' }, { month: 'short' }, { month: 'long', day: 'numeric' }] as const) {
      const date = new Date(Date.UTC(2024, month, 15))
      for (const part of new Intl.DateTimeFormat(tongue, { ...options, timeZone: 'UTC' }).formatToParts(date)) {
        if (part.type === 'month' && part.value.length > 2) add(part.value.replace(/\.$/, ''), known.calendar)
      }
    }
  }
  for (let day = 1; day < 8; day++) {
    for (const weekday of ['long', 'short'] as const) {
      const name = new Intl.DateTimeFormat(tongue, { weekday, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, day)))
      for (const part of name.split(/\s+/)) if (part.length > 2) add(part.replace(/\.$/, ''), known.calendar)
    }
  }
}

for (const [name, words] of Object.entries(lexicon)) {
  const flag = known[name as keyof typeof known]
  if (flag === undefined) throw new Error(`no class ${name}`)
  for (const word of words.split(/\s+/)) {
    add(word, flag | (name === 'given' ? known.frequent : 0))
    if (word.endsWith('.')) add(word.slice(0, -1), flag)
  }
}

// Lower-case counts: a word that stands in lower case more than now and then is a common word; names in lower case are rare there.
const lower = new Map<string, number>()
const capital = new Map<string, number>()
const tokens = createTokens()
function count(text: string): void {
  tokenize(text, tokens)
  let isStart = true
  for (let index = 0; index < tokens.count; index++) {
    const here = tokens.shape[index] ?? 0
    const word = text.slice(tokens.start[index], tokens.end[index]).toLowerCase()
    if (here === shape.lower) lower.set(word, (lower.get(word) ?? 0) + 1)
    else if (here === shape.capital && !isStart) capital.set(word, (capital.get(word) ?? 0) + 1)
    isStart = here === shape.newline || (here === shape.punctuation && !/[,;'’-]/.test(word))
  }
}
for (const file of readdirSync(conversations)) {
  const bytes = readFileSync(join(conversations, file))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/\\n/g, '\n').replace(/\\"/g, '"')
  for (const line of text.split('\n')) count(line)
}
for (const [word, times] of lower) {
  const share = times / (times + (capital.get(word) ?? 0))
  const isName = ((flags.get(word) ?? 0) & (known.given | known.family)) !== 0
  if (times >= (isName ? 4 : 2) && share > (isName ? 0.3 : 0.2))
    add(word, known.common | (times >= 40 && share > 0.5 ? known.veryCommon : 0))
}
const foreign = new Map<string, Set<string>>()
const times = new Map<string, number>()
for (const file of readdirSync(languages)) {
  for (const line of readFileSync(join(languages, file), 'utf8').split('\n')) {
    const [tongue = '', text = ''] = line.split('\t')
    for (const word of text.split(/\s+/)) {
      if (!/^[\p{Ll}\p{Lo}\p{M}]{2,}$/u.test(word)) continue
      times.set(word, (times.get(word) ?? 0) + 1)
      const seen = foreign.get(word) ?? new Set()
      foreign.set(word, seen.add(tongue))
    }
  }
}
for (const [word, number] of times) {
  const bits = flags.get(word) ?? 0
  const isName = (bits & (known.given | known.family | known.place)) !== 0
  // These texts are all lower case: a name is called a common word only where it is very common in few languages.
  if (isName ? number >= 25 && (foreign.get(word)?.size ?? 0) <= 6 : number >= 3)
    add(word, known.common | (number >= 60 ? known.veryCommon : 0))
}

// The Universal Declaration of Human Rights in 91 languages (packed for `colloquy synth`) names nobody: all its words are common ones.
const declaration: { languages: { code: string; clauses: string[] }[] } = JSON.parse(
  gunzipSync(readFileSync(new URL('../assets/synth/data.json.gz', import.meta.url))).toString('utf8'),
)
// A word of one far language must not make an English name a common word: names count by the large languages only.
const large = /^(?:en|de|fr|es|it|pt|nl|pl|ru|uk|cs|sv|da|tr|el|ar|he|hi|ro|hu|id|vi)$/
for (const { code, clauses } of declaration.languages) {
  for (const clause of clauses) {
    tokenize(clause, tokens)
    for (let index = 0; index < tokens.count; index++) {
      const word = clause.slice(tokens.start[index], tokens.end[index]).toLowerCase()
      const isName = ((flags.get(word) ?? 0) & (known.given | known.family)) !== 0
      if ((tokens.shape[index] ?? 0) >= shape.lower && (!isName || large.test(code))) add(word, known.common)
    }
  }
}

const packed = new Map<number, number>()
for (const [word, bits] of flags) {
  const hash = hashWord(word)
  packed.set(hash, (packed.get(hash) ?? 0) | bits)
}
// Slavic names and places change their ends: Кама Камы, Moskwa Moskwę, Бродский Бродского, Toruń Torunia. Their stems are stored apart from words.
const open = known.given | known.family | known.place | known.country
for (const [word, bits] of flags) {
  if (!(bits & open) || bits & (known.common | known.small) || word.length < 4) continue
  const isCyrillic = /^\p{Script=Cyrillic}+$/u.test(word)
  if (!isCyrillic && !/(?:a|ia|ska|ski|ń|ów|e|o)$/.test(word)) continue
  const stem = isCyrillic
    ? word.replace(/(?:ий|ый|ой|ая|яя|[аеёийоуыэюяь])$/u, '')
    : word
        .replace(/(?:ki)$/, 'k')
        .replace(/[aeo]$/, '')
        .replace(/ń$/, 'n')
        .replace(/ów$/, 'ow')
  if (stem.length >= 3 && stem !== word) packed.set(hashStem(stem), (packed.get(hashStem(stem)) ?? 0) | (bits & open))
}

const entries = [...packed].filter(([hash]) => hash !== 0).sort((a, b) => a[0] - b[0])
const out = Buffer.alloc(4 + entries.length * 8)
out.writeUInt32LE(entries.length, 0)
for (const [index, [hash, bits]] of entries.entries()) {
  out.writeUInt32LE(hash, 4 + index * 4)
  out.writeUInt32LE(bits, 4 + (entries.length + index) * 4)
}
writeFileSync(new URL('../assets/redaction-gazetteer.bin', import.meta.url), out)
const total = (flag: number) => [...flags.values()].filter((bits) => bits & flag).length
console.log(
  `${entries.length} words, ${out.length} bytes`,
  Object.fromEntries(Object.entries(known).map(([name, flag]) => [name, total(flag)])),
)
const ambiguous = [...flags].filter(([, bits]) => bits & (known.given | known.family) && bits & known.common).map(([word]) => word)
if (process.env.SHOW) console.log(ambiguous.join(' '))

// Scripts without spaces or with endings on names: plain lists, since their words must be found inside runs.
const ofLocale = (locale: 'zh_CN' | 'zh_TW' | 'ja' | 'ko' | 'th', part: 'first_name' | 'last_name') =>
  strings(allLocales[locale].person?.[part]).filter((name) => !name.includes('{{'))
const chinese = [...ofLocale('zh_CN', 'first_name'), ...ofLocale('zh_TW', 'first_name')]
const moreChinese =
  '明华国建军志强伟东丽红玲英梅兰芳秀娟霞萍桂珍凤云秋春冬雪月洁琳娜静敏慧燕丹倩婷晴雯欣怡佳悦萌涵梓宇轩浩然泽鑫磊勇刚毅辉杰鹏飞龙虎超波涛江海洋山峰林森松柏文武斌博学思哲智仁义礼信德福祥瑞宝金银玉晶光亮阳晨曦昊天恩平安宁康健乐欢喜庆贵荣昌盛兴旺发达'
const eastAsian = {
  chineseFamily: [
    ...new Set([...ofLocale('zh_CN', 'last_name'), ...ofLocale('zh_TW', 'last_name'), '陈', '习', '蒋', '宋', '胡', '邓', '温', '许']),
  ],
  chineseGiven: [...new Set([...chinese.join(''), ...moreChinese])].join(''),
  japaneseFamily: [...new Set(ofLocale('ja', 'last_name'))],
  japaneseGiven: [...new Set(ofLocale('ja', 'first_name'))],
  koreanGiven: [...new Set(ofLocale('ko', 'first_name'))],
  thaiGiven: [...new Set(ofLocale('th', 'first_name'))].filter((name) => name.length >= 4),
}
writeFileSync(new URL('../assets/redaction-east-asian.json', import.meta.url), JSON.stringify(eastAsian))
console.log('east asian', JSON.stringify(eastAsian).length)
