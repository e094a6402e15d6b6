import { readFileSync } from 'node:fs'
import { type Example, fractionOf, targetsOf } from './example.ts'

/** Texts written and labelled for this, a line each: `labels: text`, the text in ROT13 so that nobody reads it by chance. One in eight is kept for
 * calibration where `part` is not given. */
export function readSentences(path: URL, as: Pick<Example, 'set' | 'weight'>, part?: Example['part']): Example[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf(': ')
      if (at < 0) throw new Error(`${path.pathname}: '${line.slice(0, 20)}' is no 'labels: text'.`)
      const text = rot13(line.slice(at + 2))
      return { ...as, text, targets: targetsOf(line.slice(0, at)), part: part ?? (fractionOf(text) < 1 / 8 ? 'calibrate' : 'train') }
    })
}

/** Letters moved by 13 places; its own inverse. */
export function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })
}
