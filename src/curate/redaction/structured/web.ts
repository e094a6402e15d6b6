import { before, type Finder, type Finding, matchWithin, type Page } from '../finding.ts'
import { cue } from '../reading/cues.ts'
import { windowsAround } from '../reading/survey.ts'
import { hashWord } from '../reading/tokens.ts'

const site =
  /(?:https?:\/\/)?(?:[a-z]{2,3}\.|www\.|m\.)?(?:facebook\.com\/(?!sharer|groups|events|pages|watch|help|business|policies)|fb\.com\/|instagram\.com\/(?!p\/|reel|explore)|(?:twitter|x)\.com\/(?!i\/|search|home|hashtag|intent|share)|linkedin\.com\/(?:in|pub)\/|t\.me\/|tiktok\.com\/@|youtube\.com\/(?:@|user\/)|reddit\.com\/u(?:ser)?\/|snapchat\.com\/add\/|vk\.com\/|pinterest\.com\/|medium\.com\/@|onlyfans\.com\/|wa\.me\/|discord(?:app)?\.com\/users\/|keybase\.io\/|soundcloud\.com\/|flickr\.com\/people\/|steamcommunity\.com\/id\/|orcid\.org\/|paypal\.me\/|venmo\.com\/|weibo\.com\/u?\/?|mastodon\.social\/@|bsky\.app\/profile\/)[\w.%@+~-]{2,60}\/?/gi
const personalCue =
  /(?<![\p{L}])(?:my|our|his|her|their|personal|meine?|mi|mon|ma|meu|minha|мой|моя|我的)\s+(?:own\s+|personal\s+)?(?:web ?site|web ?page|home ?page|blog|portfolio|site|page|profile|channel|sitio|página|seite|profil|chaîne|сайт|блог|страниц[аы]|网站|博客)[^\n.!?]{0,24}$/u
const nobodys = /^(?:https?:\/\/)?(?:www\.)?(?:localhost|127\.|0\.0\.0\.0|example\.(?:com|org|net)|(?:\w+\.)?wikipedia\.org)/i
const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`)\]}]{4,200}/gi
const tellingQuery =
  /[?&](?:email|e-mail|phone|user|username|name|token|access_token|api_?key|key|auth|password|session|sid|sig|signature)=[^&\s]{3,}/i

const handle = /(?<![\w/.@\\+$-])@(?!\d+\b)[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?(?![\w@/(]|\.\w|=)/g
const discord = /(?<![\w#])[\w.]{2,32}#\d{4}(?!\d|\w)/g
const reddit = /(?<![\w/])\/?u\/[A-Za-z0-9_-]{3,20}(?![\w/])/g
const federated = /(?<![\w@.])@[\w.-]{2,30}@[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){0,3}\.[a-z]{2,12}(?![\w@])/gi
/** A handle without its at-sign: the service or 'username', a joining word, the value. */
const named =
  /(?<![\p{L}\p{N}])(?:(twitter|insta(?:gram)?|tik ?tok|telegram|snap(?:chat)?|discord|github|gitlab|reddit|mastodon|bluesky|skype|we ?chat|line|kik|venmo|cash ?app|twitch|steam|psn|xbox|gamertag|twitter\/x|微信|抖音)(?: (?:user ?name|handle|id|name|account|tag|user|nick(?:name)?))?|(?:user ?name|user ?id|screen ?name|handle|nick(?:name)?|login|benutzername|usuario|pseudo|никнейм|логин|用户名|账号)) ?(:|=| is|：| ist| es| est|是)\s{0,2}["'`]?((?:live:)?[A-Za-z0-9](?:[\w.-]{1,30}[A-Za-z0-9_])?)(?![\w@/:(]|\.\w)/giu
const owned = /(?:^|[^\p{L}])(?:my|his|her|their|our|mein|mi|mon|meu|мой|我的)\s[^\n.!?]{0,16}$/iu
const repository =
  /(?<![\w.@/-])(?:https?:\/\/)?(?:www\.)?(?:github|gitlab|bitbucket|codeberg|linktr|about|behance|dribbble)\.(?:com|org|ee|me|net)\/([\w-]{2,39})\/?(?![\w/-])/gi
const handleCue =
  /(?:twitter|insta(?:gram)?|\big\b|tiktok|telegram|snap(?:chat)?|discord|github|gitlab|reddit|mastodon|threads|bluesky|skype|wechat|kik|venmo|cashapp|twitch|steam|psn|xbox|youtube|handle|username|user name|nickname|usuario|utilisateur|benutzername|никнейм|логин|用户名|微信|账号)[^\n]{0,16}(?:\bis|:|=|@|as|-|\bes|est|ist|是)\s*$/
/** What follows an at-sign in programs, documents and common speech without being anybody. */
const directives = new Set(
  'media import charset font-face keyframes supports page layer param params return returns throws see since author deprecated override property staticmethod classmethod abstractmethod dataclass app test before after given when then bean autowired component service repository controller restcontroller entity table column id getmapping postmapping requestmapping springbootapplication configuration nullable notnull nonnull suppresswarnings functionalinterface beforeeach aftereach mock injectmocks runwith inject injectable input output ngmodule decorator click pytest cached_property lru_cache wraps jit njit tf interface implementation end class selector protocol synthesize objc main state published binding stateobject observedobject environmentobject observable action computed everyone here channel all echo off todo type typedef example module namespace private public protected static readonly default extends include section yield if foreach csrf endsection else endif endforeach types angular babel vue react nestjs testing latest next'.split(
    ' ',
  ),
)

/** Profiles on social sites, personal pages behind a cue, addresses that carry a person's data, and handles. */
export const findWeb: Finder = (page) => {
  const { text } = page
  const found: Finding[] = []
  const hasPath = hasSitePath(text)
  if (hasPath) {
    for (const match of text.matchAll(site)) {
      if (/[\w@-]/.test(text.charAt(match.index - 1)) && !match[0].startsWith('http')) continue
      found.push({ start: match.index, end: match.index + match[0].length, kind: 'URL', confidence: 0.85, rule: 'social-profile' })
    }
  }
  if (text.includes('://') || text.includes('www.')) {
    for (const match of text.matchAll(address)) {
      const end = match.index + match[0].replace(/[.,;:!?]+$/, '').length
      const isTelling = tellingQuery.test(match[0])
      const confidence = personalCue.test(before(text, match.index, 60)) ? 0.75 : isTelling ? 0.6 : 0
      if (confidence > 0 && !nobodys.test(match[0]))
        found.push({ start: match.index, end, kind: 'URL', confidence, rule: isTelling ? 'url-telling' : 'url-cue' })
    }
  }
  if (hasPath) {
    for (const match of text.matchAll(repository)) {
      const end = match.index + match[0].length
      const around = `${before(text, match.index, 40)} ${text.slice(end, end + 24).toLowerCase()}`
      const isOwn = /(?:^|[^\p{L}])(?:my|me|i|his|her|their|profile|portfolio|mein|mi|mon|meu|follow)(?![\p{L}])/u.test(around)
      found.push({ start: match.index, end, kind: 'URL', confidence: isOwn ? 0.75 : 0.3, rule: 'repository-profile' })
    }
  }
  for (const { index, match, parts } of matchWithin(text, namedWindows(page), named)) {
    const value = parts[3] ?? ''
    const start = index + match.length - value.length
    const confidence = judgeNamed(page, { index, match, isService: parts[1] !== undefined }, value)
    found.push({ start, end: start + value.length, kind: 'HANDLE', confidence, rule: 'handle-named' })
  }
  const hasAt = text.includes('@')
  if (hasAt) for (const match of text.matchAll(federated)) push(found, match, 0.85, 'handle-federated')
  if (hasAt) for (const match of text.matchAll(handle)) push(found, match, judgeHandle(page, match), 'handle')
  if (hasDiscriminator(text)) {
    for (const match of text.matchAll(discord)) {
      const isCued = /discord|tag|add me|battle|gamer/.test(before(text, match.index, 40))
      push(found, match, isCued ? 0.85 : 0.3, 'discord')
    }
  }
  if (text.includes('u/')) for (const match of text.matchAll(reddit)) push(found, match, 0.75, 'reddit')
  return found
}

/** A slash behind one of the endings that sites of persons have. */
function hasSitePath(text: string): boolean {
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) {
    if (/\.(?:com|me|io|app|org|social|ee|net)$/i.test(text.slice(Math.max(0, at - 7), at))) return true
  }
  return false
}

/** A `#` before a digit. */
function hasDiscriminator(text: string): boolean {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    const next = text.charCodeAt(at + 1)
    if (next >= 48 && next <= 57) return true
  }
  return false
}

/** Around the words for services and names of users that a colon, an equals sign or 'is' follows within three words. */
function namedWindows({ text, tokens, survey }: Page): number[] {
  if (survey.cues & (cue.han | cue.kana) && /微信|抖音|用户名|账号/.test(text)) return [0, text.length]
  if (!(survey.cues & cue.handle)) return []
  return windowsAround(tokens, survey, { bits: cue.handle, ahead: 14, behind: 90 }, (token) => {
    for (let next = token + 1; next <= token + 4 && next < tokens.count; next++) {
      const code = tokens.hash[next] ?? 0
      if (code === 58 || code === 61 || code === 0xff1a || joints.has(code)) return true
    }
    return false
  })
}

const joints = new Set(['is', 'ist', 'es', 'est'].map(hashWord))

interface Named {
  index: number
  match: string
  isService: boolean
}

/** Digits, underscores and inner full stops make a handle; a plain word is one only behind "my … username is". */
function judgeNamed({ text, isCode }: Page, { index, match, isService }: Named, value: string): number {
  if (isCode(index) || /^(?:[\d.]+|v\d[\d.]*)$/.test(value)) return 0
  const isMarked = /\d|_|\w\.\w|:/.test(value)
  const isOwned = owned.test(text.slice(Math.max(0, index - 24), index))
  const isName = /user ?name|handle|\bid\b|nick|tag\b|screen|никнейм|логин|用户名|benutzer|usuario|pseudo/i.test(match)
  if (isMarked) return isOwned || isName || isService ? 0.8 : 0.5
  return isOwned && isName && /^[\w-]{4,}$/.test(value) && !plainWords.test(value) ? 0.6 : 0
}

const plainWords =
  /^(?:also|already|always|banned|blocked|broken|called|changed|correct|different|empty|false|gone|hacked|here|incorrect|invalid|just|like|linked|locked|missing|null|only|private|public|required|still|taken|that|the|this|true|unique|unknown|valid|very|what|wrong|your|yours)$/i

function push(found: Finding[], match: RegExpExecArray, confidence: number, rule: string): void {
  if (confidence > 0) found.push({ start: match.index, end: match.index + match[0].length, kind: 'HANDLE', confidence, rule })
}

function judgeHandle({ text, isCode }: Page, match: RegExpExecArray): number {
  const name = match[0].slice(1)
  if (directives.has(name.toLowerCase()) || name.length < 2) return 0
  const start = match.index
  if (handleCue.test(before(text, start, 40))) return 0.95
  if (isCode(start)) return 0
  // The line up to here, as far as 200 units back.
  const ahead = text.slice(Math.max(0, start - 200), start)
  const head = ahead.slice(ahead.lastIndexOf('\n') + 1)
  const rest = text.slice(start + match[0].length, start + match[0].length + 40)
  // A decorator stands alone at the head of its line, or before an argument list.
  if (/^\s*$/.test(head) && /^\s*(?:\n|$)/.test(rest)) return 0.3
  if (/[;{}=<>|\\$]|^\s*(?:\*|\/\*|\/\/|#|--)+\s*$/.test(head) || /^[ \t]*[{;=<|]/.test(rest)) return 0.2
  return /[a-z]/i.test(name) ? 0.6 : 0.2
}
