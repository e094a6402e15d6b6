import { rate } from '../src/study/ratings/leaderboard.ts'
import { seededRandom } from '../src/study/ratings/random.ts'
import { openVotes, type Vote } from '../src/study/ratings/votes.ts'

/** Votes among models of spread strengths, with styles, voters and days. */
function* drawVotes(count: number, models: number): Iterable<Vote> {
  const random = seededRandom(1)
  const style = () => ({
    length: Math.floor(random() * 800),
    headers: Math.floor(random() * 3),
    lists: Math.floor(random() * 8),
    bold: Math.floor(random() * 6),
  })
  for (let at = 0; at < count; at++) {
    const a = Math.floor(random() * models)
    const b = (a + 1 + Math.floor(random() * (models - 1))) % models
    const chance = 1 / (1 + 10 ** ((b - a) / models))
    yield {
      modelA: `m${a}`,
      modelB: `m${b}`,
      winner: random() < 0.2 ? 'tie' : random() < chance ? 'model_a' : 'model_b',
      judge: `judge${Math.floor(random() * (count / 8))}`,
      votedAt: new Date(1.7e12 + at * 30_000).toISOString(),
      style: [style(), style()],
    }
  }
}

/** Runs something; processor seconds of this process and wall seconds. */
function measure(run: () => void): Record<string, number> {
  const from = process.cpuUsage()
  const startedAt = performance.now()
  run()
  return {
    'wall s': Number(((performance.now() - startedAt) / 1000).toFixed(1)),
    'processor s': Number((process.cpuUsage(from).user / 1e6).toFixed(1)),
  }
}

const store = openVotes()

/** A million votes among a hundred models: reading in, a board with a hundred bootstrap rounds, one with style control, and a hundred votes more. */
export const trials: { name: string; run(): Promise<Record<string, number | string>> }[] = [
  {
    name: 'ratings: a million votes added to the store',
    async run() {
      const votes = [...drawVotes(1_000_000, 100)]
      return measure(() => store.add(votes))
    },
  },
  {
    name: 'ratings: Bradley–Terry, 100 bootstrap rounds, daily cap and check of voters',
    async run() {
      return measure(() => rate(store.columns(), { rounds: 100, seed: 1, dailyVotes: 50 }))
    },
  },
  {
    name: 'ratings: with style control, 100 bootstrap rounds',
    async run() {
      return measure(() => rate(store.columns(), { rounds: 100, seed: 1, dailyVotes: 50, isStyleControlled: true }))
    },
  },
  {
    name: 'ratings: a hundred votes more and a board without intervals',
    async run() {
      const votes = [...drawVotes(100, 100)]
      return measure(() => {
        store.add(votes)
        rate(store.columns(), { rounds: 0, seed: 1, dailyVotes: 50 })
      })
    },
  },
]
