import type { Turn } from '../api.chat.shapes.ts'

/** A turn as it is shown, with the turns that could stand in its place: same parent, oldest first. */
export interface Step {
  turn: Turn
  /** Ids of all turns with the same parent. */
  branches: string[]
  /** Place of this turn among them. */
  branch: number
}

/** The path that ends in `head`, first turn first. A head that is not there gives no path. */
export function pathOf(turns: readonly Turn[], head: string | null): Step[] {
  const byId = new Map(turns.map((turn) => [turn.id, turn]))
  const steps: Step[] = []
  const seen = new Set<string>()
  for (let turn = head === null ? undefined : byId.get(head); turn && !seen.has(turn.id); turn = byId.get(turn.parent ?? '')) {
    const { id, parent } = turn
    seen.add(id)
    const branches = turns.filter((other) => other.parent === parent).map((other) => other.id)
    steps.unshift({ turn, branches, branch: branches.indexOf(id) })
  }
  return steps
}

/** The newest turn that follows a turn through newest children: what is shown when its branch is chosen. */
export function leafOf(turns: readonly Turn[], id: string): string {
  const seen = new Set<string>()
  let leaf = id
  for (let next: string | undefined = id; next !== undefined && !seen.has(next); ) {
    seen.add(next)
    leaf = next
    next = turns.findLast((turn) => turn.parent === leaf)?.id
  }
  return leaf
}

/** Turns with one replaced, or added at the end where it is new. */
export function withTurn(turns: readonly Turn[], turn: Turn): Turn[] {
  return turns.some(({ id }) => id === turn.id) ? turns.map((other) => (other.id === turn.id ? turn : other)) : [...turns, turn]
}
