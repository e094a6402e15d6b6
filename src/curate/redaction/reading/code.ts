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

function isInside(ranges: readonly number[], at: number): boolean {
  let low = 0
  let high = ranges.length / 2 - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (at < (ranges[middle * 2] ?? 0)) high = middle - 1
    else if (at >= (ranges[middle * 2 + 1] ?? 0)) low = middle + 1
    else return true
  }
  return false
}
