import { type AsyncBuffer, asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { ShardError } from '../errors.ts'
import { fromConversationRow } from '../storage/conversations.ts'
import type { Row } from '../storage/parquet.ts'
import type { Labelled } from './labelled.ts'
import type { MessageModeration } from './moderation.ts'
import { failedVerdict, readVerdicts, toVerdicts, type Verdicts } from './verdicts.ts'

/** A shard of the work folder as a worker needs it: paths of its files. */
export interface ShardFiles {
  /** Five digits. */
  shard: string
  conversations: string
  selection: string
  /** Rows that the selection takes. */
  selected: number
  /** Sidecar of every label that the release needs, by label, and the columns of it; absent: all. */
  labels: Record<string, { path: string; columns?: string[] }>
  /** Whose language the release shows: the conversation's, or its first user message's. */
  language: 'conversation' | 'first-prompt'
}

/**
 * The selected conversations of a shard with positions in [from, to), joined with their labels, in row order, a row group at a time. Row groups
 * without a wanted row are not read.
 * @throws ShardError `labels-misaligned` when a sidecar is not row for row with the conversations.
 */
export async function* readSelected(files: ShardFiles, from: number, to: number): AsyncIterable<Labelled[]> {
  const conversations = await openParquet(files.conversations)
  const selection = await openParquet(files.selection)
  const labels = await Promise.all(
    Object.entries(files.labels).map(async ([name, { path, columns }]) => ({ name, columns, file: await openParquet(path) })),
  )
  for (const { name, file } of [{ name: 'selection', file: selection }, ...labels]) {
    if (file.rows !== conversations.rows) throw misaligned(files.shard, name)
  }
  const selected = await selection.read(0, selection.rows, ['position', 'model'])
  const positions = selected.map(({ position }) => (position === null ? -1 : Number(position)))
  if (positions.filter((position) => position >= 0).length !== files.selected) throw misaligned(files.shard, 'selection')
  for (const { start, end } of conversations.groups) {
    const isWanted = positions.slice(start, end).map((position) => position >= from && position < to)
    if (!isWanted.includes(true)) continue
    const rows = await conversations.read(start, end)
    const labelRows: Record<string, Row[]> = {}
    for (const { name, file, columns } of labels) {
      labelRows[name] = name === 'moderation' ? await readModeration(file, start, end) : await file.read(start, end, columns)
    }
    yield rows.flatMap((row, index) => {
      if (!isWanted[index]) return []
      const found: Record<string, Row> = {}
      for (const [name, sidecar] of Object.entries(labelRows)) {
        const label = sidecar[index]
        if (!label || label.id !== row.id) throw misaligned(files.shard, name)
        found[name] = label
      }
      const labelled = toLabelled(positions[start + index] ?? -1, row, found)
      const model = selected[start + index]?.model
      if (typeof model === 'string') labelled.conversation.model = model
      if (files.language === 'first-prompt') takeFirstPrompt(labelled)
      return [labelled]
    })
  }
}

interface OpenFile {
  file: AsyncBuffer
  metadata: FileMetaData
  rows: number
  groups: { start: number; end: number }[]
  read(start: number, end: number, columns?: string[]): Promise<Row[]>
}

async function openParquet(path: string): Promise<OpenFile> {
  const file = await asyncBufferFromFile(path)
  const metadata: FileMetaData = await parquetMetadataAsync(file)
  let start = 0
  const groups = metadata.row_groups.map(({ num_rows }) => {
    const group = { start, end: start + Number(num_rows) }
    start = group.end
    return group
  })
  return {
    file,
    metadata,
    rows: Number(metadata.num_rows),
    groups,
    read: (rowStart, rowEnd, columns) =>
      parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, ...(columns ? { columns } : {}) }),
  }
}

/** The rows of a moderation sidecar, with `verdicts` in place of `messages`. */
async function readModeration(sidecar: OpenFile, start: number, end: number): Promise<Row[]> {
  const rows = await sidecar.read(start, end, ['id', 'failed'])
  const verdicts = await readVerdicts(sidecar.file, sidecar.metadata, start, end)
  if (verdicts) return rows.map((row, index) => ({ ...row, verdicts: verdicts[index] }))
  const slow = await sidecar.read(start, end, ['messages'])
  return rows.map((row, index) => ({ ...row, verdicts: toVerdicts((slow[index]?.messages ?? []) as (MessageModeration | null)[]) }))
}

function toLabelled(position: number, row: Row, { language, tokens, redaction, moderation, ...others }: Record<string, Row>): Labelled {
  const labelled: Labelled = { position, conversation: fromConversationRow(row), others: {} }
  if (language) labelled.language = toLanguage(language)
  if (tokens) labelled.tokens = { messages: numbers(tokens.messages), o200k: numbers(tokens.o200k) }
  if (redaction) {
    labelled.redaction = {
      redacted: redaction.redacted === true,
      spans: (redaction.spans ?? []) as NonNullable<Labelled['redaction']>['spans'],
    }
  }
  if (moderation) {
    labelled.moderation = moderation.verdicts as Verdicts
    for (const message of numbers(moderation.failed)) labelled.moderation.flags[message] = failedVerdict
  }
  for (const [name, { id: _, ...label }] of Object.entries(others)) labelled.others[name] = label
  return labelled
}

/** As LMSYS-Chat-1M was made: the first user message alone decides. */
function takeFirstPrompt({ conversation, language }: Labelled): void {
  const first = language?.messages[conversation.messages.findIndex(({ role }) => role === 'user')]
  if (language && first) Object.assign(language, { name: first.name, code: first.code, confidence: first.confidence })
}

function toLanguage(row: Row): NonNullable<Labelled['language']> {
  const messages = (row.messages ?? []) as { name: string; code: string; confidence: number }[]
  return { name: String(row.name ?? 'unknown'), code: String(row.code ?? 'und'), confidence: Number(row.confidence ?? 0), messages }
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : []
}

function misaligned(shard: string, label: string): ShardError {
  return new ShardError(
    'labels-misaligned',
    shard,
    `The ${label} sidecar of shard ${shard} is not row for row with its conversations. Run 'colloquy curate' again.`,
  )
}
