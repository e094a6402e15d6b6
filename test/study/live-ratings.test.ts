import { afterEach, expect, test } from 'vitest'
import { openSiteLeaderboard, type SiteLeaderboard, type SiteVote } from '../../src/cli/collect.leaderboard.ts'
import { silentLog } from '../../src/log.ts'
import { computeLeaderboard } from '../../src/study/ratings/leaderboard.ts'
import { type LiveRatings, type NumberedVote, openLiveRatings } from '../../src/study/ratings/live.ts'
import { seededRandom } from '../../src/study/ratings/random.ts'
import type { Vote } from '../../src/study/ratings/votes.ts'

let opened: (LiveRatings | SiteLeaderboard)[] = []
afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()))
  opened = []
})

function drawVotes(count: number): Vote[] {
  const random = seededRandom(9)
  return Array.from({ length: count }, () => {
    const a = Math.floor(random() * 3)
    const b = (a + 1 + Math.floor(random() * 2)) % 3
    return {
      modelA: `m${a}`,
      modelB: `m${b}`,
      winner: random() < 0.5 ? 'model_a' : 'model_b',
      language: random() < 0.5 ? 'English' : 'Thai',
    }
  })
}

/** Votes that can be added to, and which reads were made. */
function openSource() {
  const votes: NumberedVote[] = []
  const reads: number[] = []
  const clock = { at: 0 }
  const ratings = openLiveRatings({
    now: () => new Date(clock.at),
    rounds: 5,
    seed: 1,
    maxAgeMs: 1000,
    async readAfter(number, limit) {
      reads.push(number)
      return votes.filter((one) => one.number > number).slice(0, limit)
    },
  })
  opened.push(ratings)
  const add = (more: readonly Vote[]) => {
    for (const vote of more) votes.push({ number: votes.length + 1, vote })
  }
  return { ratings, reads, clock, add }
}

const all = { category: 'all', isStyleControlled: false }

test('a live board is that of the same votes at once, and later votes are read from where it stopped', async () => {
  const { ratings, reads, clock, add } = openSource()
  const votes = drawVotes(300)
  add(votes.slice(0, 200))
  const { voters, categories, computedAt, ...first } = await ratings.board(all)
  const { anomalies, ...expected } = computeLeaderboard(votes.slice(0, 200), { rounds: 5, seed: 1 })
  expect([first, voters.rejected, computedAt]).toEqual([expected, anomalies.length, '1970-01-01T00:00:00.000Z'])
  expect(categories.map(({ name }) => name)).toEqual(['all', 'language:English', 'language:Thai'])
  add(votes.slice(200))
  expect((await ratings.board(all)).votes).toBe(200)
  clock.at = 2000
  const later = await ratings.board(all)
  expect(later.places).toEqual(computeLeaderboard(votes, { rounds: 5, seed: 1 }).places)
  expect(reads).toEqual([0, 200])
  const thai = await ratings.board({ category: 'language:Thai', isStyleControlled: false })
  expect(thai.votes).toBe(computeLeaderboard(votes, { rounds: 0, seed: 1, category: 'language:Thai' }).votes)
  await expect(ratings.board({ category: 'language:Elvish', isStyleControlled: false })).rejects.toMatchObject({ code: 'category-unknown' })
})

test('without votes there is an empty board', async () => {
  const { ratings } = openSource()
  expect(await ratings.board(all)).toMatchObject({ places: [], votes: 0, categories: [{ name: 'all', votes: 0 }] })
})

test('the site’s leaderboard counts hidden, unexcluded votes with the features of their battles', async () => {
  const votes: SiteVote[] = []
  const site = openSiteLeaderboard({
    now: () => new Date('2026-03-01T00:00:00Z'),
    log: silentLog,
    readVotes: async (after, limit) => votes.filter(({ number }) => number > after).slice(0, limit),
  })
  opened.push(site)
  const question = { role: 'user' as const, content: 'Wie spät ist es jetzt in der Stadt München, und warum ist das dort so?' }
  const features = await site.describeBattle(
    [question, { role: 'assistant', content: '# Uhr\nZwölf.' }],
    [question, { role: 'assistant', content: '```\nzwölf\n```' }],
  )
  expect(features).toMatchObject({ language: 'German', isCoding: true, isHard: false, style: [{ headers: 1 }, { headers: 0 }] })
  const vote = (winner: SiteVote['winner'], more: Partial<SiteVote> = {}): SiteVote => ({
    number: votes.length + 1,
    modelA: 'a',
    modelB: 'b',
    winner,
    isAnonymous: true,
    judge: 'j',
    votedAt: '2026-03-01T00:00:00.000Z',
    exclusion: null,
    features,
    ...more,
  })
  votes.push(vote('model_a'))
  votes.push(vote('tie', { features: null }))
  votes.push(vote('model_b', { exclusion: 'vote-cap' }))
  votes.push(vote('model_b', { isAnonymous: false }))
  const board = await site.leaderboard(new URLSearchParams('category=&style='))
  expect(board).toMatchObject({
    votes: 2,
    excluded: { named: 2 },
    categories: [
      { name: 'all', votes: 2 },
      { name: 'coding', votes: 1 },
      { name: 'language:German', votes: 1 },
    ],
  })
  expect(await site.leaderboard(new URLSearchParams('style=true&category=coding'))).toMatchObject({ votes: 1, isStyleControlled: true })
})
