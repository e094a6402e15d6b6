/** A condition that a column has a value, in the server's filter language; undefined where the column cannot be filtered. */
export function isValue(name: string, type: string, value: string): string | undefined {
  if (type === 'bool') return `${column(name)} = ${value === 'True' || value === 'true'}`
  if (type === 'string_label') return `${column(name)} = '${value.replaceAll("'", "''")}'`
  return undefined
}

/** A condition that a number, or the length of a list, lies in a bin; the last bin is closed. Undefined where the column cannot be filtered. */
export function isBin(
  name: string,
  type: string,
  { low, high, isLast }: { low: number; high: number; isLast: boolean },
): string | undefined {
  if (!['int', 'float', 'list'].includes(type)) return undefined
  const what = column(type === 'list' ? `${name}.length` : name)
  return low === high ? `${what} = ${low}` : `${what} >= ${low} and ${what} ${isLast ? '<=' : '<'} ${high}`
}

/** Adds a condition to those that are there, or takes it away when it is there already. */
export function toggleCondition(where: string, condition: string): string {
  if (where === condition) return ''
  if (where.endsWith(` and ${condition}`)) return where.slice(0, -` and ${condition}`.length)
  if (where.startsWith(`${condition} and `)) return where.slice(`${condition} and `.length)
  return where === '' ? condition : `${where} and ${condition}`
}

const column = (name: string) => `"${name.replaceAll('"', '""')}"`
