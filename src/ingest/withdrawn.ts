import type { Merged, MergedBattle } from './merge.ts'
import { unpackChat, unpackSide } from './payload.ts'
import type { Found } from './spill.ts'

/** Whom and what withdrawals name: users (keyed hashes), all of whose conversations go, and single conversations. */
export interface Withdrawn {
  users: string[]
  conversations: string[]
}

/** What is left of a shard after withdrawals, and how many lines went, by place of their file. */
export interface Remaining {
  conversations: Merged[]
  battles: MergedBattle[]
  lines: Map<number, number>
}

/** All withdrawals of several units. */
export function joinWithdrawn(parts: readonly Withdrawn[]): Withdrawn {
  return { users: parts.flatMap(({ users }) => users), conversations: parts.flatMap(({ conversations }) => conversations) }
}

/**
 * Leaves out what people took back, whenever it was said: their conversations, the votes on them, and battles that they judged or of which one side is
 * gone. Each line that went is counted; none of it is written anywhere.
 */
export function dropWithdrawn({ users, conversations }: Withdrawn, merged: Pick<Remaining, 'conversations' | 'battles'>): Remaining {
  const lines = new Map<number, number>()
  if (users.length + conversations.length === 0) return { ...merged, lines }
  const people = new Set(users)
  const ids = new Set(conversations)
  const count = ({ file }: Found) => lines.set(file, (lines.get(file) ?? 0) + 1)
  return {
    conversations: merged.conversations.filter((one) => {
      const user = userOf(one)
      if (!ids.has(one.id) && (user === undefined || !people.has(user))) return true
      if (one.chat) count(one.chat)
      for (const vote of one.votes) count(vote)
      return false
    }),
    battles: merged.battles.filter(({ found, content }) => {
      const isGone = ids.has(content.conversationA) || ids.has(content.conversationB)
      if (!isGone && (content.judge === undefined || !people.has(content.judge))) return true
      count(found)
      return false
    }),
    lines,
  }
}

function userOf({ chat, side }: Merged): string | undefined {
  if (chat) return unpackChat(chat.payload()).user
  return side && unpackChat(unpackSide(side.payload()).chat).user
}
