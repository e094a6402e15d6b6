/** A vote as a rating sees it. `winner` in the words of FastChat. */
export interface Vote {
  modelA: string
  modelB: string
  winner: 'model_a' | 'model_b' | 'tie' | 'tie (bothbad)'
}

/** Votes as columns: indices into `models` (ascending names), and A's result: 1 won, 0 lost, 0.5 a tie of either kind. */
export interface Matchups {
  models: readonly string[]
  a: Uint16Array
  b: Uint16Array
  outcome: Float32Array
}

/** The distinct (A, B, result) of votes with how often each came: all that a rating without covariates depends on. */
export interface Cells {
  models: readonly string[]
  a: Uint16Array
  b: Uint16Array
  outcome: Float32Array
  count: Float64Array
}

/** Columns of votes. Votes of a model against itself say nothing and are left out. At most 65,535 models. */
export function toMatchups(votes: readonly Vote[]): Matchups {
  const useful = votes.filter(({ modelA, modelB }) => modelA !== modelB)
  const models = [...new Set(useful.flatMap(({ modelA, modelB }) => [modelA, modelB]))].sort()
  const index = new Map(models.map((model, place) => [model, place]))
  return {
    models,
    a: Uint16Array.from(useful, ({ modelA }) => index.get(modelA) ?? 0),
    b: Uint16Array.from(useful, ({ modelB }) => index.get(modelB) ?? 0),
    outcome: Float32Array.from(useful, ({ winner }) => (winner === 'model_a' ? 1 : winner === 'model_b' ? 0 : 0.5)),
  }
}

/** Counts equal votes. */
export function countCells({ models, a, b, outcome }: Matchups): Cells {
  const n = models.length
  const counts = new Map<number, number>()
  for (const [row, first] of a.entries()) {
    const key = (first * n + (b[row] ?? 0)) * 3 + (outcome[row] ?? 0) * 2
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const keys = [...counts.keys()].sort((x, y) => x - y)
  return {
    models,
    a: Uint16Array.from(keys, (key) => Math.floor(key / 3 / n)),
    b: Uint16Array.from(keys, (key) => Math.floor(key / 3) % n),
    outcome: Float32Array.from(keys, (key) => (key % 3) / 2),
    count: Float64Array.from(keys, (key) => counts.get(key) ?? 0),
  }
}

/**
 * Which models can be rated against each other: the largest group in which each model has beaten (or tied) every other, at least through a chain of others.
 * Outside it the likelihood has no maximum: an undefeated model's rating would be infinite. Ties in size go to the group with the first name.
 * @see Ford 1957, "Solution of a ranking problem from binary comparisons"
 */
export function findRatable({ models, a, b, outcome }: Pick<Matchups, 'models' | 'a' | 'b' | 'outcome'>): boolean[] {
  const n = models.length
  const beats = Array.from({ length: n }, () => new Set<number>())
  for (const [row, first] of a.entries()) {
    const second = b[row] ?? 0
    const result = outcome[row] ?? 0
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
