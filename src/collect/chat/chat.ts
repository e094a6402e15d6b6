import { z } from 'zod'
import type { Message } from '../../conversation.ts'
import type { FaultCode } from '../models/model.ts'
import type { LiveTurn } from './live.ts'
import type { StoredTurn } from './turn.ts'

/** A vote, as stored with its conversation. */
export const VoteRow = z.object({
  winner: z.enum(['left', 'right', 'tie', 'both-bad']),
  votedAt: z.number(),
  exclusion: z.enum(['identity-leak', 'vote-cap', 'not-kept', 'named', 'failed-answer']).nullable(),
})

/** A person's choice between two answers, and why it does not count, if it does not. */
export type StoredVote = z.infer<typeof VoteRow>

/** What is stored of a conversation beside its turns (the column `facts`). */
export const FactsRow = z.object({
  title: z.string(),
  models: z.array(z.string()),
  parameters: z.object({ temperature: z.number(), topP: z.number(), maxTokens: z.number() }),
  /** Ids that the event log knows the sides by; the left one's is the conversation's own. */
  logIds: z.array(z.string()),
  head: z.string().nullable(),
  vote: VoteRow.nullable(),
  /** An answer of this battle named a model. */
  hasLeaked: z.boolean(),
  /** Taken out of the history by the person. */
  isCleared: z.boolean(),
})

/** Facts of a conversation. */
export type Facts = z.infer<typeof FactsRow>

/** A conversation in memory. */
export interface Chat extends Facts {
  id: string
  person: string
  kind: 'chat' | 'battle' | 'compare'
  keep: boolean
  createdAt: number
  updatedAt: number
  /** Finished turns of all branches, oldest first. */
  turns: Map<string, StoredTurn>
  /** The turn under way. */
  live: LiveTurn | undefined
  share: { id: string; turn: string } | null
}

/** The turns from the beginning to `turn`, oldest first. */
export function pathTo(chat: Pick<Chat, 'turns'>, turn: string | null): StoredTurn[] {
  const path: StoredTurn[] = []
  for (let at = turn === null ? undefined : chat.turns.get(turn); at; at = at.parent === null ? undefined : chat.turns.get(at.parent))
    path.push(at)
  return path.reverse()
}

/** What one side of a path says, as a model reads it and the log keeps it. Turns in which this side came to nothing are left out. */
export function messagesOf(path: readonly StoredTurn[], side: number): Message[] {
  return path.flatMap(({ prompt, answers }): Message[] => {
    const text = answers[side]?.text ?? ''
    return text === ''
      ? []
      : [
          { role: 'user', content: prompt },
          { role: 'assistant', content: text },
        ]
  })
}

/** Narrows an answer's stored error to the codes that models fail with. */
export const isFaultCode = (code: string): code is FaultCode => code.startsWith('model-')

/** The first line of the first prompt, shortened at a word. */
export function titleOf(prompt: string): string {
  const [line = ''] = prompt.trim().split('\n')
  return line.length <= 80
    ? line
    : `${line
        .slice(0, 80)
        .replace(/\s+\S*$/, '')
        .toWellFormed()}…`
}
