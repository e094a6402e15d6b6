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
  /** Merged stretches [start, end, …] within 45 to 90 units of a digit that does not just number a list item. */
  digitWindows: number[]
}

const reach = 90
const runReach = 128
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
  const runWindows: number[] = []
  const windows: number[] = []
  let windowEnd = -reach
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const kind = code < 128 ? (classes[code] ?? 0) : code >= 0xff10 && code <= 0xff19 ? digit : 0
    if (kind & letter) {
      run++
      runKinds |= kind
    } else {
      if (run >= 16 && isTelling(runKinds)) extend(runWindows, Math.max(0, at - run - runReach), at + runReach)
      run = 0
      runKinds = 0
    }
    if (kind & digit) {
      many = at - near <= 4 ? many + 1 : 1
      near = at
      if (many >= 5) hasManyDigits = true
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
    } else if (code === 46 && text.charCodeAt(at - 1) === 119) hasAddress = true
  }
  if (run >= 16 && isTelling(runKinds)) extend(runWindows, Math.max(0, text.length - run - runReach), text.length)
  return { runWindows, hasAt, hasAddress, hasBacktick, hasHexPairs, hasManyDigits, digitWindows: windows }
}

/** Keys have digits, or at least a prefix set off by a mark and letters of both cases. */
function isTelling(kinds: number): boolean {
  return (kinds & digit) !== 0 || (kinds & (upper | lower | mark)) === (upper | lower | mark)
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
