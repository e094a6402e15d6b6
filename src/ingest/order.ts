/** What decides between two lines of the same conversation, vote or battle. `order` is milliseconds; -1 where the line has no time. */
export interface Standing {
  /** Higher counts before all else: blind votes over votes after the reveal. */
  rank: number
  order: number
  messages: number
  /** Place of the file among all inputs, sorted by name. */
  file: number
  line: number
}

/**
 * Positive when `a` stands above `b`: the higher rank, the later time, more messages, then the later place (files sorted by name, then line). No two
 * lines are equal, so that the winner depends neither on the order of reading nor on the number of workers.
 */
export function compareStanding(a: Standing, b: Standing): number {
  return a.rank - b.rank || a.order - b.order || a.messages - b.messages || a.file - b.file || a.line - b.line
}
