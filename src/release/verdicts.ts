import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { type Leaf, readLeaf } from '../storage/leaves.ts'
import type { LeafData } from '../storage/row-groups.ts'
import { type MessageModeration, moderationCategories } from './moderation.ts'

/**
 * Moderation of a conversation's messages, compact: as objects it would take most of the time and memory of a release.
 * `flags` has a bit for each category in their order and `flaggedBit`, or is `failedVerdict`; `scores` has eleven numbers a message.
 */
export interface Verdicts {
  flags: Uint16Array
  scores: Float64Array
}

/** Bit of `flags` for the message as a whole. */
export const flaggedBit = 1 << 11

/** In place of `flags`: moderation of the message failed, so it is neither flagged nor clean. */
export const failedVerdict = 1 << 15

const count = moderationCategories.length
const element = ['messages', 'list', 'element']

/**
 * The verdicts of the rows [start, end) from a moderation sidecar's leaf columns, if they are one row group of it; undefined otherwise.
 * A message without a value for `flagged` counts as failed.
 */
export async function readVerdicts(file: AsyncBuffer, metadata: FileMetaData, start: number, end: number): Promise<Verdicts[] | undefined> {
  let first = 0
  const group = metadata.row_groups.find(({ num_rows }) => {
    first += Number(num_rows)
    return first - Number(num_rows) === start && first === end
  })
  if (!group) return undefined
  const flagged = await readLeaf(file, metadata, group, [...element, 'flagged'])
  if (!flagged) return undefined
  const total = flagged.definitionLevels.filter(isMessage).length
  const flags = new Uint16Array(total).fill(failedVerdict)
  const scores = new Float64Array(total * count)
  eachValue(flagged, 4, (message, value) => {
    flags[message] = value ? flaggedBit : 0
  })
  for (const [place, name] of moderationCategories.entries()) {
    const category = await readLeaf(file, metadata, group, [...element, 'categories', name])
    const score = await readLeaf(file, metadata, group, [...element, 'category_scores', name])
    if (!category || !score) return undefined
    eachValue(category, 5, (message, value) => {
      if (value) flags[message] = (flags[message] ?? 0) | (1 << place)
    })
    eachValue(score, 5, (message, value) => {
      scores[message * count + place] = Number(value)
    })
  }
  return split(flagged, flags, scores)
}

/** The same from messages as objects. */
export function toVerdicts(messages: readonly (MessageModeration | null)[]): Verdicts {
  const flags = new Uint16Array(messages.length)
  const scores = new Float64Array(messages.length * count)
  for (const [message, verdict] of messages.entries()) {
    if (!verdict || typeof verdict.flagged !== 'boolean') {
      flags[message] = failedVerdict
      continue
    }
    let bits = verdict.flagged ? flaggedBit : 0
    for (const [place, name] of moderationCategories.entries()) {
      if (verdict.categories[name]) bits |= 1 << place
      scores[message * count + place] = verdict.category_scores[name]
    }
    flags[message] = bits
  }
  return { flags, scores }
}

/** The leaf columns of `openai_moderation`, in schema order, for rows of verdicts; all leaves share their levels, which makes this fast. */
export function shredVerdicts(rows: readonly Verdicts[]): LeafData[] {
  const repetitionLevels: number[] = []
  const inner: number[] = []
  const outer: number[] = []
  for (const { flags } of rows) {
    if (flags.length === 0) {
      repetitionLevels.push(0)
      inner.push(1)
      outer.push(1)
    }
    for (let message = 0; message < flags.length; message++) {
      const isFailed = ((flags[message] ?? 0) & failedVerdict) !== 0
      repetitionLevels.push(message === 0 ? 0 : 1)
      inner.push(isFailed ? 4 : 5)
      outer.push(isFailed ? 3 : 4)
    }
  }
  const leaf = (depth: 4 | 5, pick: (verdicts: Verdicts, message: number) => unknown): LeafData => {
    const values: unknown[] = []
    for (const verdicts of rows) {
      if (verdicts.flags.length === 0) values.push(null)
      for (let message = 0; message < verdicts.flags.length; message++) {
        values.push(((verdicts.flags[message] ?? 0) & failedVerdict) === 0 ? pick(verdicts, message) : null)
      }
    }
    return { values, repetitionLevels, definitionLevels: depth === 5 ? inner : outer, maxDefinitionLevel: depth }
  }
  return [
    ...moderationCategories.map((_, place) => leaf(5, ({ flags }, message) => ((flags[message] ?? 0) & (1 << place)) !== 0)),
    ...moderationCategories.map((_, place) => leaf(5, ({ scores }, message) => scores[message * count + place])),
    leaf(4, ({ flags }, message) => ((flags[message] ?? 0) & flaggedBit) !== 0),
  ]
}

// Definition levels in a sidecar: 1 an empty list, 2 a null message, 3 and more a message.
function isMessage(level: number): boolean {
  return level >= 2
}

function eachValue({ definitionLevels, values }: Leaf, highest: number, visit: (message: number, value: unknown) => void): void {
  let message = 0
  let at = 0
  for (const level of definitionLevels) {
    if (level === highest) visit(message, values[at++])
    if (isMessage(level)) message++
  }
}

function split({ definitionLevels, repetitionLevels }: Leaf, flags: Uint16Array, scores: Float64Array): Verdicts[] {
  const rows: Verdicts[] = []
  let start = 0
  let message = 0
  const close = () => {
    rows.push({ flags: flags.subarray(start, message), scores: scores.subarray(start * count, message * count) })
    start = message
  }
  for (const [place, level] of definitionLevels.entries()) {
    if (place > 0 && repetitionLevels[place] === 0) close()
    if (isMessage(level)) message++
  }
  close()
  return rows
}
