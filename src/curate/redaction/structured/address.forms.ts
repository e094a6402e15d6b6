import { cue } from '../reading/cues.ts'
import { layout } from './address.layout.ts'

const word = "[\\p{Lu}\\p{Lt}][\\p{L}\\p{M}'’.-]{0,24}"
const joint =
  "(?:de|du|des|della|delle|dei|del|di|da|do|dos|das|la|las|le|les|los|of|the|van|von|der|den|dem|am|an|im|zum|zur|und|et|y|e|d’|d'|l’|l'|św\\.|gen\\.|ks\\.)"
const name = `${word}(?: (?:${joint} ){0,2}${word}){0,3}`
const number = '\\d{1,5}(?: ?[A-Za-z](?![\\p{L}]))?(?: ?[-/] ?\\d{1,4})?[A-Za-z]?'

const english =
  'Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Way|Terrace|Ter|Circle|Cir|Square|Sq|Parkway|Pkwy|Highway|Hwy|Trail|Trl|Crescent|Cres|Close|Grove|Gardens|Mews|Row|Walk|Alley|Plaza|Loop|Turnpike|Quay|Esplanade|Parade|Heights|Hill|Ridge|Crossing|Path|Pike|Run|Bend|Point|Cove|Green|Common|Str|Marg|Nagar|Gully'
const glued =
  'stra(?:ß|ss)e|str\\.|gasse|allee|platz|weg|damm|ufer|gade|gatan|gata|vej|vägen|väg|veien|vegen|gränd|torget|torv|straat|laan|plein|kade|dijk|steeg|singel|gracht|katu|tie|polku|haven|bakken|toften|parken|havn|ring|wall|hof|graben|stieg|pfad|chaussee|markt|Ring|Weg|Straße|Strasse|Str\\.|Allee|Platz|Damm|Ufer|Wall|Chaussee|Markt'
const romance =
  'rue|avenue|av\\.|boulevard|bd\\.?|place|chemin|ch\\.|allée|impasse|quai|cours|route|square|calle|c/|avenida|avda\\.?|paseo|plaza|carrera|cra\\.?|camino|ronda|travesía|glorieta|via|viale|v\\.le|piazza|p\\.zza|corso|vicolo|largo|strada|contrada|rua|r\\.|travessa|praça|alameda|estrada|rodovia|carrer|strada|șoseaua|șos\\.|calea|bulevardul|rruga|ul\\.|ulica|al\\.|aleja|os\\.|osiedle|pl\\.|plac|ulice|ulitsa|jalan|jl\\.|улица|ул\\.|вулиця|вул\\.|проспект|пр-т|просп\\.|переулок|пер\\.|бульвар|бул\\.|набережная|наб\\.|шоссе|площадь|οδός|λεωφόρος|شارع|רחוב'
const after =
  'utca|u\\.|út|tér|körút|caddesi|cad\\.|sokak|sok\\.|sokağı|bulvarı|mahallesi|улица|проспект|переулок|iela|g\\.|pr\\.|gatvė|Caddesi|Cad\\.|Sokak|Sokağı|Bulvarı|náměstí|nám\\.|ulica|cesta|trg|tänav|maantee|mnt|puiestee|vei|veien|gate|gata|plads|gård|torv|sokak'

/** What begins an address in running text: how it is written, and how sure that makes us. */
export interface AddressForm {
  name: string
  /** Words (bits of `cue`) or figures (bits of `layout`), one of which stands in the stretch. */
  cue: number
  /** Tested on the stretch before the pattern. */
  trigger?: RegExp
  pattern: RegExp
  confidence: number
}

/** The cores of addresses in the world's common orders: number first, street word first, street word glued or last, boxes, East Asian. */
export const addressForms: readonly AddressForm[] = [
  {
    name: 'address-number-first',
    cue: cue.streetEnglish,
    pattern: new RegExp(
      `(?<![\\w.,/$€£:-]|\\d )(?:\\d{1,3} )?(?:${number},? )(?:(?:${word}|\\d{1,3}(?:st|nd|rd|th)) ){0,4}(?:${english})(?![\\p{L}\\d])\\.?(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\\b\\.?)?`,
      'gu',
    ),
    confidence: 0.85,
  },
  {
    name: 'address-number-first-lower',
    cue: cue.streetLower,
    trigger: /\d[\d\w]{0,4} [a-z]/,
    pattern:
      /(?<![\w.,/$€£:-])\d{1,5} (?:(?!(?:the|of|on|in|an?|to|down|for|and|or|at|from|is|are|was|more|other|different|main|new|major|per|miles?|kilomet\w+|feet|min\w*|hours?|days?|years?|people) )[a-z0-9]{2,16}[.]? ){1,3}(?:street|avenue|boulevard|blvd|lane|road|rd|drive|court|highway|parkway|terrace|crescent)(?![\w-])|(?<![\w.,/$€£:-])\d{1,5} main (?:street|st|road)\b/gu,
    confidence: 0.6,
  },
  {
    name: 'address-street-first',
    cue: cue.streetFirst,
    pattern: new RegExp(
      `(?<![\\p{L}\\d/.])(?:${number},? (?:bis |ter )?)?(?:${romance})(?!(?<=\\p{L})\\p{L})(?: (?:${joint}|${joint} la|${joint} l’))?[ ]?(?:${name}|\\d{1,2} (?:de )?${word}(?: \\d{4})?)(?:,? (?:n[.º°o]{0,2} ?|no\\.? ?|д\\. ?|дом |буд\\. ?|nr\\.? ?|№ ?|# ?)?\\d{1,4}(?!\\d)[A-Za-zА-я]?(?![\\p{L}])(?:[-/]\\d{1,4}[a-z]?)?)?`,
      'giu',
    ),
    confidence: 0.75,
  },
  {
    name: 'address-glued',
    cue: cue.streetGlued,
    pattern: new RegExp(
      `(?<![\\p{L}\\d])(?:\\d{1,3} )?(?:(?:${word} ){0,2}(?:[\\p{Lu}][\\p{L}'’-]{1,28}?(?:${glued})|(?:Am|An der|Im|Auf der|Zum|Zur|Unter den|Alte[rs]?|Neue[rs]?|Große|Kleine|Lange|Breite) ${word})|[\\p{L}'’-]{3,28}(?:stra(?:ß|ss)e|straat|gatan|gade)) ${number}(?!\\d|[.,]\\d)`,
      'gu',
    ),
    confidence: 0.8,
  },
  {
    name: 'address-street-last',
    cue: cue.streetLast,
    pattern: new RegExp(
      `(?<![\\p{L}\\d])${word}(?: ${word}){0,2} (?:${after}),? (?:(?:No|no|д|nr)[.:]? ?)?\\d{1,4}[A-Za-z]?(?:/\\d{1,4})?`,
      'gu',
    ),
    confidence: 0.8,
  },
  {
    name: 'address-postal',
    cue: layout.behindComma,
    trigger: /[\da-zA-Z], (?:[A-Z]{1,2}-)?\d{2}/,
    pattern:
      /(?<![\p{L}\d.,])[\p{Lu}][\p{L}\p{M}'’.-]{1,24}(?: [\p{L}\p{M}'’.-]{1,24}){0,3} \d{1,4}(?: ?[A-Za-z](?![\p{L}]))?(?:[/-]\d{1,4})?, (?:[A-Z]{1,2}-)?(?:\d{4,5}|\d{3} ?\d{2}|\d{2}-\d{3}|\d{3}) [\p{Lu}][\p{L}'’-]{2,24}(?: \d{1,2}(?!\d))?/gu,
    confidence: 0.7,
  },
  {
    name: 'address-us-tail',
    cue: layout.behindCapitals,
    trigger: /, [A-Z]{2} \d{5}/,
    pattern: /(?<![\w.,/$€£:-])\d{1,5}(?: [\p{L}\p{M}\d'’.-]{1,24}){1,5}, \p{Lu}[\p{L}'’. -]{1,30}, [A-Z]{2} \d{5}(?:-\d{4})?(?!\d)/gu,
    confidence: 0.85,
  },
  {
    name: 'address-name-number',
    cue: cue.address,
    // Nothing but a cue makes it an address.
    trigger: /address|\bliv|resid|deliver|\bship|taxi|letter|wohn|adres|direcc|domicil|indirizz|endere|адрес|живу/i,
    pattern:
      /(?<![\p{L}\d.,])[\p{Lu}][\p{L}\p{M}'’.-]{2,24}(?: [\p{L}\p{M}'’.-]{2,24}){0,2} \d{1,4}(?: ?[A-Za-z](?![\p{L}]))?(?![\p{L}\d%°€$:]|[.,:/-]\d)/gu,
    confidence: 0.3,
  },
  {
    name: 'address-corner',
    cue: cue.corner,
    trigger: /corner of/i,
    pattern: new RegExp(
      `(?<=corner of )(?:${word}|\\p{L}{3,24})(?: (?:${word}|\\p{L}{3,24})){0,3}(?: \\d{1,4})? (?:and|&) (?:${word}|\\p{L}{3,24}|\\d{1,3}(?:st|nd|rd|th))(?: (?:${word}|\\p{L}{3,24})){0,2}? (?:${english})(?![\\p{L}\\d])`,
      'giu',
    ),
    confidence: 0.6,
  },
  {
    name: 'address-arabic',
    cue: cue.semitic,
    trigger: /شارع|خیابان|طريق/,
    pattern:
      /(?:(?:رقم )?[\d٠-٩]{1,4}[،,]? )?(?:شارع|خیابان|طريق) [\u0600-\u06ff]{2,20}(?: [\u0600-\u06ff]{2,20}){0,2}(?:[،,]? (?:رقم )?[\d٠-٩]{1,4})?(?:[،,] [\u0600-\u06ff]{3,20})?/gu,
    confidence: 0.75,
  },
  {
    name: 'address-hebrew',
    cue: cue.semitic,
    trigger: /רח/,
    pattern:
      /(?:רחוב|רח') [\u0590-\u05ff'"]{2,20}(?: [\u0590-\u05ff'"]{2,20}){0,2} \d{1,4}(?:, ?[\u0590-\u05ff-]{2,20}(?: [\u0590-\u05ff-]{2,20})?)?/gu,
    confidence: 0.8,
  },
  {
    name: 'address-thai',
    cue: cue.thai,
    trigger: /ถนน|ถ\.|ซอย|หมู่/,
    pattern:
      /(?:(?:บ้านเลขที่ ?)?\d{1,4}(?:\/\d{1,4})? ?(?:หมู่(?:ที่)? ?\d{1,2} ?)?)?(?:ซอย|ถนน|ถ\.)\s?[\u0e00-\u0e7f]{2,24}(?: \d{1,4})?(?: (?:แขวง|ตำบล|ต\.|เขต|อำเภอ|อ\.)?\s?[\u0e00-\u0e7f]{2,20}){0,4}(?: \d{5})?/gu,
    confidence: 0.75,
  },
  {
    name: 'address-vietnamese',
    cue: cue.vietnamese,
    trigger: /Quận|Phường|đường|Đường|TP\.|, Q\./,
    pattern:
      /(?<![\p{L}\d])\d{1,4}[A-Z]?(?:\/\d{1,4})? (?:đường |Đường )?\p{Lu}[\p{L}\p{M}]{1,12}(?: \p{Lu}[\p{L}\p{M}]{1,12}){0,3}(?:, (?:Quận|Phường|P\.|Q\.|TP\.|Thành phố|Huyện) ?[\p{L}\d]{1,12}(?: \p{Lu}[\p{L}\p{M}]{1,12}){0,2}){1,3}/gu,
    confidence: 0.85,
  },
  {
    name: 'address-sector',
    cue: cue.sector,
    trigger: /[Ss]ector[ -]\d|-(?:ku|shi|cho|machi)\b/,
    pattern:
      /(?<![\w-])(?:[A-Z]-?)?\d{1,4}[A-Z]?(?:-\d{1,3}){0,2},? (?:Sector[ -]\d{1,3}|[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?:-(?:cho|machi))?, [A-Z][a-z]+-(?:ku|shi|cho|machi))(?:, [A-Z][\w-]+){0,2}/g,
    confidence: 0.8,
  },
  {
    name: 'address-unit',
    cue: cue.unit,
    trigger: /\b(?:suite|apt|apartment|unit|flat|p\.? ?o\.? ?box|postfach|apartado|caixa postal|bp|ste)\b/i,
    pattern:
      /(?<![\w])(?:(?:suite|ste\.?|apt\.?|apartment|flat) #?(?=\w{0,3}\d)[a-z]?\d{1,5}[a-z]?|unit (?=\w{0,3}\d)[a-z]?\d{1,4}[a-z]?|(?:p\.? ?o\.? ?box|postfach|apartado(?: de correos)?|caixa postal) \d{1,7})(?![\w-]|\.\d)/giu,
    confidence: 0.7,
  },
  {
    name: 'address-bare',
    cue: layout.twoNumbers,
    trigger: /\d \S+[^\n]{0,40} \d/,
    pattern: new RegExp(
      `(?<![\\p{L}\\d.,:/$€£-])\\d{1,5}[A-Za-z]?,? (?:${joint} )?[\\p{L}\\p{M}'’.-]{1,28}(?: [\\p{L}\\p{M}'’.-]{1,28}){0,4} \\d{1,5}[A-Za-z]?(?=\\s*(?:\\n|,|$|(?:suite|apt|unit|p\\.o\\.)))`,
      'giu',
    ),
    confidence: 0.35,
  },
  {
    name: 'address-zip-cue',
    cue: cue.zip,
    trigger: /zip|postal|postcode|plz|code postal|cap\b|código postal|индекс/i,
    pattern:
      /(?<=(?:\bzip(?: ?code)?|\bpost(?:al )?code|\bplz|\bcode postal|\bcódigo postal|индекс)(?: is| ist| est| es|:)? {0,2})(?:\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)/giu,
    confidence: 0.7,
  },
  {
    name: 'address-military',
    cue: cue.military,
    trigger: /\b[AFD]PO (?:A[AEP]) \d/,
    pattern: /(?:(?:PSC|Unit|USS|USNS|USNV|USCGC|CMR)[ \w]{1,24}(?:,? Box \d{1,6})?[\n, ]{1,3})?[AFD]PO A[AEP] \d{5}(?:-\d{4})?/gu,
    confidence: 0.9,
  },
  {
    name: 'address-chinese',
    cue: cue.han,
    trigger: /[路街道巷弄]/,
    pattern:
      /(?:(?:(?![住在是于址到])[\u4e00-\u9fff]){2,7}(?:省|自治区|市|特别行政区)){0,2}(?:(?:(?![住在是于址到])[\u4e00-\u9fff]){1,7}(?:市|县|區|区|镇|鄉|乡)){0,2}(?:(?![住在是于址到])[\u4e00-\u9fff]){1,9}(?:路|街|大道|胡同|巷|弄|段)[\d一二三四五六七八九十百-]{1,8}(?:号|號|弄)(?:[\u4e00-\u9fff\d]{0,12}?(?:楼|樓|室|单元|栋|座|房)){0,4}/gu,
    confidence: 0.9,
  },
  {
    name: 'address-japanese',
    cue: cue.han,
    trigger: /[都道府県市区町村]/,
    pattern:
      /(?:〒?\d{3}-\d{4}\s?)?(?:東京都|北海道|(?:京都|大阪)府|[\u4e00-\u9fff]{2,3}県)?(?:(?![住在是于址到])[\u4e00-\u9fff\u30a0-\u30ff]){1,8}[市区町村][\u4e00-\u9fff\u3040-\u30ff]{1,10}(?:[\d０-９一二三四五六七八九十]{1,4}(?:丁目|番地?|号|[-−ー－])){1,3}[\d０-９]{0,4}/gu,
    confidence: 0.85,
  },
  {
    name: 'address-korean',
    cue: cue.hangul,
    trigger: /[로길동] ?\d/,
    pattern:
      /(?:[가-힣]{2,8}(?:특별시|광역시|시|도) )?(?:[가-힣]{1,6}(?:시|군|구) ){1,2}(?:[가-힣]{1,5}(?:읍|면) )?[가-힣\d]{1,12}(?:로|길|동) ?\d{1,4}(?:-\d{1,4})?(?:번길 ?\d{1,4})?(?:,? ?\d{1,4}동)?(?: ?\d{1,4}호)?/gu,
    confidence: 0.9,
  },
]

const postal =
  '(?:[A-Z]{1,2}-)?\\d{4,6}(?:-\\d{3,4})?|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|\\d{3} \\d{2}|\\d{2}-\\d{3}|\\d{4} ?[A-Z]{2}'
const place = `${word}(?:[ -](?:(?:${joint}) )?${word}){0,3}`

/**
 * One further part of an address behind its core: unit, postal code with or without town, town with or without region and code. Sticky; the
 * separator before it is part of the match.
 */
export const addressPart = new RegExp(
  `(?:\\s{0,2},\\s{0,3}|[ \\t]{0,3}\\n[ \\t?>]{0,4}(?:\\n[ \\t]?)?(?:,\\s)?|\\s{1,2}[-–]\\s|[ ]{1,2})(?!(?:tel|phone|ph|fax|mob|cell|e-?mail|office)(?![\\p{L}]))(?:${[
    '(?:suite|ste\\.?|apt\\.?|apartment|flat|unit|floor|etage|кв\\.|квартира|корп\\.|подъезд|piso|bloco|apto\\.?|p\\.? ?o\\.? ?box|#) ?#?[\\w-]{1,6}(?![\\p{L}])',
    // A town alone on its line counts when a postal code follows on the next.
    `(?<=\\n[ \\t?>]{0,4})${place}(?=,?[ ]?\\n{1,2}[ \\t?>]{0,4}(?:,\\s)?(?:${place} )?(?:${postal})(?![\\w]))`,
    `(?:${postal})(?![\\w]|[ ]\\d)(?: ${place})?`,
    `${place}(?:,? (?:[A-Z]{2}(?![\\p{L}])|${word}))?,? (?:${postal})(?![\\w])`,
    `[A-Z]{2},? (?:${postal})(?![\\w])`,
  ].join('|')})`,
  'iuy',
)

/** A town, quarter or country alone behind an address that is sure already: capitalised words up to the end of the clause. */
export const townPart = new RegExp(
  `(?:,\\s|[ ][-–][ ])(?!(?:However|But|And|Please|Thanks?|We|He|She|It|The|This|That|In|My|Is|Can|What|Or|So|If|When|You|Your|They|There|Also|Mr|Mrs|Ms|Dr)(?![\\p{L}]))${place}(?=[.,;:?!)"”\\n]|$|[ ][-–][ ]| \\d)`,
  'uy',
)
