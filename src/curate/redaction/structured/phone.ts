import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { before, type Finder, type Finding, matchWithin, type Page } from '../finding.ts'

/** Digits in groups, as a number is written; an extension may follow. Bounded, so linear. */
const run =
  /(?<![\w./=$€£¥₹#%^*@&:+-]|\d[ (,-])(?:\+ ?|\(\+?|00)?\d(?:[ ./()\u00a0\u2011-]{0,3}\d){5,17}(?: ?(?:x|ext\.?|extension|доб\.?|Durchwahl|poste) ?\d{1,6})?(?![\w@%^*=]|[.,:/-]\d)/g
const cued =
  /(?:phone|\btel\b|\btel[.:]|telefon|teléfono|téléphone|telephone|телефон|тел\.|cell|mobile|móvil|celular|handy|portable|\bfax|whatsapp|signal|viber|sms|text me|\bcall|\bdial|ring me|reach|contact|hotline|number is|my number|pager|llama|appel|\brufen?\b|anrufen|ligue|zadzwo|позвон|звон|电话|手机|電話|携帯|联系|전화|연락처|हफ़?ोन|फ़ोन|फोन|मोबाइल|هاتف|جوال|טלפון|נייד|โทร|điện thoại|answering at|back at|\bph[.:]|[☎📞📱✆])[^\n]{0,24}$/u
const trailing = /^[\s,;:()-]{0,3}(?:office|fax|mobile|cell|home|work|direct|main|desk)\b/i
const forbidden =
  /(?:isbn|issn|doi|version|build|port|pid|line|page|pages|chapter|year|years|zip|order|invoice|tracking|serial|model|part|sku|item|barcode|ticket|case|account|acct|iban|card|ssn|security number|cvv|expir|license|licence|passport|gid|uid|imei|timestamp|epoch|unix|size|bytes|error|code|zeit|date|score|phases?|pi|roughly|approximately|about|equals?|total|sum|sequence|sorted|array|list|numbers|digits|hash|coordinates|latitude|longitude|lat|lon|lng|range|between|=|\[|<|×|÷|\^)\s*(?:is|no\.?|number|#|:|of|are|=)?\s*[:=#([]?\s*$/
const dateLike = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})(?:\s\d{1,2})?$|^(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d$/
const american = /^(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}([-. ]))\d{3}[-. ]\d{4}(?: ?(?:x|ext\.?|extension) ?\d{1,6})?$/
/** Where national forms are tried, the large countries of our logs first. */
const countries: readonly CountryCode[] = [
  'US',
  'GB',
  'DE',
  'FR',
  'IN',
  'BR',
  'ES',
  'IT',
  'RU',
  'CN',
  'JP',
  'AU',
  'NL',
  'PL',
  'MX',
  'KR',
  'TR',
  'SE',
  'UA',
]

/** Telephone numbers: international form checked by country, national forms by shape, country plans and the words around them. */
export const findPhones: Finder = (page) => {
  const found: Finding[] = []
  for (const { index, match } of matchWithin(page.text, page.survey.numberWindows, run)) {
    const confidence = judge(page, index, match)
    if (confidence > 0) found.push({ start: index, end: index + match.length, kind: 'PHONE', confidence, rule: 'phone' })
  }
  return found
}

function judge(page: Page, start: number, candidate: string): number {
  const body = candidate.replace(/ ?(?:x|ext|доб|Durch|poste).*$/, '')
  const digits = body.replace(/\D/g, '')
  if (digits.length < 6 || digits.length > 15 || dateLike.test(body) || /^(\d)\1+$/.test(digits)) return 0
  // A decimal number: one point and nothing else between digits.
  if (/^\d+\.\d+$/.test(body)) return 0
  const { text } = page
  const cue = before(text, start, 48)
  const isCued = cued.test(cue) || trailing.test(text.slice(start + candidate.length, start + candidate.length + 12))
  if (isBalanced(body) === false) return 0
  if (/^\+/.test(body) || /^\(\+/.test(body)) return international(body, isCued)
  if (isTable(text, start, start + candidate.length) && !isCued) return 0
  if (forbidden.test(cue)) return isCued ? 0.3 : 0
  const code = page.isCode(start) && !isCued ? 0.5 : 1
  if (american.test(candidate))
    return (isCued ? 0.95 : /\(\d{3}\)/.test(body) || /-/.test(body) ? 0.8 : /\./.test(body) ? 0.6 : 0.55) * code
  if (isCued) return digits.length >= 7 ? 0.85 : 0.4
  if (digits.length < 9 || !/[ ().-]/.test(body) || /[ -]\d{1}[ -]\d[ -]/.test(body)) return 0
  if (/^0[1-9]/.test(digits) && isValidSomewhere(body)) return 0.65 * code
  if (/^00[1-9]/.test(digits)) return international(`+${digits.slice(2)}`, isCued) * code
  return isValidSomewhere(body) ? 0.35 * code : 0
}

function international(body: string, isCued: boolean): number {
  const number = parsePhoneNumberFromString(body.replace(/[()]/g, ' '))
  if (number?.isValid()) return 0.97
  const digits = body.replace(/\D/g, '').length
  if (digits < 8) return isCued ? 0.5 : 0
  return isCued ? 0.9 : /[ ().-]/.test(body) ? 0.6 : number?.isPossible() ? 0.6 : 0.2
}

function isValidSomewhere(body: string): boolean {
  return countries.some((country) => parsePhoneNumberFromString(body, country)?.isValid())
}

function isBalanced(body: string): boolean {
  return (body.match(/\(/g)?.length ?? 0) === (body.match(/\)/g)?.length ?? 0)
}

/** Numbers side by side, as in a table, a list of values or a sum, are no telephone numbers. */
function isTable(text: string, start: number, end: number): boolean {
  const left = text.slice(Math.max(0, start - 6), start)
  const right = text.slice(end, end + 6)
  return /\d[,;|\t ]+$|[=+*/^<>[{]\s*$/.test(left) || /^[,;|\t ]+-?\d|^\s*[=+*/^<>\]}]/.test(right)
}
