import { expect, test } from 'vitest'
import { computeLeaderboard } from '../../src/study/ratings/leaderboard.ts'
import { seededRandom } from '../../src/study/ratings/random.ts'
import type { Vote } from '../../src/study/ratings/votes.ts'

const options = { rounds: 0, seed: 0 }

/** Votes of honest people: m0 wins four times in five against the others; m1 and m2 are equal. */
function drawHonest(judges: number, each: number, seed: number): Vote[] {
  const random = seededRandom(seed)
  return Array.from({ length: judges * each }, (_, at) => {
    const [a, b] = random() < 0.5 ? [0, 1 + Math.floor(random() * 2)] : [1, 2]
    const won = random() < (a === 0 ? 0.8 : 0.5)
    const isSwapped = random() < 0.5
    const winner = random() < 0.1 ? 'tie' : won !== isSwapped ? 'model_a' : 'model_b'
    return {
      modelA: `m${isSwapped ? b : a}`,
      modelB: `m${isSwapped ? a : b}`,
      winner,
      judge: `judge${at % judges}`,
      votedAt: '2026-03-01T10:00:00Z',
    }
  })
}

/** The test for one voter the plain way: all won and lost votes of the pair in a list, products as they are written down. */
function isRejected(votes: readonly Vote[], judge: string): boolean {
  const score = (vote: Vote) => {
    const isFirst = vote.modelA < vote.modelB
    return vote.winner === 'model_a' ? Number(isFirst) : vote.winner === 'model_b' ? Number(!isFirst) : 0.5
  }
  const own = votes.filter((vote) => vote.judge === judge)
  let [upper, lower] = [1, 1]
  for (const vote of own.length < 5 ? [] : own.slice(0, 100)) {
    const pair = [vote.modelA, vote.modelB].sort().join()
    const history = votes.filter((other) => [other.modelA, other.modelB].sort().join() === pair && score(other) !== 0.5).map(score)
    if (score(vote) === 0.5) continue
    upper *= 1 / (2 * (history.filter((value) => value <= score(vote)).length / history.length))
    lower *= 1 / (2 * (history.filter((value) => value >= score(vote)).length / history.length))
    if (upper > 20 || lower > 20) return true
  }
  return false
}

test('a voter who keeps voting against everybody is left out, and honest voters stay', () => {
  const honest = drawHonest(40, 20, 1)
  const bought: Vote[] = Array.from({ length: 30 }, () => ({ modelA: 'm0', modelB: 'm1', winner: 'model_b', judge: 'bought' }))
  const board = computeLeaderboard([...honest, ...bought], options)
  expect(board.anomalies.map(({ judge }) => judge)).toContain('bought')
  expect(board.anomalies.length).toBeLessThanOrEqual(4)
  expect(board.anomalies.find(({ judge }) => judge === 'bought')?.votes).toBeLessThan(10)
  expect(board.excluded.anomalous).toBeGreaterThanOrEqual(30)
})

test('the check of voters is the published product, written down vote by vote', () => {
  const votes = [
    ...drawHonest(25, 12, 2),
    ...Array.from({ length: 6 }, (): Vote => ({ modelA: 'm2', modelB: 'm0', winner: 'model_a', judge: 'six' })),
    ...Array.from({ length: 4 }, (): Vote => ({ modelA: 'm2', modelB: 'm0', winner: 'model_a', judge: 'four' })),
  ]
  const found = new Set(computeLeaderboard(votes, options).anomalies.map(({ judge }) => judge))
  const judges = [...new Set(votes.map(({ judge }) => judge ?? ''))]
  expect(judges.filter((judge) => found.has(judge))).toEqual(judges.filter((judge) => isRejected(votes, judge)))
  expect([found.has('six'), found.has('four')]).toEqual([true, false])
})

test('of each voter only the first votes of a day count where there is a cap', () => {
  const day = (judge: string, at: string, winner: Vote['winner']): Vote => ({ modelA: 'a', modelB: 'b', winner, judge, votedAt: at })
  const votes = [
    day('x', '2026-03-01T00:00:00Z', 'model_a'),
    day('x', '2026-03-01T23:59:59Z', 'model_b'),
    day('x', '2026-03-01T23:59:59Z', 'model_b'),
    day('x', '2026-03-02T00:00:00Z', 'model_b'),
    day('y', '2026-03-01T00:00:00Z', 'model_b'),
  ]
  const board = computeLeaderboard(votes, { ...options, dailyVotes: 2 })
  expect([board.votes, board.excluded.capped]).toEqual([4, 1])
  expect(board.byDay).toEqual([
    { day: '2026-03-01', votes: 3 },
    { day: '2026-03-02', votes: 1 },
  ])
  expect(computeLeaderboard(votes, options).votes).toBe(5)
})

test('named votes count only where asked for, and categories pick theirs', () => {
  const vote = (winner: Vote['winner'], more: Partial<Vote>): Vote => ({ modelA: 'a', modelB: 'b', winner, ...more })
  const votes = [
    vote('model_a', { language: 'English', isHard: true }),
    vote('model_b', { language: 'English', isCoding: true }),
    vote('tie', { language: 'German' }),
    vote('model_a', { anonymous: false, language: 'German' }),
  ]
  const count = (category: string) => computeLeaderboard(votes, { ...options, category }).votes
  expect(['all', 'hard', 'coding', 'language:English', 'language:German'].map(count)).toEqual([3, 1, 1, 2, 1])
  expect(computeLeaderboard(votes, { ...options, withNamed: true }).votes).toBe(4)
  expect(() => count('language:Klingon')).toThrow(
    "There is no category 'language:Klingon' among these votes. Categories: all, hard, coding, language:English, language:German.",
  )
})

test('the matrix counts wins and ties of each pair from both sides', () => {
  const votes: Vote[] = [
    { modelA: 'a', modelB: 'b', winner: 'model_a' },
    { modelA: 'b', modelB: 'a', winner: 'model_b' },
    { modelA: 'b', modelB: 'a', winner: 'model_a' },
    { modelA: 'a', modelB: 'b', winner: 'tie (bothbad)' },
  ]
  const { matrix } = computeLeaderboard(votes, options)
  expect(matrix).toEqual({
    models: ['a', 'b'],
    wins: [
      [0, 2],
      [1, 0],
    ],
    ties: [
      [0, 1],
      [1, 0],
    ],
  })
})
