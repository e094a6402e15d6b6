import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { withdrawConversations } from '../consent/withdraw.ts'
import { SiteError } from '../errors.ts'
import type { Parameters } from '../models/model.ts'
import { nothing, type PersonCall, personRoute, readInput, reply, type SiteRoute } from '../routes.ts'
import type { Site } from '../site.ts'
import type { Chat } from './chat.ts'
import { streamTurn } from './stream.ts'
import { type Begun, beginTurn } from './turns.ts'
import { viewChat, viewLive, viewSummary, viewTurn } from './view.ts'

/** Sampling parameters as requests give them. */
export const ParametersInput = z
  .strictObject({
    temperature: z.number().min(0).max(2).optional(),
    topP: z.number().min(0).max(1).optional(),
    maxTokens: z.number().int().min(1).max(1_000_000).optional(),
  })
  .transform((given): Partial<Parameters> => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
const Key = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, '8 to 64 letters, digits, _ and -')
const NewChat = z.strictObject({ model: z.string(), keep: z.boolean(), parameters: ParametersInput.optional() })
const NewTurn = z.strictObject({ key: Key, prompt: z.string(), parent: z.string().nullish(), parameters: ParametersInput.optional() })
const Again = z.strictObject({ key: Key, parameters: ParametersInput.optional() })
const Head = z.strictObject({ turn: z.string() })
const base = '/api/chat/conversations'
/** After every conversation, in a year of four digits: PGlite reads no others. */
const endOfTime = Date.parse('9999-12-31T23:59:59.999Z')

/** Conversations, their turns and streams. */
export const chatRoutes: SiteRoute[] = [
  personRoute({ method: 'GET', path: base }, async ({ site, person, url }) => {
    const limit = Math.min(100, Math.max(1, Number(url.searchParams.get('limit') ?? 30) || 30))
    const before = Date.parse(url.searchParams.get('before') ?? '')
    const chats = await site.store.list(person, Number.isNaN(before) ? endOfTime : before, limit)
    const next = chats.length === limit ? chats.at(-1) : undefined
    return reply({ conversations: chats.map(viewSummary), next: next ? new Date(next.updatedAt).toISOString() : null })
  }),
  personRoute({ method: 'POST', path: base }, async ({ site, person, request }) => {
    const { model, keep, parameters } = await readInput(request, NewChat)
    const found = site.models.find(model)
    if (!found || found.config.anonymousOnly) throw new SiteError(404, 'model-unknown', `There is no model '${model}' to chat with.`)
    const chat = await addChat(site, {
      person,
      kind: 'chat',
      models: [model],
      keep,
      parameters: { ...found.config.parameters, ...parameters },
    })
    return reply(viewChat(chat), 201)
  }),
  personRoute({ method: 'DELETE', path: base }, async (call) => {
    const { site, person } = call
    const chats: Chat[] = []
    for (let page = await site.store.list(person, endOfTime, 100); page.length > 0; ) {
      chats.push(...page)
      page = await site.store.list(person, page.at(-1)?.updatedAt ?? 0, 100)
    }
    await clear(call, chats)
    return nothing()
  }),
  personRoute({ method: 'GET', path: `${base}/:id` }, async (call) => reply(viewChat(await findChat(call)))),
  personRoute({ method: 'DELETE', path: `${base}/:id` }, async (call) => {
    await clear(call, [await findChat(call)])
    return nothing()
  }),
  personRoute({ method: 'POST', path: `${base}/:id/turns` }, async (call) => {
    const { site, request, origin } = call
    const chat = await findChat(call)
    const { key, prompt, parent, parameters = {} } = await readInput(request, NewTurn)
    return begun(chat, await beginTurn(site, chat, { key, prompt, parent: parent === undefined ? chat.head : parent, parameters }, origin))
  }),
  personRoute({ method: 'POST', path: `${base}/:id/turns/:turn/regenerate` }, async (call) => {
    const { site, request, params, origin } = call
    const chat = await findChat(call)
    const { key, parameters = {} } = await readInput(request, Again)
    const former = chat.turns.get(params.turn ?? '')
    if (!former) throw turnUnknown()
    return begun(chat, await beginTurn(site, chat, { key, prompt: former.prompt, parent: former.parent, parameters }, origin))
  }),
  personRoute({ method: 'GET', path: `${base}/:id/turns/:turn/stream` }, async (call) => {
    const { request, url } = call
    const chat = await findChat(call)
    const after = request.headers.get('last-event-id') ?? url.searchParams.get('after') ?? ''
    return streamTurn(chat, findTurn(chat, call), after)
  }),
  personRoute({ method: 'POST', path: `${base}/:id/turns/:turn/stop` }, async (call) => {
    const chat = await findChat(call)
    const turn = findTurn(chat, call)
    if ('answers' in turn) return reply(viewTurn(chat, turn))
    turn.stopping.abort()
    await turn.settled
    return reply(viewLive(chat, turn))
  }),
  personRoute({ method: 'POST', path: `${base}/:id/head` }, async (call) => {
    const chat = await findChat(call)
    const { turn } = await readInput(call.request, Head)
    if (!chat.turns.has(turn)) throw turnUnknown()
    chat.head = turn
    await call.site.store.save(chat)
    return nothing()
  }),
]

/** Makes a conversation. A kept one needs the person's consent only at its first turn. */
export async function addChat(site: Site, given: Pick<Chat, 'person' | 'kind' | 'models' | 'keep' | 'parameters'>): Promise<Chat> {
  const at = site.now().getTime()
  const id = randomBytes(16).toString('hex')
  const chat: Chat = {
    ...given,
    id,
    title: '',
    logIds: given.kind === 'chat' ? [id] : [id, randomBytes(16).toString('hex')],
    head: null,
    vote: null,
    hasLeaked: false,
    isCleared: false,
    createdAt: at,
    updatedAt: at,
    turns: new Map(),
    live: undefined,
    share: null,
  }
  await site.store.add(chat)
  return chat
}

/**
 * The person's conversation that the path names.
 * @throws SiteError 404 `conversation-unknown`, also for one of somebody else.
 */
export async function findChat({ site, person, params }: PersonCall): Promise<Chat> {
  const chat = await site.store.find(params.id ?? '')
  if (chat?.person === person) return chat
  throw new SiteError(404, 'conversation-unknown', 'You have no such conversation. One that was not kept ends with the server.')
}

/** A turn that the path names: under way or finished. */
export function findTurn(chat: Chat, { params }: Pick<PersonCall, 'params'>) {
  const turn = chat.live?.id === params.turn ? chat.live : chat.turns.get(params.turn ?? '')
  if (!turn) throw turnUnknown()
  return turn
}

const turnUnknown = () => new SiteError(404, 'turn-unknown', 'The conversation has no such turn. Send the message again with the same key.')

function begun(chat: Chat, turn: Begun): Response {
  return 'live' in turn ? reply(viewLive(chat, turn.live), turn.isNew ? 202 : 200) : reply(viewTurn(chat, turn.turn))
}

/** Takes conversations out of the history and, where asked, out of the record. */
async function clear({ site, person, url }: PersonCall, chats: readonly Chat[]): Promise<void> {
  // A turn that still runs may be recorded after the withdrawal: ingest drops its conversation all the same.
  const recorded = chats.filter(({ keep, head, live }) => keep && (head !== null || live))
  if (url.searchParams.get('withdraw') === 'true')
    await withdrawConversations(
      site,
      person,
      recorded.flatMap(({ logIds }) => logIds),
    )
  await site.store.clear(chats)
}
