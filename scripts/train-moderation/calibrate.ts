/** What a message's windows gave for one output: the inputs of calibration, and what it is. */
export interface Reading {
  inputs: readonly number[]
  target: number
  weight: number
  isReal: boolean
}

/** Weights of the inputs before any text is seen: half a vote for each stage's highest window. */
const prior = [0.5, 0, 0.5, 0, 0, 0]

/** Logistic regression of the target on the inputs, by Newton's method with a little ridge. */
export function fitCalibration(readings: readonly Reading[]): number[] {
  let theta = [...prior]
  const width = prior.length
  for (let pass = 0; pass < 25; pass += 1) {
    const gradient = theta.map((value, at) => 3 * (value - (prior[at] ?? 0)))
    const hessian: number[][] = theta.map((_, a) => theta.map((__, b): number => (a === b ? 3 : 0)))
    for (const { inputs, target, weight } of readings) {
      const p = 1 / (1 + Math.exp(-inputs.reduce((sum, value, at) => sum + value * (theta[at] ?? 0), 0)))
      for (let a = 0; a < width; a += 1) {
        gradient[a] = (gradient[a] ?? 0) + weight * (p - target) * (inputs[a] ?? 0)
        const line = hessian[a] ?? []
        for (let b = 0; b < width; b += 1)
          line[b] = (line[b] ?? 0) + weight * Math.max(1e-4, p * (1 - p)) * (inputs[a] ?? 0) * (inputs[b] ?? 0)
      }
    }
    const step = solve(hessian, gradient)
    theta = theta.map((value, at) => value - Math.max(-1, Math.min(1, step[at] ?? 0)))
  }
  return theta
}

/** A calibrated score, what it is, and how much the text counts. */
export interface Weighed {
  score: number
  isPositive: boolean
  weight: number
}

/** The lowest threshold from `lowest` (hundredths) to .6 that keeps the wanted precision, texts counted by their weight; .6 where none does. */
export function chooseThreshold(cases: readonly Weighed[], { precision, lowest }: { precision: number; lowest: number }): number {
  for (let threshold = lowest; threshold <= 60; threshold += 1) {
    const called = cases.filter(({ score }) => score >= threshold / 100)
    const right = called.reduce((sum, { isPositive, weight }) => sum + (isPositive ? weight : 0), 0)
    if (called.length > 0 && right >= precision * called.reduce((sum, { weight }) => sum + weight, 0)) return threshold / 100
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
