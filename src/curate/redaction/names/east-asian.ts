import { readFileSync } from 'node:fs'
import type { Finding, Page } from '../finding.ts'
import { cue } from '../reading/cues.ts'

interface Lists {
  chineseFamily: string[]
  chineseGiven: string
  japaneseFamily: string[]
  japaneseGiven: string[]
  koreanGiven: string[]
  thaiGiven: string[]
}

/** A form of name: group 1 is the name itself. */
interface Form {
  rule: string
  pattern: RegExp
  confidence: number
}

let forms: { test: RegExp; forms: Form[] }[] | undefined

/**
 * Names in Han, Kana, Hangul and Thai, where words run together: family names and given names by list, with the words that stand beside names. Texts
 * without these scripts cost one search.
 */
export function findEastAsianNames({ text, survey }: Page): Finding[] {
  if (!(survey.cues & (cue.han | cue.kana | cue.hangul | cue.thai))) return []
  forms ??= buildForms()
  const found: Finding[] = []
  for (const { test, forms: ofScript } of forms) {
    if (!test.test(text)) continue
    for (const { rule, pattern, confidence } of ofScript) {
      for (const match of text.matchAll(pattern)) {
        const name = match[1] ?? ''
        const start = match.index + match[0].indexOf(name)
        if (name !== '') found.push({ start, end: start + name.length, kind: 'PERSON', confidence, rule })
      }
    }
  }
  return found
}

/** The asset's bytes: family and given names of Chinese, Japanese, Korean and Thai. */
export function readEastAsianLists(): Buffer {
  return readFileSync(new URL('../../../../assets/redaction-east-asian.json', import.meta.url))
}

function buildForms(): { test: RegExp; forms: Form[] }[] {
  const lists: Lists = JSON.parse(readEastAsianLists().toString('utf8'))
  return [
    { test: /[\u3400-\u9fff]/, forms: chinese(lists) },
    { test: /[\u3040-\u30ff]/, forms: japanese(lists) },
    { test: /[\uac00-\ud7af]/, forms: korean(lists) },
    { test: /[\u0e00-\u0e7f]/, forms: thai(lists) },
  ]
}

const any = (list: readonly string[]) => [...list].sort((a, b) => b.length - a.length).join('|')

function chinese({ chineseFamily, chineseGiven }: Lists): Form[] {
  const family = `(?:${any(chineseFamily)})`
  const han = '[\\u4e00-\\u9fff]'
  // Words that follow a name, and never belong to one.
  const behind =
    '(?=[^\\u4e00-\\u9fff\\u3040-\\u30ff]|$|[的是在和与及跟说道问答也都就为曾于被把将让对从向有等先女小博教老同医经主总律，。、]|认为|表示|担任|出生|毕业)'
  const cue =
    '(?:我叫|名叫|叫做|名字叫|名字是|姓名[:：是为]?\\s?|名为|本人|我是|他叫|她叫|叫|亲爱的|尊敬的|联系人[:：]?\\s?|作者[:：是]?\\s?|导演|主演|演员|歌手|作家|诗人|总统|主席|总理|皇帝|记者|教练|球员|科学家|朋友|同事|儿子|女儿|妻子|丈夫|父亲|母亲|哥哥|姐姐|弟弟|妹妹)'
  const title =
    '(?:先生|女士|小姐|太太|同学|老师|教授|医生|大夫|经理|博士|主任|律师|局长|市长|总统|主席|总理|师傅|阿姨|叔叔|院士|将军|导演|记者|书记|董事长)'
  return [
    { rule: 'name-han-cue', pattern: new RegExp(`${cue}\\s?(${family}${han}{1,2}?)${behind}`, 'gu'), confidence: 0.85 },
    { rule: 'name-han-title', pattern: new RegExp(`(?<![\\u4e00-\\u9fff])(${family}${han}{0,2}?)${title}`, 'gu'), confidence: 0.85 },
    { rule: 'name-han-title', pattern: new RegExp(`(${family}[${chineseGiven}]{1,2})${title}`, 'gu'), confidence: 0.75 },
    {
      rule: 'name-han-list',
      pattern: new RegExp(`(?<![\\u4e00-\\u9fff])(${family}[${chineseGiven}]{2})${behind}`, 'gu'),
      confidence: 0.7,
    },
    {
      rule: 'name-han-list',
      pattern: new RegExp(`(?<=[和与由跟对给、向])(${family}[${chineseGiven}]{1,2})${behind}`, 'gu'),
      confidence: 0.6,
    },
    {
      rule: 'name-han-addressed',
      pattern: new RegExp(`(?<=[给跟向找请])(${family}${han}{1,2}?)(?=写|打|发|寄|送|买|介绍|借|道歉|学习|帮)`, 'gu'),
      confidence: 0.75,
    },
    {
      rule: 'name-han-list',
      pattern: new RegExp(`(?<![\\u4e00-\\u9fff])(${family}[${chineseGiven}])(?=[说问道]|[，,]你|$)`, 'gu'),
      confidence: 0.5,
    },
    {
      rule: 'name-han-foreign',
      pattern:
        /(?:总统|首相|总理|国王|女王|教授|作家|演员|导演|歌手|科学家|物理学家|由|和|与|是|的|在)?([\u4e00-\u9fff]{2,7}(?:[·•・][\u4e00-\u9fff]{1,8}){1,3}?)(?=[^\u4e00-\u9fff·•・]|$|[的是在和与说曾于为出，。])/gu,
      confidence: 0.85,
    },
  ]
}

function japanese({ japaneseFamily, japaneseGiven }: Lists): Form[] {
  const family = `(?:${any(japaneseFamily)})`
  const given = `(?:${any(japaneseGiven)})`
  const title = '(?:さん|さま|様|くん|君|ちゃん|先生|氏|部長|課長|社長|教授|選手|監督|首相|殿)'
  const part = '[\\u4e00-\\u9fff\\u3040-\\u30ff]'
  return [
    { rule: 'name-kana-full', pattern: new RegExp(`(${family}[ 　]?${given})`, 'gu'), confidence: 0.9 },
    { rule: 'name-kana-title', pattern: new RegExp(`(${family}(?:[ 　]?${part}{1,3}?)?)${title}`, 'gu'), confidence: 0.85 },
    { rule: 'name-kana-title', pattern: new RegExp(`(${given})(?:さん|くん|ちゃん)`, 'gu'), confidence: 0.8 },
    {
      rule: 'name-kana-cue',
      pattern: new RegExp(
        `(?:名前は|私は|僕は|俺は|氏名[:：]?\\s?)(${family}[ 　]?${part}{0,4}?|${given})(?=です|と申し|といい|と言|だ|、|。|\\s|$)`,
        'gu',
      ),
      confidence: 0.85,
    },
    {
      rule: 'name-kana-space',
      pattern: new RegExp(
        `(?<![\\u4e00-\\u9fff\\u3040-\\u30ff])(${family}[ 　][\\u4e00-\\u9fff\\u3040-\\u30ff]{1,3})(?=[^\\u4e00-\\u9fff]|$)`,
        'gu',
      ),
      confidence: 0.8,
    },
    {
      rule: 'name-kana-foreign',
      pattern: /((?!コカ・|ザ・|オブ・)[\u30a1-\u30fa\u30fc]{2,12}(?:[・＝][\u30a1-\u30fa\u30fc]{1,12}){1,3})(?![\u30a1-\u30fa])/gu,
      confidence: 0.88,
    },
    { rule: 'name-kana-foreign', pattern: /([\u30a1-\u30fa\u30fc]{2,10})(?:さん|氏|くん|ちゃん|大統領|首相|選手)/gu, confidence: 0.8 },
  ]
}

function korean({ koreanGiven }: Lists): Form[] {
  const family =
    '(?:남궁|선우|제갈|황보|[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모])'
  const common = '[김이박최정강조윤장임한오서신권황안송홍고문양손배백허유남심노곽성차]'
  const given = `(?:${any(koreanGiven)})`
  const title = '(?:씨|님|선생님|교수|대표|과장|부장|의원|대통령|장관|감독|배우|선수|기자|박사|사장|이사|팀장|군|양)'
  const particle = '(?=[은는이가을를의와과도께에,.!?\\s)]|한테|에게|이랑|랑|입니다|이에요|예요|이라고|라고|$)'
  return [
    {
      rule: 'name-hangul-title',
      pattern: new RegExp(`(?<![가-힣])(${family}[가-힣]{1,2}) ?${title}(?![가-힣]{3})`, 'gu'),
      confidence: 0.85,
    },
    {
      rule: 'name-hangul-cue',
      pattern: new RegExp(
        `(?:이름은|성함은|이름:|성명:|저는|나는|제 이름은|내 이름은) ?(${family}[가-힣]{1,2}?)(?=입니다|이에요|예요|이고|이라고|라고|이야|야|임|,|\\.|\\s|$)`,
        'gu',
      ),
      confidence: 0.85,
    },
    { rule: 'name-hangul-list', pattern: new RegExp(`(?<![가-힣])(${common}${given})${particle}`, 'gu'), confidence: 0.75 },
    { rule: 'name-hangul-list', pattern: new RegExp(`(?<![가-힣])(${given})(?=아,|야,|이가|이는|이와|씨|님|에게)`, 'gu'), confidence: 0.5 },
  ]
}

function thai({ thaiGiven }: Lists): Form[] {
  const run = '[\\u0e01-\\u0e4e]'
  // Words that follow a given name without being a family name: polite particles, 'and', 'is', 'from'.
  const particle = '(?:ครับ|ค่ะ|คะ|นะ|และ|กับ|ที่|เป็น|อยู่|จาก|มา|ไป|ได้|ไม่|มี|อายุ)'
  const given = `(?:${any(thaiGiven)})`
  return [
    {
      rule: 'name-thai-title',
      pattern: new RegExp(
        `(?:นาย|นางสาว|นาง|เด็กชาย|เด็กหญิง|ด\\.ช\\.|ด\\.ญ\\.|ดร\\.|น\\.ส\\.)\\s?(${run}{2,20} ${run}{2,28})(?=[^\\u0e00-\\u0e7f]|$)`,
        'gu',
      ),
      confidence: 0.85,
    },
    {
      rule: 'name-thai-list',
      pattern: new RegExp(
        `(?:คุณ|นาย|นางสาว|นาง|ชื่อ|พี่|น้อง|ผม|ดิฉัน|ฉัน|เรียน|ถึง|สวัสดี)\\s?(?:คือ|ว่า|คุณ)?\\s?(${given}(?: (?!${particle})${run}{3,28})?)`,
        'gu',
      ),
      confidence: 0.8,
    },
    {
      rule: 'name-thai-list',
      pattern: new RegExp(`(?<![\\u0e00-\\u0e7f])(${given} (?!${particle})${run}{3,28})(?=[^\\u0e00-\\u0e7f]|$)`, 'gu'),
      confidence: 0.6,
    },
  ]
}
