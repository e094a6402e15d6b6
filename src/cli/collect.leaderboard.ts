import { z } from 'zod'
import type { Conversation, Message } from '../conversation.ts'
import { createLabeller } from '../curate/registry.ts'
import type { Log } from '../log.ts'
import { openLiveRatings } from '../study/ratings/live.ts'
import { hardDifficulty } from '../study/ratings/read-votes.ts'
import { countStyle, hasCode } from '../study/ratings/style.ts'
import type { Vote } from '../study/ratings/votes.ts'

/** A vote as the collection site hands it over; votes with an exclusion do not count. */
export interface SiteVote {
  number: number
  modelA: string
  modelB: string
  winner: Vote['winner']
  isAnonymous: boolean
  judge: string
  votedAt: string
  exclusion: string | null
  features: unknown
}

/** The collection site's leaderboard. */
export interface SiteLeaderboard {
  /** `category` (`all` unless told) and `style` (`true` for style control) of the query. @throws InputError `category-unknown` */
  leaderboard(query: URLSearchParams): Promise<unknown>
  /** What the leaderboard wants to know of a battle beside its vote: language, hardness and code of the prompts, style of the answers; null where that fails. */
  describeBattle(left: readonly Message[], right: readonly Message[]): Promise<unknown>
  close(): Promise<void>
}

const styleSchema = z.object({ length: z.number(), headers: z.number(), lists: z.number(), bold: z.number() })
const featuresSchema = z.object({
  language: z.string().optional(),
  isHard: z.boolean(),
  isCoding: z.boolean(),
  style: z.tuple([styleSchema, styleSchema]),
})

/** Boards are at most this old when there are new votes. */
const maxAgeMs = 5000
const bootstrapRounds = 100

/** Opens the leaderboard of a site's votes, which `readVotes` gives by number. Nothing is loaded or started before it is first asked. */
export function openSiteLeaderboard(given: {
  readVotes(after: number, limit: number): Promise<readonly SiteVote[]>
  now(): Date
  log: Log
}): SiteLeaderboard {
  const ratings = openLiveRatings({
    now: given.now,
    rounds: bootstrapRounds,
    seed: 42,
    maxAgeMs,
    async readAfter(number, limit) {
      const votes = await given.readVotes(number, limit)
      return votes.map((vote) => ({ number: vote.number, vote: toVote(vote) }))
    },
  })
  let labellers: ReturnType<typeof openLabellers> | undefined
  return {
    leaderboard: (query) => ratings.board({ category: query.get('category') || 'all', isStyleControlled: query.get('style') === 'true' }),
    async describeBattle(left, right) {
      try {
        labellers ??= openLabellers()
        return await describe(await labellers, left, right)
      } catch (error) {
        // A vote counts in `all` without its features: losing it would be worse.
        given.log.error('leaderboard.not-described', { error: error instanceof Error ? error.name : 'unknown' })
        return null
      }
    },
    close: () => ratings.close(),
  }
}

/** Excluded votes keep their place in the order but count as named ones of nobody, which no board takes. */
function toVote({ modelA, modelB, winner, isAnonymous, judge, votedAt, exclusion, features }: SiteVote): Vote {
  const known = featuresSchema.safeParse(features).data
  return {
    modelA,
    modelB,
    winner,
    votedAt,
    anonymous: isAnonymous && exclusion === null,
    judge,
    ...(known?.language === undefined ? {} : { language: known.language }),
    ...(known ? { isHard: known.isHard, isCoding: known.isCoding, style: known.style } : {}),
  }
}

async function openLabellers() {
  const [language, quality] = await Promise.all([
    createLabeller({ name: 'language', settings: {} }),
    createLabeller({ name: 'quality', settings: {} }),
  ])
  return { language, quality }
}

const languageSchema = z.object({ name: z.string() })
const qualitySchema = z.object({ difficulty: z.number() })

async function describe(
  { language, quality }: Awaited<ReturnType<typeof openLabellers>>,
  left: readonly Message[],
  right: readonly Message[],
): Promise<z.infer<typeof featuresSchema>> {
  const conversation: Conversation = { id: '', model: '', messages: [...left], turns: 0, source: { file: '', line: 0 } }
  const { name } = languageSchema.parse(await language.label(conversation))
  const { difficulty } = qualitySchema.parse(await quality.label(conversation))
  const styleOf = (messages: readonly Message[]) =>
    countStyle(messages.filter(({ role }) => role === 'assistant').map(({ content }) => content))
  return {
    language: name,
    isHard: difficulty >= hardDifficulty,
    isCoding: hasCode([...left, ...right].map(({ content }) => content)),
    style: [styleOf(left), styleOf(right)],
  }
}
