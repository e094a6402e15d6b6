import { isValidIBAN } from 'ibantools'
import { before, type Finder, type Finding, matchWithin } from '../finding.ts'

const digits = /(?<![\w.,+-]|\d[ -])\d(?:[ -]?\d){12,18}(?![\w-]|[.,]\d| \d)/g
const iban = /(?<!\w)[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,3})?(?!\w)/gi

/** Issuer prefixes and lengths: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro, Mir. */
const issuers =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|(?:352[89]|35[3-8]\d)\d{12}|1800\d{11}|2131\d{11}|62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}|220[0-4]\d{12})$/
const cardCue = /card|visa|master|amex|american express|credit|debit|carte|tarjeta|cart[ãa]o|karte|carta|карт|卡|カード|카드|cc\b/
const noCard =
  /isbn|issn|ean|upc|gtin|barcode|imei|iccid|order|tracking|invoice|serial|timestamp|epoch|doi|orcid|=\s*$|\*\s*$|hash|number of/

/** Payment cards (issuer prefix, length and Luhn) and IBANs (country form and checksum). */
export const findBank: Finder = (page) => {
  const { text } = page
  const found: Finding[] = []
  for (const { index, match } of matchWithin(text, page.survey.numberWindows, digits)) {
    const number = match.replace(/[ -]/g, '')
    if (!issuers.test(number) || !passesLuhn(number) || /^(\d)\1+$/.test(number)) continue
    const cue = before(text, index, 48)
    const isCued = cardCue.test(cue)
    const isGrouped = /^\d{4}([ -])\d{4}\1\d{4}\1\d{4}$|^\d{4}([ -])\d{6}\2\d{5}$/.test(match)
    const isPlain = number.length === match.length
    if (!isCued && (noCard.test(cue) || (!isGrouped && !isPlain))) continue
    const confidence = isCued ? 0.97 : isGrouped ? 0.9 : page.isCode(index) ? 0.45 : number.length >= 15 ? 0.75 : 0.4
    found.push({ start: index, end: index + match.length, kind: 'CARD', confidence, rule: 'card' })
  }
  for (const { index, match } of matchWithin(text, page.survey.numberWindows, iban)) {
    for (const whole of shrink(match)) {
      if (!isValidIBAN(whole.replace(/[ -]/g, '').toUpperCase())) continue
      found.push({ start: index, end: index + whole.length, kind: 'IBAN', confidence: 0.98, rule: 'iban' })
      break
    }
  }
  return found
}

/** The checksum of ISO/IEC 7812: every second digit from the right doubled, digits summed, divisible by ten. */
export function passesLuhn(number: string): boolean {
  let sum = 0
  for (let index = 0; index < number.length; index++) {
    const digit = number.charCodeAt(number.length - 1 - index) - 48
    const doubled = digit * 2
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** A match may have run into the words behind it: the match, then without its last groups. */
function shrink(match: string): string[] {
  const ends = [match.length]
  for (let at = match.lastIndexOf(' '); at > 12 && ends.length < 5; at = match.lastIndexOf(' ', at - 1)) ends.push(at)
  return ends.map((end) => match.slice(0, end))
}
