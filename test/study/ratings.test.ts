import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeLeaderboard } from '../../src/study/ratings/leaderboard.ts'
import { seededRandom } from '../../src/study/ratings/random.ts'
import type { Vote } from '../../src/study/ratings/votes.ts'

const base = Math.log(10)
const winners = ['model_a', 'model_b', 'tie', 'tie (bothbad)'] as const

/** Votes of models of known strengths: the odds of A over B are 10^(a - b), a fifth are ties. */
function drawVotes(strengths: readonly number[], count: number, seed: number): Vote[] {
  const random = seededRandom(seed)
  const pick = () => Math.floor(random() * strengths.length)
  return Array.from({ length: count }, () => {
    const a = pick()
    const b = (a + 1 + Math.floor(random() * (strengths.length - 1))) % strengths.length
    const chance = 1 / (1 + 10 ** ((strengths[b] ?? 0) - (strengths[a] ?? 0)))
    const winner = random() < 0.2 ? 'tie' : random() < chance ? 'model_a' : 'model_b'
    return { modelA: `m${a}`, modelB: `m${b}`, winner }
  })
}

/**
 * The published definition done the plain way: each vote is two rows of a logistic regression with +log 10 for A and -log 10 for B, a tie one win and one
 * loss; plain gradient descent on the rows, no counting of equal ones.
 */
function regress(votes: readonly Vote[], models: readonly string[]): number[] {
  const rows = votes.flatMap(({ modelA, modelB, winner }) => {
    const [a, b] = [models.indexOf(modelA), models.indexOf(modelB)]
    return winner === 'model_a'
      ? [
          [a, b, 1],
          [a, b, 1],
        ]
      : winner === 'model_b'
        ? [
            [a, b, 0],
            [a, b, 0],
          ]
        : [
            [a, b, 1],
            [a, b, 0],
          ]
  })
  const weights = models.map(() => 0)
  for (let step = 0; step < 6000; step++) {
    const gradient = models.map(() => 0)
    for (const [a = 0, b = 0, y = 0] of rows) {
      const chance = 1 / (1 + Math.exp(-base * ((weights[a] ?? 0) - (weights[b] ?? 0))))
      gradient[a] = (gradient[a] ?? 0) + base * (y - chance)
      gradient[b] = (gradient[b] ?? 0) - base * (y - chance)
    }
    for (const [model, slope] of gradient.entries()) weights[model] = (weights[model] ?? 0) + (slope / rows.length) * 1.5
  }
  return weights.map((weight) => weight * 400 + 1000)
}

test('gives the ratings of a logistic regression on ±1 votes with ties as half, within a thousandth', () => {
  const votes = drawVotes([0.4, 0.1, 0, -0.2, -0.3], 2000, 1)
  const { places } = computeLeaderboard(votes, { rounds: 0, seed: 0 })
  const models = ['m0', 'm1', 'm2', 'm3', 'm4']
  const expected = regress(votes, models)
  for (const [index, model] of models.entries())
    expect(places.find((place) => place.model === model)?.rating).toBeCloseTo(expected[index] ?? 0, 3)
})

test('an anchor shifts all ratings by the same amount', () => {
  const votes = drawVotes([0.4, 0, -0.2], 1000, 2)
  const free = computeLeaderboard(votes, { rounds: 0, seed: 0 }).places
  const anchored = computeLeaderboard(votes, { rounds: 0, seed: 0, anchor: { model: 'm1', rating: 1114 } }).places
  expect(anchored.find(({ model }) => model === 'm1')?.rating).toBeCloseTo(1114, 9)
  const shifts = anchored.map(({ rating }, index) => rating - (free[index]?.rating ?? 0))
  for (const shift of shifts) expect(shift).toBeCloseTo(shifts[0] ?? 0, 9)
})

test('intervals hold the true differences of models about as often as they say', () => {
  const strengths = [0.3, 0.1, 0, -0.4]
  let inside = 0
  for (let seed = 0; seed < 40; seed++) {
    const { places } = computeLeaderboard(drawVotes(strengths, 800, 100 + seed), {
      rounds: 100,
      seed,
      anchor: { model: 'm2', rating: 1000 },
    })
    const best = places.find(({ model }) => model === 'm0')
    // A fifth of ties pulls ratings together: the model fits 0.8 · p + 0.1.
    const chance = 0.8 / (1 + 10 ** -0.3) + 0.1
    const truth = 1000 + 400 * Math.log10(chance / (1 - chance))
    if (best && best.low <= truth && truth <= best.high) inside++
  }
  expect(inside).toBeGreaterThanOrEqual(32)
})

test('ranks leave apart only what the intervals tell apart', () => {
  const { places } = computeLeaderboard(drawVotes([1, 0, 0, -1], 4000, 3), { rounds: 100, seed: 3 })
  expect(places.map(({ rank, worstRank }) => [rank, worstRank])).toEqual([
    [1, 1],
    [2, 3],
    [2, 3],
    [4, 4],
  ])
})

test('models that no chain of wins and losses connects are named, not given an infinite rating', () => {
  const votes: Vote[] = [
    ...drawVotes([0.2, 0, -0.2], 300, 4),
    { modelA: 'unbeaten', modelB: 'm0', winner: 'model_a' },
    { modelA: 'alone', modelB: 'alone2', winner: 'tie' },
  ]
  const { places, unrated } = computeLeaderboard(votes, { rounds: 20, seed: 1 })
  expect(places.map(({ model }) => model).sort()).toEqual(['m0', 'm1', 'm2'])
  expect(unrated).toEqual(['alone', 'alone2', 'unbeaten'])
})

test('any votes give finite ratings that do not depend on their order', () => {
  const vote = fc.record({
    modelA: fc.constantFrom('a', 'b', 'c', 'd'),
    modelB: fc.constantFrom('a', 'b', 'c', 'd'),
    winner: fc.constantFrom(...winners),
  })
  fc.assert(
    fc.property(fc.array(vote, { maxLength: 40 }), (votes) => {
      const board = computeLeaderboard(votes, { rounds: 5, seed: 7 })
      expect(board.places.every(({ rating, low, high }) => Number.isFinite(rating) && Number.isFinite(low) && Number.isFinite(high))).toBe(
        true,
      )
      expect(computeLeaderboard(votes.toReversed(), { rounds: 5, seed: 7 })).toEqual(board)
      expect(new Set([...board.places.map(({ model }) => model), ...board.unrated]).size).toBe(board.places.length + board.unrated.length)
    }),
    { numRuns: 300 },
  )
})
