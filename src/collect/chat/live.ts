import { storable } from '../text.ts'
import { createGrowingText, type GrowingText } from './growing.ts'
import type { Finish, StoredAnswer, StoredTurn } from './turn.ts'

/** One side of a turn under way. */
export interface LiveSide {
  text: GrowingText
  startedAt: number
  /** Milliseconds from the start to the first text. */
  firstTokenMs: number | null
  pieces: number
  /** What the moderation found in it, set before `ended`. */
  categories: readonly string[]
  ended: { finish: Finish; error: string | null; atMs: number } | undefined
}

/** A turn under way. Its text lies here once, however many listen; listeners keep how far they have read. */
export interface LiveTurn {
  readonly id: string
  readonly parent: string | null
  readonly prompt: string
  readonly madeAt: number
  readonly sides: readonly LiveSide[]
  readonly stopping: AbortController
  notice: { code: string; message: string } | null
  /** Set once the turn is recorded. */
  done: StoredTurn | undefined
  /** Set where it could not be recorded. */
  lost: { code: string; message: string } | undefined
  /** Resolves when `done` or `lost` is set. */
  settled: Promise<void>
  /** Calls `hear` after every change, until the function that it gives is called. */
  listen(hear: () => void): () => void
  /** Tells everyone who listens. */
  wake(): void
}

/** A turn that begins. `settled` is given by who runs it. */
export function createLive(facts: { id: string; parent: string | null; prompt: string; madeAt: number; sides: number }): LiveTurn {
  const listeners = new Set<() => void>()
  return {
    ...facts,
    sides: Array.from({ length: facts.sides }, () => ({
      text: createGrowingText(),
      startedAt: performance.now(),
      firstTokenMs: null,
      pieces: 0,
      categories: [],
      ended: undefined,
    })),
    stopping: new AbortController(),
    notice: null,
    done: undefined,
    lost: undefined,
    settled: Promise.resolve(),
    listen(hear) {
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },
    wake() {
      for (const hear of listeners) hear()
    },
  }
}

/** A side as it is stored. Speed counts pieces of text, which are tokens with most endpoints. */
export function storedAnswer({ text, firstTokenMs, pieces, categories, ended, startedAt }: LiveSide): StoredAnswer {
  const seconds = ended && firstTokenMs !== null ? (ended.atMs - startedAt - firstTokenMs) / 1000 : 0
  return {
    text: storable(text.whole()),
    finish: ended?.finish ?? 'error',
    error: ended?.error ?? null,
    firstTokenMs: firstTokenMs === null ? null : Math.round(firstTokenMs),
    tokensPerSecond: seconds > 0 && pieces > 1 ? Math.round(((pieces - 1) / seconds) * 10) / 10 : null,
    verdict: null,
    isFlagged: false,
    categories: [...categories],
  }
}
