import { type Emit, lineLimitBytes, nothing, type Splitter } from './pieces.ts'

const lineFeed = 10

/**
 * Splits bytes at line breaks (LF; CR before it belongs to the break; a byte order mark at the file's start is skipped). Blank lines have a number
 * but are no pieces.
 */
export function splitLines(
  { offset, line, limit = lineLimitBytes }: { offset: number; line: number; limit?: number },
  emit: Emit,
): Splitter {
  let at = offset
  let number = line
  /** Start of the line under way, and its bytes from earlier chunks. */
  let start = offset
  let held: Buffer[] = []
  let heldBytes = 0

  const finish = (last: Buffer, isLast: boolean) => {
    const sizeBytes = heldBytes + last.length
    if (sizeBytes > limit) emit({ bytes: nothing, offset: start, number, sizeBytes, problem: 'line-too-long' })
    else {
      const bytes = withoutMark(held.length === 0 ? last : Buffer.concat([...held, last]), start)
      if (!isBlank(bytes)) emit({ bytes, offset: start, number, sizeBytes, ...(isLast ? { isLast } : {}) })
    }
    held = []
    heldBytes = 0
    number++
  }

  const hold = (rest: Buffer) => {
    heldBytes += rest.length
    if (heldBytes > limit) held = []
    // A copy: the chunk's memory is read into again.
    else held.push(Buffer.from(rest))
  }

  return {
    push(chunk) {
      let from = 0
      for (let to = chunk.indexOf(lineFeed); to >= 0; to = chunk.indexOf(lineFeed, from)) {
        finish(chunk.subarray(from, to), false)
        from = to + 1
        start = at + from
      }
      if (from < chunk.length) hold(chunk.subarray(from))
      at += chunk.length
    },
    end(isBroken) {
      if (isBroken) emit({ bytes: nothing, offset: start, number, sizeBytes: heldBytes, problem: 'truncated-input' })
      else if (heldBytes > 0) finish(nothing, true)
    },
  }
}

function withoutMark(bytes: Buffer, offset: number): Buffer {
  return offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

/** Blanks, tabs and carriage returns alone. */
function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 32 && byte !== 9 && byte !== 13) return false
  return true
}
