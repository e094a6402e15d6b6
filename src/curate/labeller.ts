import { createHash } from 'node:crypto'
import type { Conversation } from '../conversation.ts'
import type { Column, Row } from '../storage/parquet.ts'

/**
 * States facts about one conversation, beside it. Pure: the label depends on the conversation, the version and the settings alone, so that shard,
 * order and number of workers change nothing. (A labeller that asks an endpoint is pure in its own code; the endpoint's answer is kept.)
 */
export interface Labeller<L> {
  /** The label's name, also its key in the output of `colloquy label`. */
  readonly name: string
  /** Raised by hand when the code gives other labels for the same settings. */
  readonly version: string
  /** 16 hex digits over version, settings and weights; part of the sidecar folder's name. */
  readonly fingerprint: string
  /** Columns of the sidecar Parquet, after `id`. */
  readonly columns: readonly Column[]
  label(conversation: Conversation): L | Promise<L>
  /** A label as one row of the sidecar, without `id`. */
  toRow(label: L): Row
  /** How many conversations may be under way at once; 1 unless the labeller waits for a network. */
  readonly concurrency?: number
  close?(): Promise<void>
}

/** 16 hex digits that change when any part does: a labeller's version, its settings, a hash of its weights. */
export function fingerprintOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
