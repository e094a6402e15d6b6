import { z } from 'zod'
import { addChat, findChat, ParametersInput } from '../chat/routes.ts'
import { viewChat } from '../chat/view.ts'
import { SiteError } from '../errors.ts'
import { anyoneRoute, personRoute, readInput, reply, type SiteRoute } from '../routes.ts'
import type { Site } from '../site.ts'
import { castVote } from './votes.ts'

const NewBattle = z.strictObject({
  kind: z.enum(['battle', 'compare']),
  models: z.tuple([z.string(), z.string()]).optional(),
  keep: z.boolean(),
  parameters: ParametersInput.optional(),
})
const VoteInput = z.strictObject({ winner: z.enum(['left', 'right', 'tie', 'both-bad']) })
/** The same for every battle, so that no model shows by its own. */
const parametersOfAll = { temperature: 0.7, topP: 1, maxTokens: 1024 }

/** Battles, votes and the leaderboard. */
export const arenaRoutes: SiteRoute[] = [
  personRoute({ method: 'POST', path: '/api/arena/battles' }, async ({ site, person, request }) => {
    const { kind, models, keep, parameters } = await readInput(request, NewBattle)
    const chosen = kind === 'compare' ? checkModels(site, models) : []
    const chat = await addChat(site, { person, kind, models: chosen, keep, parameters: { ...parametersOfAll, ...parameters } })
    return reply(viewChat(chat), 201)
  }),
  personRoute({ method: 'POST', path: '/api/arena/battles/:id/vote' }, async (call) => {
    const { site, request, origin } = call
    const chat = await findChat(call)
    if (chat.kind === 'chat')
      throw new SiteError(404, 'conversation-unknown', 'This conversation has one side: there is nothing to vote on.')
    const { winner } = await readInput(request, VoteInput)
    await castVote(site, chat, winner, origin)
    return reply(viewChat(chat))
  }),
  anyoneRoute({ method: 'GET', path: '/api/leaderboard' }, async ({ site, url }) => {
    if (!site.leaderboard) throw new SiteError(404, 'not-found', 'This site has no leaderboard.')
    return reply(await site.leaderboard(url.searchParams))
  }),
]

function checkModels(site: Site, models: readonly string[] | undefined): string[] {
  if (!models) throw new SiteError(400, 'input-invalid', 'models: name two models to compare')
  for (const model of models) {
    const found = site.models.find(model)
    if (!found || found.config.anonymousOnly) throw new SiteError(404, 'model-unknown', `There is no model '${model}' to compare.`)
  }
  if (models[0] === models[1]) throw new SiteError(400, 'input-invalid', 'models: name two different models')
  return [...models]
}
