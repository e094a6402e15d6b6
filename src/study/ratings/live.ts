import { openPool } from '../../engine/pool.ts'
import { InputError } from '../../errors.ts'
import type { Anchor } from './bradley-terry.ts'
import type { Category } from './categories.ts'
import type { Leaderboard } from './leaderboard.ts'
import type { AddVotes, BoardReply, BoardRequest } from './live.task.ts'
import type { Vote } from './votes.ts'

/** A vote with its place in the order of votes; numbers ascend. */
export interface NumberedVote {
  number: number
  vote: Vote
}

/** A leaderboard as anyone may see it: how many voters were left out, not who. */
export interface PublicBoard extends Omit<Leaderboard, 'anomalies'> {
  voters: { rejected: number }
  categories: Category[]
  /** When it was computed, ISO 8601 UTC. */
  computedAt: string
}

/** Where votes come from and how they are rated. */
export interface LiveOptions {
  /** The next votes after a number, oldest first; fewer than `limit` when there are no more. */
  readAfter(number: number, limit: number): Promise<readonly NumberedVote[]>
  now(): Date
  rounds: number
  seed: number
  anchor?: Anchor
  dailyVotes?: number
  /** A board is computed anew when it is older than this and there are new votes. */
  maxAgeMs: number
}

/** Ratings of votes that keep coming. */
export interface LiveRatings {
  /**
   * The board of a category, at most `maxAgeMs` behind the votes. An older one is given at once while the new one is computed.
   * @throws InputError `category-unknown`
   */
  board(query: BoardQuery): Promise<PublicBoard>
  close(): Promise<void>
}

/** What is asked of a board. */
export interface BoardQuery {
  category: string
  isStyleControlled: boolean
}

const bite = 10_000
/** A board that takes longer is renewed while the one before is shown. */
const patienceMs = 1000

interface Known {
  board: PublicBoard
  upTo: number
  tookMs: number
  /** When it was computed, or found to need no computing, in milliseconds since 1970. */
  checkedAt: number
  next?: Promise<PublicBoard>
}

/** Opens ratings in a thread of their own, which holds the votes as numbers: each vote is read once, and computing holds up no request. */
export function openLiveRatings(options: LiveOptions): LiveRatings {
  const pool = openPool(1)
  const module = import.meta.url.replace(/live\.(ts|js)$/, 'live.task.$1')
  const known = new Map<string, Known>()
  let upTo = 0
  let reading: Promise<void> | undefined

  const readNew = async (): Promise<void> => {
    for (;;) {
      const found = await options.readAfter(upTo, bite)
      const last = found.at(-1)
      if (!last) return
      const votes = found.map(({ vote }) => vote)
      await pool.run<AddVotes, null>({ module, task: 'addVotes' }, 'votes', { after: upTo, upTo: last.number, votes })
      upTo = last.number
      if (found.length < bite) return
    }
  }
  const compute = async (query: BoardQuery): Promise<PublicBoard> => {
    reading ??= readNew().finally(() => {
      reading = undefined
    })
    await reading
    const key = keyOf(query)
    const present = known.get(key)
    if (present && present.upTo === upTo) {
      present.checkedAt = options.now().getTime()
      return present.board
    }
    const startedAt = performance.now()
    const { rounds, seed, anchor, dailyVotes } = options
    const given = { ...query, rounds, seed, ...(anchor ? { anchor } : {}), ...(dailyVotes === undefined ? {} : { dailyVotes }) }
    const request: BoardRequest = { upTo, options: given }
    const reply = await pool.run<BoardRequest, BoardReply>({ module, task: 'computeBoard' }, 'leaderboard', request)
    if (reply.state === 'refused') throw new InputError('category-unknown', reply.message)
    if (reply.state === 'behind') {
      // The thread died, and a new one knows no vote: begin again.
      if (upTo === request.upTo) upTo = 0
      return compute(query)
    }
    const at = options.now()
    const { anomalies, ...board } = reply.board
    const whole = { ...board, voters: { rejected: anomalies.length }, categories: reply.categories, computedAt: at.toISOString() }
    known.set(key, { board: whole, upTo: request.upTo, checkedAt: at.getTime(), tookMs: performance.now() - startedAt })
    return whole
  }
  return {
    async board(query) {
      const present = known.get(keyOf(query))
      if (!present) return compute(query)
      if (options.now().getTime() - present.checkedAt < options.maxAgeMs) return present.board
      present.next ??= compute(query).finally(() => {
        delete present.next
      })
      if (present.tookMs < patienceMs) return present.next
      // Its failure shows at the next request, which tries again.
      present.next.catch(() => undefined)
      return present.board
    },
    close: () => pool.close(),
  }
}

const keyOf = ({ category, isStyleControlled }: BoardQuery): string => JSON.stringify([category, isStyleControlled])
