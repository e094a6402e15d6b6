import { z } from 'zod'

/** How an answer ended. */
export type Finish = 'stop' | 'length' | 'stopped' | 'error' | 'blocked'

const AnswerRow = z.object({
  text: z.string(),
  finish: z.enum(['stop', 'length', 'stopped', 'error', 'blocked']),
  error: z.string().nullable(),
  firstTokenMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  verdict: z.enum(['up', 'down']).nullable(),
  isFlagged: z.boolean(),
  /** What the moderation found in it; turns of earlier versions have none. */
  categories: z.array(z.string()).default([]),
})

/** A finished answer, as stored. `error`: a FaultCode. */
export type StoredAnswer = z.infer<typeof AnswerRow>

/** A finished turn, as stored (the column `data`). Times in milliseconds since 1970. */
export const TurnRow = z.object({
  id: z.string(),
  parent: z.string().nullable(),
  prompt: z.string(),
  madeAt: z.number(),
  notice: z.object({ code: z.string(), message: z.string() }).nullable(),
  answers: z.array(AnswerRow),
})

/** A finished turn. */
export type StoredTurn = z.infer<typeof TurnRow>
