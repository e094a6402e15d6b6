import { InputError } from '../../errors.ts'
import { type Category, listCategories } from './categories.ts'
import { type Leaderboard, type LeaderboardOptions, rate } from './leaderboard.ts'
import { openVotes, type Vote } from './votes.ts'

/** Votes with the numbers that they lie between: more than `after`, up to `upTo`. */
export interface AddVotes {
  after: number
  upTo: number
  votes: readonly Vote[]
}

/** A board of the votes up to a number. */
export interface BoardRequest {
  upTo: number
  options: LeaderboardOptions
}

/** The board; `behind` when this thread lacks votes, `refused` when no vote has the category. */
export type BoardReply =
  | { state: 'ready'; board: Leaderboard; categories: Category[] }
  | { state: 'behind' }
  | { state: 'refused'; message: string }

// This thread's own votes: they live as long as it does.
let store = openVotes()
let present = 0

/** Takes in votes. Those from the beginning replace all that there are; those that do not follow on are left, and the next board is `behind`. */
export function addVotes({ after, upTo, votes }: AddVotes): null {
  if (after === 0) {
    store = openVotes()
    present = 0
  }
  if (after !== present) return null
  store.add(votes)
  present = upTo
  return null
}

/** Computes a board. */
export function computeBoard({ upTo, options }: BoardRequest): BoardReply {
  if (upTo !== present) return { state: 'behind' }
  const columns = store.columns()
  try {
    return { state: 'ready', board: rate(columns, options), categories: listCategories(columns) }
  } catch (error) {
    if (error instanceof InputError && error.code === 'category-unknown') return { state: 'refused', message: error.message }
    throw error
  }
}
