import { shape, type Tokens } from './tokens.ts'
import { unit } from './units.ts'

/** What a word may announce: one bit each. A rule runs only where its bit stands, so a bit may stand too often and must not be missing. */
export const cue = {
  /** Begins or ends a word for a password, key or token. */
  secret: 1 << 0,
  /** Ends in 'pwd' or 'password', which an equals sign may follow. */
  assigned: 1 << 1,
  /** Names a service or says 'username'. */
  handle: 1 << 2,
  /** Passports, licences, plates, dates of birth, card codes, vehicles. */
  document: 1 << 3,
  /** 'at' and 'dot', with which addresses are spelled. */
  at: 1 << 4,
  dot: 1 << 5,
  /** Street, Road, Green: behind a number and a name. */
  streetEnglish: 1 << 6,
  streetLower: 1 << 7,
  /** Rue, via, ulica: before a name. */
  streetFirst: 1 << 8,
  /** Hauptstraße, Kerkstraat. */
  streetGlued: 1 << 9,
  /** Utca, caddesi: behind a name. */
  streetLast: 1 << 10,
  /** Address, lives, deliver. */
  address: 1 << 11,
  corner: 1 << 12,
  vietnamese: 1 << 13,
  sector: 1 << 14,
  /** Suite, flat, box. */
  unit: 1 << 15,
  zip: 1 << 16,
  military: 1 << 17,
  /** Streets in Arabic and Hebrew. */
  semitic: 1 << 18,
  hangul: 1 << 19,
  han: 1 << 20,
  kana: 1 << 21,
  thai: 1 << 22,
  /** Pairs of hexadecimal letters with hyphens. */
  hexPairs: 1 << 23,
  /** Holds digits, in whatever script. */
  digits: 1 << 24,
} as const

const words: readonly [number, RegExp][] = [
  [
    cue.secret,
    /(?:^|[_'’‐‑-])(?:password|passwd|passphrase|passcode|pwd|passwort|kennwort|contraseña|clave|passe|mdp|senha|wachtwoord|hasło|şifre|pin|(?:api|access|auth|secret|private|client|app|account|encryption|signing)?[_-]?(?:key|token|secret))(?=$|[_'’‐‑-])|парол|khẩu|비밀|المرور|סיסמה/i,
  ],
  [cue.assigned, /(?:pwd|password)$/i],
  [
    cue.handle,
    /(?:^|[_'’‐‑-])(?:twitter|insta(?:gram)?|tik(?:tok)?|telegram|snap(?:chat)?|discord|github|gitlab|reddit|mastodon|bluesky|skype|(?:we)?chat|line|kik|venmo|cash(?:app)?|twitch|steam|psn|xbox|gamertag|user(?:name|id)?|screen(?:name)?|handle|nick(?:name)?|login|benutzername|usuario|pseudo|никнейм|логин)$/i,
  ],
  [
    cue.document,
    /passp|passep|pasap|reisep|passap|paspo|paszp|паспор|여권|licen|führersch|permis|carnet|patente|rijbew|jazdy|удостов|plate|plaque|immat|matríc|placa|targa|kentek|kennz|rejestr|госном|birth|born|dob|^b$|geb|née?$|naiss|anniv|nac[ií]|cumple|nasc|anivers|nat[oa]$|urodz|рожд|родил|생년|doğum|cv[vc]|security|seguridad|prüfziff|^vin$|^pan$|permanent|vehicle|fahrgest|châssis/i,
  ],
  [cue.at, /^at$/i],
  [cue.dot, /^dot$/i],
  [
    cue.streetEnglish,
    /^(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Way|Terrace|Ter|Circle|Cir|Square|Sq|Parkway|Pkwy|Highway|Hwy|Trail|Trl|Crescent|Cres|Close|Grove|Gardens|Mews|Row|Walk|Alley|Plaza|Loop|Turnpike|Quay|Esplanade|Parade|Heights|Hill|Ridge|Crossing|Path|Pike|Run|Bend|Point|Cove|Green|Common|Str|Marg|Nagar|Gully)(?=$|[_'’‐‑-])/,
  ],
  [cue.streetLower, /^(?:street|avenue|boulevard|blvd|lane|road|rd|drive|court|highway|parkway|terrace|crescent|st)$/],
  [
    cue.streetFirst,
    /(?:^|[\d_'’‐‑-])(?:rue|avenue|av|boulevard|bd|place|chemin|ch|allée|impasse|quai|cours|route|square|calle|c|avenida|avda|paseo|plaza|carrera|cra|camino|ronda|travesía|glorieta|via|viale|le|piazza|zza|corso|vicolo|largo|strada|contrada|rua|r|travessa|praça|alameda|estrada|rodovia|carrer|șoseaua|șos|calea|bulevardul|rruga|ul|ulica|al|aleja|os|osiedle|pl|plac|ulice|ulitsa|jalan|jl|улица|ул|вулиця|вул|проспект|т|просп|переулок|пер|бульвар|бул|набережная|наб|шоссе|площадь|οδός|λεωφόρος|شارع|רחוב)$/i,
  ],
  [
    cue.streetGlued,
    /(?:stra(?:ß|ss)e|str|gasse|allee|platz|weg|damm|ufer|gade|gatan|gata|vej|vägen|väg|veien|vegen|gränd|torget|torv|straat|laan|plein|kade|dijk|steeg|singel|gracht|katu|tie|polku|haven|bakken|toften|parken|havn|ring|wall|hof|graben|stieg|pfad|chaussee|markt)$/i,
  ],
  [
    cue.streetLast,
    /(?:utca|u|út|tér|körút|caddesi|cad|sokak|sok|sokağı|bulvarı|mahallesi|улица|проспект|переулок|iela|g|pr|gatvė|Caddesi|Cad|Sokak|Sokağı|Bulvarı|náměstí|nám|ulica|cesta|trg|tänav|maantee|mnt|puiestee|vei|veien|gate|gata|plads|gård|torv)$/,
  ],
  [cue.address, /address|^liv|resid|deliver|^ship|taxi|letter|wohn|adres|direcc|domicil|indirizz|endere|адрес|живу/i],
  [cue.corner, /^corner$/i],
  [cue.vietnamese, /^(?:Quận|Phường|đường|Đường|TP|Q)$/],
  [cue.sector, /^sector$|-(?:ku|shi|cho|machi)$|[Ss]ector/],
  [cue.unit, /(?:^|[^\w])(?:suite|apt|apartment|unit|flat|box|postfach|apartado|postal|bp|ste)(?![\w])/i],
  [cue.zip, /zip|postal|postcode|plz|cap$|индекс/i],
  [cue.military, /^[AFD]PO$/],
  [cue.semitic, /شارع|خیابان|طريق|רח/],
  [cue.hangul, /[\uac00-\ud7af]/],
  [cue.hexPairs, /[0-9a-f]-[0-9a-f]/i],
]
/** Most words announce nothing: one test tells. */
const any = new RegExp(words.map(([, pattern]) => pattern.source).join('|'), 'i')

/** The scripts whose runs hold several words: which they are is left to the rules. */
const runs: Readonly<Record<number, number>> = { [unit.han]: cue.han, [unit.kana]: cue.kana, [unit.thai]: cue.thai }
/** Words longer than this are judged by their ends alone. */
const longest = 48

/** The bits of one token, which depend on how it is written and on nothing else. */
export function cuesOf(tokens: Tokens, at: number): number {
  const here = tokens.shape[at] ?? 0
  if (here <= shape.newline) return 0
  if (here === shape.number) return cue.digits
  if (here === shape.run) return runs[tokens.hash[at] ?? 0] ?? 0
  const [start, end] = [tokens.start[at] ?? 0, tokens.end[at] ?? 0]
  const word =
    end - start <= longest
      ? tokens.text.slice(start, end)
      : `${tokens.text.slice(start, start + longest / 2)} ${tokens.text.slice(end - longest / 2, end)}`
  let bits = here === shape.identifier || here === shape.tag ? cue.digits : 0
  if (any.test(word)) for (const [bit, pattern] of words) if (pattern.test(word)) bits |= bit
  return bits
}
