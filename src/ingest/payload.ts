import type { Battle, Consent, Message, Outcome, Role } from '../conversation.ts'
import type { JsonObject } from './entry.ts'

/** A conversation's content in a spill: everything but id and source, with addresses already hashed. */
export interface ChatContent {
  model: string
  messages: Message[]
  startedAt?: number
  user?: string
  consent?: Consent
  outcome?: Outcome
  imported?: JsonObject
}

/** A vote in a spill, with its line's place for the quarantine. */
export interface VoteContent {
  outcome: Outcome
  offset: number | null
  sizeBytes: number | null
}

/** A battle in a spill: everything but id and source. */
export type BattleContent = Omit<Battle, 'id' | 'source' | 'votedAt'> & { votedAt?: number }

const letters: Readonly<Record<Role, string>> = { user: 'u', assistant: 'a', system: 's' }
const roles: Readonly<Record<string, Role>> = { u: 'user', a: 'assistant', s: 'system' }

/** Compact JSON: `[model, startedAt, user, roles, contents, consent, outcome, imported]`. */
export function packChat({ model, messages, startedAt, user, consent, outcome, imported }: ChatContent): string {
  let speakers = ''
  const contents: string[] = []
  for (const { role, content } of messages) {
    speakers += letters[role]
    contents.push(content)
  }
  return JSON.stringify([model, startedAt ?? null, user ?? null, speakers, contents, consent ?? null, outcome ?? null, imported ?? null])
}

type Packed = [string, number | null, string | null, string, string[], Consent | null, Outcome | null, JsonObject | null]

/** The inverse of packChat, of JSON that it wrote. */
export function unpackChat(packed: unknown): ChatContent {
  const [model, startedAt, user, speakers, contents, consent, outcome, imported] = packed as Packed
  return {
    model,
    messages: contents.map((content, index) => ({ role: roles[speakers.charAt(index)] ?? 'user', content })),
    ...(startedAt === null ? {} : { startedAt }),
    ...(user === null ? {} : { user }),
    ...(consent === null ? {} : { consent }),
    ...(outcome === null ? {} : { outcome }),
    ...(imported === null ? {} : { imported }),
  }
}

/** A side of a battle, or a vote's own picture of its conversation, which stands in for a missing chat line: `[battle, chat]`. */
export function packSide(battle: string | undefined, chat: string): string {
  return `[${JSON.stringify(battle ?? null)},${chat}]`
}

/** The inverse of packSide, of JSON that it wrote; the chat is still packed. */
export function unpackSide(packed: unknown): { battle: string | null; chat: unknown } {
  const [battle, chat] = packed as [string | null, unknown]
  return { battle, chat }
}
