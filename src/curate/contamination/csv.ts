/** Cells of a CSV text, line by line: RFC 4180 with quotes, doubled quotes and line breaks in cells; LF or CRLF. Empty lines are left out. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = []
  let cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[at + 1] === '"') {
        cell += '"'
        at++
      } else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === ',') {
      cells.push(cell)
      cell = ''
    } else if (character === '\n') {
      cells.push(cell.replace(/\r$/, ''))
      if (cells.length > 1 || cells[0] !== '') lines.push(cells)
      cells = []
      cell = ''
    } else cell += character
  }
  cells.push(cell)
  if (cells.length > 1 || cells[0] !== '') lines.push(cells)
  return lines
}
