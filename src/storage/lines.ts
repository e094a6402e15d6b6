/** A line of a stream: its text without the line break, or why it has none. */
export type Line = { text: string } | { problem: 'too-long' | 'invalid-utf8' }

/** Longest line that is read; longer ones are passed over in pieces, so that no input can fill the memory. */
export const maxLineBytes = 64 * 1024 * 1024

/** The lines of a byte stream (LF or CRLF, a byte order mark skipped), each decoded as UTF-8. A last line needs no line break. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, limitBytes: number = maxLineBytes): AsyncIterable<Line> {
  let pieces: Uint8Array[] = []
  let size = 0
  let isFirst = true
  const take = (): Line => {
    const bytes = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
    const tooLong = size > limitBytes
    pieces = []
    size = 0
    const start = isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
    isFirst = false
    return tooLong ? { problem: 'too-long' } : decode(bytes.subarray(start))
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      size += end - from
      if (size <= limitBytes) pieces.push(chunk.subarray(from, end))
      yield take()
      from = end + 1
    }
    size += chunk.length - from
    if (size <= limitBytes) pieces.push(chunk.subarray(from))
    else pieces = []
  }
  if (size > 0) yield take()
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Uint8Array): Line {
  const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length
  try {
    return { text: decoder.decode(bytes.subarray(0, end)) }
  } catch {
    return { problem: 'invalid-utf8' }
  }
}
