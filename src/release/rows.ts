import { ShardError } from '../errors.ts'
import type { Row } from '../storage/parquet.ts'
import type { Shred } from '../storage/row-groups.ts'
import type { ExtraColumn } from './columns.ts'
import type { Labelled } from './labelled.ts'
import { applySpans } from './redact.ts'
import { shredVerdicts, type Verdicts } from './verdicts.ts'

/** How the columns of toReleaseRow that are no plain values become leaves. */
export const releaseShredders: Readonly<Record<string, Shred>> = {
  openai_moderation: (rows) => shredVerdicts(rows.map((row) => row.openai_moderation as Verdicts)),
}

/**
 * One row of the release: redaction applied, LMSYS's seven columns, then the extra ones. `openai_moderation` holds Verdicts, for releaseShredders. Without a moderation label it is an empty
 * list; a message whose moderation failed has null values there. Without a redaction label `redacted` is false; manifest and card say that none ran.
 */
export function toReleaseRow(labelled: Labelled, extras: readonly ExtraColumn[]): Row {
  const { conversation, language, redaction } = labelled
  const messages = redaction ? applySpans(conversation.messages, redaction.spans, conversation.id) : conversation.messages
  const row: Row = {
    conversation_id: conversation.id,
    model: conversation.model,
    conversation: messages,
    turn: BigInt(conversation.turns),
    language: language?.name ?? 'unknown',
    openai_moderation: moderationOf(labelled),
    redacted: redaction !== undefined && redaction.spans.length > 0,
  }
  for (const extra of extras) row[extra.name] = extra.read(labelled) ?? null
  return row
}

const none: Verdicts = { flags: new Uint16Array(0), scores: new Float64Array(0) }

function moderationOf({ conversation, moderation }: Labelled): Verdicts {
  if (!moderation) return none
  if (moderation.flags.length === conversation.messages.length) return moderation
  throw new ShardError(
    'labels-misaligned',
    conversation.id,
    `The moderation of conversation ${conversation.id} has ${moderation.flags.length} messages, the conversation ${conversation.messages.length}. Run 'colloquy curate' again.`,
  )
}
