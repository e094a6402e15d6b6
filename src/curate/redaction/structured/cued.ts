import { type Finder, type Finding, isWhole } from '../finding.ts'
import { cue } from '../reading/cues.ts'
import { windowsAround } from '../reading/survey.ts'

/** A value that only the words before it make personal: cue, then at most a few filler words, then the value. */
interface Cued {
  kind: string
  rule: string
  /** Matched against lower-cased text; must begin with the cue's own word. */
  words: RegExp
  /** Sticky; tried where the filler ends. */
  value: RegExp
  confidence: number
}

/** How far behind its cue a value may end. */
const valueReach = 90

const filler =
  /(?:[ \t]*(?:number|num|nummer|número|numero|numéro|номер|no|nr|id|code|is|are|was|am|on|in|the|my|est|es|ist|é|lautet|:|=|#|-|–|：|は|是|为|為|,|"|'|\(|\*|\.|号码|号|)){0,5}[ \t]*/y

const numericDate = '\\d{1,4}(?:[./-]|年)\\d{1,2}(?:[./-]|月)\\d{1,4}日?'
const month =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|juin|juil|août|déc|févr|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|dez|okt|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[\\p{L}]{0,9}'
const wordDate = `(?:\\d{1,2}(?:st|nd|rd|th|er|º|\\.)?(?: de| of)? ${month}\\.?(?: de|,)? ?\\d{4}|${month}\\.? \\d{1,2}(?:st|nd|rd|th)?,? ?\\d{4})`
const date = new RegExp(`(?:${numericDate}|${wordDate})(?!\\d)`, 'iuy')
const document = /\d{2} ?\d{2} ?\d{6}(?!\d)|(?=[a-z]{0,3}[ -]?\d)[a-z]{0,3}[ -]?\d[\da-z]{5,14}(?![\w-])/iy
const longDocument = /(?=[\da-z-]*\d[\da-z-]*\d[\da-z-]*\d)[\da-z](?:[\da-z]|[ -](?=\d)){4,19}(?![\w])/iy
const plate =
  /[\u4e00-\u9fff][A-Z][ ·]?[A-Z\d]{5,6}(?![A-Z\d])|(?=[\dA-ZÄÖÜА-Я -]{0,12}\d)[\dA-ZÄÖÜА-Я]{1,4}(?:[ -]?[\dA-ZÄÖÜА-Я]{1,4}){1,3}(?![\w-])|[a-z]{1,3}[ -]?\d{1,4}(?:[ -]?[a-z]{1,3}(?![\w-]))?(?![\w-])|\d{1,4}[ -]?[a-z]{1,3}(?:[ -]?\d{1,4})?(?![\w-])/y

const cued: readonly Cued[] = [
  {
    kind: 'PASSPORT',
    rule: 'passport-cue',
    words: /passport|pasaporte|passeport|reisepass|passaporto|passaporte|paspoort|paszport|паспорт|护照|護照|パスポート|여권/g,
    value: document,
    confidence: 0.9,
  },
  {
    kind: 'LICENCE',
    rule: 'licence-cue',
    words:
      /driver'?s?'? ?licen[cs]e|driving licen[cs]e|führerschein|permis de conduire|licencia de conducir|carnet de conducir|patente di guida|rijbewijs|prawo jazdy|водительск[а-я]+ удостоверени[а-я]|驾照|驾驶证|運転免許/g,
    value: longDocument,
    confidence: 0.9,
  },
  {
    kind: 'PLATE',
    rule: 'plate-cue',
    words:
      /licen[cs]e plate|number plate|registration plate|plate number|license tag|kennzeichen|plaque d'immatriculation|immatriculation|matrícula|placa del? (?:coche|carro|auto)|targa|kenteken|numer rejestracyjny|госномер|车牌/g,
    value: plate,
    confidence: 0.85,
  },
  {
    kind: 'BIRTHDATE',
    rule: 'birth-cue',
    words:
      /date of birth|birth ?date|birthday|\bd\.?o\.?b\b|\bborn|geboren|\bgeb\.|geburtsdatum|geburtstag|né[e]? le|date de naissance|anniversaire|fecha de nacimiento|nacid[oa] el|nací el|cumpleaños|data de nascimento|nascid[oa] em|nasci em|aniversário|data di nascita|nat[oa] il|geboortedatum|urodzon[ya]|data urodzenia|дата рождения|родил(?:ся|ась)|出生日期|生日|生年月日|생년월일|doğum tarihi/g,
    value: date,
    confidence: 0.85,
  },
  {
    kind: 'CARD',
    rule: 'card-code-cue',
    words: /\bcv[vc]2?\b|security code|código de seguridad|prüfziffer/g,
    value: /\d{3,4}(?!\d)/y,
    confidence: 0.8,
  },
  {
    kind: 'ID',
    rule: 'pan-cue',
    words: /\bpan\b|permanent account/g,
    value: /[A-Z]{5}\d{4}[A-Z](?![A-Z\d])/y,
    confidence: 0.85,
  },
  {
    kind: 'ID',
    rule: 'vehicle-cue',
    words: /\bvin\b|vehicle identification|fahrgestellnummer|numéro de châssis/g,
    value: /[A-HJ-NPR-Z\d]{17}(?![A-Z\d])/iy,
    confidence: 0.8,
  },
]
/** Passports, driver licences, plates and dates of birth: values that only their cue makes personal. */
export const findCued: Finder = ({ text, tokens, survey }) => {
  const found: Finding[] = []
  const { digitWindows, cues: bits } = survey
  if (digitWindows.length === 0 || !(bits & (cue.document | cue.han | cue.kana))) return found
  // Of Han and Kana, where words run together, only whole stretches can be searched.
  const windows =
    bits & (cue.han | cue.kana) ? digitWindows : windowsAround(tokens, survey, { bits: cue.document, ahead: 24, behind: valueReach })
  for (let window = 0; window < windows.length; window += 2) {
    const from = windows[window] ?? 0
    const stretch = text.slice(from, windows[window + 1])
    if (!/\d/.test(stretch)) continue
    const lower = stretch.toLowerCase()
    // Lower-casing changes the length of a few letters (İ): offsets would lie, so such a stretch is searched as it is.
    findInStretch(lower.length === stretch.length ? lower : stretch, stretch, from, found)
  }
  return found
}

function findInStretch(haystack: string, text: string, from: number, found: Finding[]): void {
  for (const { kind, rule, words, value, confidence } of cued) {
    for (const match of haystack.matchAll(words)) {
      filler.lastIndex = match.index + match[0].length
      filler.test(haystack)
      // Between cue and value may stand filler alone, or one turn of phrase ('It's', 'you asked for') up to 24 units within the sentence.
      const starts = [filler.lastIndex, ...later(haystack, match.index + match[0].length, kind)]
      for (const start of starts) {
        value.lastIndex = start
        const hit = value.exec(text)
        if (!hit || !isWhole(text, start, start + hit[0].length)) continue
        if (kind === 'PLATE' && !/\d/.test(hit[0])) continue
        found.push({ start: from + start, end: from + start + hit[0].trimEnd().length, kind, confidence, rule })
        break
      }
    }
  }
}

/** Where else a value may begin: digits, or a capital with digits, within 30 units and the sentence behind the cue. */
function later(text: string, from: number, kind: string): number[] {
  const reach = kind === 'PLATE' ? 14 : 34
  const stretch = text.slice(from, from + reach)
  const starts: number[] = []
  for (const match of stretch.matchAll(/(?<=^|[\s:#("'])(?=\S*\d)[\p{L}\d]/gu)) starts.push(from + match.index)
  return starts.slice(0, 3)
}
