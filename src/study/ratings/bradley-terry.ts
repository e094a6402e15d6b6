import type { Cells } from './matchups.ts'
import { solvePositive } from './solve.ts'

/** Rating points of a factor of ten in odds, and the rating of the mean model before anchoring. @see FastChat serve/monitor/rating_systems.py */
export const scale = 400
/** Rating of the mean model where no anchor is given. */
export const initialRating = 1000
const base = Math.log(10)
const maxSteps = 100

/** A model whose rating is fixed, and at what: FastChat's is mixtral-8x7b-instruct-v0.1 at 1114. */
export interface Anchor {
  model: string
  rating: number
}

/** Where to start (strengths; default 0), and a penalty of ridge / 2 · strength² that keeps a bootstrap sample with an undefeated model finite. */
export interface FitOptions {
  start?: Float64Array
  ridge?: number
}

/**
 * Strengths by maximum likelihood of the Bradley–Terry model, in units of a factor of ten in odds, mean 0: P(A beats B) = 1 / (1 + 10^(b - a)), a tie
 * counts as half a win and half a loss. Newton's method from `start` until no step is above 1e-10. Every model must be ratable (findRatable).
 * @see Bradley and Terry 1952; FastChat serve/monitor/rating_systems.py (compute_bt)
 */
export function fitBradleyTerry(cells: Cells, { start, ridge = 0 }: FitOptions = {}): Float64Array {
  const n = cells.models.length
  let strengths: Float64Array = start ? Float64Array.from(start) : new Float64Array(n)
  let loss = lossOf(cells, strengths, ridge)
  for (let step = 0; step < maxSteps; step++) {
    const move = newtonStep(cells, strengths, ridge)
    if (!move) break
    let size = 1
    let next = moved(strengths, move, size)
    let nextLoss = lossOf(cells, next, ridge)
    // Far from the optimum a whole step may overshoot.
    while (nextLoss > loss && size > 1e-6) {
      size /= 2
      next = moved(strengths, move, size)
      nextLoss = lossOf(cells, next, ridge)
    }
    strengths = next
    loss = nextLoss
    if (Math.max(...move.map(Math.abs)) * size < 1e-10) break
  }
  const mean = strengths.reduce((sum, strength) => sum + strength, 0) / Math.max(1, n)
  return strengths.map((strength) => strength - mean)
}

/** Strengths as ratings: 400 points a factor of ten, mean 1000, or shifted so that the anchor has its rating. */
export function toRatings(strengths: Float64Array, models: readonly string[], anchor?: Anchor): Float64Array {
  const ratings = strengths.map((strength) => strength * scale + initialRating)
  const at = anchor ? models.indexOf(anchor.model) : -1
  const shift = anchor && at >= 0 ? anchor.rating - (ratings[at] ?? 0) : 0
  return ratings.map((rating) => rating + shift)
}

function newtonStep({ models, a, b, outcome, count }: Cells, strengths: Float64Array, ridge: number): Float64Array | undefined {
  const n = models.length
  const gradient = strengths.map((strength) => -ridge * strength)
  // Only differences matter, so the Hessian is singular along (1, …, 1); a constant there fixes the mean and changes no difference.
  const hessian = new Float64Array(n * n).fill(1)
  for (let i = 0; i < n; i++) hessian[i * n + i] = 1 + ridge
  const add = (row: number, column: number, value: number) => {
    hessian[row * n + column] = (hessian[row * n + column] ?? 0) + value
  }
  for (let cell = 0; cell < count.length; cell++) {
    const weight = count[cell] ?? 0
    const i = a[cell] ?? 0
    const j = b[cell] ?? 0
    const chance = 1 / (1 + Math.exp(-base * ((strengths[i] ?? 0) - (strengths[j] ?? 0))))
    const pull = weight * base * ((outcome[cell] ?? 0) - chance)
    gradient[i] = (gradient[i] ?? 0) + pull
    gradient[j] = (gradient[j] ?? 0) - pull
    const stiffness = weight * base * base * chance * (1 - chance)
    add(i, i, stiffness)
    add(j, j, stiffness)
    add(i, j, -stiffness)
    add(j, i, -stiffness)
  }
  return solvePositive(hessian, gradient)
}

function moved(strengths: Float64Array, move: Float64Array, size: number): Float64Array {
  return strengths.map((strength, index) => strength + size * (move[index] ?? 0))
}

function lossOf({ a, b, outcome, count }: Cells, strengths: Float64Array, ridge: number): number {
  let loss = strengths.reduce((sum, strength) => sum + (ridge / 2) * strength * strength, 0)
  for (let cell = 0; cell < count.length; cell++) {
    const margin = base * ((strengths[a[cell] ?? 0] ?? 0) - (strengths[b[cell] ?? 0] ?? 0))
    const won = outcome[cell] ?? 0
    loss += (count[cell] ?? 0) * (won * softplus(-margin) + (1 - won) * softplus(margin))
  }
  return loss
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))
}
