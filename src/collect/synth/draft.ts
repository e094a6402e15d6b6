/** One planted mention: UTF-16 units [start, end) of its message, kind, and the entity that it names. */
export interface Mention {
  start: number
  end: number
  kind: string
  entity: string
  value: string
}

/** A message in the making, or made: text and what was planted in it. */
export interface Draft {
  text: string
  mentions: Mention[]
}

/** A new, empty message. */
export function emptyDraft(): Draft {
  return { text: '', mentions: [] }
}

/** Adds text at the end. */
export function addText(draft: Draft, text: string): void {
  draft.text += text
}

/** Adds a planted value at the end. */
export function addMention(draft: Draft, { value, kind, entity }: { value: string; kind: string; entity: string }): void {
  draft.mentions.push({ start: draft.text.length, end: draft.text.length + value.length, kind, entity, value })
  draft.text += value
}

/**
 * The message with [start, end) replaced: mentions after it move along.
 * @throws RangeError when the place touches a mention, which would spoil the answer key.
 */
export function editDraft({ text, mentions }: Draft, { start, end, by }: { start: number; end: number; by: string }): Draft {
  if (!isFree({ text, mentions }, start, end)) throw new RangeError(`An edit at ${start} touches planted data.`)
  const shift = by.length - (end - start)
  return {
    text: text.slice(0, start) + by + text.slice(end),
    mentions: mentions.map((mention) =>
      mention.start >= end ? { ...mention, start: mention.start + shift, end: mention.end + shift } : mention,
    ),
  }
}

/** Whether no mention overlaps [start, end] (touching counts, so that an edit never lengthens a mention). */
export function isFree({ mentions }: Draft, start: number, end: number): boolean {
  return mentions.every((mention) => mention.end < start || mention.start > end)
}
