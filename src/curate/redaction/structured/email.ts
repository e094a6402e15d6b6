import { append } from '../../../append.ts'
import { before, type Finder, type Finding, isWordUnit, type Page } from '../finding.ts'
import { cue } from '../reading/cues.ts'

const localUnit = /[\w.!#$%&'*+/=?^{|}~\u00c0-\u024f\u0400-\u04ff-]/
const domain =
  /^(?:[a-z0-9\u00c0-\u024f\u0400-\u04ff](?:[a-z0-9\u00c0-\u024f\u0400-\u04ff-]{0,61}[a-z0-9\u00c0-\u024f\u0400-\u04ff])?\.){1,8}[a-z\u0400-\u04ff]{2,24}/i
const spelled =
  /(?<![\w.])[a-z0-9][\w.+-]{1,40}\s?[[({<]\s?at\s?[\])}>]\s?[a-z0-9-]{2,40}(?:\s?(?:[[({<]\s?dot\s?[\])}>]|\.)\s?[a-z]{2,24}){1,3}/gi
const spoken =
  /(?<![\w.])[a-z0-9][\w.+-]{1,40}(?: dot [a-z0-9]{1,30}){0,3} at [a-z0-9-]{2,40} dot (?:com|org|net|edu|gov|io|co|de|fr|uk|ru|it|es|nl|pl|br|in)\b/gi

/** What looks like a top-level domain in `x@y.z` and is a file or unit name. */
const noDomain = new Set([
  'service',
  'socket',
  'timer',
  'mount',
  'py',
  'js',
  'ts',
  'java',
  'cpp',
  'png',
  'jpg',
  'jpeg',
  'gif',
  'svg',
  'local',
  'git',
  'min',
])
/** Accounts of machines, in addresses that name nobody. */
const machines = /^(?:git|hg|svn|root|noreply|no-reply|donotreply)$/i

/** E-mail addresses: plain, and spelled with (at), [dot] and such. Each `@` costs at most 64 + 320 units. */
export const findEmails: Finder = (page) => {
  const { text } = page
  const found: Finding[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const finding = examine(text, at)
    if (finding) found.push(finding)
  }
  if (isSpelled(page)) append(found, findSpelled(text))
  return found
}

/** Whether 'dot' stands in the text, or 'at' in brackets. */
function isSpelled({ text, tokens, survey }: Page): boolean {
  if (!(survey.cues & (cue.at | cue.dot))) return false
  return survey.cued.some((token) => {
    const bits = survey.cuesAt(token)
    const start = tokens.start[token] ?? 0
    return (bits & cue.dot) !== 0 || ((bits & cue.at) !== 0 && /[[({<]\s?$/.test(text.slice(Math.max(0, start - 2), start)))
  })
}

function examine(text: string, at: number): Finding | undefined {
  let start = at
  while (start > 0 && at - start < 64 && localUnit.test(text.charAt(start - 1))) start--
  while (start < at && !isWordUnit(text.charCodeAt(start))) start++
  if (text.startsWith('mailto', start) && text[start + 6] === ':') start += 7
  // 'email=x@y.z' and 'a/b@c.d': the address begins after the last separator.
  const local = text.slice(start, at)
  const cut = Math.max(local.lastIndexOf('='), local.lastIndexOf('/'), local.lastIndexOf("'"), local.lastIndexOf('|'))
  if (cut >= 0 && local.slice(0, cut).length > 1) start += cut + 1
  // '@name@site' is a handle.
  if (text.charAt(start - 1) === '@' && !isWordUnit(text.charCodeAt(start - 2))) return undefined
  if (start === at || text.charAt(at - 1) === '.' || machines.test(text.slice(start, at))) return undefined
  const host = domain.exec(text.slice(at + 1, at + 321))?.[0]
  if (!host || noDomain.has(host.slice(host.lastIndexOf('.') + 1).toLowerCase())) return undefined
  return { start, end: at + 1 + host.length, kind: 'EMAIL', confidence: 0.98, rule: 'email' }
}

function findSpelled(text: string): Finding[] {
  const found: Finding[] = []
  for (const match of text.matchAll(spelled)) {
    found.push({ start: match.index, end: match.index + match[0].length, kind: 'EMAIL', confidence: 0.85, rule: 'email-spelled' })
  }
  for (const match of text.matchAll(spoken)) {
    const isCued = /mail|contact|reach|write/.test(before(text, match.index, 60))
    found.push({
      start: match.index,
      end: match.index + match[0].length,
      kind: 'EMAIL',
      confidence: isCued ? 0.85 : 0.6,
      rule: 'email-spoken',
    })
  }
  return found
}
