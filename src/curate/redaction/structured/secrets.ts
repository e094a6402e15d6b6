import { type Finder, type Finding, matchWithin, type Page } from '../finding.ts'
import { cue } from '../reading/cues.ts'
import { windowsAround } from '../reading/survey.ts'
import { secretForms } from './secrets.forms.ts'

const connection =
  /(?<![\w+.-])(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|jdbc:[a-z]{2,12}|ftps?|sftp|ssh|smtps?|imaps?|https?|clickhouse|kafka|nats|ldaps?|mqtt|cloudinary|couchbase|neo4j(?:\+s)?|bolt|redshift|snowflake|smb)(?:\+\w{1,12})?:\/\/[^\s:/@"'<>`]{0,80}:[^\s/@"'<>`]{1,200}@[^\s"'<>`,;)\]]{1,200}/gi
const adoPassword = /(?<=(?:^|;)\s{0,2}(?:password|pwd)\s{0,2}=\s{0,2})[^;\s"']{3,100}(?=;|"|'|$)/gim

/** Words for a password, then at most a joining word, then the value. */
const password =
  /(?<![\p{L}\p{N}])((?:\w{1,16}[_-])?(?:password|passwd|passphrase|passcode|pwd|passwort|kennwort|contraseña|clave|mot de passe|mdp|senha|wachtwoord|hasło|пароль|şifre|mật khẩu|密码|密碼|パスワード|비밀번호|كلمة المرور|סיסמה|pin(?: code| number)?|(?:api|access|auth|secret|private|client|app|account|encryption|signing)[_ -]?(?:key|token|secret)|secret|token)["']?)((?:\s{0,3}(?::=|=>|=|:|：)\s{0,3}|\s{1,3}(?:is|was|ist|es|est|é|è|jest|это|to|for [\w ]{1,24} is)[: ]{1,3}|\s{0,2}(?:是|为|為|は|는)\s{0,2}[:：]?\s{0,2}|\s{1,2})(["'`“«]?))([^\s"'`“”«»<>]{3,200})/giu
/** A phrase of several words in quotes behind the cue: 'wifi password "correct horse battery"'. */
const phrase =
  /(?<![\p{L}\p{N}])(?:password|passphrase|passwort|kennwort|contraseña|mot de passe|senha|wachtwoord|пароль|密码)(?:\s{0,2}[:=]|\s(?:is|ist|es|est))?\s{0,2}(["“«])([^"”»\n]{5,80}\s[^"”»\n]{1,80})["”»]/giu
const placeholder =
  /^(?:\*+|x+|\.+|_+|-+|none|null|undefined|true|false|string|str|text|bytes?|number|int|required|optional|hidden|changeme|example|password\W*|passwd|secret\W*|token\W*|your.*|my[-_]?(?:password|secret|token|key).*|<.*|\[.*|\{.*|\$.*|%.*|process\.env.*|os\.(?:environ|getenv).*|env\.?.*|config.*|settings.*|self\..*|this\..*|req\..*|request.*|input.*|get\w*\(.*|[\w.]+\(.*|incorrect|wrong|invalid|correct|strong|weak|reset|manager|field|protected|hash\w*|and|or|the|a|an|to|is|in|of|for|not|here)[.,;:!?)]*$/i

/** Keys and tokens by published form, connection strings with their credentials, passwords and keys behind a cue. */
export const findSecrets: Finder = (page) => {
  const { text } = page
  const found: Finding[] = []
  const add = (start: number, end: number, confidence: number, rule: string) => found.push({ start, end, kind: 'SECRET', confidence, rule })
  const { runWindows } = page.survey
  for (let window = 0; window < runWindows.length; window += 2) {
    const from = runWindows[window] ?? 0
    const stretch = text.slice(from, runWindows[window + 1])
    for (const { name, head, pattern } of secretForms) {
      if (!stretch.includes(head)) continue
      for (const { index, 0: match } of stretch.matchAll(pattern)) {
        if (!/^(.)\1+$|x{8}|X{8}|\*{4}/.test(match.slice(-16))) add(from + index, from + index + match.length, 0.95, `secret-${name}`)
      }
    }
  }
  if (text.includes('://')) {
    for (const match of text.matchAll(connection)) add(match.index, match.index + match[0].length, 0.95, 'secret-connection')
  }
  const { tokens, survey } = page
  if (survey.cues & cue.assigned) {
    const assigned = windowsAround(tokens, survey, { bits: cue.assigned, ahead: 8, behind: 112 })
    for (const { index, match } of matchWithin(text, assigned, adoPassword)) {
      if (text.slice(Math.max(0, index - 200), index).includes(';') && !placeholder.test(match))
        add(index, index + match.length, 0.85, 'secret-connection')
    }
  }
  // Of Han and Kana, where words run together, only the whole text can be searched.
  if (survey.cues & (cue.han | cue.kana) && /密[码碼]|パスワード/.test(text)) findCuedSecrets(page, [0, text.length], found)
  else if (survey.cues & cue.secret)
    findCuedSecrets(page, windowsAround(tokens, survey, { bits: cue.secret, ahead: 24, behind: 260 }), found)
  return found
}

function findCuedSecrets({ text, isCode }: Page, windows: readonly number[], found: Finding[]): void {
  for (const { index, match: whole, parts } of matchWithin(text, windows, password)) {
    const [, cue = '', joint = '', quote = '', value = ''] = parts
    const start = index + whole.length - value.length
    const trimmed = value.replace(/[.,;:)\]}]+$/, '')
    if (trimmed.length < 3 || placeholder.test(trimmed)) continue
    const confidence = judge({ cue: cue.toLowerCase(), joint: joint.trim(), quote, value: trimmed, isCode: isCode(index) })
    if (confidence > 0) found.push({ start, end: start + trimmed.length, kind: 'SECRET', confidence, rule: 'secret-cue' })
  }
  for (const { index, match, parts } of matchWithin(text, windows, phrase)) {
    const value = parts[2] ?? ''
    const start = index + match.length - value.length - 1
    found.push({ start, end: start + value.length, kind: 'SECRET', confidence: isCode(index) ? 0.4 : 0.6, rule: 'secret-phrase' })
  }
}

interface Cued {
  cue: string
  joint: string
  quote: string
  value: string
  isCode: boolean
}

/** A word after "password" is mostly talk; a password has digits, marks or quotes, or follows a colon. Keys must look random. */
function judge({ cue, joint, quote, value, isCode }: Cued): number {
  const classes = [/\d/, /[a-z]/, /[A-Z]/, /[^\w]/].filter((pattern) => pattern.test(value)).length
  const isPin = /^["']?pin|pin(?: code| number)["']?$/.test(cue)
  if (isPin) return /^\d{4,8}$/.test(value) && joint !== '' ? 0.8 : 0
  if (/key|token|secret/.test(cue)) {
    const isRandom =
      value.length >= 16 && /\d/.test(value) && /[a-z]/i.test(value) && /^[\w+/=.~:-]+$/.test(value) && new Set(value).size >= 9
    // Behind the bare word ('secret wJalr…') only what is long and of every class can be one.
    const isBare = isRandom && value.length >= 32 && /[a-z]/.test(value) && /[A-Z]/.test(value)
    return isRandom && joint !== '' ? 0.85 : isBare ? 0.7 : isRandom ? 0.4 : 0
  }
  const isCodeLike = /[()[\]{}]|^[a-z_]+(?:\.[a-z_]+)+$|=>|::/i.test(value)
  if (quote !== '') return isCodeLike && !/\d/.test(value) ? 0.2 : classes >= 2 ? 0.85 : value.length >= 6 && !isCode ? 0.6 : 0.3
  if (isCodeLike) return 0.1
  const hasDigit = /\d/.test(value)
  if (/[:=：]/.test(joint)) return hasDigit && value.length >= 4 ? (isCode ? 0.6 : 0.85) : classes >= 3 ? 0.7 : 0.2
  if (joint === '') return classes >= 3 && hasDigit && value.length >= 6 ? 0.7 : 0
  return hasDigit && value.length >= 4 && /[a-z]/i.test(value) ? 0.85 : classes >= 3 ? 0.6 : /^\d{4,}$/.test(value) ? 0.6 : 0.2
}
