import { isAscii, isUtf8 } from 'node:buffer'
import { type Entry, type Form, type JsonObject, LineRefusal, type Reason } from './entry.ts'
import { isObject } from './fields.ts'
import type { Piece } from './pieces.ts'

/** A piece's bytes as JSON, or why they are none. */
export function parsePiece({ bytes, problem, isLast }: Piece): { value: unknown } | { reason: Reason } {
  if (problem) return { reason: problem }
  const ascii = isAscii(bytes)
  if (!ascii && !isUtf8(bytes)) return { reason: 'invalid-utf8' }
  try {
    return { value: JSON.parse(bytes.toString(ascii ? 'latin1' : 'utf8')) }
  } catch {
    return { reason: isLast ? 'half-line' : 'invalid-json' }
  }
}

/** What a record says, read by its file's form; never throws. */
export function readRecord(value: unknown, form: Form | undefined): Entry {
  if (!form) return { kind: 'refused', reason: 'form-unknown' }
  if (!isObject(value)) return { kind: 'refused', reason: 'invalid-json' }
  return readWith(value, form)
}

function readWith(record: JsonObject, form: Form): Entry {
  try {
    return form.read(record)
  } catch (error) {
    // Anything else is a case that no reader foresaw: refused by its own name, so that it is seen and counted.
    return { kind: 'refused', reason: error instanceof LineRefusal ? error.reason : 'unreadable' }
  }
}
