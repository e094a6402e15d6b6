/** A cell as text: numbers and texts as they are, everything with parts as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Rows as lists in the order of the columns, also where the server names each cell. */
export function cellsOf(row: unknown, columns: readonly { name: string }[]): unknown[] {
  if (Array.isArray(row)) return row
  if (typeof row !== 'object' || row === null) return [row]
  const cells = new Map(Object.entries(row))
  return columns.map(({ name }) => cells.get(name))
}

/** Whether a column's type is one of numbers. */
export const isNumeric = (type: string): boolean => /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/i.test(type)

/** Whether a column's type is one of times. */
export const isTemporal = (type: string): boolean => /^(DATE|TIMESTAMP)/i.test(type)

/** A cell as a chart draws it: a number, a time, or a text. */
export function plotValue(value: unknown, type: string): number | Date | string | null {
  if (value === null || value === undefined) return null
  if (isNumeric(type)) {
    const number = Number(value)
    return Number.isFinite(number) ? number : null
  }
  if (isTemporal(type)) {
    const time = new Date(typeof value === 'number' ? value : String(value).replace(' ', 'T'))
    return Number.isNaN(time.getTime()) ? null : time
  }
  const text = cellText(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
