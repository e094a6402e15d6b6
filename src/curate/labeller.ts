import { createHash } from 'node:crypto'
import type { Conversation } from '../conversation.ts'
import type { Log } from '../log.ts'
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
  /** What manifest and card say of it: settings without anything private, and one line of measured quality. */
  readonly about?: { settings?: Record<string, unknown>; quality?: string }
  /** How many conversations may be under way at once; 1 unless the labeller waits for a network. */
  readonly concurrency?: number
  /** False for a row that a later run should not take over though its conversation is the same: one that says that an endpoint failed. */
  readonly isFinal?: (row: Row) => boolean
  close?(): Promise<void>
}

/** What a set labeller is given: where the shards and the labels that it needs lie, where its own go, and how much it may use. */
export interface SetRun {
  /** Folder of conversation shards, `work/conversations`. */
  conversations: string
  /** Every shard's name, ascending. */
  shards: readonly string[]
  /** Folder of each label named in `needs`; it holds `<shard>.parquet` for every shard. */
  folders: Readonly<Record<string, string>>
  /** Folder that gets `<shard>.parquet` for every shard, row for row with the conversations. It exists. */
  out: string
  /** Folder for scratch files, emptied by the caller before and after. It exists. */
  temp: string
  /** Threads (1–64) and memory in MiB (from 256) that the engine may take. */
  jobs: number
  memoryMiB: number
  log: Log
}

/**
 * States facts that only the whole set shows: duplicate groups, templates. Runs when every shard has the labels named in `needs`, and again when
 * any of them changes. Same set, same labels, whatever the order, the shards and the number of threads.
 */
export interface SetLabeller {
  readonly name: string
  readonly version: string
  readonly fingerprint: string
  /** Columns of the sidecar Parquet, after `id`. */
  readonly columns: readonly Column[]
  /** As of a labeller. */
  readonly about?: { settings?: Record<string, unknown>; quality?: string }
  /** Names of the labels that it reads. */
  readonly needs: readonly string[]
  run(run: SetRun): Promise<void>
}

/** 16 hex digits that change when any part does: a labeller's version, its settings, a hash of its weights. */
export function fingerprintOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
