import { createHash } from 'node:crypto'
import { append } from '../append.ts'
import { countTurns } from '../conversation.ts'
import { BrokenInputError, type Packing, readBytes } from './bytes.ts'
import type { BattleEntry, ChatEntry, Entry, FormName, Reason, VoteEntry } from './entry.ts'
import { formOf } from './forms/forms.ts'
import { type BattleContent, packChat, packSide, type VoteContent } from './payload.ts'
import type { Piece } from './pieces.ts'
import { keyedHasher } from './privacy.ts'
import { createQuarantine, type Quarantine } from './quarantine.ts'
import { parsePiece, readRecord } from './record.ts'
import { type RowRange, readRows } from './rows.ts'
import { type Container, splitterFor } from './sniff.ts'
import { createSpill, kinds, type Segment, type Spill, type Spilled } from './spill.ts'
import type { Withdrawn } from './withdrawn.ts'

/** readUnit, for the pool. */
export const unitTask = { module: import.meta.url, task: 'readUnit' }

/**
 * Which line of a conversation wins: the latest, or the latest of those without FastChat's network error text, as in 2023, when such lines were dropped
 * before the latest was chosen (a conversation that has no other keeps its latest all the same; a cleaning rule drops it).
 */
export type Supersede = 'latest' | 'latest-without-network-error'

/** @see FastChat serve/monitor/clean_chat_data.py (NETWORK_ERROR_MSG) */
const networkError = 'network error due to high traffic. please regenerate or refresh this page.'

/** A file, or a range of a big one. */
export interface UnitPart {
  path: string
  /** Place of the file among all inputs. */
  file: number
  /** The file as named in ingest.json and in every conversation's source. */
  label: string
  packing: Packing
  container: Container
  form: FormName | null
  /** Byte range and first line of a part of a plain file of lines. */
  range?: { start: number; end: number; line: number }
  rows?: RowRange
}

/** One unit of the first pass: a part of a big file, or many small files, which share one spill and one quarantine file. */
export interface UnitInput {
  parts: UnitPart[]
  secret: string
  supersede: Supersede
  spill: string
  quarantine: string
}

/** What became of a file's lines in a unit, before the shards decide between files. */
export interface PartCount {
  /** Place of the file among all inputs. */
  file: number
  lines: number
  superseded: number
  refused: Partial<Record<Reason, number>>
}

/** What a unit's parts came to, in their order, and where its records lie. */
export interface UnitReport {
  counts: PartCount[]
  segments: Segment[]
  withdrawn: Withdrawn
}

/** Reads one unit into its spill and its quarantine: a worker's task. */
export async function readUnit(input: UnitInput): Promise<UnitReport> {
  const output = openOutput(input)
  for (const part of input.parts) {
    const sink = output.sinkOf(part)
    if (part.container === 'parquet' && part.packing === 'plain') await readRowPart(part, sink)
    else await readBytePart(part, readBytes(part.path, part.packing, part.range), sink)
  }
  return output.close()
}

/** Reads a unit of one part whose bytes come from anywhere; for standard input, which no worker can open. */
export async function readByteUnit(input: Omit<UnitInput, 'parts'>, part: UnitPart, chunks: AsyncIterable<Buffer>): Promise<UnitReport> {
  const output = openOutput(input)
  await readBytePart(part, chunks, output.sinkOf(part))
  return output.close()
}

async function readBytePart(part: UnitPart, chunks: AsyncIterable<Buffer>, sink: Sink): Promise<void> {
  const take = (piece: Piece) => {
    const parsed = parsePiece(piece)
    if ('reason' in parsed) sink.refuse(parsed.reason, piece)
    else sink.take(parsed.value, piece)
  }
  const from = part.range ? { offset: part.range.start, line: part.range.line } : { offset: 0, line: 1 }
  const splitter = splitterFor(part.container, take, from)
  let isBroken = false
  try {
    for await (const chunk of chunks) splitter.push(chunk)
  } catch (error) {
    if (!(error instanceof BrokenInputError)) throw error
    isBroken = true
  }
  splitter.end(isBroken)
}

async function readRowPart({ path, rows }: UnitPart, sink: Sink): Promise<void> {
  if (!rows) sink.refuse('invalid-parquet', { offset: null, sizeBytes: null, number: 1 })
  else {
    let number = rows.firstRow + 1
    for await (const group of readRows(path, rows)) {
      if ('unreadable' in group) {
        sink.refuse('invalid-parquet', { offset: null, sizeBytes: null, number, lines: group.unreadable })
        number += group.unreadable
        continue
      }
      for (const row of group.rows) sink.take(row, { offset: null, sizeBytes: null, number: number++ })
    }
  }
}

/** Where a record lies in its file. */
interface Place {
  offset: number | null
  sizeBytes: number | null
  number: number
  lines?: number
}

interface Sink {
  take(value: unknown, place: Place): void
  refuse(reason: Reason, place: Place, record?: unknown): void
}

/** Adds one withdrawal. */
function addWithdrawal({ users, conversations }: Withdrawn, entry: Extract<Entry, { kind: 'withdrawal' }>): void {
  if (entry.conversations) append(conversations, entry.conversations)
  else users.push(entry.user)
}

interface Output {
  sinkOf(part: UnitPart): Sink
  close(): UnitReport
}

function openOutput({ spill: path, quarantine: refusedPath, secret, supersede }: Omit<UnitInput, 'parts'>): Output {
  const spill = createSpill(path)
  const quarantine = createQuarantine(refusedPath)
  const common = { hash: keyedHasher(secret), rankOf: chatRanks[supersede] }
  const counts: PartCount[] = []
  const withdrawn: Withdrawn = { users: [], conversations: [] }
  return {
    sinkOf(part) {
      const count: PartCount = { file: part.file, lines: 0, superseded: 0, refused: {} }
      counts.push(count)
      return sinkInto(part, { count, spill, quarantine, withdrawn, naming: { ...common, label: part.label, file: part.file } })
    },
    close() {
      const { segments, superseded } = spill.close()
      quarantine.close()
      // A file with two parts here is counted once, at its first.
      for (const count of counts) {
        count.superseded = superseded.get(count.file) ?? 0
        superseded.delete(count.file)
      }
      return { counts, segments, withdrawn }
    },
  }
}

interface Sinking {
  count: PartCount
  spill: Spill
  quarantine: Quarantine
  withdrawn: Withdrawn
  naming: Naming
}

function sinkInto(part: UnitPart, { count, spill, quarantine, withdrawn, naming }: Sinking): Sink {
  const form = part.form === null ? undefined : formOf(part.form)
  const refuse = (reason: Reason, place: Place, record?: unknown) => {
    const lines = place.lines ?? 1
    count.lines += lines
    count.refused[reason] = (count.refused[reason] ?? 0) + lines
    quarantine.add({
      file: part.label,
      line: place.number,
      offset: place.offset,
      sizeBytes: place.sizeBytes,
      reason,
      record,
      ...(place.lines === undefined ? {} : { lines: place.lines }),
    })
  }

  return {
    refuse,
    take(value, place) {
      const entry = readRecord(value, form)
      if (entry.kind === 'refused') refuse(entry.reason, place, value)
      else {
        count.lines++
        if (entry.kind === 'withdrawal') return addWithdrawal(withdrawn, entry)
        for (const record of spillOf(entry, place, naming)) spill.add(record)
      }
    },
  }
}

const chatRanks: Readonly<Record<Supersede, (chat: ChatEntry) => number>> = {
  latest: () => 0,
  'latest-without-network-error': ({ messages }) => (messages.some(({ content }) => content.toLowerCase().includes(networkError)) ? 0 : 1),
}

interface Naming {
  label: string
  file: number
  rankOf(chat: ChatEntry): number
  hash(address: string): string
}

function spillOf(entry: Exclude<Entry, { kind: 'refused' | 'withdrawal' }>, place: Place, naming: Naming): Spilled[] {
  if (entry.kind === 'conversation') return [chatRecord(entry, place, naming)]
  return entry.kind === 'vote' ? voteRecords(entry, place, naming) : battleRecords(entry, place, naming)
}

function chatRecord(entry: ChatEntry, place: Place, naming: Naming): Spilled {
  return {
    kind: kinds.chat,
    id: entry.id ?? placeId(naming.label, place.number),
    rank: naming.rankOf(entry),
    order: entry.order ?? entry.startedAt ?? -1,
    messages: entry.messages.length,
    file: naming.file,
    line: place.number,
    weight: weightOf(entry),
    payload: () => packEntry(entry, naming),
  }
}

function weightOf({ messages }: ChatEntry): number {
  let weight = 200
  for (const { content } of messages) weight += content.length + 40
  return weight
}

/** A record without an id is a conversation of its own: its place is its id. */
function placeId(label: string, line: number): string {
  return createHash('sha256').update(`${label}\n${line}`).digest('hex').slice(0, 32)
}

function packEntry(entry: ChatEntry, naming: Naming): string {
  const user = userOf(entry, naming)
  return packChat(user === undefined ? entry : { ...entry, user })
}

function userOf({ user, address }: { user?: string; address?: string }, naming: Naming): string | undefined {
  return user ?? (address === undefined ? undefined : naming.hash(address))
}

function voteRecords(entry: VoteEntry, place: Place, naming: Naming): Spilled[] {
  const content: VoteContent = { outcome: entry.outcome, offset: place.offset, sizeBytes: place.sizeBytes }
  const common = { rank: 0, order: entry.at ?? -1, messages: 0, file: naming.file, line: place.number, weight: 200 }
  const payload = () => JSON.stringify(content)
  const records: Spilled[] = [{ ...common, kind: kinds.vote, id: entry.id, payload }]
  if (entry.also !== undefined) records.push({ ...common, kind: kinds.alsoVote, id: entry.also, payload })
  if (entry.fallback) records.push(sideRecord(entry.id, entry.fallback, { ...common, naming }))
  return records
}

function sideRecord(
  id: string,
  chat: ChatEntry,
  { naming, battle, rank, order, line }: { naming: Naming; battle?: string; rank: number; order: number; line: number },
): Spilled {
  return {
    kind: kinds.side,
    id,
    rank,
    order,
    messages: chat.messages.length,
    file: naming.file,
    line,
    weight: weightOf(chat),
    payload: () => packSide(battle, packEntry(chat, naming)),
  }
}

function battleRecords(entry: BattleEntry, place: Place, naming: Naming): Spilled[] {
  const [a, b] = entry.sides
  const judge = userOf(entry, naming)
  const idA = a.id ?? `${entry.id}-a`
  const idB = b.id ?? `${entry.id}-b`
  const content: BattleContent = {
    modelA: a.model,
    modelB: b.model,
    conversationA: idA,
    conversationB: idB,
    winner: entry.winner,
    anonymous: entry.anonymous,
    turns: countTurns(a.messages),
    ...(judge === undefined ? {} : { judge }),
    ...(entry.at === undefined ? {} : { votedAt: entry.at }),
  }
  // A vote after the reveal never takes the place of the blind one.
  const common = { rank: entry.anonymous ? 1 : 0, order: entry.at ?? -1, file: naming.file, line: place.number }
  return [
    { ...common, kind: kinds.battle, id: entry.id, messages: a.messages.length, weight: 400, payload: () => JSON.stringify(content) },
    sideRecord(idA, a, { ...common, naming, battle: entry.id }),
    sideRecord(idB, b, { ...common, naming, battle: entry.id }),
  ]
}
