import isIdentityCard from 'validator/lib/isIdentityCard.js'
import isTaxID from 'validator/lib/isTaxID.js'
import { passesLuhn } from './bank.ts'

/** One country's number: its form, its checksum, the words that announce it, and the confidence without any (0: cue needed). */
export interface IdForm {
  name: string
  pattern: RegExp
  check(candidate: string): boolean
  cue?: RegExp
  bare: number
}

const plain = (candidate: string) => candidate.replace(/[ ./-]/g, '')
const digitsOf = (candidate: string) => [...plain(candidate)].map(Number)
const weighted = (candidate: string, weights: readonly number[]) =>
  digitsOf(candidate).reduce((sum, digit, index) => sum + digit * (weights[index] ?? 0), 0)

const documentCue = /\bdni\b|c[eé]dula|\bc\.?[ci]\.?\b|documento|carnet de identidad|\brg\b/

/** Whether the digits at these places are a day and a month; months beyond twelve mark women or centuries in some countries. */
function isDay(id: string, dayAt: number, monthAt = dayAt + 2, base = 0): boolean {
  const number = plain(id)
  const [day, month] = [Number(number.slice(dayAt, dayAt + 2)), Number(number.slice(monthAt, monthAt + 2)) - base]
  return day >= 1 && day <= 31 && month >= 1 && month <= 12
}

const socialSecurity = /^(?!000|666|9\d\d)\d{3}[- ]?(?!00)\d{2}[- ]?(?!0000)\d{4}$/
const tax = (locale: string) => (candidate: string) => isTaxID(candidate, locale) || isTaxID(plain(candidate), locale)
const card = (locale: string) => (candidate: string) => isIdentityCard(plain(candidate), locale)

/** @see https://www.ssa.gov/employer/randomization.html for the US form; validator's sources for the tax numbers; each country's rule otherwise. */
export const idForms: readonly IdForm[] = [
  {
    name: 'us-ssn',
    pattern: /^\d{3}([- ])\d{2}\1\d{4}$/,
    check: (id) => socialSecurity.test(id),
    cue: /social security|\bssn\b/,
    bare: 0.8,
  },
  { name: 'us-ssn', pattern: /^\d{9}$/, check: (id) => socialSecurity.test(id), cue: /social security|\bssn\b/, bare: 0 },
  { name: 'us-itin', pattern: /^9\d\d-[5-9]\d-\d{4}$/, check: () => true, cue: /\bitin\b|tax/, bare: 0.6 },
  {
    name: 'gb-nino',
    pattern: /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/i,
    check: () => true,
    cue: /national insurance|\bnino\b|\bni n/,
    bare: 0.7,
  },
  { name: 'gb-nhs', pattern: /^\d{3}[ -]?\d{3}[ -]?\d{4}$/, check: passesNhs, cue: /\bnhs\b/, bare: 0 },
  { name: 'cn-resident', pattern: /^\d{17}[\dX]$/i, check: card('zh-CN'), cue: /身份|证件/, bare: 0.9 },
  { name: 'tw-id', pattern: /^[A-Z][1289]\d{8}$/, check: card('zh-TW'), cue: /身分|身份/, bare: 0.7 },
  { name: 'hk-id', pattern: /^[A-Z]{1,2}\d{6}\(?[0-9A]\)?$/, check: card('zh-HK'), cue: /hkid|身份/, bare: 0 },
  { name: 'in-aadhaar', pattern: /^[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}$/, check: card('IN'), cue: /aadhaa?r|आधार|uidai/, bare: 0 },
  { name: 'in-pan', pattern: /^[A-Z]{3}[PCHFATBLJG][A-Z]\d{4}[A-Z]$/, check: () => true, cue: /\bpan\b/, bare: 0.7 },
  { name: 'br-cpf', pattern: /^\d{3}\.\d{3}\.\d{3}-\d{2}$/, check: tax('pt-BR'), cue: /\bcpf\b/, bare: 0.95 },
  { name: 'br-cpf', pattern: /^\d{11}$/, check: tax('pt-BR'), cue: /\bcpf\b/, bare: 0 },
  { name: 'es-dni', pattern: /^\d{8}[ -]?[A-Z]$/i, check: card('ES'), cue: /\bdni\b|\bnif\b/, bare: 0.75 },
  { name: 'es-nie', pattern: /^[XYZ][ -]?\d{7}[ -]?[A-Z]$/i, check: card('ES'), cue: /\bnie\b/, bare: 0.8 },
  { name: 'it-fiscal', pattern: /^[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]$/i, check: tax('it-IT'), cue: /codice fiscale/, bare: 0.95 },
  {
    name: 'fr-nir',
    pattern: /^[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}$/,
    check: passesNir,
    cue: /sécu|\bnir\b|insee/,
    bare: 0.8,
  },
  { name: 'de-tax', pattern: /^\d{2} ?\d{3} ?\d{3} ?\d{3}$/, check: tax('de-DE'), cue: /steuer|\bidnr|tin\b/, bare: 0 },
  { name: 'de-pension', pattern: /^\d{8}[A-Z]\d{3}$/, check: () => true, cue: /versicherungsn|rentenvers/, bare: 0.4 },
  {
    name: 'at-svnr',
    pattern: /^\d{4} ?\d{6}$/,
    check: (id) => weighted(id, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitsOf(id)[3],
    cue: /versicherungsn|svnr|sv-n/,
    bare: 0,
  },
  {
    name: 'nl-bsn',
    pattern: /^\d{9}$/,
    check: (id) => weighted(id, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
    cue: /\bbsn\b|burgerservice|sofi/,
    bare: 0,
  },
  {
    name: 'be-register',
    pattern: /^\d{2}\.?\d{2}\.?\d{2}-?\d{3}\.?\d{2}$/,
    check: tax('fr-BE'),
    cue: /rijksregister|registre national|national/,
    bare: 0,
  },
  { name: 'pl-pesel', pattern: /^\d{11}$/, check: card('PL'), cue: /pesel/, bare: 0 },
  { name: 'pt-nif', pattern: /^[123]\d{8}$/, check: tax('pt-PT'), cue: /\bnif\b|contribuinte/, bare: 0 },
  {
    name: 'se-personnummer',
    pattern: /^(?:19|20)?\d{6}[-+]\d{4}$/,
    check: (id) => passesLuhn(plain(id).replace('+', '').slice(-10)),
    cue: /personn/,
    bare: 0.7,
  },
  { name: 'dk-cpr', pattern: /^[0-3]\d[01]\d{3}-\d{4}$/, check: () => true, cue: /\bcpr\b/, bare: 0.4 },
  { name: 'no-birth', pattern: /^\d{6} ?\d{5}$/, check: card('NO'), cue: /fødselsn|personn/, bare: 0 },
  { name: 'fi-hetu', pattern: /^\d{6}[-+A]\d{3}[0-9A-Y]$/, check: passesHetu, cue: /hetu|henkilö/, bare: 0.9 },
  {
    name: 'ca-sin',
    pattern: /^\d{3}[ -]\d{3}[ -]\d{3}$/,
    check: (id) => passesLuhn(plain(id)),
    cue: /\bsin\b|social insurance/,
    bare: 0.1,
  },
  {
    name: 'au-tfn',
    pattern: /^\d{3} ?\d{3} ?\d{3}$/,
    check: (id) => weighted(id, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
    cue: /\btfn\b|tax file/,
    bare: 0,
  },
  {
    name: 'kr-rrn',
    pattern: /^\d{6}-[1-8]\d{6}$/,
    check: (id) => /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(id),
    cue: /주민/,
    bare: 0.85,
  },
  { name: 'jp-mynumber', pattern: /^\d{4}[ -]?\d{4}[ -]?\d{4}$/, check: () => true, cue: /マイナンバー|my number/, bare: 0 },
  { name: 'th-citizen', pattern: /^\d-?\d{4}-?\d{5}-?\d{2}-?\d$/, check: card('TH'), cue: /ประชาชน|thai id/, bare: 0.2 },
  {
    name: 'za-id',
    pattern: /^\d{6} ?\d{4} ?\d{3}$/,
    check: (id) => passesLuhn(plain(id)),
    cue: /south african id|\bsa id|identity/,
    bare: 0,
  },
  { name: 'il-id', pattern: /^\d{9}$/, check: card('he-IL'), cue: /ת\.?ז|זהות|teudat/, bare: 0 },
  { name: 'tr-kimlik', pattern: /^[1-9]\d{10}$/, check: passesKimlik, cue: /kimlik|tckn|t\.?c\.?\s/, bare: 0 },
  { name: 'mx-curp', pattern: /^[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d$/, check: () => true, cue: /curp/, bare: 0.95 },
  { name: 'cl-rut', pattern: /^\d{1,2}\.\d{3}\.\d{3}-[\dK]$/i, check: passesRut, cue: /\brut\b/, bare: 0.9 },
  { name: 'ru-snils', pattern: /^\d{3}-\d{3}-\d{3} \d{2}$/, check: () => true, cue: /снилс|snils/, bare: 0.85 },
  { name: 'br-cnpj', pattern: /^\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}$/, check: tax('pt-BR'), cue: /cnpj/, bare: 0.9 },
  { name: 'au-medicare', pattern: /^[2-6]\d{3} ?\d{5} ?\d$/, check: passesMedicare, cue: /medicare/, bare: 0 },
  { name: 'ch-ahv', pattern: /^756\.?\d{4}\.?\d{4}\.?\d{2}$/, check: passesEan, cue: /ahv|avs|sozialvers/, bare: 0.9 },
  { name: 'cz-birth', pattern: /^\d{6}\/\d{3,4}$/, check: passesRodneCislo, cue: /rodné|rodne|\br\.?č/, bare: 0.7 },
  { name: 'bg-egn', pattern: /^\d{10}$/, check: passesEgn, cue: /егн|\begn/, bare: 0 },
  { name: 'hr-oib', pattern: /^\d{11}$/, check: passesMod1110, cue: /\boib/, bare: 0 },
  { name: 'yu-jmbg', pattern: /^\d{13}$/, check: passesJmbg, cue: /jmbg|emšo|emso|јмбг|ембг/, bare: 0 },
  { name: 'ro-cnp', pattern: /^[1-9]\d{12}$/, check: passesCnp, cue: /\bcnp|numeric personal/, bare: 0 },
  { name: 'ee-lt-code', pattern: /^[1-6]\d{10}$/, check: passesBaltic, cue: /isikukood|asmens kod/, bare: 0 },
  { name: 'lv-code', pattern: /^\d{6}-\d{5}$/, check: (id) => isDay(id, 0), cue: /personas kod/, bare: 0.3 },
  { name: 'ie-pps', pattern: /^\d{7}[A-W][A-IW]?$/i, check: passesPps, cue: /\bpps/, bare: 0.3 },
  { name: 'gr-afm', pattern: /^\d{9}$/, check: passesAfm, cue: /αφμ|α\.φ\.μ|\bafm/, bare: 0 },
  { name: 'gr-amka', pattern: /^\d{11}$/, check: (id) => isDay(id, 0) && passesLuhn(id), cue: /αμκα|amka/, bare: 0 },
  { name: 'latin-document', pattern: /^\d{1,2}\.\d{3}\.\d{3}$|^1\.\d{3}\.\d{3}\.\d{3}$/, check: () => true, cue: documentCue, bare: 0 },
  { name: 'us-ein', pattern: /^\d{2}-\d{7}$/, check: () => true, cue: /\bein\b|employer id/, bare: 0 },
  { name: 'sg-nric', pattern: /^[STFGM]\d{7}[A-Z]$/, check: passesNric, cue: /nric|\bfin\b/, bare: 0.85 },
  { name: 'my-kad', pattern: /^\d{6}-\d{2}-\d{4}$/, check: (id) => isDay(id, 4, 2), cue: /mykad|\bic\b|nric/, bare: 0.6 },
  { name: 'pk-cnic', pattern: /^[1-7]\d{4}-\d{7}-\d$/, check: () => true, cue: /cnic/, bare: 0.8 },
  { name: 'id-nik', pattern: /^\d{16}$/, check: passesNik, cue: /\bnik\b|\bktp\b|induk/, bare: 0 },
  { name: 'ua-rnokpp', pattern: /^\d{10}$/, check: passesRnokpp, cue: /рнокпп|\bіпн|ідентифікац/, bare: 0 },
  { name: 'ru-inn', pattern: /^\d{12}$/, check: passesInn, cue: /инн|\binn\b/, bare: 0 },
]

function passesNhs(id: string): boolean {
  const rest = 11 - (weighted(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
  return (rest === 11 ? 0 : rest) === digitsOf(id)[9]
}

function passesNir(id: string): boolean {
  const number = plain(id).replace('2A', '19').replace('2B', '18')
  return 97 - Number(BigInt(number.slice(0, 13)) % 97n) === Number(number.slice(13))
}

function passesKimlik(id: string): boolean {
  const d = digitsOf(id)
  const at = (index: number) => d[index] ?? 0
  const tenth = ((at(0) + at(2) + at(4) + at(6) + at(8)) * 7 - (at(1) + at(3) + at(5) + at(7))) % 10
  const eleventh = d.slice(0, 10).reduce((sum, digit) => sum + digit, 0) % 10
  return (tenth + 10) % 10 === at(9) && eleventh === at(10)
}

function passesRut(id: string): boolean {
  const number = plain(id).toUpperCase()
  let sum = 0
  for (let index = number.length - 2, weight = 2; index >= 0; index--, weight = weight === 7 ? 2 : weight + 1)
    sum += Number(number[index]) * weight
  const rest = 11 - (sum % 11)
  return number.endsWith(rest === 11 ? '0' : rest === 10 ? 'K' : String(rest))
}

function passesInn(id: string): boolean {
  const eleventh = (weighted(id, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  const twelfth = (weighted(id, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  return eleventh === digitsOf(id)[10] && twelfth === digitsOf(id)[11]
}

function passesHetu(id: string): boolean {
  const number = Number(id.slice(0, 6) + id.slice(7, 10))
  return isDay(id, 0) && '0123456789ABCDEFHJKLMNPRSTUVWXY'[number % 31] === id[10]
}

function passesMedicare(id: string): boolean {
  return weighted(plain(id).slice(0, 8), [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitsOf(id)[8]
}

function passesEan(id: string): boolean {
  const sum = weighted(plain(id).slice(0, 12), [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3])
  return (10 - (sum % 10)) % 10 === digitsOf(id)[12]
}

/** Women's months are 50 higher; since 2004 both may be 20 higher. Ten digits are divisible by eleven. */
function passesRodneCislo(id: string): boolean {
  const number = plain(id)
  const month = Number(number.slice(2, 4)) % 50
  const day = Number(number.slice(4, 6))
  if (day < 1 || day > 31 || month % 20 < 1 || month % 20 > 12) return false
  return number.length === 9 || Number(number) % 11 === 0 || (Number(number.slice(0, 9)) % 11 === 10 && number.endsWith('0'))
}

function passesEgn(id: string): boolean {
  return (weighted(id.slice(0, 9), [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digitsOf(id)[9]
}

/** ISO 7064, MOD 11,10. */
function passesMod1110(id: string): boolean {
  let rest = 10
  for (const digit of digitsOf(id).slice(0, -1)) {
    const sum = (rest + digit) % 10
    rest = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (11 - rest) % 10 === digitsOf(id).at(-1)
}

function passesJmbg(id: string): boolean {
  const rest = 11 - (weighted(id.slice(0, 12), [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)
  return isDay(id, 0) && (rest > 9 ? 0 : rest) === digitsOf(id)[12]
}

function passesCnp(id: string): boolean {
  const rest = weighted(id.slice(0, 12), [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return isDay(id, 5, 3) && (rest === 10 ? 1 : rest) === digitsOf(id)[12]
}

function passesBaltic(id: string): boolean {
  const first = weighted(id.slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
  const second = weighted(id.slice(0, 10), [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11
  return isDay(id, 5, 3) && (first < 10 ? first : second < 10 ? second : 0) === digitsOf(id)[10]
}

function passesPps(id: string): boolean {
  const letters = 'WABCDEFGHIJKLMNOPQRSTUV'
  const more = id.length > 8 ? letters.indexOf((id[8] ?? 'W').toUpperCase()) * 9 : 0
  return letters[(weighted(id.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) + more) % 23] === (id[7] ?? '').toUpperCase()
}

function passesAfm(id: string): boolean {
  return (weighted(id.slice(0, 8), [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digitsOf(id)[8] && !/^0+$/.test(id)
}

function passesNric(id: string): boolean {
  const head = id[0] ?? ''
  const sum = weighted(id.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + (head === 'T' || head === 'G' ? 4 : head === 'M' ? 3 : 0)
  const letters = head === 'S' || head === 'T' ? 'JZIHGFEDCBA' : head === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK'
  return letters[head === 'M' ? 10 - (sum % 11) : sum % 11] === id[8]
}

/** Women's days are 40 higher. */
function passesNik(id: string): boolean {
  const [day, month] = [Number(id.slice(6, 8)) % 40, Number(id.slice(8, 10))]
  return day >= 1 && day <= 31 && month >= 1 && month <= 12
}

function passesRnokpp(id: string): boolean {
  const sum = weighted(id.slice(0, 9), [-1, 5, 7, 9, 4, 6, 10, 5, 7])
  return (((sum % 11) + 11) % 11) % 10 === digitsOf(id)[9]
}
