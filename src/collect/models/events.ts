import { ModelFault } from './model.ts'

/** One server-sent event: its `data`, and its whole text without the blank line. */
export interface SentEvent {
  data: string
  text: string
}

/** An event of a stream is no longer than this, in characters. */
const longest = 16 * 1024 * 1024

/**
 * The server-sent events of a reply's text that have data. What is left without a blank line at the end is dropped, as the standard says.
 * @throws ModelFault `model-garbled` for an event over 16 Mi characters.
 */
export async function* readEvents(pieces: AsyncIterable<string>): AsyncIterable<SentEvent> {
  let pending = ''
  for await (const piece of pieces) {
    pending += piece
    if (pending.includes('\r')) pending = pending.replaceAll('\r\n', '\n')
    for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
      const text = pending.slice(0, end)
      pending = pending.slice(end + 2)
      const data = dataOf(text)
      if (data !== '') yield { data, text }
    }
    if (pending.length > longest) throw new ModelFault('model-garbled')
  }
}

function dataOf(text: string): string {
  // Nearly every event is one line.
  if (text.startsWith('data:') && !text.includes('\n')) return text.slice(5).trimStart()
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []))
    .join('\n')
}
