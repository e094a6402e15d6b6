import { codes } from './alphabet.ts'
import { finish, type Scan } from './scan.ts'

/** A family's fixed part: so many tokens at the start and at the end of the prompt, with at least one free token between. */
export interface PatternShape {
  start: number
  end: number
}

/** Shapes that are tried, least fixed first. */
export const patternShapes: readonly PatternShape[] = [0, 2, 4, 8].flatMap((end) =>
  [0, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22].flatMap((start) => (start + end >= 3 && (start > 0 || end >= 4) ? [{ start, end }] : [])),
)

/** Characters of one key in what `patternKeys` gives. */
export const patternKeyLength = 5

/** One key a shape, `patternKeyLength` characters each; spaces where the prompt is too short for the shape. Prompts with the same fixed part share the key. */
export function patternKeys({ hashes, count }: Scan): string {
  let at = 0
  for (const { start, end } of patternShapes) {
    if (count <= start + end) {
      bytes.fill(32, at, at + patternKeyLength)
      at += patternKeyLength
      continue
    }
    let key = start * 64 + end
    for (let index = 0; index < start; index++) key = Math.imul(key ^ (hashes[index] ?? 0), 0x01000193) ^ (key >>> 15)
    for (let index = count - end; index < count; index++) key = Math.imul(key ^ (hashes[index] ?? 0), 0x5bd1e995) ^ (key >>> 13)
    const mixed = finish(key) >>> 2
    for (let shift = 24; shift >= 0; shift -= 6) bytes[at++] = codes[(mixed >>> shift) & 63] ?? 0
  }
  return bytes.toString('latin1', 0, at)
}

const bytes = Buffer.alloc(patternShapes.length * patternKeyLength)
