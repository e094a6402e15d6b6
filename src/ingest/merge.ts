import type { Outcome } from '../conversation.ts'
import { compareStanding } from './order.ts'
import { type BattleContent, unpackSide, type VoteContent } from './payload.ts'
import { type Found, kinds } from './spill.ts'

/** A conversation of a shard: the line that won, what stands in where there is none, and what people said of it. */
export interface Merged {
  id: string
  /** The winning chat line; absent when only votes or battles tell of the conversation. */
  chat?: Found
  side?: Found
  /** The battle that it is a side of, of several the latest. */
  battle?: string
  outcome?: Outcome
  /** Lines of votes that hang on it. */
  votes: Found[]
}

/** The vote of a battle that counts. */
export interface MergedBattle {
  found: Found
  content: BattleContent
}

/** What became of the lines whose records lie in a shard, by place of their file. */
export interface Fates {
  superseded: Map<number, number>
  orphans: { vote: Found; content: VoteContent }[]
}

/**
 * Settles a shard: for each conversation id the chat line of the highest standing, votes and flags attached wherever they came from, for each
 * battle id the vote of the highest standing. Chat lines win over the pictures that votes carry. Results are sorted by id.
 */
export function mergeShard(records: Iterable<Found>): {
  conversations: Merged[]
  battles: MergedBattle[]
  fates: Fates
} {
  const conversations = new Map<string, Merged>()
  const votes: Found[] = []
  const sides: Found[] = []
  const battles = new Map<string, Found>()
  const superseded = new Map<number, number>()
  const lose = (found: Found) => superseded.set(found.file, (superseded.get(found.file) ?? 0) + 1)

  for (const found of records) {
    if (found.kind === kinds.vote || found.kind === kinds.alsoVote) votes.push(found)
    else if (found.kind === kinds.side) sides.push(found)
    else if (found.kind === kinds.battle) battles.set(found.id, higher(battles.get(found.id), found, lose))
    else {
      const merged = conversations.get(found.id)
      if (merged?.chat) merged.chat = higher(merged.chat, found, lose)
      else conversations.set(found.id, { id: found.id, chat: found, votes: [] })
    }
  }
  for (const side of sides.sort(compareStanding)) addSide(conversations, side)
  const orphans = addVotes(conversations, votes.sort(compareStanding))
  return {
    conversations: [...conversations.values()].sort(byId),
    battles: [...battles.values()].sort(byId).map((found) => ({ found, content: found.payload() as BattleContent })),
    fates: { superseded, orphans },
  }
}

function higher(former: Found | undefined, found: Found, lose: (loser: Found) => void): Found {
  if (!former) return found
  const isHigher = compareStanding(found, former) > 0
  lose(isHigher ? former : found)
  return isHigher ? found : former
}

/** Sides come from the lowest standing to the highest, so that the last one stays. */
function addSide(conversations: Map<string, Merged>, side: Found): void {
  const { battle } = unpackSide(side.payload())
  const merged = conversations.get(side.id) ?? { id: side.id, votes: [] }
  if (!merged.chat) merged.side = side
  if (battle !== null) merged.battle = battle
  conversations.set(side.id, merged)
}

function addVotes(conversations: Map<string, Merged>, votes: readonly Found[]): Fates['orphans'] {
  const orphans: Fates['orphans'] = []
  for (const vote of votes) {
    const content = vote.payload() as VoteContent
    const merged = conversations.get(vote.id)
    if (merged) {
      merged.outcome = { ...merged.outcome, ...content.outcome }
      if (vote.kind === kinds.vote) merged.votes.push(vote)
    } else if (vote.kind === kinds.vote) orphans.push({ vote, content })
  }
  return orphans
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
