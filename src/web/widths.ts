import { openKept } from './kept.ts'

/** Narrower and wider columns are of no use. */
export const WIDTHS = { least: 64, most: 1200 } as const

/** Widths that the reader gave to columns, in pixels, by name. */
export const keptWidths = openKept<{ name: string; width: number }>(
  'colloquy.widths',
  (value) => {
    if (typeof value !== 'object' || value === null || !('name' in value && 'width' in value)) return undefined
    const { name, width } = value
    return typeof name === 'string' && typeof width === 'number' && width >= WIDTHS.least && width <= WIDTHS.most
      ? { name, width }
      : undefined
  },
  200,
)

/** Keeps a width, in bounds. */
export function keepWidth(name: string, width: number): void {
  keptWidths.remove((one) => one.name === name)
  keptWidths.add({ name, width: Math.round(Math.max(WIDTHS.least, Math.min(WIDTHS.most, width))) })
}

const usual: Readonly<Record<string, number>> = { conversation: 544, turn: 112, redacted: 128, openai_moderation: 160 }

/** The width of a column where the reader gave none. */
export const usualWidth = (name: string): number => (Object.hasOwn(usual, name) ? (usual[name] ?? 176) : 176)
