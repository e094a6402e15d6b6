import { createHash } from 'node:crypto'
import { countTurns } from '../conversation.ts'
import { BrokenInputError, type Packing, readBytes } from './bytes.ts'
import type { BattleEntry, ChatEntry, Entry, FormName, Reason, VoteEntry } from './entry.ts'
import { formOf } from './forms/forms.ts'
import { type BattleContent, packChat, packSide, type VoteContent } from './payload.ts'
import type { Piece } from './pieces.ts'
import { keyedHasher } from './privacy.ts'
import { createQuarantine } from './quarantine.ts'
import { parsePiece, readRecord } from './record.ts'
import { type RowRange, readRows } from './rows.ts'
import { type Container, splitterFor } from './sniff.ts'
import { createSpill, kinds, type Segment, type Spilled } from './spill.ts'

/** readUnit, for the pool. */
export const unitTask = { module: import.meta.url, task: 'readUnit' }

/**
 * Which line of a conversation wins: the latest, or the latest of those without FastChat's network error text, as in 2023, when such lines were dropped
 * before the latest was chosen (a conversation that has no other keeps its latest all the same; a cleaning rule drops it).
 */
export type Supersede = 'latest' | 'latest-without-network-error'

/** @see FastChat serve/monitor/clean_chat_data.py (NETWORK_ERROR_MSG) */
const networkError = 'network error due to high traffic. please regenerate or refresh this page.'

/** One unit of the first pass: a file, or a range of a big one. */
export interface UnitInput {
  path: string
  /** The file as named in ingest.json and in every conversation's source. */
  label: string
  packing: Packing
  container: Container
  form: FormName | null
  /** Byte range and first line of a part of a plain file of lines. */
  range?: { start: number; end: number; line: number }
  rows?: RowRange
  secret: string
  supersede: Supersede
  spill: string
  quarantine: string
}

/** What became of a unit's lines, before the shards decide between files. */
export interface UnitReport {
  lines: number
  superseded: number
  refused: Partial<Record<Reason, number>>
  segments: Segment[]
}

/** Reads one unit of a file into its spill and its quarantine: a worker's task. */
export async function readUnit(input: UnitInput): Promise<UnitReport> {
  return input.container === 'parquet' && input.packing === 'plain'
    ? readRowUnit(input)
    : readByteUnit(input, readBytes(input.path, input.packing, input.range))
}

/** Reads a unit's bytes from anywhere; for standard input, which no worker can open. */
export async function readByteUnit(input: UnitInput, chunks: AsyncIterable<Buffer>): Promise<UnitReport> {
  const sink = openSink(input)
  const take = (piece: Piece) => {
    const parsed = parsePiece(piece)
    if ('reason' in parsed) sink.refuse(parsed.reason, piece)
    else sink.take(parsed.value, piece)
  }
  const from = input.range ? { offset: input.range.start, line: input.range.line } : { offset: 0, line: 1 }
  const splitter = splitterFor(input.container, take, from)
  let isBroken = false
  try {
    for await (const chunk of chunks) splitter.push(chunk)
  } catch (error) {
    if (!(error instanceof BrokenInputError)) throw error
    isBroken = true
  }
  splitter.end(isBroken)
  return sink.close()
}

async function readRowUnit(input: UnitInput): Promise<UnitReport> {
  const sink = openSink(input)
  if (!input.rows) sink.refuse('invalid-parquet', { offset: null, sizeBytes: null, number: 1 })
  else {
    let number = input.rows.firstRow + 1
    for await (const group of readRows(input.path, input.rows)) {
      if ('unreadable' in group) {
        sink.refuse('invalid-parquet', { offset: null, sizeBytes: null, number, lines: group.unreadable })
        number += group.unreadable
        continue
      }
      for (const row of group.rows) sink.take(row, { offset: null, sizeBytes: null, number: number++ })
    }
  }
  return sink.close()
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
  close(): UnitReport
}

function openSink(input: UnitInput): Sink {
  const spill = createSpill(input.spill)
  const quarantine = createQuarantine(input.quarantine)
  const form = input.form === null ? undefined : formOf(input.form)
  const hash = keyedHasher(input.secret)
  const refused: Partial<Record<Reason, number>> = {}
  let lines = 0

  const refuse = (reason: Reason, place: Place, record?: unknown) => {
    const count = place.lines ?? 1
    lines += count
    refused[reason] = (refused[reason] ?? 0) + count
    quarantine.add({
      file: input.label,
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
        lines++
        for (const record of spillOf(entry, place, { label: input.label, hash, rankOf: chatRanks[input.supersede] })) spill.add(record)
      }
    },
    close() {
      const { segments, superseded } = spill.close()
      quarantine.close()
      return { lines, superseded, refused, segments }
    },
  }
}

const chatRanks: Readonly<Record<Supersede, (chat: ChatEntry) => number>> = {
  latest: () => 0,
  'latest-without-network-error': ({ messages }) => (messages.some(({ content }) => content.toLowerCase().includes(networkError)) ? 0 : 1),
}

interface Naming {
  label: string
  rankOf(chat: ChatEntry): number
  hash(address: string): string
}

function spillOf(entry: Exclude<Entry, { kind: 'refused' }>, place: Place, naming: Naming): Spilled[] {
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
  const common = { rank: 0, order: entry.at ?? -1, messages: 0, line: place.number, weight: 200 }
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
  const common = { rank: entry.anonymous ? 1 : 0, order: entry.at ?? -1, line: place.number }
  return [
    { ...common, kind: kinds.battle, id: entry.id, messages: a.messages.length, weight: 400, payload: () => JSON.stringify(content) },
    sideRecord(idA, a, { ...common, naming, battle: entry.id }),
    sideRecord(idB, b, { ...common, naming, battle: entry.id }),
  ]
}
