import { ShardError } from '../errors.ts'
import type { Row } from '../storage/parquet.ts'
import type { ExtraColumn } from './columns.ts'
import type { Labelled } from './labelled.ts'
import { failedModeration } from './moderation.ts'
import { applySpans } from './redact.ts'

/**
 * One row of the release: redaction applied, LMSYS's seven columns, then the extra ones. Without a moderation label `openai_moderation` is an empty
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

function moderationOf({ conversation, moderation }: Labelled): readonly unknown[] {
  if (!moderation) return []
  if (moderation.messages.length !== conversation.messages.length) {
    throw new ShardError(
      'labels-misaligned',
      conversation.id,
      `The moderation of conversation ${conversation.id} has ${moderation.messages.length} messages, the conversation ${conversation.messages.length}. Run 'colloquy curate' again.`,
    )
  }
  const failed = new Set(moderation.failed)
  return moderation.messages.map((message, index) => (message && !failed.has(index) ? message : failedModeration))
}
