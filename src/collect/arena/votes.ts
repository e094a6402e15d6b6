import { z } from 'zod'
import type { Database } from '../../storage/database.ts'
import { type Chat, messagesOf, pathTo, type StoredVote } from '../chat/chat.ts'
import { stateOf, toStamp } from '../chat/record.ts'
import { isBlind } from '../chat/view.ts'
import { SiteError } from '../errors.ts'
import type { BattleEvent } from '../event.ts'
import type { Origin } from '../guards/address.ts'
import type { Site } from '../site.ts'

/** The four votes. */
export type Winner = StoredVote['winner']

const eventTypes = { left: 'leftvote', right: 'rightvote', tie: 'tievote', 'both-bad': 'bothbad_vote' } as const satisfies Record<
  Winner,
  BattleEvent['type']
>
const rowWinners = { left: 'model_a', right: 'model_b', tie: 'tie', 'both-bad': 'tie (bothbad)' } as const satisfies Record<Winner, string>

/**
 * Casts the one vote of a battle or comparison, on disk before it is told, and reveals the models.
 * @throws SiteError 409 `vote-cast`, `vote-too-early`, `turn-running`; 503 `log-unwritable`.
 */
export async function castVote(site: Site, chat: Chat, winner: Winner, origin: Origin): Promise<void> {
  // One after the other: a vote looks at those before it, on its pair and of its person.
  await site.voting(() => castInTurn(site, chat, winner, origin))
}

async function castInTurn(site: Site, chat: Chat, winner: Winner, origin: Origin): Promise<void> {
  if (chat.vote) throw new SiteError(409, 'vote-cast', 'You have voted on this pair. Begin a new round for another vote.')
  if (chat.live) throw new SiteError(409, 'turn-running', 'Wait for both answers, or stop them.')
  const path = pathTo(chat, chat.head)
  if (path.length === 0) throw new SiteError(409, 'vote-too-early', 'Read both answers first.')
  const votedAt = site.now()
  const vote: StoredVote = { winner, votedAt: votedAt.getTime(), exclusion: await exclusionOf(site, chat, origin) }
  // Taken back where it cannot be recorded.
  const wasBlind = isBlind(chat)
  chat.vote = vote
  try {
    if (chat.keep) await site.eventLog.append(await toEvent(site, chat, vote, wasBlind))
  } catch (error) {
    chat.vote = null
    throw error
  }
  site.meters.vote(winner, vote.exclusion === null)
  await site.store.save(chat)
  if (chat.keep) await saveVote(site, chat, vote, origin)
}

/** Why a vote will not count in the leaderboard; null where it does. */
async function exclusionOf(site: Site, chat: Chat, origin: Origin): Promise<StoredVote['exclusion']> {
  if (!chat.keep) return 'not-kept'
  if (chat.kind === 'compare') return 'named'
  if (chat.hasLeaked) return 'identity-leak'
  const last = chat.head === null ? undefined : chat.turns.get(chat.head)
  if (last?.answers.some(({ finish, text }) => finish === 'error' || finish === 'blocked' || text === '')) return 'failed-answer'
  const day = new Date(site.now().getTime() - 24 * 3600 * 1000)
  const sql = `select count(*) filter (where judge = $1) as mine, count(*) filter (where address = $2) as near
    from collect_votes where (judge = $1 or address = $2) and voted_at > $3 and exclusion is null`
  const [count] = await site.database.select(z.object({ mine: z.number(), near: z.number() }), sql, [chat.person, origin.address, day])
  const isCapped = (count?.mine ?? 0) >= site.limits.votesPerPerson || (count?.near ?? 0) >= site.limits.votesPerAddress
  return isCapped ? 'vote-cap' : null
}

async function toEvent(site: Site, chat: Chat, vote: StoredVote, wasBlind: boolean): Promise<BattleEvent> {
  const consent = await site.people.consentOf(chat.person)
  return {
    schema: 1,
    type: eventTypes[vote.winner],
    tstamp: toStamp(vote.votedAt),
    models: wasBlind ? ['', ''] : [chat.models[0] ?? '', chat.models[1] ?? ''],
    states: [stateOf(chat, chat.head, 0), stateOf(chat, chat.head, 1)],
    user: chat.person,
    ...(consent ? { consent } : {}),
    ...(vote.exclusion === null ? {} : { excluded: vote.exclusion }),
  }
}

async function saveVote(site: Site, chat: Chat, { winner, votedAt, exclusion }: StoredVote, origin: Origin): Promise<void> {
  const path = pathTo(chat, chat.head)
  const features = site.describeBattle ? await site.describeBattle(messagesOf(path, 0), messagesOf(path, 1)) : null
  await site.database.change(
    `insert into collect_votes (battle, model_a, model_b, winner, is_anonymous, judge, address, voted_at, exclusion, features)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb) on conflict (battle) do nothing`,
    [
      chat.id,
      chat.models[0] ?? '',
      chat.models[1] ?? '',
      rowWinners[winner],
      chat.kind === 'battle',
      chat.person,
      origin.address,
      new Date(votedAt),
      exclusion,
      JSON.stringify(features),
    ],
  )
}

const VoteRow = z.object({
  number: z.number(),
  battle: z.string(),
  model_a: z.string(),
  model_b: z.string(),
  winner: z.enum(['model_a', 'model_b', 'tie', 'tie (bothbad)']),
  is_anonymous: z.boolean(),
  judge: z.string(),
  voted_at: z.date(),
  exclusion: z.string().nullable(),
  features: z.unknown(),
})

/** A vote as the leaderboard reads it. `number` ascends; `features`: what `describeBattle` made of the battle; `judge`: keyed hash. */
export interface RecordedVote {
  number: number
  battle: string
  modelA: string
  modelB: string
  winner: z.infer<typeof VoteRow>['winner']
  isAnonymous: boolean
  judge: string
  votedAt: string
  /** Why it does not count; null where it does. */
  exclusion: string | null
  features: unknown
}

/** The next votes after `number`, oldest first: at most `limit`, so that a leaderboard can be brought up to date by what is new. */
export async function readVotes(database: Database, after: number, limit = 10_000): Promise<RecordedVote[]> {
  const rows = await database.select(VoteRow, 'select * from collect_votes where number > $1 order by number limit $2', [after, limit])
  return rows.map(({ model_a, model_b, is_anonymous, voted_at, ...rest }) => ({
    ...rest,
    modelA: model_a,
    modelB: model_b,
    isAnonymous: is_anonymous,
    votedAt: voted_at.toISOString(),
  }))
}
