import type { JsonObject } from './entry.ts'
import { isAddressField, withoutAddresses } from './privacy.ts'

/**
 * The fields of a record that Conversation has no place for, to be kept beside it: all but the named ones and those that hold an address,
 * at any depth.
 */
export function omit(record: JsonObject, known: readonly string[]): { imported?: JsonObject } {
  const rest: Record<string, unknown> = {}
  for (const field of Object.keys(record)) {
    const value = record[field]
    if (known.includes(field) || field === '__proto__' || value === undefined || value === null || isAddressField(field)) continue
    rest[field] = withoutAddresses(value)
  }
  return Object.keys(rest).length > 0 ? { imported: rest } : {}
}
