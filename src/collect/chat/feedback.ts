import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { SiteError } from '../errors.ts'
import type { VoteEvent } from '../event.ts'
import { anyoneRoute, nothing, personRoute, readInput, reply, type SiteRoute } from '../routes.ts'
import type { Site } from '../site.ts'
import { storable } from '../text.ts'
import { type Chat, FactsRow, pathTo } from './chat.ts'
import { stateOf, toStamp } from './record.ts'
import { findChat, findTurn } from './routes.ts'
import { type StoredTurn, TurnRow } from './turn.ts'
import { isBlind, viewTurn } from './view.ts'

const Feedback = z.strictObject({
  side: z.union([z.literal(0), z.literal(1)]).default(0),
  verdict: z.enum(['up', 'down', 'flag']),
  reason: z.string().max(100).optional(),
  comment: z.string().max(2000).optional(),
})
const base = '/api/chat/conversations/:id'
const types = { up: 'upvote', down: 'downvote', flag: 'flag' } as const satisfies Record<
  z.infer<typeof Feedback>['verdict'],
  VoteEvent['type']
>

/** What people say of answers, and links that show a conversation to others. */
export const feedbackRoutes: SiteRoute[] = [
  personRoute({ method: 'POST', path: `${base}/turns/:turn/feedback` }, async (call) => {
    const { site, request } = call
    const chat = await findChat(call)
    const said = await readInput(request, Feedback)
    const turn = findTurn(chat, call)
    if (!('answers' in turn)) throw new SiteError(409, 'turn-running', 'Wait for the answer, or stop it.')
    if (isBlind(chat) && said.verdict !== 'flag') throw undecided()
    const answer = turn.answers[said.side]
    if (!answer) throw new SiteError(400, 'input-invalid', 'side: this conversation has one side, 0')
    if (chat.keep) await recordFeedback(site, chat, turn, said)
    if (said.verdict === 'flag') answer.isFlagged = true
    else answer.verdict = said.verdict
    await site.store.saveTurn(chat, turn)
    return reply(viewTurn(chat, turn))
  }),
  personRoute({ method: 'POST', path: `${base}/share` }, async (call) => {
    const { site } = call
    const chat = await findChat(call)
    if (!chat.keep) throw new SiteError(409, 'conversation-not-kept', 'A conversation that is not kept cannot be shared.')
    if (isBlind(chat)) throw undecided()
    if (chat.head === null) throw new SiteError(409, 'turn-unknown', 'There is nothing to share yet.')
    const at = site.now()
    await recordShare(site, chat)
    const share = { id: chat.share?.id ?? randomBytes(16).toString('hex'), turn: chat.head }
    const sql = `insert into collect_shares (id, chat, turn, shared_at) values ($1, $2, $3, $4)
      on conflict (chat) do update set turn = excluded.turn, shared_at = excluded.shared_at`
    await site.database.change(sql, [share.id, chat.id, share.turn, at])
    chat.share = share
    return reply({ id: share.id, path: `/chat/shared/${share.id}` }, 201)
  }),
  personRoute({ method: 'DELETE', path: `${base}/share` }, async (call) => {
    const chat = await findChat(call)
    await call.site.database.change('delete from collect_shares where chat = $1', [chat.id])
    chat.share = null
    return nothing()
  }),
  anyoneRoute({ method: 'GET', path: '/api/chat/shared/:share' }, async ({ site, params }) =>
    reply(await viewShared(site, params.share ?? '')),
  ),
]

const undecided = () => new SiteError(409, 'battle-undecided', 'Vote first: until then the models of this battle are hidden.')

async function recordFeedback(
  site: Site,
  chat: Chat,
  turn: StoredTurn,
  { side, verdict, reason, comment }: z.infer<typeof Feedback>,
): Promise<void> {
  const consent = await site.people.consentOf(chat.person)
  await site.eventLog.append({
    schema: 1,
    type: types[verdict],
    tstamp: toStamp(site.now().getTime()),
    model: chat.models[side] ?? '',
    state: stateOf(chat, turn.id, side),
    user: chat.person,
    ...(consent ? { consent } : {}),
    ...(reason === undefined ? {} : { reason: storable(reason) }),
    ...(comment === undefined ? {} : { comment: storable(comment) }),
  })
}

async function recordShare(site: Site, chat: Chat): Promise<void> {
  const consent = await site.people.consentOf(chat.person)
  const events = chat.logIds.map((_, side) => ({
    schema: 1 as const,
    type: 'share' as const,
    tstamp: toStamp(site.now().getTime()),
    model: chat.models[side] ?? '',
    state: stateOf(chat, chat.head, side),
    user: chat.person,
    ...(consent ? { consent } : {}),
  }))
  await site.eventLog.append(...events)
}

const SharedRow = z.object({ facts: FactsRow, created_at: z.date(), shared_at: z.date(), chat: z.string(), turn: z.string() })

/** What a link shows: the path up to the turn that was seen when it was shared, and nothing of the person. */
async function viewShared(site: Site, share: string) {
  const sql = `select c.facts, c.created_at, s.shared_at, s.chat, s.turn from collect_shares s join collect_chats c on c.id = s.chat where s.id = $1`
  const [row] = await site.database.select(SharedRow, sql, [share])
  if (!row) throw new SiteError(404, 'share-unknown', 'There is no such link. It may have been revoked.')
  const turns = await site.database.select(z.object({ data: TurnRow }), 'select data from collect_turns where chat = $1', [row.chat])
  const path = pathTo({ turns: new Map(turns.map(({ data }) => [data.id, data])) }, row.turn)
  const { title, models, vote } = row.facts
  return {
    title,
    models,
    createdAt: row.created_at.toISOString(),
    sharedAt: row.shared_at.toISOString(),
    turns: path.map((turn) => {
      const view = viewTurn({ kind: 'compare', vote }, turn)
      // What the person thought of the answers is theirs.
      return { ...view, answers: view.answers.map((answer) => ({ ...answer, verdict: null, isFlagged: false })) }
    }),
  }
}
