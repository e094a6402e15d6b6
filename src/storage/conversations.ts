import type { Conversation, Message, Outcome, Role } from '../conversation.ts'
import { type Column, type Row, readParquet } from './parquet.ts'

/** Columns of `work/conversations/<shard>.parquet`. `outcome` is JSON. */
export const conversationColumns: readonly Column[] = [
  { name: 'id', type: 'string' },
  { name: 'model', type: 'string' },
  {
    name: 'messages',
    type: {
      list: {
        struct: [
          { name: 'role', type: 'string' },
          { name: 'content', type: 'string' },
        ],
      },
    },
  },
  { name: 'turns', type: 'int32' },
  { name: 'started_at', type: 'timestamp' },
  { name: 'user', type: 'string' },
  { name: 'consent_terms', type: 'string' },
  { name: 'consent_accepted_at', type: 'string' },
  { name: 'source_file', type: 'string' },
  { name: 'source_line', type: 'int32' },
  { name: 'outcome', type: 'string' },
  { name: 'battle', type: 'string' },
]

/** A conversation as one row of a shard. */
export function toConversationRow(conversation: Conversation): Row {
  const { id, model, messages, turns, startedAt, user, consent, source, outcome, battle } = conversation
  return {
    id,
    model,
    messages,
    turns,
    started_at: startedAt === undefined ? null : new Date(startedAt),
    user: user ?? null,
    consent_terms: consent?.terms ?? null,
    consent_accepted_at: consent?.acceptedAt ?? null,
    source_file: source.file,
    source_line: source.line,
    outcome: outcome === undefined ? null : JSON.stringify(outcome),
    battle: battle ?? null,
  }
}

/** The conversation that a row of a shard holds; the inverse of toConversationRow. */
export function fromConversationRow(row: Row): Conversation {
  const conversation: Conversation = {
    id: String(row.id),
    model: String(row.model),
    messages: (row.messages as { role: Role; content: string }[]).map(({ role, content }): Message => ({ role, content })),
    turns: Number(row.turns),
    source: { file: String(row.source_file), line: Number(row.source_line) },
  }
  if (row.started_at instanceof Date) conversation.startedAt = row.started_at.toISOString()
  if (typeof row.user === 'string') conversation.user = row.user
  if (typeof row.consent_terms === 'string') {
    conversation.consent = { terms: row.consent_terms, acceptedAt: String(row.consent_accepted_at ?? '') }
  }
  if (typeof row.outcome === 'string') conversation.outcome = JSON.parse(row.outcome) as Outcome
  if (typeof row.battle === 'string') conversation.battle = row.battle
  return conversation
}

/** A shard's conversations in order, a row group at a time. */
export async function* readConversations(path: string): AsyncIterable<Conversation[]> {
  for await (const rows of readParquet(path)) yield rows.map(fromConversationRow)
}
