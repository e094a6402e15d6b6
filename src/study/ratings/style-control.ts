import { solvePositive } from './solve.ts'

const base = Math.log(10)
const maxSteps = 50

/** Votes with covariates: numbers of models, A's result (1 won, 0 lost, 0.5 a tie), `width` features a vote. */
export interface StyledVotes {
  models: number
  a: Uint16Array
  b: Uint16Array
  outcome: Float32Array
  features: Float64Array
  width: number
}

/**
 * Strengths of models, then coefficients of features, by maximum likelihood of P(A beats B) = σ(ln 10 · (a - b) + features · coefficients), a tie half a
 * win and half a loss, with a penalty of a quarter of the squared length, which is the published method's. `counts`: how often each vote counts
 * (1 unless told). Newton's method from `start`; what is left of the way to the optimum is below `tolerance` (in factors of ten of odds).
 * @see FastChat serve/monitor/rating_systems.py (fit_contextual_bt); Li et al. 2024, "Does style matter?"
 */
export function fitStyled(
  votes: StyledVotes,
  { counts, start, tolerance = 1e-9 }: { counts?: Uint16Array; start?: Float64Array; tolerance?: number } = {},
): Float64Array {
  let parameters: Float64Array = start ? Float64Array.from(start) : new Float64Array(votes.models + votes.width)
  for (let step = 0; step < maxSteps; step++) {
    const { gradient, hessian } = slopesOf(votes, parameters, counts)
    const move = solvePositive(hessian, gradient)
    if (!move) break
    const largest = Math.max(...move.map(Math.abs))
    parameters = largest > 0.5 ? damped(votes, parameters, move, counts) : moved(parameters, move, 1)
    // Steps shrink as their squares: after one of 1e-5 the next would be about 1e-10, so it is not worth its pass over all votes.
    if (largest * largest < tolerance) break
  }
  return parameters
}

const ridge = 0.5

function slopesOf(
  { models, a, b, outcome, features, width }: StyledVotes,
  parameters: Float64Array,
  counts: Uint16Array | undefined,
): { gradient: Float64Array; hessian: Float64Array } {
  const size = models + width
  const gradient = parameters.map((value) => -ridge * value)
  const hessian = new Float64Array(size * size)
  for (let vote = 0; vote < a.length; vote++) {
    const count = counts ? at(counts, vote) : 1
    if (count === 0) continue
    const first = at(a, vote)
    const second = at(b, vote)
    let margin = base * (at(parameters, first) - at(parameters, second))
    for (let f = 0; f < width; f++) margin += at(features, vote * width + f) * at(parameters, models + f)
    const chance = 1 / (1 + Math.exp(-margin))
    const pull = count * (at(outcome, vote) - chance)
    const stiffness = count * chance * (1 - chance)
    add(gradient, first, base * pull)
    add(gradient, second, -base * pull)
    const pair = base * base * stiffness
    add(hessian, first * size + first, pair)
    add(hessian, second * size + second, pair)
    // The lower half is all that the decomposition reads.
    add(hessian, Math.max(first, second) * size + Math.min(first, second), -pair)
    for (let f = 0; f < width; f++) {
      const value = at(features, vote * width + f)
      const row = (models + f) * size
      add(gradient, models + f, value * pull)
      add(hessian, row + first, base * stiffness * value)
      add(hessian, row + second, -base * stiffness * value)
      for (let g = 0; g <= f; g++) add(hessian, row + models + g, stiffness * value * at(features, vote * width + g))
    }
  }
  for (let place = 0; place < size; place++) add(hessian, place * size + place, ridge)
  return { gradient, hessian }
}

/** Goes as far along a move as the loss falls: far from the optimum a whole step may overshoot. */
function damped(votes: StyledVotes, from: Float64Array, move: Float64Array, counts: Uint16Array | undefined): Float64Array {
  const loss = lossOf(votes, from, counts)
  let size = 1
  while (size > 1e-6 && lossOf(votes, moved(from, move, size), counts) > loss) size /= 2
  return moved(from, move, size)
}

function lossOf(
  { models, a, b, outcome, features, width }: StyledVotes,
  parameters: Float64Array,
  counts: Uint16Array | undefined,
): number {
  let loss = parameters.reduce((sum, value) => sum + (ridge / 2) * value * value, 0)
  for (let vote = 0; vote < a.length; vote++) {
    let margin = base * (at(parameters, at(a, vote)) - at(parameters, at(b, vote)))
    for (let f = 0; f < width; f++) margin += at(features, vote * width + f) * at(parameters, models + f)
    // log(1 + e^-margin) without overflow.
    const softplus = margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin
    loss += (counts ? at(counts, vote) : 1) * (softplus + (1 - at(outcome, vote)) * margin)
  }
  return loss
}

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0
const add = (values: Float64Array, index: number, value: number): void => {
  values[index] = (values[index] ?? 0) + value
}

function moved(parameters: Float64Array, move: Float64Array, size: number): Float64Array {
  return parameters.map((value, index) => value + size * (move[index] ?? 0))
}
