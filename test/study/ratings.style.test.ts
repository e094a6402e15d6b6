import { expect, test } from 'vitest'
import { computeLeaderboard } from '../../src/study/ratings/leaderboard.ts'
import { seededRandom } from '../../src/study/ratings/random.ts'
import { countStyle, hasCode, type Style } from '../../src/study/ratings/style.ts'
import type { Vote } from '../../src/study/ratings/votes.ts'

const base = Math.log(10)
const strengths = [0.3, 0, -0.2]

/** Votes in which longer answers win more often, by `pull` for a whole normalised difference; m0 writes long answers. */
function drawStyled(count: number, seed: number, pull: number): Vote[] {
  const random = seededRandom(seed)
  const draw = (model: number): Style => ({
    length: Math.floor(50 + 400 * random() + (model === 0 ? 500 : 0)),
    headers: Math.floor(random() * 3),
    lists: Math.floor(random() * 6),
    bold: Math.floor(random() * 5),
  })
  return Array.from({ length: count }, () => {
    const a = Math.floor(random() * 3)
    const b = (a + 1 + Math.floor(random() * 2)) % 3
    const style = [draw(a), draw(b)] as const
    const lengthDifference = (style[0].length - style[1].length) / (style[0].length + style[1].length + 1)
    const margin = base * ((strengths[a] ?? 0) - (strengths[b] ?? 0)) + pull * lengthDifference
    const winner = random() < 0.15 ? 'tie' : random() < 1 / (1 + Math.exp(-margin)) ? 'model_a' : 'model_b'
    return { modelA: `m${a}`, modelB: `m${b}`, winner, style }
  })
}

/**
 * The published definition the plain way: battles twice, a tie once as won and once as lost, sklearn's LogisticRegression (C = 1: the sum of log losses and half
 * of the squared length) on ± log 10 for the models and the four normalised, standardised differences, without an intercept; plain gradient descent.
 */
function regress(votes: readonly Vote[]): { ratings: number[]; coefficients: number[] } {
  const names = ['m0', 'm1', 'm2']
  const elements = ['length', 'headers', 'lists', 'bold'] as const
  const raw = votes.map(({ style }) =>
    elements.map((name) => ((style?.[0][name] ?? 0) - (style?.[1][name] ?? 0)) / ((style?.[0][name] ?? 0) + (style?.[1][name] ?? 0) + 1)),
  )
  const columns = elements.map((_, column) => {
    const values = raw.map((row) => row[column] ?? 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return values.map((value) => (value - mean) / deviation)
  })
  const rows = votes.flatMap(({ modelA, modelB, winner }, vote) => {
    const x = [
      ...names.map((name) => (name === modelA ? base : name === modelB ? -base : 0)),
      ...columns.map((column) => column[vote] ?? 0),
    ]
    const results = winner === 'model_a' ? [1, 1] : winner === 'model_b' ? [0, 0] : [1, 0]
    return results.map((y) => ({ x, y }))
  })
  const weights = new Array<number>(7).fill(0)
  for (let step = 0; step < 4000; step++) {
    const gradient = weights.map((weight) => -weight)
    for (const { x, y } of rows) {
      const chance = 1 / (1 + Math.exp(-x.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)))
      for (const [at, value] of x.entries()) gradient[at] = (gradient[at] ?? 0) + value * (y - chance)
    }
    for (const [at, slope] of gradient.entries()) weights[at] = (weights[at] ?? 0) + (slope / rows.length) * 0.7
  }
  return { ratings: weights.slice(0, 3).map((weight) => weight * 400 + 1000), coefficients: weights.slice(3) }
}

test('style control gives the ratings and coefficients of the published regression, within a thousandth', () => {
  const votes = drawStyled(1200, 5, 1.5)
  const { places, style } = computeLeaderboard(votes, { rounds: 0, seed: 0, isStyleControlled: true })
  const expected = regress(votes)
  for (const [index, rating] of expected.ratings.entries())
    expect(places.find(({ model }) => model === `m${index}`)?.rating).toBeCloseTo(rating, 3)
  for (const [index, coefficient] of expected.coefficients.entries()) expect(style[index]?.coefficient).toBeCloseTo(coefficient, 3)
})

test('style control takes out what length is worth to voters', () => {
  const votes = drawStyled(6000, 6, 2.5)
  const lead = (isStyleControlled: boolean) => {
    const { places } = computeLeaderboard(votes, { rounds: 0, seed: 0, isStyleControlled })
    const rating = (name: string) => places.find(({ model }) => model === name)?.rating ?? 0
    return rating('m0') - rating('m1')
  }
  // True strengths: 120 points; ties pull together to 0.85 p + 0.075, about 100.
  expect(lead(true)).toBeGreaterThan(60)
  expect(lead(true)).toBeLessThan(150)
  expect(lead(false)).toBeGreaterThan(lead(true) + 80)
  const [length, ...others] = computeLeaderboard(votes, { rounds: 50, seed: 1, isStyleControlled: true }).style
  expect(length?.low).toBeGreaterThan(0)
  for (const { low, high } of others) expect(low < 0.08 && high > -0.08).toBe(true)
})

test('votes without a style are left out of style control, and equal styles change nothing', () => {
  const plain = drawStyled(400, 7, 0).map(({ style: _, ...vote }) => vote)
  expect(computeLeaderboard(plain, { rounds: 0, seed: 0, isStyleControlled: true }).votes).toBe(0)
  const same = { length: 10, headers: 0, lists: 0, bold: 0 }
  const board = computeLeaderboard(
    plain.map((vote) => ({ ...vote, style: [same, same] as const })),
    { rounds: 0, seed: 0, isStyleControlled: true },
  )
  expect(board.style.map(({ coefficient }) => coefficient)).toEqual([0, 0, 0, 0])
})

test('Markdown outside code blocks is counted as the published script counts it', () => {
  const answer =
    '# Head\n\n## Second\n- one\n* two\n1. three\n\n**bold** and __bold__, not ** this\n```python\n# no head\n- no item\n```\n####### no'
  expect(countStyle([answer, '- more'])).toEqual({ length: answer.length + 7, headers: 2, lists: 4, bold: 2 })
  expect(countStyle([answer], 17).length).toBe(17)
  expect([hasCode(['hi', answer]), hasCode(['a `word`'])]).toEqual([true, false])
})
