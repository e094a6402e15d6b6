import type { Conversation, Winner } from '../api.chat.shapes.ts'
import { pathOf } from './path.ts'

/** The four votes in the order of their buttons, with their keys. */
export const ballot: readonly { winner: Winner; key: string }[] = [
  { winner: 'left', key: 'a' },
  { winner: 'right', key: 'b' },
  { winner: 'tie', key: 't' },
  { winner: 'both-bad', key: 'x' },
]

/** The vote of a key, whatever its case; undefined for other keys. */
export const winnerOfKey = (key: string): Winner | undefined => ballot.find((one) => one.key === key.toLowerCase())?.winner

/** Whether a vote may be cast: none was, a turn is shown, and both of its answers have ended. */
export function mayVote({ turns, head, vote }: Conversation, isRunning: boolean): boolean {
  const last = pathOf(turns, head).at(-1)?.turn
  return (
    vote === null &&
    !isRunning &&
    last !== undefined &&
    last.answers.length === 2 &&
    last.answers.every(({ status }) => status !== 'streaming')
  )
}

/** Names of both sides: the models' where they are known, else Model A and Model B; with both where they were revealed. */
export function namesOf({ kind, models }: Pick<Conversation, 'kind' | 'models'>, sides: readonly string[]): string[] {
  return sides.map((side, index) => {
    const model = models[index]
    if (model === undefined) return side
    return kind === 'battle' ? `${side}: ${model}` : model
  })
}
