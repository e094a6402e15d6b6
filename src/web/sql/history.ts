import { openKept } from '../kept.ts'

/** The statements run in this browser, newest first. */
export const sqlHistory = openKept<{ sql: string; at: string }>(
  'colloquy.sql',
  (value) => {
    if (typeof value !== 'object' || value === null || !('sql' in value && 'at' in value)) return undefined
    const { sql, at } = value
    return typeof sql === 'string' && typeof at === 'string' ? { sql, at } : undefined
  },
  100,
)
