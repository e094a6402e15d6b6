import type { Message } from '../conversation.ts'
import { ShardError } from '../errors.ts'

/** A piece of one message to be replaced: [start, end) in UTF-16 units of the original text. */
export interface RedactionSpan {
  /** 0-based index of the message. */
  message: number
  start: number
  end: number
  kind: string
  replacement: string
}

/**
 * Messages with every span replaced; other messages are the same objects. Overlapping spans are replaced as one, by the first one's replacement, so
 * that no part of either survives.
 * @throws ShardError `redaction-misplaced` when a span lies outside its message: a label that does not fit must not pass as redaction.
 */
export function applySpans(messages: readonly Message[], spans: readonly RedactionSpan[], id: string): Message[] {
  const result = [...messages]
  const byMessage = new Map<number, RedactionSpan[]>()
  for (const span of spans) byMessage.set(span.message, [...(byMessage.get(span.message) ?? []), span])
  for (const [index, found] of byMessage) {
    const message = messages[index]
    if (!message) throw misplaced(id)
    let text = ''
    let at = 0
    for (const { start, end, replacement } of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
      if (!(start >= 0 && start < end && end <= message.content.length)) throw misplaced(id)
      if (start >= at) text += message.content.slice(at, start) + replacement
      at = Math.max(at, end)
    }
    result[index] = { role: message.role, content: text + message.content.slice(at) }
  }
  return result
}

function misplaced(id: string): ShardError {
  return new ShardError(
    'redaction-misplaced',
    id,
    `A redaction span of conversation ${id} lies outside its message: the label belongs to other text. Remove the redaction folder under labels/ and run curate again.`,
  )
}
