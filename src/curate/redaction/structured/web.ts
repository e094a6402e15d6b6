import { before, type Finder, type Finding, type Page } from '../finding.ts'

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
  if (/\.(?:com|me|io|app|org|social)\//i.test(text)) {
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
  if (text.includes('@')) for (const match of text.matchAll(handle)) push(found, match, judgeHandle(page, match), 'handle')
  if (text.includes('#')) {
    for (const match of text.matchAll(discord)) {
      const isCued = /discord|tag|add me|battle|gamer/.test(before(text, match.index, 40))
      push(found, match, isCued ? 0.85 : 0.3, 'discord')
    }
  }
  if (text.includes('u/')) for (const match of text.matchAll(reddit)) push(found, match, 0.75, 'reddit')
  return found
}

function push(found: Finding[], match: RegExpExecArray, confidence: number, rule: string): void {
  if (confidence > 0) found.push({ start: match.index, end: match.index + match[0].length, kind: 'HANDLE', confidence, rule })
}

function judgeHandle({ text, isCode }: Page, match: RegExpExecArray): number {
  const name = match[0].slice(1)
  if (directives.has(name.toLowerCase()) || name.length < 2) return 0
  const start = match.index
  if (handleCue.test(before(text, start, 40))) return 0.95
  if (isCode(start)) return 0
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const head = text.slice(lineStart, start)
  const rest = text.slice(start + match[0].length, start + match[0].length + 40)
  // A decorator stands alone at the head of its line, or before an argument list.
  if (/^\s*$/.test(head) && /^\s*(?:\n|$)/.test(rest)) return 0.3
  if (/[;{}=<>|\\$]|^\s*(?:\*|\/\*|\/\/|#|--)+\s*$/.test(head) || /^[ \t]*[{;=<|]/.test(rest)) return 0.2
  return /[a-z]/i.test(name) ? 0.6 : 0.2
}
