import type { VoteColumns } from './votes.ts'

/** The distinct (A, B, result) of votes with how often each came: all that a rating without covariates depends on. Models by name, ascending. */
export interface Cells {
  models: readonly string[]
  a: Uint16Array
  b: Uint16Array
  /** A's result: 1 won, 0 lost, 0.5 a tie of either kind. */
  outcome: Float32Array
  count: Float64Array
}

/** Counts equal votes of the rows told. Models without a vote among them are left out. */
export function countCells({ models, a, b, outcome }: VoteColumns, rows: Uint32Array): Cells {
  const n = models.length
  const counts = new Float64Array(n * n * 3)
  for (const row of rows) {
    const key = ((a[row] ?? 0) * n + (b[row] ?? 0)) * 3 + (outcome[row] ?? 0)
    counts[key] = (counts[key] ?? 0) + 1
  }
  const used = new Set<number>()
  const keys = [...counts.keys()].filter((key) => (counts[key] ?? 0) > 0)
  for (const key of keys) used.add(Math.floor(key / 3 / n)).add(Math.floor(key / 3) % n)
  const names = [...used].map((model) => models[model] ?? '').sort()
  const places = new Map(names.map((name, place) => [name, place]))
  const place = (model: number) => places.get(models[model] ?? '') ?? 0
  const cells = keys
    .map((key) => ({
      a: place(Math.floor(key / 3 / n)),
      b: place(Math.floor(key / 3) % n),
      outcome: (key % 3) / 2,
      count: counts[key] ?? 0,
    }))
    .sort((x, y) => x.a - y.a || x.b - y.b || x.outcome - y.outcome)
  return {
    models: names,
    a: Uint16Array.from(cells, (cell) => cell.a),
    b: Uint16Array.from(cells, (cell) => cell.b),
    outcome: Float32Array.from(cells, (cell) => cell.outcome),
    count: Float64Array.from(cells, (cell) => cell.count),
  }
}

/**
 * Which models can be rated against each other: the largest group in which each model has beaten (or tied) every other, at least through a chain of others.
 * Outside it the likelihood has no maximum: an undefeated model's rating would be infinite. Ties in size go to the group with the first name.
 * @see Ford 1957, "Solution of a ranking problem from binary comparisons"
 */
export function findRatable({ models, a, b, outcome }: Cells): boolean[] {
  const n = models.length
  const beats = Array.from({ length: n }, () => new Set<number>())
  for (const [cell, first] of a.entries()) {
    const second = b[cell] ?? 0
    const result = outcome[cell] ?? 0
    if (result > 0) beats[first]?.add(second)
    if (result < 1) beats[second]?.add(first)
  }
  const beatenBy = Array.from({ length: n }, () => new Set<number>())
  for (const [winner, losers] of beats.entries()) for (const loser of losers) beatenBy[loser]?.add(winner)
  const group = new Array<number>(n).fill(-1)
  const sizes: number[] = []
  for (let start = 0; start < n; start++) {
    if (group[start] !== -1) continue
    const forward = reach(start, beats)
    const members = [...reach(start, beatenBy)].filter((model) => forward.has(model))
    for (const member of members) group[member] = sizes.length
    sizes.push(members.length)
  }
  const largest = sizes.indexOf(Math.max(0, ...sizes))
  return group.map((member) => member === largest)
}

function reach(start: number, edges: readonly ReadonlySet<number>[]): Set<number> {
  const seen = new Set([start])
  const open = [start]
  for (let model = open.pop(); model !== undefined; model = open.pop()) {
    for (const next of edges[model] ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
  return seen
}

/** Wins and ties between models: `wins[i][j]` of row i over column j; the votes of a pair are both wins and the ties. */
export interface Matrix {
  models: string[]
  wins: number[][]
  ties: number[][]
}

/** The matrix of the models told, in their order. */
export function toMatrix(cells: Cells, models: readonly string[]): Matrix {
  const places = new Map(models.map((name, place) => [name, place]))
  const square = () => models.map(() => models.map(() => 0))
  const wins = square()
  const ties = square()
  const add = (matrix: number[][], row: number, column: number, count: number) => {
    const line = matrix[row]
    if (line) line[column] = (line[column] ?? 0) + count
  }
  for (const [cell, count] of cells.count.entries()) {
    const a = places.get(cells.models[cells.a[cell] ?? 0] ?? '')
    const b = places.get(cells.models[cells.b[cell] ?? 0] ?? '')
    if (a === undefined || b === undefined) continue
    const result = cells.outcome[cell] ?? 0
    if (result === 1) add(wins, a, b, count)
    else if (result === 0) add(wins, b, a, count)
    else {
      add(ties, a, b, count)
      add(ties, b, a, count)
    }
  }
  return { models: [...models], wins, ties }
}
