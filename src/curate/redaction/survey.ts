/** What one pass over a text tells the rules, so that costly ones run only where they can find something. */
export interface Survey {
  /** Merged stretches [start, end, …] within 128 units of a run of 16 and more letters, digits and `_ - + /` that has a digit, or a mark and letters of both cases. */
  runWindows: number[]
  hasAt: boolean
  /** `://` or `www.` */
  hasAddress: boolean
  hasBacktick: boolean
  /** A colon or hyphen between hexadecimal digits. */
  hasHexPairs: boolean
  /** Five digits with at most three other units of one line between each two. */
  hasManyDigits: boolean
  /** Merged stretches [start, end, …] within 64 units of six digits with at most three other units of one line between each two. */
  numberWindows: number[]
  /** `trigger` bits of the words that begin like cues; all of them where letters beyond ASCII stand in the text. */
  triggers: number
  /** A full stop between four hexadecimal digits to each side. */
  hasDottedHex: boolean
  /** A run of four and more that has letters beside digits or `_`: jane_doe99, but also sha256. */
  hasMarkedWord: boolean
  /** Merged stretches [start, end, …] within 45 to 90 units of a digit that does not just number a list item. */
  digitWindows: number[]
}

/** Families of cues that a word's first four letters may announce. */
export const trigger = { document: 1, secret: 2, handle: 4 } as const

// Three letters and a dot stand for a whole word.
const beginnings: Readonly<Record<keyof typeof trigger, string>> = {
  document:
    'pass pasa reis pasz pasp lice lize perm carn pate rijb jazd plat plaq imma matr plac targ kent kenn reje birt born dob. d... geb. gebo gebu nais anni naci cump nasc aniv nata nato urod cvc. cvv. cvc2 cvv2 secu segu vin. pan. vehi fahr',
  secret: 'pass pwd. kenn cont clav mdp. senh wach pin. key. keys secr toke',
  handle:
    'twit inst tikt tik. tele snap disc gith gitl redd mast blue skyp wech line kik. venm cash stea psn. xbox game user scre hand nick logi pseu benu usua',
}
const triggerBits = 13
const triggerTable = new Uint8Array(1 << triggerBits)
for (const [family, words] of Object.entries(beginnings)) {
  for (const word of words.split(' ')) {
    const letters = [...word].map((letter) => (letter === '.' ? 0 : letter.charCodeAt(0) & 31))
    const place = placeOf(letters[0] ?? 0, letters[1] ?? 0, letters[2] ?? 0, letters[3] ?? 0)
    triggerTable[place] = (triggerTable[place] ?? 0) | (Object.entries(trigger).find(([name]) => name === family)?.[1] ?? 0)
  }
}

function placeOf(a: number, b: number, c: number, d: number): number {
  return Math.imul((a << 15) | (b << 10) | (c << 5) | d, 0x9e3779b1) >>> (32 - triggerBits)
}

/** The unit's place in the alphabet (1–26), 0 for anything but an ASCII letter. */
function letterAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 && ((classes[code] ?? 0) & (upper | lower)) !== 0 ? code & 31 : 0
}

/** What the word that begins here may announce. */
function triggersAt(text: string, at: number): number {
  const a = letterAt(text, at)
  const b = letterAt(text, at + 1)
  const c = b === 0 ? 0 : letterAt(text, at + 2)
  const d = c === 0 ? 0 : letterAt(text, at + 3)
  return triggerTable[placeOf(a, b, c, d)] ?? 0
}

const reach = 90
const runReach = 128
const numberReach = 64
const digit = 1
const letter = 2
const hex = 4
const upper = 8
const lower = 16
const mark = 32
const classes = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const text = String.fromCharCode(code)
  classes[code] =
    (/\d/.test(text) ? digit : 0) |
    (/[\w+/-]/.test(text) ? letter : 0) |
    (/[0-9a-f]/i.test(text) ? hex : 0) |
    (/[A-Z]/.test(text) ? upper : 0) |
    (/[a-z]/.test(text) ? lower : 0) |
    (/[_-]/.test(text) ? mark : 0)
}

/** Surveys a text in one pass. */
export function survey(text: string): Survey {
  let [run, runKinds, near, many, lineStart] = [0, 0, -9, 0, 0]
  let [hasAt, hasAddress, hasBacktick, hasHexPairs, hasManyDigits] = [false, false, false, false, false]
  let [hasDottedHex, hasMarkedWord] = [false, false]
  const runWindows: number[] = []
  const windows: number[] = []
  let windowEnd = -reach
  const numberWindows: number[] = []
  let [triggers, previous, isForeign] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const kind = code < 128 ? (classes[code] ?? 0) : code >= 0xff10 && code <= 0xff19 ? digit : 0
    if (kind & (upper | lower) && (!(previous & (upper | lower)) || (previous & lower && kind & upper))) triggers |= triggersAt(text, at)
    else if (code >= 192) isForeign = true
    previous = kind
    if (kind & letter) {
      run++
      runKinds |= kind
    } else {
      if (run >= 16 && isTelling(runKinds)) extend(runWindows, Math.max(0, at - run - runReach), at + runReach)
      if (run >= 4 && isMarked(runKinds)) hasMarkedWord = true
      run = 0
      runKinds = 0
    }
    if (kind & digit) {
      many = at - near <= 4 ? many + 1 : 1
      near = at
      if (many >= 5) hasManyDigits = true
      if (many >= 6) extend(numberWindows, Math.max(0, at - numberReach), at + numberReach)
      if (at > windowEnd + reach / 2 && !isListNumber(text, at, lineStart)) {
        extend(windows, Math.max(0, at - reach), at + reach)
        windowEnd = at
      }
    } else if (code === 64) hasAt = true
    else if (code === 96) hasBacktick = true
    else if (code === 10) {
      near = -9
      lineStart = at + 1
    } else if (code === 58 || code === 45) {
      if (isHex(text, at - 1) && (isHex(text, at + 1) || text.charCodeAt(at + 1) === 58)) hasHexPairs = true
      if (code === 58 && text.charCodeAt(at + 1) === 47) hasAddress = true
    } else if (code === 46) {
      if (text.charCodeAt(at - 1) === 119) hasAddress = true
      if (isHex(text, at - 1) && isHex(text, at - 4) && isHex(text, at + 1) && isHex(text, at + 4)) hasDottedHex = true
    }
  }
  if (run >= 4 && isMarked(runKinds)) hasMarkedWord = true
  if (run >= 16 && isTelling(runKinds)) extend(runWindows, Math.max(0, text.length - run - runReach), text.length)
  return {
    runWindows,
    hasAt,
    hasAddress,
    hasBacktick,
    hasHexPairs,
    hasManyDigits,
    hasDottedHex,
    hasMarkedWord,
    numberWindows,
    triggers: isForeign ? 7 : triggers,
    digitWindows: windows,
  }
}

/** Keys have digits, or at least a prefix set off by a mark and letters of both cases. */
function isTelling(kinds: number): boolean {
  return (kinds & digit) !== 0 || (kinds & (upper | lower | mark)) === (upper | lower | mark)
}

function isMarked(kinds: number): boolean {
  return (kinds & (upper | lower)) !== 0 && (kinds & (digit | mark)) !== 0
}

/** Adds a stretch behind the others, or lengthens the last one when they touch. */
function extend(windows: number[], start: number, end: number): void {
  if (start <= (windows.at(-1) ?? -1)) windows[windows.length - 1] = end
  else windows.push(start, end)
}

/** '1.' or '12)' at the head of a line. */
function isListNumber(text: string, at: number, lineStart: number): boolean {
  if (at - lineStart > 5) return false
  const next = text.charCodeAt(at + 1)
  const mark = next >= 48 && next <= 57 ? text.charCodeAt(at + 2) : next
  return (mark === 46 || mark === 41) && text.slice(lineStart, at).trim().length <= 1
}

function isHex(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code < 128 && ((classes[code] ?? 0) & hex) !== 0
}
