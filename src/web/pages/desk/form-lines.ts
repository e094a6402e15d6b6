import type { FormField } from '../../api.ts'

const kinds = ['text', 'checkbox', 'date_picker', 'country', 'select'] as const

/** A form as lines: the question alone where it is answered in words, else its kind before a colon, and the choices of a select behind bars. */
export function toLines(fields: readonly FormField[]): string {
  return fields
    .filter(({ type }) => type !== 'ip_location')
    .map(({ name, type, options }) => `${type === 'text' ? '' : `${type}: `}${[name, ...options].join(' | ')}`)
    .join('\n')
}

/** The form that such lines mean; empty lines mean nothing. */
export function fromLines(text: string): FormField[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const kind = kinds.find((one) => line.startsWith(`${one}:`))
      const rest = kind ? line.slice(kind.length + 1).trim() : line
      if (kind !== 'select') return { name: rest, type: kind ?? 'text', options: [] }
      const [name = '', ...options] = rest.split('|').map((part) => part.trim())
      return { name, type: kind, options: options.filter((option) => option !== '') }
    })
}
