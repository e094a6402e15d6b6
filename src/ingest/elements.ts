import { type Emit, lineLimitBytes, nothing, type Splitter } from './pieces.ts'

const quote = 34
const backslash = 92
const comma = 44
const openArray = 91
const closeArray = 93
const openObject = 123
const closeObject = 125

/**
 * Splits a JSON document into its elements, byte by byte, without parsing it: the elements of a top-level array, or top-level values one after
 * the other (objects over several lines). Only brackets and strings are followed; whether an element is JSON is found where it is parsed.
 * A document that ends within an element or before its `]` ends in a piece `half-line`.
 */
export function splitElements({ isArray, limit = lineLimitBytes }: { isArray: boolean; limit?: number }, emit: Emit): Splitter {
  let at = 0
  let number = 1
  let depth = 0
  let isString = false
  let isEscaped = false
  let hasOpened = !isArray
  let hasClosed = false
  /** Start of the element under way in the document; -1 between elements. */
  let start = -1
  let held: Buffer[] = []
  let heldBytes = 0

  const finish = (last: Buffer) => {
    const sizeBytes = heldBytes + last.length
    if (sizeBytes > limit) emit({ bytes: nothing, offset: start, number, sizeBytes, problem: 'line-too-long' })
    else emit({ bytes: held.length === 0 ? last : Buffer.concat([...held, last]), offset: start, number, sizeBytes })
    held = []
    heldBytes = 0
    start = -1
    depth = 0
    number++
  }

  const push = (chunk: Buffer) => {
    /** Where in this chunk the element under way begins (0: in an earlier chunk). */
    let from = 0
    let index = 0
    while (index < chunk.length) {
      const byte = chunk[index] ?? 0
      if (isString) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) isString = false
      } else if (start < 0) {
        if (!hasOpened && byte === openArray) hasOpened = true
        else if (isArray && hasOpened && byte === closeArray) hasClosed = true
        else if (!isGap(byte) && !isMark(byte, at + index)) {
          start = at + index
          from = index
          if (byte === openObject || byte === openArray) depth = 1
          else if (byte === quote) isString = true
        }
      } else if (byte === quote) isString = true
      else if (byte === openObject || byte === openArray) depth++
      else if (byte === closeObject || byte === closeArray) {
        depth--
        // A bare value ends at the array's own bracket, which is not part of it.
        if (depth < 0) {
          hasClosed = isArray
          finish(chunk.subarray(from, index))
        } else if (depth === 0) finish(chunk.subarray(from, index + 1))
      } else if (depth === 0 && isGap(byte)) finish(chunk.subarray(from, index))
      index++
    }
    if (start >= 0) {
      const rest = chunk.subarray(from)
      heldBytes += rest.length
      if (heldBytes > limit) held = []
      else held.push(Buffer.from(rest))
    }
    at += chunk.length
  }

  return {
    push,
    end(isBroken) {
      if (isBroken) emit({ bytes: nothing, offset: start < 0 ? at : start, number, sizeBytes: heldBytes, problem: 'truncated-input' })
      else if (start >= 0 && !isArray && depth === 0 && !isString) finish(nothing)
      else if (start >= 0 || (isArray && !hasClosed)) {
        emit({ bytes: nothing, offset: start < 0 ? at : start, number, sizeBytes: heldBytes, problem: 'half-line' })
      }
    },
  }
}

/** Blanks, line breaks, and commas between elements. */
function isGap(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === comma
}

/** The three bytes of a byte order mark at the document's start. */
function isMark(byte: number, offset: number): boolean {
  return offset < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf)
}
