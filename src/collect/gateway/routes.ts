import { z } from 'zod'
import { toStamp } from '../chat/record.ts'
import { withdrawPerson } from '../consent/withdraw.ts'
import { SiteError } from '../errors.ts'
import type { Model } from '../models/models.ts'
import { gatewayRoute, readInput, reply, type SiteRoute } from '../routes.ts'
import { storable } from '../text.ts'
import { complete } from './completions.ts'
import { findKey } from './keys.ts'
import { createThreads } from './threads.ts'
import { hashUser } from './turn.ts'

const Feedback = z.strictObject({
  id: z.string().max(200),
  verdict: z.enum(['up', 'down', 'flag']),
  reason: z.string().max(100).optional(),
  comment: z.string().max(2000).optional(),
})
const User = z.strictObject({ user: z.string().min(1).max(512) })
const TurnRow = z.object({ id: z.string(), conversation: z.string(), model: z.string(), person: z.string(), made_at: z.date() })
const types = { up: 'upvote', down: 'downvote', flag: 'flag' } as const
const threads = createThreads()

/** The gateway: the OpenAI protocol for any application, with consent by request. */
export const gatewayRoutes: SiteRoute[] = [
  gatewayRoute({ method: 'GET', path: '/v1/models' }, async ({ site, request }) => {
    await findKey(site, request.headers)
    return reply({ object: 'list', data: site.models.all.filter(({ config }) => !config.anonymousOnly).map(viewModel) })
  }),
  gatewayRoute({ method: 'GET', path: '/v1/models/:model{.+}' }, async ({ site, request, params }) => {
    await findKey(site, request.headers)
    const model = site.models.find(params.model ?? '')
    if (!model || model.config.anonymousOnly) throw new SiteError(404, 'model-unknown', 'There is no such model. See /v1/models.')
    return reply(viewModel(model))
  }),
  gatewayRoute({ method: 'POST', path: '/v1/chat/completions' }, async (call) => complete(call, threads)),
  gatewayRoute({ method: 'POST', path: '/v1/feedback' }, async ({ site, request }) => {
    const key = await findKey(site, request.headers)
    const { id, verdict, reason, comment } = await readInput(request, Feedback)
    const sql = 'select * from collect_gateway_turns where key = $1 and (id = $2 or upstream = $3) order by made_at desc limit 1'
    const [turn] = await site.database.select(TurnRow, sql, [key.id, id.replace(/^chatcmpl-/, ''), id])
    if (!turn) throw new SiteError(404, 'turn-unknown', 'No kept answer has this id: send X-Colloquy-Turn, or the completion’s id.')
    await site.eventLog.append({
      schema: 1,
      type: types[verdict],
      tstamp: toStamp(site.now().getTime()),
      model: turn.model,
      state: { conv_id: turn.conversation, model_name: turn.model, messages: [], offset: 0 },
      user: turn.person,
      consent: { terms: key.terms, acceptedAt: turn.made_at.toISOString() },
      ...(reason === undefined ? {} : { reason: storable(reason) }),
      ...(comment === undefined ? {} : { comment: storable(comment) }),
    })
    return reply({ id: turn.id, verdict }, 201)
  }),
  gatewayRoute({ method: 'POST', path: '/v1/withdrawals' }, async ({ site, request }) => {
    const key = await findKey(site, request.headers)
    const { user } = await readInput(request, User)
    const person = hashUser(site, key, user)
    await site.database.change('delete from collect_gateway_turns where person = $1', [person])
    const { recordedAt } = await withdrawPerson(site, person)
    return reply({ recordedAt }, 202)
  }),
]

const viewModel = ({ config }: Model) => ({ id: config.name, object: 'model', created: 0, owned_by: 'colloquy' })
