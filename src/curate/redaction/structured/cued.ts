import { type Finder, type Finding, isWhole } from '../finding.ts'
import { trigger } from '../survey.ts'

/** A value that only the words before it make personal: cue, then at most a few filler words, then the value. */
interface Cue {
  kind: string
  rule: string
  /** Matched against lower-cased text; must begin with the cue's own word. */
  cue: RegExp
  /** Sticky; tried where the filler ends. */
  value: RegExp
  confidence: number
}

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

const cues: readonly Cue[] = [
  {
    kind: 'PASSPORT',
    rule: 'passport-cue',
    cue: /passport|pasaporte|passeport|reisepass|passaporto|passaporte|paspoort|paszport|паспорт|护照|護照|パスポート|여권/g,
    value: document,
    confidence: 0.9,
  },
  {
    kind: 'LICENCE',
    rule: 'licence-cue',
    cue: /driver'?s?'? ?licen[cs]e|driving licen[cs]e|führerschein|permis de conduire|licencia de conducir|carnet de conducir|patente di guida|rijbewijs|prawo jazdy|водительск[а-я]+ удостоверени[а-я]|驾照|驾驶证|運転免許/g,
    value: longDocument,
    confidence: 0.9,
  },
  {
    kind: 'PLATE',
    rule: 'plate-cue',
    cue: /licen[cs]e plate|number plate|registration plate|plate number|license tag|kennzeichen|plaque d'immatriculation|immatriculation|matrícula|placa del? (?:coche|carro|auto)|targa|kenteken|numer rejestracyjny|госномер|车牌/g,
    value: plate,
    confidence: 0.85,
  },
  {
    kind: 'BIRTHDATE',
    rule: 'birth-cue',
    cue: /date of birth|birth ?date|birthday|\bd\.?o\.?b\b|\bborn|geboren|\bgeb\.|geburtsdatum|geburtstag|né[e]? le|date de naissance|anniversaire|fecha de nacimiento|nacid[oa] el|nací el|cumpleaños|data de nascimento|nascid[oa] em|nasci em|aniversário|data di nascita|nat[oa] il|geboortedatum|urodzon[ya]|data urodzenia|дата рождения|родил(?:ся|ась)|出生日期|生日|生年月日|생년월일|doğum tarihi/g,
    value: date,
    confidence: 0.85,
  },
  {
    kind: 'CARD',
    rule: 'card-code-cue',
    cue: /\bcv[vc]2?\b|security code|código de seguridad|prüfziffer/g,
    value: /\d{3,4}(?!\d)/y,
    confidence: 0.8,
  },
  {
    kind: 'ID',
    rule: 'pan-cue',
    cue: /\bpan\b|permanent account/g,
    value: /[A-Z]{5}\d{4}[A-Z](?![A-Z\d])/y,
    confidence: 0.85,
  },
  {
    kind: 'ID',
    rule: 'vehicle-cue',
    cue: /\bvin\b|vehicle identification|fahrgestellnummer|numéro de châssis/g,
    value: /[A-HJ-NPR-Z\d]{17}(?![A-Z\d])/iy,
    confidence: 0.8,
  },
]
const anyCue =
  /passp|passep|pasap|reisep|passap|paspo|paszp|паспор|护照|護照|パスポ|여권|licen|lizen|führersch|permis|carnet|patente|rijbew|jazdy|удостов|驾|免許|plate|plaque|immat|matríc|placa|targa|kentek|kennz|rejestr|госном|车牌|birth|born|\bdob\b|d\.o\.b|geb[uo.]|né|naiss|anniv|nac[ií]|cumple|nasc|anivers|nasci|nat[oa]|urodz|рожд|родил|出生|生日|生年|생년|doğum|cv[vc]|security code|seguridad|prüfziff|\bvin\b|\bpan\b|permanent acc|vehicle|fahrgest|châssis/i

/** Passports, driver licences, plates and dates of birth: values that only their cue makes personal. */
export const findCued: Finder = ({ text, survey: { digitWindows, triggers } }) => {
  const found: Finding[] = []
  if (!(triggers & trigger.document)) return found
  for (let window = 0; window < digitWindows.length; window += 2) {
    const from = digitWindows[window] ?? 0
    const stretch = text.slice(from, digitWindows[window + 1])
    if (!anyCue.test(stretch)) continue
    const lower = stretch.toLowerCase()
    // Lower-casing changes the length of a few letters (İ): offsets would lie, so such a stretch is searched as it is.
    findInStretch(lower.length === stretch.length ? lower : stretch, stretch, from, found)
  }
  return found
}

function findInStretch(haystack: string, text: string, from: number, found: Finding[]): void {
  for (const { kind, rule, cue, value, confidence } of cues) {
    for (const match of haystack.matchAll(cue)) {
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
