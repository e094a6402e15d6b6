import { gramLanguages, scriptLanguages } from './languages.ts'

/** Scripts that letters are told apart by; a letter's class is its script's place here plus 1, and class 0 is no letter. */
export const scripts: readonly string[] = [...Object.keys(gramLanguages), ...Object.keys(scriptLanguages)]

/** Class of each UTF-16 unit: see `scripts`. Halves of surrogate pairs are no letters: what lies outside the BMP is rare Han and dead scripts. */
export const letterClass = new Uint8Array(65536)

/** Lower case of each UTF-16 unit, where it is one unit. */
export const lowerCase = new Uint16Array(65536)

/** Class of letters that several scripts share (ʼ, ʻ, ª …): they go with Latin, where logs have them. */
const latin = scripts.indexOf('Latin') + 1

const all = Array.from({ length: 65536 }, (_, unit) => (unit >= 0xd800 && unit < 0xe000 ? ' ' : String.fromCharCode(unit))).join('')
mark(/\p{L}/gu, latin)
scripts.forEach((script, at) => {
  mark(new RegExp(`(?=\\p{L})\\p{Script=${script}}`, 'gu'), at + 1)
})
// Vowel signs tell Hindi from Marathi, so they stay in the word.
mark(/(?=\p{M})[\u0900-\u097f]/gu, scripts.indexOf('Devanagari') + 1)
mark(/[ー々〆]/gu, scripts.indexOf('Katakana') + 1)
mark(/々/gu, scripts.indexOf('Han') + 1)
// Other scripts' letters are letters of no language that we know.
mark(/(?=\p{L})[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/gu, scripts.length + 1, (unit) => letterClass[unit] === latin)

for (let unit = 0; unit < 65536; unit++) {
  const lower = all[unit]?.toLowerCase() ?? ''
  // İ has a dot of its own in lower case, as a second unit.
  lowerCase[unit] = unit === 0x130 ? 0x69 : lower.length === 1 && lower !== ' ' ? lower.charCodeAt(0) : unit
}

function mark(pattern: RegExp, value: number, applies: (unit: number) => boolean = () => true): void {
  for (const match of all.matchAll(pattern)) if (applies(match.index)) letterClass[match.index] = value
}
