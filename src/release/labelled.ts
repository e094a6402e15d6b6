import type { Conversation } from '../conversation.ts'
import type { Row } from '../storage/parquet.ts'
import type { RedactionSpan } from './redact.ts'
import type { Verdicts } from './verdicts.ts'

/** A conversation of the release with the facts that curate found, as they lie in the sidecars. An absent label is undefined. */
export interface Labelled {
  /** 0-based place in the release. */
  position: number
  conversation: Conversation
  language?: { name: string; code: string; confidence: number; messages: { name: string; code: string; confidence: number }[] }
  /** Llama-2 and o200k tokens of every message, of the text before redaction. */
  tokens?: { messages: number[]; o200k: number[] }
  redaction?: { redacted: boolean; spans: RedactionSpan[] }
  moderation?: Verdicts
  /** Rows of the labels that only become extra columns, by label. */
  others: Record<string, Row>
}

/** The labels that release understands itself; any other one can only become an extra column as it is. */
export const knownLabels = ['language', 'tokens', 'redaction', 'moderation'] as const
