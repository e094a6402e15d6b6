import { atThreshold, type Scored } from '../../src/curate/moderation/metrics.ts'

/** What a message's windows gave for one output. */
export interface Reading {
  highest: number
  mean: number
  windows: number
  target: number
  weight: number
  isReal: boolean
}

/** Logistic regression of the target on highest window, mean and ln(windows), by Newton's method with a little ridge. */
export function fitCalibration(readings: readonly Reading[]): [number, number, number, number] {
  let theta = [1, 0, 0, 0]
  const rows = readings.map(({ highest, mean, windows }) => [highest, mean, Math.log(windows), 1])
  const prior = [1, 0, 0, 0]
  for (let pass = 0; pass < 25; pass += 1) {
    const gradient = theta.map((value, at) => 2 * (value - (prior[at] ?? 0)))
    const hessian: number[][] = theta.map((_, a) => theta.map((__, b): number => (a === b ? 2 : 0)))
    readings.forEach(({ target, weight }, index) => {
      const row = rows[index] ?? []
      const logit = row.reduce((sum, value, at) => sum + value * (theta[at] ?? 0), 0)
      const p = 1 / (1 + Math.exp(-logit))
      for (let a = 0; a < 4; a += 1) {
        gradient[a] = (gradient[a] ?? 0) + weight * (p - target) * (row[a] ?? 0)
        const line = hessian[a] ?? []
        for (let b = 0; b < 4; b += 1) line[b] = (line[b] ?? 0) + weight * Math.max(1e-4, p * (1 - p)) * (row[a] ?? 0) * (row[b] ?? 0)
      }
    })
    const step = solve(hessian, gradient)
    theta = theta.map((value, at) => value - Math.max(-1, Math.min(1, step[at] ?? 0)))
  }
  return [theta[0] ?? 1, theta[1] ?? 0, theta[2] ?? 0, theta[3] ?? 0]
}

/** The lowest threshold in [.35, .6] that keeps the wanted precision, in steps of .01; .6 where none does. */
export function chooseThreshold(cases: readonly Scored[], precision: number): number {
  for (let threshold = 35; threshold <= 60; threshold += 1) {
    const measured = atThreshold(cases, threshold / 100)
    if (measured.called > 0 && measured.precision >= precision) return threshold / 100
  }
  return 0.6
}

function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0])
  for (let column = 0; column < rows.length; column += 1) {
    let best = column
    for (let row = column; row < rows.length; row += 1)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = row
    const kept = rows[column] ?? []
    rows[column] = rows[best] ?? []
    rows[best] = kept
    for (let row = 0; row < rows.length; row += 1) {
      if (row === column) continue
      const factor = (rows[row]?.[column] ?? 0) / (rows[column]?.[column] ?? 1)
      for (let at = column; at <= rows.length; at += 1)
        (rows[row] as number[])[at] = (rows[row]?.[at] ?? 0) - factor * (rows[column]?.[at] ?? 0)
    }
  }
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1))
}
