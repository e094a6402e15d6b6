import { firstAbove } from '../../../bisect.ts'

const fence = /^[ \t]{0,3}(`{3,}|~{3,})[^\n]*$/gm
const inlineCode = /`[^`\n]{1,200}`/g

/** Tells whether a position lies in fenced or inline code; an unclosed fence runs to the end. */
export function findCode(text: string): (at: number) => boolean {
  const ranges = text.includes('`') || text.includes('~~~') ? findRanges(text) : []
  return ranges.length > 0 ? (at) => isInside(ranges, at) : () => false
}

function findRanges(text: string): number[] {
  const ranges: number[] = []
  let open = -1
  let mark = ''
  for (const match of text.includes('```') || text.includes('~~~') ? text.matchAll(fence) : []) {
    const here = match[1] ?? ''
    if (open < 0) {
      open = match.index
      mark = here
    } else if (here.startsWith(mark)) {
      ranges.push(open, match.index + match[0].length)
      open = -1
    }
  }
  if (open >= 0) ranges.push(open, text.length)
  const fenced = [...ranges]
  for (const match of text.matchAll(inlineCode)) {
    if (!isInside(fenced, match.index)) ranges.push(match.index, match.index + match[0].length)
  }
  return sortRanges(ranges)
}

function sortRanges(flat: readonly number[]): number[] {
  const pairs = Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2] ?? 0, flat[index * 2 + 1] ?? 0] as const)
  return pairs.sort((a, b) => a[0] - b[0]).flat()
}

/** The ranges are in order: an odd number of bounds lies at or before what is inside one. */
function isInside(ranges: readonly number[], at: number): boolean {
  return firstAbove(ranges, at) % 2 === 1
}
