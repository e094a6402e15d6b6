import type { GramTable } from './model.ts'
import { longestWord } from './scan.ts'

const isSign = new Uint8Array(0x80)
for (let unit = 0; unit < 0x80; unit++) isSign[unit] = /\p{M}/u.test(String.fromCharCode(0x900 + unit)) ? 1 : 0

/**
 * Devanagari words twice: whole, for the grams with vowel signs, and as the runs of letters between the signs, which is what the counted corpora of
 * Hindi and Marathi hold.
 */
export function scoreVowelSigns(table: GramTable): GramTable {
  const run = new Uint16Array(longestWord + 2)
  return {
    codes: table.codes,
    score(units, length, sums) {
      table.score(units, length, sums)
      let size = 0
      for (let at = 1; at <= length + 1; at++) {
        const unit = at <= length ? (units[at] ?? 0) : 0
        if (at <= length && isSign[unit - 0x900] !== 1) run[++size] = unit
        else {
          if (size > 0 && size < length) table.score(run, size, sums)
          size = 0
        }
      }
    },
  }
}
