import type { Battle } from '../conversation.ts'
import { type Column, type Row, readParquet } from './parquet.ts'

/** Columns of `work/battles.parquet`. */
export const battleColumns: readonly Column[] = [
  { name: 'id', type: 'string' },
  { name: 'model_a', type: 'string' },
  { name: 'model_b', type: 'string' },
  { name: 'conversation_a', type: 'string' },
  { name: 'conversation_b', type: 'string' },
  { name: 'winner', type: 'string' },
  { name: 'anonymous', type: 'boolean' },
  { name: 'judge', type: 'string' },
  { name: 'voted_at', type: 'timestamp' },
  { name: 'turns', type: 'int32' },
  { name: 'source_file', type: 'string' },
  { name: 'source_line', type: 'int32' },
]

/** A battle as one row. */
export function toBattleRow(battle: Battle): Row {
  return {
    id: battle.id,
    model_a: battle.modelA,
    model_b: battle.modelB,
    conversation_a: battle.conversationA,
    conversation_b: battle.conversationB,
    winner: battle.winner,
    anonymous: battle.anonymous,
    judge: battle.judge ?? null,
    voted_at: battle.votedAt === undefined ? null : new Date(battle.votedAt),
    turns: battle.turns,
    source_file: battle.source.file,
    source_line: battle.source.line,
  }
}

/** The battle that a row holds; the inverse of toBattleRow. */
export function fromBattleRow(row: Row): Battle {
  const battle: Battle = {
    id: String(row.id),
    modelA: String(row.model_a),
    modelB: String(row.model_b),
    conversationA: String(row.conversation_a),
    conversationB: String(row.conversation_b),
    winner: row.winner as Battle['winner'],
    anonymous: row.anonymous === true,
    turns: Number(row.turns),
    source: { file: String(row.source_file), line: Number(row.source_line) },
  }
  if (typeof row.judge === 'string') battle.judge = row.judge
  if (row.voted_at instanceof Date) battle.votedAt = row.voted_at.toISOString()
  return battle
}

/** The battles of a work folder in order, a row group at a time. */
export async function* readBattles(path: string): AsyncIterable<Battle[]> {
  for await (const rows of readParquet(path)) yield rows.map(fromBattleRow)
}
